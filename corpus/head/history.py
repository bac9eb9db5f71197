"""Reads how a paper came about, from the lines below its title: adopted, published, amended.

"（2006年1月12日禾川市人民政府令第31号公布　根据2020年6月8日…修订）", with or without brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from corpus.model import Amendment, Span, Stated
from corpus.notation.days.dates import dates_in
from corpus.notation.doc_numbers import numbers_in
from corpus.notation.phrase_table import PhraseTable
from corpus.text.lines import Line

_TABLE = PhraseTable.read("corpus", "paper_titles.tsv")
_OPENS, _CLOSES = "（(", "）)"
# "根据", "自", "经" before the first date of a line that is not in brackets
_BEGINS = re.compile(rf"^{_TABLE.alternation('history_opens')}?\s*")
_ENDS = re.compile(rf"{_TABLE.alternation('history')}[）)]?[。；;，,]?$")
_SHORTEST = 8  # characters of a bracket that tells the history of a paper
# A date from which a paper is in force is no event: "自2022年1月1日起施行"
_SINCE = re.compile(r"[自从于]\s*$")
_MOST_LINES = 12  # of a bracket that goes on over several lines


@dataclass(frozen=True, slots=True)
class Event:
    """A step in the history of a paper."""

    day: Stated[date]
    number: Stated[str] | None  # of the order that publishes or amends it
    publishes: bool
    amends: bool
    span: Span


def history_lines(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines that tell the history of the paper."""
    found: list[Line] = []
    open_lines = 0  # lines of an open bracket that are still accepted
    for line in lines:
        words = line.words
        if open_lines:
            found.append(line)
            open_lines = 0 if words.endswith(tuple(_CLOSES)) else open_lines - 1
        elif is_history(line):
            found.append(line)
            opened = words.startswith(tuple(_OPENS)) and not any(mark in words for mark in _CLOSES)
            open_lines = _MOST_LINES if opened else 0
    return tuple(found)


def is_history(line: Line) -> bool:
    """Whether the line states when the paper was passed, published or changed."""
    words = line.words
    if words.startswith(tuple(_OPENS)):
        return len(words) > _SHORTEST and bool(dates_in(words)) and _TABLE.has("history", words)
    days = dates_in(words)
    begin = _BEGINS.match(words)
    starts = bool(days) and begin is not None and days[0].span.start == begin.end()
    return starts and _ENDS.search(words) is not None


def events_in(lines: Sequence[Line]) -> Iterator[Event]:
    """Yields the events that history lines tell, in order."""
    for line in lines:
        days = dates_in(line.text)
        ends = [day.span.start for day in days[1:]] + [len(line.text)]
        for day, end in zip(days, ends, strict=True):
            if _SINCE.search(line.text[: day.span.start]):
                continue
            words = line.text[day.span.start : end]
            number = next(iter(numbers_in(words, offset=line.start + day.span.start)), None)
            yield Event(
                Stated(day.value, Span(line.start + day.span.start, line.start + day.span.end)),
                number,
                _TABLE.has("history_publishes", words),
                _TABLE.has("history_amends", words),
                Span(line.start + day.span.start, line.start + end),
            )


def takes_effect_in(lines: Sequence[Line]) -> Iterator[tuple[str, int]]:
    """Yields the words of history lines from a 自…起施行 on, with their offsets."""
    for line in lines:
        for day in dates_in(line.text):
            since = _SINCE.search(line.text[: day.span.start])
            if since is not None:
                yield line.text[since.start() :], line.start + since.start()


def issued_in(events: Sequence[Event]) -> Stated[date] | None:
    """The day of publication, else the first event that does not amend the paper."""
    first = [event for event in events if not event.amends]
    published = [event for event in first if event.publishes]
    return next((event.day for event in (*published, *first)), None)


def number_in(events: Sequence[Event]) -> Stated[str] | None:
    """The number of the order that published the paper."""
    found = (event.number for event in events if event.publishes and not event.amends)
    return next(filter(None, found), None)


def amendments_in(events: Sequence[Event]) -> tuple[Amendment, ...]:
    """The events that changed the paper."""
    return tuple(
        Amendment(event.day.value, event.number.value if event.number else "", event.span)
        for event in events
        if event.amends
    )
