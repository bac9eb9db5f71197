"""Contract tests for implementations of `index.model.Searcher`, on the five papers.

An engine is tested by a subclass whose `engine` makes one over given chunks, sentences and vectors. The
tests compare its results with scores that are computed here one by one, and require nothing that a store
which returns only its best `k` cannot provide.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.load import load
from corpus.parse import parse
from corpus.store.shipped_papers import starting_papers
from index.build.chunks import chunk_document, embedded_text, sentences_of
from index.model import Chunk, ChunkPlace, Embedder, Fusion, Match, Searcher, Vectors
from index.search.lexical import LexicalIndex, term_weights

_PAPERS = [parse(load(p.data, name=p.name, url=p.url), document_id=p.document_id) for p in starting_papers()]
CHUNKS = [chunk for paper in _PAPERS for chunk in chunk_document(paper)]
SENTENCES = [sentence for paper in _PAPERS for sentence in sentences_of(paper)]
_QUESTIONS = [
    "湖南首次拿到创新药注册批件能奖多少钱",
    "多久开一次药事会",
    "Which papers pay for CAR-T?",
    "鳗鲡",
]
_IDS = ["hunan", "hubei", "yiyang", "nowhere"]
_LIMITS = st.none() | st.sets(st.sampled_from(_IDS))
_WITHIN = 1e-4  # of a score


class SearcherContract:
    """Subclass it as `Test…` and implement `engine`."""

    @classmethod
    @abstractmethod
    def engine(
        cls, chunks: Sequence[Chunk], vectors: Vectors, sentences: Sequence[Chunk], near: Vectors
    ) -> Searcher:
        """Makes an engine over `chunks`; `near` are the vectors of `sentences`."""

    @pytest.fixture(scope="class")
    @classmethod
    def vectors(cls, tiny_embedder: Embedder) -> tuple[Vectors, Vectors]:
        chunks, sentences = (
            tiny_embedder.embed_documents([embedded_text(chunk) for chunk in some])
            for some in (CHUNKS, SENTENCES)
        )
        return chunks, sentences

    @pytest.fixture(scope="class")
    @classmethod
    def searcher(cls, vectors: tuple[Vectors, Vectors]) -> Searcher:
        return cls.engine(CHUNKS, vectors[0], SENTENCES, vectors[1])

    @pytest.fixture(scope="class")
    @classmethod
    def empty(cls, tiny_embedder: Embedder) -> Searcher:
        none = tiny_embedder.embed_documents([])
        return cls.engine([], none, [], none)

    @given(st.sampled_from(_QUESTIONS), st.integers(1, 300), _LIMITS)
    # Several engines are tested in one process, by classes that share this test.
    @settings(max_examples=25, suppress_health_check=[HealthCheck.differing_executors])
    def test_the_best_by_each_score_are_there(
        self,
        searcher: Searcher,
        vectors: tuple[Vectors, Vectors],
        tiny_embedder: Embedder,
        question: str,
        k: int,
        documents: set[str] | None,
    ) -> None:
        vector, weights = tiny_embedder.embed_query(question), term_weights(question)
        found = searcher.search(vector, weights, k=k, documents=documents)
        assert len({match.chunk for match in found}) == len(found)
        inside = [row for row, c in enumerate(CHUNKS) if documents is None or c.document_id in documents]
        dense = _cosines(vector, *vectors)
        lexical = _words().scores(weights)
        rows = {_place(chunk): row for row, chunk in enumerate(CHUNKS)}
        assert {rows[_place(match.chunk)] for match in found} <= set(inside)
        for match in found:
            row = rows[_place(match.chunk)]
            assert match.dense == pytest.approx(float(dense[row]), abs=_WITHIN)
            assert match.lexical == pytest.approx(float(lexical[row]), rel=_WITHIN)
        _ranked([(m.dense_rank, m.dense) for m in found], [float(dense[row]) for row in inside], k)
        said = [float(lexical[row]) for row in inside if lexical[row] > 0]
        _ranked([(m.lexical_rank, m.lexical) for m in found], said, k)
        assert all(match.dense_rank or match.lexical_rank for match in found)

    @pytest.mark.parametrize("question", _QUESTIONS)
    def test_each_paper_is_searched_as_if_alone(
        self, searcher: Searcher, tiny_embedder: Embedder, question: str
    ) -> None:
        vector, weights = tiny_embedder.embed_query(question), term_weights(question)
        each = searcher.search_each(vector, weights, k=7, documents=_IDS)
        assert list(each) == _IDS
        for document, found in each.items():
            assert found == searcher.search(vector, weights, k=7, documents=[document])

    def test_matches_have_their_sentences(
        self, searcher: Searcher, vectors: tuple[Vectors, Vectors], tiny_embedder: Embedder
    ) -> None:
        vector = tiny_embedder.embed_query(_QUESTIONS[0])
        for match in searcher.search(vector, term_weights(_QUESTIONS[0]), k=20):
            own = [row for row, s in enumerate(SENTENCES) if _begins_in(s, match.chunk)]
            places = [(SENTENCES[row].start, SENTENCES[row].end) for row in own]
            assert [(similar.start, similar.end) for similar in match.sentences] == places
            cosines = [float(vectors[1][row] @ vector) for row in own]
            assert [s.cosine for s in match.sentences] == pytest.approx(cosines, abs=_WITHIN)

    def test_weights_count(self, searcher: Searcher, tiny_embedder: Embedder) -> None:
        vector = tiny_embedder.embed_query("创新")
        once = _by_chunk(searcher.search(vector, {"创新": 1.0}, k=len(CHUNKS)))
        twice = _by_chunk(searcher.search(vector, {"创新": 2.0}, k=len(CHUNKS)))
        assert any(once.values())
        assert twice == pytest.approx({chunk: 2 * score for chunk, score in once.items()}, rel=_WITHIN)

    def test_no_papers_and_no_words_are_no_fault(
        self, searcher: Searcher, empty: Searcher, tiny_embedder: Embedder
    ) -> None:
        vector = tiny_embedder.embed_query("创新药")
        assert searcher.search(vector, {}, k=5, documents=[]) == []
        assert len(searcher.search(vector, {}, k=5)) == 5
        assert empty.search(vector, {"创新": 1.0}, k=5) == []
        assert empty.search_each(vector, {"创新": 1.0}, k=5, documents=["hunan"]) == {"hunan": []}


@cache
def _words() -> LexicalIndex:
    return LexicalIndex.build(CHUNKS)


def _place(chunk: ChunkPlace) -> tuple[str, str, int, int]:
    """The place alone: an engine need not return the chunk with its text."""
    return chunk.document_id, chunk.clause_key, chunk.start, chunk.end


def _cosines(vector: Vectors, chunks: Vectors, sentences: Vectors) -> Vectors:
    """The cosine of every chunk, combined with that of its best sentence if it has any."""
    own, near = chunks @ vector, sentences @ vector
    best = [max((near[row] for row in _OWN[place]), default=None) for place in range(len(CHUNKS))]
    share = Fusion().sentence_share
    joined = [c if b is None else share * b + (1 - share) * c for c, b in zip(own, best, strict=True)]
    return np.array(joined, dtype=np.float32)


def _own_sentences() -> list[list[int]]:
    rows: dict[str, list[int]] = {}
    for row, sentence in enumerate(SENTENCES):
        rows.setdefault(sentence.clause_key, []).append(row)
    return [[r for r in rows.get(c.clause_key, []) if _begins_in(SENTENCES[r], c)] for c in CHUNKS]


def _begins_in(sentence: ChunkPlace, chunk: ChunkPlace) -> bool:
    return sentence.clause_key == chunk.clause_key and chunk.start <= sentence.start < chunk.end


def _ranked(found: Sequence[tuple[int | None, float]], scores: Sequence[float], k: int) -> None:
    """Asserts that the ranks count from 1 and belong to the `k` highest of `scores`, highest first."""
    ranked = sorted((rank, score) for rank, score in found if rank is not None)
    assert [rank for rank, _ in ranked] == list(range(1, min(k, len(scores)) + 1))
    best = sorted(scores, reverse=True)[:k]
    assert [score for _, score in ranked] == pytest.approx(best, abs=_WITHIN, rel=_WITHIN)


def _by_chunk(matches: Sequence[Match]) -> dict[str, float]:
    return {f"{m.chunk.clause_key} {m.chunk.start}": m.lexical for m in matches}


_OWN = _own_sentences()
