"""Classifies a question by its words alone: question or small talk, what it asks for, over how many papers.

The phrases are in rag/data/acts.tsv and rag/data/wants.tsv and do not depend on the papers.
"""

from __future__ import annotations

import re
from enum import StrEnum

from corpus.notation.figures import MEASURES, FigureKind
from corpus.notation.phrase_table import PhraseTable


class Act(StrEnum):
    """The kind of message."""

    QUESTION = "question"
    EMPTY = "empty"
    CHITCHAT = "chitchat"
    INSTRUCTION = "instruction"  # instructs the program instead of asking about the papers


class Want(StrEnum):
    """What an answer must contain."""

    MONEY = "money"
    PERCENT = "percent"
    COUNT = "count"
    DATE = "date"
    PERIOD = "period"  # duration or frequency
    CONTACT = "contact"  # telephone, address
    PERSON = "person"
    FUND = "fund"  # where the money comes from
    UNITS = "units"  # departments in charge


class Breadth(StrEnum):
    """The papers that a question is about."""

    ONE = "one"
    COMPARE = "compare"  # the named papers, compared
    WHICH = "which"  # all papers with such a provision


_ACTS = PhraseTable.read("rag", "acts.tsv")
_WANTS = PhraseTable.read("rag", "wants.tsv")
_WHICH = "which"  # the one sense of wants.tsv that is not a `Want`
_MARKS = re.compile(r"\A[\W_]+")  # "，" between a greeting and what follows
_MEASURE = re.compile(rf"(?:多少|几)(?P<unit>[{MEASURES}])")  # "多少家", "几个"
_LONGEST_TALK = 100  # characters of small talk
_SHORT = 40  # characters of a message of thanks that contains nothing else
_THANKS_BY = 12  # characters before the thanks

_FIGURES: dict[Want, frozenset[FigureKind]] = {
    Want.MONEY: frozenset({FigureKind.MONEY}),
    Want.PERCENT: frozenset({FigureKind.PERCENT}),
    Want.COUNT: frozenset({FigureKind.COUNT, FigureKind.MONEY}),
    Want.DATE: frozenset({FigureKind.DATE}),
    Want.PERIOD: frozenset({FigureKind.DURATION, FigureKind.FREQUENCY, FigureKind.DATE}),
    Want.CONTACT: frozenset({FigureKind.PHONE}),
}


def act_of(text: str) -> Act:
    """Returns the kind of message; a question unless it is clearly something else."""
    stripped = text.strip()
    if not any(char.isalnum() for char in stripped):
        return Act.EMPTY
    if _ACTS.has("instruction", stripped):
        return Act.INSTRUCTION
    chat = _is_small_talk(stripped) or _only_thanks(stripped)
    return Act.CHITCHAT if chat else Act.QUESTION


def _is_small_talk(text: str) -> bool:
    """Whether greetings, questions about the program and filler words make up the whole text.

    A question may begin like one of them (你们能什么时候办结), so nothing may be left over.
    """
    if len(text) > _LONGEST_TALK:
        return False
    rest, talked = _MARKS.sub("", text), False
    while rest:
        talk, filler = _begins_with(rest, "greeting", "self"), _begins_with(rest, "filler")
        if not talk and not filler:
            return False
        talked = talked or talk >= filler
        rest = _MARKS.sub("", rest[max(talk, filler) :])
    return talked


def _begins_with(text: str, *senses: str) -> int:
    """Returns the length of the longest phrase of these senses that `text` begins with, or 0."""
    spans = (span for sense in senses for span in _ACTS.spans(sense, text)[:1])
    return max((span.end for span in spans if span.start == 0), default=0)


def _only_thanks(text: str) -> bool:
    """Whether a short message thanks near its beginning and asks nothing."""
    thanks = _ACTS.spans("thanks", text)
    near = bool(thanks) and thanks[0].start <= _THANKS_BY and "。" not in text[: thanks[0].start]
    return near and len(text) <= _SHORT and not _ACTS.has("asks", text)


def wants_of(text: str) -> tuple[Want, ...]:
    """Returns what an answer must contain, in the order of `Want`."""
    return tuple(want for want in Want if _WANTS.has(want, text))


def asks_yes_or_no(text: str) -> bool:
    """Whether yes or no answers the question."""
    return _ACTS.has("yes_no", text) and not _ACTS.has("open", text)


def asks_who_leads(text: str) -> bool:
    """Whether the question asks for the department that leads, not for all that take part."""
    return _ACTS.has("leads", text)


def asks_who_is_in_charge(text: str) -> bool:
    """Whether the question asks who is in charge, not for another body or about one."""
    return _ACTS.has("in_charge", text)


def asks_when_it_begins(text: str) -> bool:
    """Whether a question on the validity of a paper asks when it begins, not when it ends."""
    return _ACTS.has("begins", text)


def measure_in(text: str) -> str:
    """Returns the measure word that the question counts in: 家 of 多少家企业; empty without one."""
    found = _MEASURE.search(text)
    return found["unit"] if found else ""


def figure_kinds(want: Want) -> frozenset[FigureKind]:
    """Returns the kinds of figure that satisfy `want`; empty when no figure does."""
    return _FIGURES.get(want, frozenset())


def without_which(text: str) -> str:
    """Returns `text` without the words that ask which papers."""
    return _WANTS.without(_WHICH, text)


def asks_which(text: str) -> bool:
    """Whether the question asks which papers contain something."""
    return _WANTS.has(_WHICH, text)
