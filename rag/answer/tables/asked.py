"""What a question that asks for a table wants: kinds of facts, a matter, columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.facts.model import FactKind, RuleKind
from corpus.notation.phrase_table import PhraseTable
from rag.question.intent import Breadth, Want, without_which
from rag.question.understand import Understanding

_PHRASES = PhraseTable.read("rag", "tables.tsv")
_KINDS = tuple(kind for kind in FactKind if kind.value in _PHRASES.senses)
_RULES = tuple(rule for rule in RuleKind if rule.value in _PHRASES.senses)
_YEAR = re.compile(r"(20\d{2})\s*年?")
# What a question that names no kind counts: 多久开一次药事会 is a duty, 几天办完 a time limit.
_IMPLIED = {
    Want.PERIOD: (FactKind.TIME_LIMIT, FactKind.TARGET),
    Want.PERCENT: (FactKind.TARGET,),
    Want.COUNT: (FactKind.TARGET,),
    Want.MONEY: (FactKind.MONEY, FactKind.INTEREST),
    Want.FUND: (FactKind.MONEY, FactKind.INTEREST),
}
# Questions after one of these, and no figure, have no rows: a table would not answer them.
_OF_CLAUSES = frozenset({Want.UNITS, Want.CONTACT, Want.PERSON, Want.DATE})


@dataclass(frozen=True, slots=True)
class TableAsked:
    """A question that facts may answer.

    `kinds` are those it names or implies; empty for any kind. `matter` are the words that limit them.
    """

    kinds: frozenset[FactKind]
    rules: frozenset[RuleKind]
    named: bool  # whether the question names the kinds, so that none of them is an answer as well
    matter: str
    literals: tuple[str, ...]  # folded words in quotation marks that a row contains
    with_sum: bool  # only what states a sum
    year: int | None  # of targets
    wants: tuple[Want, ...]
    each_place: bool

    @property
    def is_of_rules(self) -> bool:
        return bool(self.rules) and not self.kinds


def table_asked(asked: Understanding) -> TableAsked | None:
    """Returns what a table should have, or None for a question that asks for no table."""
    words = asked.words
    each_place = asked.breadth is Breadth.WHICH
    if asked.only_fields or asked.addressed or not (each_place or _PHRASES.has("lists", words)):
        return None
    if asked.wants and _OF_CLAUSES.issuperset(asked.wants):
        return None
    literals = asked.literals if asked.quoted else ()
    kinds = frozenset() if literals else frozenset(k for k in _KINDS if _PHRASES.has(k.value, words))
    rules = frozenset(r for r in _RULES if _PHRASES.has(r.value, words))
    if asked.fields and len(rules) < 2:
        return None
    implied = frozenset(kind for want in asked.wants for kind in _IMPLIED.get(want, ()))
    named = bool(kinds or rules)
    if not (named or literals or implied or each_place):
        return None
    return TableAsked(
        kinds=kinds or (frozenset() if literals or rules else implied),
        rules=rules,
        named=named,
        matter=_matter(words, [*kinds, *rules]),
        literals=literals,
        with_sum=_PHRASES.has("with_sum", words),
        year=_year(words),
        wants=asked.wants,
        each_place=each_place,
    )


def names_kind(kinds: Iterable[FactKind], words: str) -> bool:
    """Whether the words of a provision name one of the kinds itself."""
    return any(kind in _KINDS and _PHRASES.has(kind.value, words) for kind in kinds)


def _matter(words: str, named: Sequence[FactKind | RuleKind]) -> str:
    """Returns the words without those that ask, and those that name a kind."""
    rest = without_which(words)
    for sense in (*(kind.value for kind in named), "lists", "with_sum", "source", "generic"):
        rest = _PHRASES.without(sense, rest)
    return _YEAR.sub(" ", rest)


def _year(words: str) -> int | None:
    found = _YEAR.search(words)
    return int(found[1]) if found else None
