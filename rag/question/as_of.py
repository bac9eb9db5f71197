"""Finds the day that a question asks about: 按2023年的规定, 去年的时候, as of 2023.

The phrases are in rag/data/as_of.tsv. A year by itself is no such day: it may belong to the name of a paper,
to a goal or to the matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from corpus.model import Span
from corpus.notation.days.named_days import named_day_in
from corpus.notation.numerals import number_of
from corpus.notation.phrase_table import PhraseTable
from corpus.text.script import simplify
from rag.model import AsOf, Question, Turn
from rag.question.dialogue.follow_up import needs_context, recent

_PHRASES = PhraseTable.read("rag", "as_of.tsv")
# Years before this one, by sense; {n}年前 gives its own number.
_YEARS_AGO = {"one_year_ago": 1, "three_years_ago": 3, "two_years_ago": 2}
_MOST_YEARS_AGO = 100  # 2023年前 means before 2023, not 2023 years ago
_NUMERAL = re.compile(r"[0-9]{1,3}|[一二两三四五六七八九十百]{1,4}")
# Names of papers and words in quotation marks: 《关于2023年的规定》
_NAMES = re.compile(r"《[^《》\n]{0,200}》|“[^“”\n]{0,200}”|\"[^\"\n]{0,200}\"")
_EDGES = " 　，,、；;"
_LONGEST = 20_000  # characters of a message that are read


@dataclass(frozen=True, slots=True)
class _Said:
    """The days that a message names, in order, their places, and whether one of them does not exist."""

    days: tuple[AsOf, ...]
    places: tuple[Span, ...]
    impossible: bool = False

    def left_out_of(self, text: str) -> str:
        """Returns the text without the words for the days."""
        kept, at = "", 0
        for place in self.places:
            before = text[at : place.start]
            # 在益阳，按2023年的规定，奖多少: one mark is left of the two.
            kept += before.rstrip(_EDGES) if text[place.end : place.end + 1] in _EDGES else before
            at = place.end
        return (kept + text[at:]).strip(_EDGES)


@dataclass(frozen=True, slots=True)
class Dated:
    """A question with its day, and whether its words are those of an earlier question: 那2023年呢？"""

    question: Question
    repeats: bool = False


def dated(question: Question, *, today: date) -> Dated:
    """Returns the question with the day it asks about; the words for days are left out of it and its history.

    A day that the request gives counts before one in words. A follow-up without one takes over the day of the
    question before. `as_of` stays None for today, and for a period that has begun and is not over.
    """
    question = replace(question, history=tuple(recent(question.history)))
    said = _said(question.text, today)
    turns = [_asked_without_day(turn, today) for turn in question.history]
    as_of = question.as_of or _of(said) or _carried(question, today)
    if as_of is not None and as_of.day == today and not as_of.fault:
        as_of = None
    text, repeats = said.left_out_of(question.text), False
    if not any(map(str.isalnum, text)):
        last = max((i for i, turn in enumerate(turns) if turn.role == "user"), default=None)
        text, repeats = (question.text, False) if last is None else (turns[last].content, True)
        turns = turns if last is None else turns[:last]
    return Dated(replace(question, text=text, history=tuple(turns), as_of=as_of), repeats)


def _asked_without_day(turn: Turn, today: date) -> Turn:
    """Returns a turn of the user without the words for a day, where there are others."""
    if turn.role != "user":
        return turn
    return replace(turn, content=_said(turn.content, today).left_out_of(turn.content) or turn.content)


def _carried(question: Question, today: date) -> AsOf | None:
    """Returns the day of the question that a follow-up refers to, unless one of both asks for the present."""
    text = question.text
    for turn in reversed([turn for turn in question.history if turn.role == "user"]):
        if _PHRASES.has("now", simplify(text[:_LONGEST])) or not needs_context(text[:_LONGEST]):
            return None
        text = turn.content
        if (as_of := _of(_said(text, today))) is not None:
            return as_of if not as_of.fault else None
    return None


def _of(said: _Said) -> AsOf | None:
    if said.impossible:
        return AsOf(date.min, fault="no_such_day")
    if len({as_of.day for as_of in said.days}) > 1:
        return AsOf(said.days[0].day, fault="several_days")
    return said.days[0] if said.days else None


def _said(text: str, today: date) -> _Said:
    plain = _NAMES.sub(lambda name: "□" * len(name[0]), simplify(text[:_LONGEST]))
    found = list(_PHRASES.spans("as_of", plain))
    for asking in _PHRASES.spans("asks_then", plain):
        ago = next(span for span in _PHRASES.spans("ago", plain) if span.start >= asking.start)
        if not any(other.start < ago.end and ago.start < other.end for other in found):
            found.append(ago)
    days, places, impossible = [], [], False
    for span in sorted(found, key=lambda span: span.start):
        words = span.of(plain)
        as_of = _named(words, today)
        if as_of is None:
            impossible = impossible or not _PHRASES.has("ago", words)
            continue
        days.append(as_of)
        places.append(span)
    return _Said(tuple(days), tuple(places), impossible)


def _named(words: str, today: date) -> AsOf | None:
    """Returns the day that a phrase names; today for a period that has begun and is not over."""
    named = named_day_in(words)
    if named is not None:
        if named.is_last and named.first <= today <= named.day:
            return AsOf(today)
        return AsOf(named.day, is_last=named.is_last)
    for sense, years in _YEARS_AGO.items():
        if _PHRASES.has(sense, words):
            return AsOf(date(today.year - years, 12, 31), is_last=True)
    if (span := next(iter(_PHRASES.spans("years_ago", words)), None)) is not None:
        numeral = _NUMERAL.search(span.of(words))
        years = number_of(numeral[0]) if numeral is not None else _MOST_YEARS_AGO
        if 0 < years < _MOST_YEARS_AGO:
            return AsOf(_years_before(today, years))
    return None


def _years_before(today: date, years: int) -> date:
    leap_day = (today.month, today.day) == (2, 29)
    return today.replace(year=today.year - years, day=28 if leap_day else today.day)
