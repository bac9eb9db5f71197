"""Search engine over the tables of the index in PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from operator import itemgetter
from typing import Any

import numpy as np

from index.model import ChunkPlace, Fusion, Match, Similar, Vectors
from index.postgres.connections import Searches
from index.postgres.papers import IndexedPaper, IndexedPapers
from index.postgres.queries import chunks_first, every_chunk, nearest_chunks
from index.postgres.tables import Tables
from index.postgres.words import Scores, Words
from index.search.segmented import best

# Chunks and sentences up to which all are compared: it takes less time than the index of the vectors does,
# and is exact. Where papers are named, their chunks are compared up to the square root of this times the
# number of all chunks: the index would have to read the more, the fewer of its vectors are theirs. Both take
# the same time at a third of 60,000 chunks; at a tenth the index takes 60 ms of the processor, this 15.
COMPARED = 6_000
# Of the chunks that are compared, those whose sentences are compared, too: for each of the `k` that are
# wanted, as a share, and at least.
_FIRST_EACH, _FIRST_SHARE, _FIRST_LEAST = 40, 0.05, 2_000
# Candidates from the indexes of the vectors for each of the `k` chunks that are wanted, and how many at
# least: a sentence in front of others may be of a chunk that the other score takes down.
_SENTENCES_EACH, _CHUNKS_EACH, _LEAST = 4, 2, 100

Place = tuple[int, int]  # paper and position in the tables
Row = tuple[Any, ...]  # of index.postgres.queries
_POSITION = itemgetter(6)  # of a sentence, in a row


@dataclass(frozen=True, slots=True)
class _Found:
    """A chunk of the database."""

    row: int  # in the order of the papers
    chunk: ChunkPlace
    dense: float
    sentences: tuple[Similar, ...]


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
        self._most_chunks = int(sqrt(self._compared * papers.size))
        self._every, self._chunks_first = every_chunk(tables), chunks_first(tables)
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
        chunks = sum(paper.chunks for paper in papers)
        if chunks + sum(paper.sentences for paper in papers) <= self._compared:
            return self._every
        if filtered and chunks <= self._most_chunks:
            return self._chunks_first
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
        chunks = sum(paper.chunks for paper in papers)
        parameters = {
            "vector": "[" + ",".join(map(repr, vector.tolist())) + "]",
            "share": self._fusion.sentence_share,
            "k": k,
            "each": each,
            "papers": [paper.id for paper in papers],
            "said_papers": [paper for paper, _ in said],
            "said_positions": [position for _, position in said],
            "first": max(_FIRST_EACH * k, int(_FIRST_SHARE * chunks), _FIRST_LEAST),
            "sentences": max(_SENTENCES_EACH * k, _LEAST),
            "chunks": max(_CHUNKS_EACH * k, _LEAST),
        }
        with self._searches.connection() as connection:
            rows = connection.execute(query, parameters, binary=True).fetchall()
        of_chunk: dict[Place, list[Row]] = defaultdict(list)
        for row in rows:
            of_chunk[row[0], row[1]].append(row)
        found: dict[int, list[_Found]] = defaultdict(list)
        for (number, position), some in of_chunk.items():
            paper = self._papers.by_id.get(number)
            if paper is not None:  # else one that was indexed after this index was opened
                at = self._papers.rows(paper).start + position
                found[number].append(self._found(at, paper.document_id, some))
        return found

    def _found(self, row: int, document_id: str, rows: list[Row]) -> _Found:
        """One chunk, from its rows with a sentence each, or from one without."""
        _, _, key, start, end, own, at, *_ = rows[0]
        dense = float(own)
        sentences: tuple[Similar, ...] = ()
        if at is not None:
            rows.sort(key=_POSITION)
            sentences = tuple(Similar(*some[7:]) for some in rows)
            share = self._fusion.sentence_share
            dense = share * max(sentence.cosine for sentence in sentences) + (1 - share) * dense
        return _Found(row, ChunkPlace(key, document_id, start, end), dense, sentences)


def _ranked(found: Sequence[_Found], lexical: Scores, said: Sequence[Place], k: int) -> list[Match]:
    """The best `k` by each score with their ranks, in the order of the papers."""
    in_order = sorted(found, key=lambda one: one.row)
    near = sorted(in_order, key=lambda one: -one.dense)[:k]
    dense_ranks = {one.row: rank for rank, one in enumerate(near, 1)}
    scores = {one.row: float(lexical[one.row]) for one in in_order}
    by_words = sorted((row for row, score in scores.items() if score > 0), key=lambda row: -scores[row])
    lexical_ranks = {row: rank for rank, row in enumerate(by_words[: len(said)], 1)}
    return [
        Match(
            chunk=one.chunk,
            dense=one.dense,
            lexical=scores[one.row],
            dense_rank=dense_ranks.get(one.row),
            lexical_rank=lexical_ranks.get(one.row),
            sentences=one.sentences,
        )
        for one in in_order
        if one.row in dense_ranks or one.row in lexical_ranks
    ]
