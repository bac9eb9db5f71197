"""Measures the searcher of an opened index: time, recall against all vectors, and filters."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.store.papers import Store
from index.build.engine import OpenIndex
from index.build.manifest import Chunking
from index.build.pieces import EmbeddedPaper, embedded_papers
from index.model import Embedder, Fusion, Searcher, Vectors
from index.terms.tokenize import terms

BEST = 10
CANDIDATES = 50  # as ZHENGWEN_SEARCH__CANDIDATES
SHARES = (0.001, 0.01, 0.1, 0.99)  # of the papers, to which a search is limited
_NEAR = 1e-4  # cosines that differ by less are equal: engines add in another order, or keep 16 bits
_PAPERS_AT_ONCE = 320


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is searched for."""

    vector: Vectors
    weights: dict[str, float]


def asked(texts: Sequence[str], vectors: Vectors) -> list[Asked]:
    return [Asked(v, dict.fromkeys(terms(text), 1.0)) for text, v in zip(texts, vectors, strict=True)]


@dataclass(frozen=True, slots=True)
class Searched:
    """What each question took in CPU milliseconds, and the cosines of the nearest chunks, highest first."""

    cpu_ms: list[float]
    nearest: list[list[float]]


def searched(searcher: Searcher, questions: Sequence[Asked], documents: Collection[str] | None) -> Searched:
    """Searches for each question, in all papers or in some. No chunk may be of another paper."""
    allowed = None if documents is None else frozenset(documents)
    spent, nearest = list[float](), list[list[float]]()
    for one in questions:
        started = time.process_time()
        found = searcher.search(one.vector, one.weights, k=CANDIDATES, documents=documents)
        spent.append(1000 * (time.process_time() - started))
        assert allowed is None or all(match.chunk.document_id in allowed for match in found)
        near = (match.dense for match in found if match.dense_rank is not None)
        nearest.append(sorted(near, reverse=True)[:BEST])
    return Searched(spent, nearest)


def percentiles(values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {"p50": statistics.median(ordered), "p95": ordered[int(0.95 * (len(ordered) - 1))]}


def parts_of_papers(ids: Sequence[str]) -> dict[float, list[str]]:
    """Always the same papers for each share of all."""
    chance = random.Random(len(ids))
    return {share: chance.sample(ids, max(1, round(share * len(ids)))) for share in SHARES}


@dataclass(slots=True)
class Exact:
    """The highest cosines of questions, over all chunks or over those of some papers."""

    best: list[list[float]]  # by question, highest first, BEST of them

    def add(self, cosines: Vectors) -> None:
        """Adds the cosines (questions, chunks) of further chunks."""
        for own, found in zip(self.best, cosines, strict=True):
            most = np.partition(found, -min(BEST, len(found)))[-BEST:] if len(found) > BEST else found
            own[:] = sorted([*own, *most.tolist()], reverse=True)[:BEST]


def exact(
    store: Store,
    questions: Sequence[Asked],
    *,
    embedder: Embedder,
    chunking: Chunking,
    within: dict[float, frozenset[str]],
) -> dict[float, Exact]:
    """The highest cosines by share of the papers, 1.0 for all, computed with every vector."""
    matrix = np.stack([one.vector for one in questions])
    found = {share: Exact([[] for _ in questions]) for share in (1.0, *within)}
    for paper in _papers(store, embedder=embedder, chunking=chunking):
        cosines = _joined(matrix, paper)
        for share, one in found.items():
            if share == 1.0 or paper.document_id in within[share]:
                one.add(cosines)
    return found


def _papers(store: Store, *, embedder: Embedder, chunking: Chunking) -> Iterator[EmbeddedPaper]:
    keys = list(store.in_use().items())
    for start in range(0, len(keys), _PAPERS_AT_ONCE):
        some = dict(keys[start : start + _PAPERS_AT_ONCE])
        documents = store.read(list(some.items()))
        papers = [(document, some[document.id]) for document in documents]
        yield from embedded_papers(papers, embedder=embedder, chunking=chunking)


def _joined(matrix: Vectors, paper: EmbeddedPaper) -> Vectors:
    """The cosines of the chunks of a paper, each joined with that of its best sentence."""
    own = matrix @ paper.chunks.vectors.T
    near = matrix @ paper.sentences.vectors.T if len(paper.sentences.pieces) else np.zeros((len(matrix), 0))
    share = Fusion().sentence_share
    for at, chunk in enumerate(paper.chunks.pieces):
        inside = [
            row
            for row, one in enumerate(paper.sentences.pieces)
            if one.clause_key == chunk.clause_key and chunk.start <= one.start < chunk.end
        ]
        if inside:
            own[:, at] = (1 - share) * own[:, at] + share * near[:, inside].max(axis=1)
    return own


def recall(found: Searched, known: Exact) -> float:
    """The share of the ten nearest chunks that were found, by their cosines: many chunks are as near."""
    shares = []
    for best, got in zip(known.best, found.nearest, strict=True):
        shares.append(sum(b - g < _NEAR for b, g in zip(best, got, strict=False)) / len(best))
    return statistics.mean(shares)


def measure(
    opened: OpenIndex, store: Store, questions: Sequence[Asked], *, embedder: Embedder, chunking: Chunking
) -> dict[str, object]:
    """Time, recall and filters of the index; `questions` are those that recall is measured with too."""
    searcher, ids = opened.searcher(Fusion()), list(store.in_use())
    parts = parts_of_papers(ids)
    searched(searcher, questions[:3], None)  # excludes what is read at first use
    everywhere = searched(searcher, questions, None)
    within = {share: searched(searcher, questions, some) for share, some in parts.items()}
    known = exact(
        store,
        questions,
        embedder=embedder,
        chunking=chunking,
        within={share: frozenset(some) for share, some in parts.items()},
    )
    return {
        "CPU ms": percentiles(everywhere.cpu_ms),
        "recall@10": recall(everywhere, known[1.0]),
        "filters": {
            f"{share:.1%}": {
                "papers": len(parts[share]),
                "recall@10": recall(found, known[share]),
                **percentiles(found.cpu_ms),
            }
            for share, found in within.items()
        },
    }
