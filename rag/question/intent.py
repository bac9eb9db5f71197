"""Classifies a question by its words alone: question or small talk, what it asks for, over how many papers.

The phrases are in rag/data/acts.tsv and rag/data/wants.tsv and do not depend on the papers.
"""

from __future__ import annotations

from enum import StrEnum

from corpus.notation.phrase_table import PhraseTable
from rag.numbers.figures import FigureKind


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
_PAUSES = "，,！!。.～~ "  # after a greeting
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
    return Act.CHITCHAT if _is_small_talk(stripped) else Act.QUESTION


def _is_small_talk(text: str) -> bool:
    greetings = _ACTS.spans("greeting", text)
    rest = _ACTS.without("filler", _ACTS.without("greeting", text))
    if greetings and not any(char.isalnum() for char in rest):
        return True
    begins = greetings[0].end if greetings and greetings[0].start == 0 else 0
    return _ACTS.has("self", text[begins:].lstrip(_PAUSES)) or _only_thanks(text)


def _only_thanks(text: str) -> bool:
    """Whether a short message thanks near its beginning and asks nothing."""
    thanks = _ACTS.spans("thanks", text)
    near = bool(thanks) and thanks[0].start <= _THANKS_BY and "。" not in text[: thanks[0].start]
    return near and len(text) <= _SHORT and not _ACTS.has("asks", text)


def wants_of(text: str) -> tuple[Want, ...]:
    """Returns what an answer must contain, in the order of `Want`."""
    return tuple(want for want in Want if _WANTS.has(want, text))


def figure_kinds(want: Want) -> frozenset[FigureKind]:
    """Returns the kinds of figure that satisfy `want`; empty when no figure does."""
    return _FIGURES.get(want, frozenset())


def without_which(text: str) -> str:
    """Returns `text` without the words that ask which papers."""
    return _WANTS.without(_WHICH, text)


def asks_which(text: str) -> bool:
    """Whether the question asks which papers contain something."""
    return _WANTS.has(_WHICH, text)
