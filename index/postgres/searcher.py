"""Search engine over the tables of the index in PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from index.model import ChunkPlace, Fusion, Match, Similar, Vectors
from index.postgres.connections import Searches
from index.postgres.papers import IndexedPaper, IndexedPapers
from index.postgres.queries import every_chunk, nearest_chunks
from index.postgres.tables import Tables
from index.postgres.words import Scores, Words
from index.search.flat import best

# Chunks and sentences up to which all are compared: it takes less time than the index of the vectors does,
# and is exact.
COMPARED = 6_000
# Candidates from the indexes of the vectors for each of the `k` chunks that are wanted, and how many at
# least: a sentence in front of others may be of a chunk that the other score takes down.
_SENTENCES_EACH, _CHUNKS_EACH, _LEAST = 4, 2, 100

Place = tuple[int, int]  # paper and position in the tables


@dataclass(frozen=True, slots=True)
class _Found:
    """A chunk of the database, without ranks."""

    row: int  # in the order of the papers
    match: Match


class PostgresSearcher:
    """A `Searcher` over an open index. Thread-safe."""

    def __init__(
        self,
        searches: Searches,
        tables: Tables,
        papers: IndexedPapers,
        words: Words,
        *,
        has_graph: bool,
        fusion: Fusion,
        compared: int = COMPARED,
    ) -> None:
        self._searches, self._papers, self._words, self._fusion = searches, papers, words, fusion
        self._compared = compared if has_graph else papers.pieces
        self._every = every_chunk(tables)
        self._nearest = {filtered: nearest_chunks(tables, filtered=filtered) for filtered in (False, True)}

    def search(
        self,
        vector: Vectors,
        weights: Mapping[str, float],
        *,
        k: int,
        documents: Collection[str] | None = None,
    ) -> list[Match]:
        """The `k` nearest and the `k` best by words, in the order of the papers. Raises IndexFault."""
        lexical = self._words.scores(weights)
        papers = list(self._papers.by_id.values()) if documents is None else self._papers.some(documents)
        query = self._query(papers, filtered=documents is not None)
        return self._searched(query, vector, lexical, papers, k)

    def search_each(
        self, vector: Vectors, weights: Mapping[str, float], *, k: int, documents: Collection[str]
    ) -> dict[str, list[Match]]:
        """The result of `search` for each of `documents` alone, in one statement. Raises IndexFault."""
        lexical = self._words.scores(weights)
        found: dict[str, list[Match]] = {document: [] for document in documents}
        small = [
            paper
            for paper in self._papers.some(documents)
            if paper.chunks + paper.sentences <= self._compared
        ]
        if small:
            said = {paper.id: self._said(lexical, [paper], k) for paper in small}
            places = [place for some in said.values() for place in some]
            every = self._rows(self._every, vector, small, places, k, each=True)
            for paper in small:
                of_paper = every.get(paper.id, [])
                found[paper.document_id] = _ranked(of_paper, lexical, said[paper.id], k)
        for paper in self._papers.some(documents):
            if paper not in small:
                found[paper.document_id] = self.search(vector, weights, k=k, documents=[paper.document_id])
        return found

    def _query(self, papers: Sequence[IndexedPaper], *, filtered: bool) -> str:
        if sum(paper.chunks + paper.sentences for paper in papers) <= self._compared:
            return self._every
        return self._nearest[filtered]

    def _searched(
        self, query: str, vector: Vectors, lexical: Scores, papers: Sequence[IndexedPaper], k: int
    ) -> list[Match]:
        """Searches again without papers that turn out not to be in use, as they took places of others."""
        while papers:
            said = self._said(lexical, papers, k)
            by_paper = self._rows(query, vector, papers, said, k, each=False)
            gone = {paper for paper, _ in said} - by_paper.keys()
            if not gone:
                found = [one for some in by_paper.values() for one in some]
                return _ranked(found, lexical, said, k)
            papers = [paper for paper in papers if paper.id not in gone]
        return []

    def _said(self, lexical: Scores, papers: Sequence[IndexedPaper], k: int) -> list[Place]:
        """The places of the best `k` by words in the papers, best first."""
        if len(papers) == len(self._papers.by_id):
            return [self._papers.place(row) for row in best(lexical, k) if lexical[row] > 0]
        ranges = sorted((self._papers.rows(paper) for paper in papers), key=lambda rows: int(rows.start))
        rows = np.concatenate([np.arange(some.start, some.stop) for some in ranges])
        inside = lexical[rows]
        return [self._papers.place(int(rows[at])) for at in best(inside, k) if inside[at] > 0]

    def _rows(
        self,
        query: str,
        vector: Vectors,
        papers: Sequence[IndexedPaper],
        said: Sequence[Place],
        k: int,
        *,
        each: bool,
    ) -> dict[int, list[_Found]]:
        """The chunks that the statement returns, by paper. Raises IndexFault."""
        parameters = {
            "vector": "[" + ",".join(map(repr, vector.tolist())) + "]",
            "share": self._fusion.sentence_share,
            "k": k,
            "each": each,
            "papers": [paper.id for paper in papers],
            "said_papers": [paper for paper, _ in said],
            "said_positions": [position for _, position in said],
            "sentences": max(_SENTENCES_EACH * k, _LEAST),
            "chunks": max(_CHUNKS_EACH * k, _LEAST),
        }
        found: dict[int, list[_Found]] = defaultdict(list)
        with self._searches.connection() as connection:
            for row in connection.execute(query, parameters, binary=True):
                paper = self._papers.by_id.get(row[0])
                if paper is not None:  # else one that was indexed after this index was opened
                    at = self._papers.rows(paper).start + row[1]
                    found[paper.id].append(_Found(at, _match(paper.document_id, row)))
        return found


def _match(document_id: str, row: Sequence[Any]) -> Match:
    _, _, key, start, end, dense, starts, ends, cosines = row
    sentences: tuple[Similar, ...] = ()
    if starts and starts[0] is not None:
        sentences = tuple(map(Similar, starts, ends, cosines))
    return Match(
        chunk=ChunkPlace(key, document_id, start, end),
        dense=float(dense),
        lexical=0.0,
        dense_rank=None,
        lexical_rank=None,
        sentences=sentences,
    )


def _ranked(found: Sequence[_Found], lexical: Scores, said: Sequence[Place], k: int) -> list[Match]:
    """The best `k` by each score with their ranks, in the order of the papers."""
    in_order = sorted(found, key=lambda one: one.row)
    near = sorted(in_order, key=lambda one: -one.match.dense)[:k]
    dense_ranks = {one.row: rank for rank, one in enumerate(near, 1)}
    said_rows = [one.row for one in in_order if lexical[one.row] > 0]
    by_words = sorted(said_rows, key=lambda row: -lexical[row])[: len(said)]
    lexical_ranks = {row: rank for rank, row in enumerate(by_words, 1)}
    return [
        replace(
            one.match,
            lexical=float(lexical[one.row]),
            dense_rank=dense_ranks.get(one.row),
            lexical_rank=lexical_ranks.get(one.row),
        )
        for one in in_order
        if one.row in dense_ranks or one.row in lexical_ranks
    ]
