"""The figures that a profile states, with what they measure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.model import Span
from index.terms.tokenize import Folded
from rag.matching.profile import Profile
from rag.matching.reading.classes import OWN, classes
from rag.matching.reading.quantities import Quantity, measures_in, quantities_in
from rag.matching.reading.statements import Statement
from rag.matching.reading.words import Word, words_in

_NEWNESS = frozenset(("first", "new"))
_PEOPLE, _STAFF = "人", "staff"


@dataclass(frozen=True, slots=True)
class Said:
    """A quantity that the profile states."""

    measures: frozenset[str]
    value: Decimal
    unit: str
    words: str
    span: Span | None  # in the sentence; None for an attribute
    context: str  # the clause it stands in
    classes: frozenset[str]  # that the clause names


def stated_figures(profile: Profile, folded: Folded, sentence: Sequence[Statement]) -> Iterator[Said]:
    """The figures of the sentence of a profile, which is given folded and in clauses, and its attributes."""
    yield from _figures(folded, sentence)
    yield from _given(profile)


def classes_of(words: Iterable[Word]) -> frozenset[str]:
    """The classes that words name."""
    return frozenset(name for word in words for name in word.classes)


def names_self(word: Word) -> bool:
    """Whether a word names what somebody or something is."""
    return any(classes().kind(name) in OWN for name in word.classes)


def _figures(folded: Folded, sentence: Sequence[Statement]) -> Iterator[Said]:
    for one, before, after in zip(sentence, (None, *sentence), (*sentence[1:], None), strict=False):
        if one.asked is not None and one.asked.start == 0:
            continue
        for quantity in quantities_in(one.text):
            span = folded.origin(one.start + quantity.span.start, one.start + quantity.span.end)
            around = _said_of(quantity, one.text, before.text if before is not None else "")
            yield Said(
                measures=measures_in(around) or _headcount(quantity, one.text),
                value=quantity.value,
                unit=quantity.unit,
                words=quantity.span.of(one.text),
                span=span,
                context=around,
                classes=classes_of(words_in(around)) | _newness(after),
            )


def _newness(after: Statement | None) -> frozenset[str]:
    """Whether the next clause only says of a figure that it is for the first time: 头一回过亿."""
    names = classes_of(words_in(after.text)) if after is not None and after.is_plain else frozenset[str]()
    says_more = after is None or any(not word.classes for word in words_in(after.text))
    return names if names <= _NEWNESS and not says_more else frozenset()


def _headcount(quantity: Quantity, clause: str) -> frozenset[str]:
    """What a number of people measures where nothing but who has them is said: 我们厂有三百五十人."""
    others = words_in(clause.replace(quantity.span.of(clause), " "))
    is_plain = quantity.unit == _PEOPLE and all(word.classes and names_self(word) for word in others)
    return frozenset((_STAFF,)) if is_plain else frozenset()


def _said_of(quantity: Quantity, clause: str, before: str) -> str:
    """The words that say what is measured: of a figure alone, those of the clause before.

    去年营收第一次过亿，1.08亿
    """
    says_more = words_in(clause.replace(quantity.span.of(clause), " "))
    if says_more or any(one.unit == quantity.unit for one in quantities_in(before)):
        return clause
    return f"{before}\n{clause}"


def _given(profile: Profile) -> Iterator[Said]:
    for measure, value in (("revenue", profile.revenue), ("investment", profile.investment)):
        if value is not None:
            yield Said(frozenset((measure,)), value, "元", f"{value:f}元", None, "", frozenset())
