"""Fits from which cosine a profile says the same as a condition: `python -m evals.fit_nearness FOLDER…`

The folders have labelled profiles (docs/facts.md). A condition of a fact that applies should be met; one of
any other fact should not, where it is the only one that is open. Prints for every paper what figures fitted
without it would do, and figures fitted on all; those in use are in `rag/matching/meaning.py`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from corpus.facts.extract import facts_of
from corpus.model import Document
from evals.facts.extracted import stated
from evals.facts.folder import load_fact_set
from evals.facts.model import FactSet, ProfileCase, Split
from evals.facts.scoring import score_paper
from index.model import Embedder
from rag.assemble import open_embedder
from rag.facts.catalogue import FactCatalogue
from rag.matching.meaning import Meaning
from rag.matching.other_words import OtherWords
from rag.matching.preparing.compiled import CompiledFact, Part
from rag.matching.preparing.papers import CompiledPaper, compile_paper
from rag.matching.profile import Profile
from rag.matching.reading.enterprise import read
from rag.matching.verdicts import Judge
from rag.settings import load_settings

_DAY = date(2026, 11, 30)  # it decides nothing here
_NEAREST = 30  # conditions that are printed
_COST = 5  # conditions met rightly that one met wrongly has to be worth


@dataclass(frozen=True, slots=True)
class Pair:
    """An open condition and the clause nearest to it."""

    paper: str
    by_words: bool  # only plain words are open
    cosine: float
    is_met: bool
    words: str


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folders", nargs="+", type=Path)
    given = arguments.parse_args()
    embedder = open_embedder(load_settings())
    found = [
        pair
        for folder in given.folders
        for pair in pairs(load_fact_set(folder, documents={}), embedder=embedder)
    ]
    for name, by_words in (("words", True), ("events", False)):
        own = [pair for pair in found if pair.by_words is by_words]
        print(f"{name}: {len(own)} conditions, {sum(pair.is_met for pair in own)} met")
        for paper in sorted({pair.paper for pair in own}):
            least = fitted([pair for pair in own if pair.paper != paper])
            print(f"  without {paper}: {_told(least, [pair for pair in own if pair.paper == paper])}")
        print(f"  all: {_told(fitted(own), own)}")
        for pair in sorted(own, key=lambda pair: -pair.cosine)[:_NEAREST]:
            print(f"    {pair.cosine:.3f} {'met' if pair.is_met else 'not met'}: {pair.words}")


def fitted(own: Sequence[Pair]) -> float:
    """The cosine that is worth most: the highest one, half-way to the next condition below it."""
    cosines = sorted({pair.cosine for pair in own} | {1.0}, reverse=True)
    between = [(one + other) / 2 for one, other in pairwise(cosines)]
    return max(between, key=lambda least: (_worth(least, own), least), default=1.0)


def _worth(least: float, own: Sequence[Pair]) -> int:
    return sum(1 if pair.is_met else -_COST for pair in own if pair.cosine >= least)


def _told(least: float, own: Iterable[Pair]) -> str:
    near = [pair for pair in own if pair.cosine >= least]
    right = sum(pair.is_met for pair in near)
    return f"{least:.3f}, {right} met rightly, {len(near) - right} wrongly"


def pairs(found: FactSet, *, embedder: Embedder) -> Iterator[Pair]:
    """The conditions of the labelled facts that are open, with the nearest clauses."""
    ids: dict[str, str] = {}
    documents: list[Document] = []
    for paper in found.papers:
        if paper.split is not Split.TEST:
            documents.append(paper.document)
            ids |= score_paper(paper, stated(facts_of(paper.document), paper.document)).ids
    papers = {
        paper.head.id: compile_paper(paper) for paper in FactCatalogue.of(documents, today=_DAY).papers()
    }
    for case in found.profiles:
        if case.split is not Split.TEST:
            yield from _of_case(case, papers, ids, embedder=embedder)


def _of_case(
    case: ProfileCase, papers: Mapping[str, CompiledPaper], ids: dict[str, str], *, embedder: Embedder
) -> Iterator[Pair]:
    enterprise, meaning = read(Profile(sentence=case.text)), Meaning(embedder, least=(1.0, 1.0))
    judge, others = Judge(enterprise), OtherWords(enterprise, meaning)
    for document_id, compiled in papers.items():
        if judge.is_inside(compiled.place) is not True:
            continue
        for one, fact in compiled.facts:
            label = ids.get(f"{document_id}#{one.fact.id}")
            is_met = label in case.applies
            if label in case.optional:
                continue
            open_ones = _open(fact, judge)
            if not is_met and len(open_ones) != 1:
                continue  # which of them fails is not labelled
            for part in open_ones:
                if (near := others.nearest(part)) is not None:
                    yield Pair(document_id, near[1], near[0].cosine, is_met, part.quote.words)


def _open(fact: CompiledFact, judge: Judge) -> list[Part]:
    """The conditions that are not known to hold; none where one fails."""
    parts = [*fact.parts, *(part for parts in fact.classes for part in parts)]
    held = [judge.part(part).holds for part in parts]
    return [] if False in held else [part for part, holds in zip(parts, held, strict=True) if holds is None]


if __name__ == "__main__":
    main()
