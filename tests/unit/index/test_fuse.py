"""Fusion of vector and word search."""

from __future__ import annotations

import in_segments
import pytest
from hypothesis import given
from hypothesis import strategies as st
from indexed import five

from index.build.chunks import chunk_document, embedded_text, sentences_of
from index.model import Chunk, ChunkPlace, Embedder
from index.search.hybrid import HybridSearcher

CHUNKS = [chunk for document in five() for chunk in chunk_document(document)]
SENTENCES = [sentence for document in five() for sentence in sentences_of(document)]
QUESTIONS = [
    "湖南首次拿到创新药注册批件能奖多少钱",
    "多久开一次药事会",
    "Which papers pay for CAR-T?",
    "鳗鲡",
    "",
]


def searcher_of(embedder: Embedder, chunks: list[Chunk], *, weight: float = 0.4) -> HybridSearcher:
    keys = {chunk.clause_key for chunk in chunks}
    held = [sentence for sentence in SENTENCES if sentence.clause_key in keys]
    engine, terms = in_segments.searcher_of(chunks, held, embedder)
    return HybridSearcher(engine, terms=terms, embedder=embedder, weight=weight)


def place_of(chunk: Chunk) -> ChunkPlace:
    return ChunkPlace(chunk.clause_key, chunk.document_id, chunk.start, chunk.end)


@pytest.fixture(scope="module")
def searcher(tiny_embedder: Embedder) -> HybridSearcher:
    return searcher_of(tiny_embedder, CHUNKS)


@given(
    st.sampled_from(QUESTIONS),
    st.integers(1, 300),
    st.none() | st.sets(st.sampled_from(["hunan", "hubei", "nowhere"])),
)
def test_hits(searcher: HybridSearcher, question: str, k: int, documents: set[str] | None) -> None:
    hits = searcher.search(question, k=k, documents=documents)
    allowed = [place_of(c) for c in CHUNKS if documents is None or c.document_id in documents]
    assert len(hits) == min(k, len(allowed))
    assert len({hit.chunk for hit in hits}) == len(hits)
    assert all(hit.chunk in allowed for hit in hits)
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1.000001 for score in scores)
    assert all(hit.lexical_rank is None for hit in hits if hit.lexical == 0)
    assert all(hit.dense_rank or hit.lexical_rank for hit in hits)
    if len(hits) == len(allowed):
        assert sorted(hit.dense_rank or 0 for hit in hits) == list(range(1, len(hits) + 1))


def test_the_weight_goes_from_words_to_vectors(tiny_embedder: Embedder) -> None:
    question = "首次获得药品注册批件的创新药"  # every word and pair of it occurs in the papers
    words = searcher_of(tiny_embedder, CHUNKS, weight=0.0).search(question, k=20)
    vectors = searcher_of(tiny_embedder, CHUNKS, weight=1.0).search(question, k=20)
    assert [hit.lexical_rank for hit in words] == list(range(1, 21))
    assert [hit.dense_rank for hit in vectors] == list(range(1, 21))


def test_unknown_words_shift_the_weight_to_the_vectors(tiny_embedder: Embedder) -> None:
    hits = searcher_of(tiny_embedder, CHUNKS, weight=0.0).search("鳗鲡蒲烧", k=20)
    assert [hit.dense_rank for hit in hits] == list(range(1, 21))


def test_hits_contain_their_sentences(searcher: HybridSearcher, tiny_embedder: Embedder) -> None:
    question = "湖南首次获得药品注册批件的创新药奖补多少"
    texts = {document.id: document.text for document in five()}
    vector = tiny_embedder.embed_query(question)
    for hit in searcher.search(question, k=20):
        told = [s for s in SENTENCES if s.clause_key == hit.chunk.clause_key]
        inside = [s for s in told if hit.chunk.start <= s.start < hit.chunk.end]
        assert [(s.start, s.end) for s in hit.sentences] == [(s.start, s.end) for s in inside]
        for found, sentence in zip(hit.sentences, inside, strict=True):
            assert texts[hit.chunk.document_id][found.start : found.end] == sentence.text
            own = tiny_embedder.embed_documents([embedded_text(sentence)])[0]
            assert found.cosine == pytest.approx(float(own @ vector), abs=1e-5)


def test_the_right_clause_comes_first(searcher: HybridSearcher) -> None:
    (hit,) = searcher.search("湖南首次获得药品注册批件的创新药奖补多少", k=1)
    found = next(c for c in CHUNKS if place_of(c) == hit.chunk)
    assert "对首次获得药品注册批件的创新药" in found.text


def test_nothing_to_search(tiny_embedder: Embedder) -> None:
    empty = searcher_of(tiny_embedder, [])
    assert empty.search("创新药", k=5) == []
    assert empty.search_each("创新药", k=5, documents=["hunan"]) == {"hunan": []}


def test_each_document_is_searched_as_if_alone(searcher: HybridSearcher) -> None:
    question = "创新药的临床试验有什么支持"
    documents = ["hunan", "zhejiang", "yiyang"]
    found = searcher.search_each(question, k=7, documents=documents)
    assert list(found) == documents
    for document, hits in found.items():
        assert hits == searcher.search(question, k=7, documents=[document])
