"""What facts are filtered by, worked out once: a filter then reads ten thousand facts in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from corpus.facts.excerpts import Excerpts
from corpus.facts.in_force import FactsInForce
from corpus.facts.model import Fact, FactKind
from corpus.text.script import simplify
from rag.facts.fact_filter import FactFilter

_YUAN = "元"

Sums = tuple[tuple[Decimal, Decimal], ...]  # lowest and highest of each sum


@dataclass(frozen=True, slots=True)
class Columns:
    """One entry for each fact, in the order of papers and places."""

    places: Mapping[str, range]  # of the facts of a paper, by its id
    kinds: tuple[FactKind, ...]
    beneficiaries: tuple[str, ...]  # words for who gets it, without blanks, in simplified characters
    sums: tuple[Sums, ...]  # in yuan

    @classmethod
    def of(cls, papers: Iterable[FactsInForce]) -> Columns:
        places, kinds, beneficiaries, sums = dict[str, range](), list[FactKind](), list[str](), list[Sums]()
        for paper in papers:
            start = len(kinds)
            for one in paper.facts:
                kinds.append(one.fact.kind)
                beneficiaries.append(_beneficiary(one.fact, paper.excerpts))
                sums.append(_sums(one.fact))
            places[paper.document_id] = range(start, len(kinds))
        return cls(places, tuple(kinds), tuple(beneficiaries), tuple(sums))


def matching(columns: Columns, wanted: FactFilter, places: Iterable[range]) -> Iterable[int]:
    """The facts at these places that meet the filter on facts, in order."""
    found: Iterable[int] = (row for place in places for row in place)
    if kinds := wanted.kinds:
        of_kind = columns.kinds
        found = [row for row in found if of_kind[row] in kinds]
    if words := [plain(word) for word in wanted.beneficiary]:
        who = columns.beneficiaries
        found = [row for row in found if all(word in who[row] for word in words)]
    if wanted.limits_sums:
        found = list(_with_sums(columns.sums, wanted, found))
    return found


def plain(words: str) -> str:
    """Words as they are compared: without blanks, in simplified characters and small letters."""
    return simplify("".join(words.split())).lower()


def _with_sums(sums: tuple[Sums, ...], wanted: FactFilter, rows: Iterable[int]) -> Iterator[int]:
    least, most = wanted.min_yuan, wanted.max_yuan
    for row in rows:
        if any((least is None or high >= least) and (most is None or low <= most) for low, high in sums[row]):
            yield row


def _beneficiary(fact: Fact, excerpts: Excerpts) -> str:
    spans = (*fact.beneficiaries, *fact.conditions, *(one.span for one in fact.thresholds))
    # A line break keeps words of two spans apart: no word that is looked for contains one.
    return "\n".join(plain(excerpts.words(span)) for span in spans)


def _sums(fact: Fact) -> Sums:
    return tuple((one.value, one.upper or one.value) for one in fact.amounts if one.unit == _YUAN)
