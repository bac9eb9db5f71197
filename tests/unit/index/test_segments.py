"""Segments: their content does not depend on the way to it, and the search over them keeps the contract."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from in_segments import embedded, searcher_over
from searcher import CHUNKS, SENTENCES, SearcherContract

from index.build.chunks import embedded_text
from index.build.writing.fresh import segment_of
from index.build.writing.merging import About, Part, write_segment
from index.model import Chunk, EmbeddedPaper, Embedder, Fusion, Searcher, Vectors
from index.search.lexical import LexicalIndex, term_weights
from index.search.live import LiveRows
from index.search.pruned import TermRows, best_rows
from index.search.segmented import SegmentSearcher
from index.search.words import Words
from index.segments.files import open_segment
from index.segments.known import KnownVectors
from index.segments.segment import Segment
from index.segments.term_keys import key_of

_ORDERED = sorted(CHUNKS, key=lambda chunk: chunk.document_id)
_QUESTIONS = ["湖南首次拿到创新药注册批件能奖多少钱", "多久开一次药事会", "CAR-T 10% 2025年", "鳗鲡"]


class TestOneSegment(SearcherContract):
    @classmethod
    def engine(
        cls, chunks: Sequence[Chunk], vectors: Vectors, sentences: Sequence[Chunk], near: Vectors
    ) -> Searcher:
        papers = embedded(chunks, vectors, sentences, near)
        return searcher_over(papers, dimension=vectors.shape[1])[0]


class TestSeveralSegmentsWithUnusedPapers(SearcherContract):
    """Every paper is in a segment of its own, beside other versions of all papers that are not in use."""

    @classmethod
    def engine(
        cls, chunks: Sequence[Chunk], vectors: Vectors, sentences: Sequence[Chunk], near: Vectors
    ) -> Searcher:
        papers = embedded(chunks, vectors, sentences, near)
        others = embedded(chunks, -vectors, sentences, -near, version="another")
        segments = [segment_of([*others, paper, *others], dimension=vectors.shape[1]) for paper in papers]
        rows = LiveRows(segments, [[len(others)] for _ in segments])
        return SegmentSearcher(rows, Words(rows), fusion=Fusion())


class TestLists(SearcherContract):
    """Two segments with lists, all of which are read, and one without."""

    @classmethod
    def engine(
        cls, chunks: Sequence[Chunk], vectors: Vectors, sentences: Sequence[Chunk], near: Vectors
    ) -> Searcher:
        papers = embedded(chunks, vectors, sentences, near)
        about = About(4, "tiny", vectors.shape[1], "1:600:0")
        segments = []
        with TemporaryDirectory() as name:
            for some in (papers[:2], papers[2:4], papers[4:]):
                made = segment_of(some, dimension=vectors.shape[1])
                part, lists = Part(made, range(len(some))), len(some) == 2
                written = write_segment(Path(name), [part], about, lists=lists)
                segments.append(open_segment(Path(name) / written, thorough=True)[0])
        rows = LiveRows(segments, [range(len(one.papers)) for one in segments])
        return SegmentSearcher(rows, Words(rows), fusion=Fusion(), exact=0)


_TERMS = st.dictionaries(st.sampled_from("甲乙丙丁戊己庚辛"), st.floats(0.1, 3), min_size=1)


@given(
    st.lists(st.lists(st.sampled_from("甲乙丙丁戊己庚辛"), max_size=6), min_size=1, max_size=40),
    _TERMS,
    st.integers(1, 6),
    st.data(),
)
def test_pruning_finds_the_best_by_words(
    documents: list[list[str]], weights: dict[str, float], k: int, data: st.DataObject
) -> None:
    scores = LexicalIndex.of_terms(documents).scores(weights)
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=len(documents), max_size=len(documents))))
    terms = []
    for term, weight in weights.items():
        alone = LexicalIndex.of_terms(documents).scores({term: weight})
        rows = np.flatnonzero(alone).astype(np.int32)
        if len(rows):
            highest = float(alone.max()) * data.draw(st.sampled_from([1.0, 1.5]))
            terms.append(TermRows(rows, highest, alone[rows].__getitem__))
    found, values = best_rows(terms, k, allowed, least=0.0)
    np.testing.assert_allclose(values, scores[found], rtol=1e-5)
    inside = np.flatnonzero(allowed & (scores > 0))
    best = np.sort(scores[inside])[::-1][:k]
    np.testing.assert_allclose(np.sort(values)[::-1][: len(best)], best, rtol=1e-5)
    assert set(found.tolist()) <= set(inside.tolist())


@pytest.fixture(scope="module")
def segment(tiny_embedder: Embedder) -> Segment:
    return segment_of(_papers(tiny_embedder), dimension=tiny_embedder.dimension)


def _papers(embedder: Embedder) -> Sequence[EmbeddedPaper]:
    vectors, near = (
        embedder.embed_documents([embedded_text(one) for one in some]) for some in (CHUNKS, SENTENCES)
    )
    return embedded(CHUNKS, vectors, SENTENCES, near)


def _about(segment: Segment) -> About:
    return About(4, "tiny", segment.chunk_vectors.shape[1], "1:600:0")


@given(st.lists(st.integers(0, 2), min_size=5, max_size=5), st.booleans())
@settings(max_examples=5)
def test_merging_gives_what_one_build_gives(segment: Segment, of_part: list[int], unused: bool) -> None:
    """Papers that were written to several segments and merged are as those written at once, in every byte."""
    about = _about(segment)
    with TemporaryDirectory() as name:
        folder = Path(name)
        at_once = write_segment(folder, [Part(segment, range(5))], about)
        parts = []
        for part in range(3):
            own = [number for number in range(5) if of_part[number] == part]
            written = write_segment(folder, [Part(segment, range(5) if unused else own)], about)
            opened, info = open_segment(folder / written, thorough=True)
            assert info.papers == tuple(opened.papers)
            wanted = {segment.papers[number] for number in own}
            parts.append(Part(opened, [n for n, paper in enumerate(opened.papers) if paper in wanted]))
        assert write_segment(folder, parts[::-1], about) == at_once
        assert not list(folder.glob("*.unfinished"))


@given(st.sets(st.integers(0, 4)), st.sampled_from(_QUESTIONS))
@settings(max_examples=20)
def test_scores_of_words_are_those_of_the_papers_in_use(
    segment: Segment, used: set[int], question: str
) -> None:
    """Statistics of terms are of the rows in use alone."""
    rows = LiveRows([segment], [used])
    words, weights = Words(rows), term_weights(question)
    ids = {segment.papers[number][0] for number in used}
    alone = LexicalIndex.build([chunk for chunk in _ORDERED if chunk.document_id in ids])
    np.testing.assert_array_equal(words.scores(weights), alone.scores(weights))
    np.testing.assert_array_equal(words.scores(weights), alone.scores(weights))  # from those cached
    spans = rows.of_documents(["hunan", "yiyang", "nowhere"])
    np.testing.assert_array_equal(words.scores_in(weights, spans), words.scores(weights)[spans.places])
    for term in weights:
        assert words.idf(term) == alone.idf(term)
        assert words.known({term: 1.0}) == alone.known({term: 1.0})
    assert words.known(weights) == alone.known(weights)


def test_vectors_are_found_by_the_hash_of_their_text(segment: Segment) -> None:
    first, sentences = segment.hashes_of(0)
    wanted = [first[3], "00" * 32, sentences[5], "ff" * 32]
    found = dict(KnownVectors([segment]).find(wanted))
    assert set(found) == {first[3], sentences[5]}
    np.testing.assert_array_equal(found[first[3]], segment.chunk_vectors[3])
    np.testing.assert_array_equal(found[sentences[5]], segment.sentence_vectors[5])
    # The same start of a hash is not the same hash.
    assert dict(KnownVectors([segment]).find([first[3][:16] + "00" * 24])) == {}


def test_vectors_are_found_in_any_of_many_segments(tiny_embedder: Embedder) -> None:
    known, segments = KnownVectors(), list[Segment]()
    for paper in _papers(tiny_embedder):
        segments.append(segment_of([paper], dimension=tiny_embedder.dimension))
        known.add(segments[-1])
    chunks, sentences = zip(*(one.hashes_of(0) for one in segments), strict=True)
    for _ in range(8):  # hashes are read a few times, and then sorted
        found = dict(known.find([*chain(*chunks), "00" * 32, *chain(*sentences)]))
        assert set(found) == {*chain(*chunks), *chain(*sentences)}
        for segment, hashes in zip(segments, chunks, strict=True):
            for row, digest in enumerate(hashes):
                np.testing.assert_array_equal(found[digest], segment.chunk_vectors[row])
    assert dict(known.find([])) == {}


@given(st.text(min_size=1, max_size=5), st.text(min_size=1, max_size=5))
def test_terms_have_numbers_of_their_own(one: str, other: str) -> None:
    assert (key_of(one) == key_of(other)) == (one == other)
    assert 0 <= key_of(one) < 1 << 64


def test_the_bounds_of_terms_hold(segment: Segment, tmp_path: Path) -> None:
    """No row has a higher score of a term than its bound times the idf, also when the mean length changes."""
    opened, _ = open_segment(tmp_path / write_segment(tmp_path, [Part(segment, range(5))], _about(segment)))
    for used in ([0, 1, 2, 3, 4], [2], [3, 4]):
        rows = LiveRows([opened], [used])
        words = Words(rows)
        factor = max(1.0, words.mean_length / opened.mean_length)
        for term in {term for question in _QUESTIONS for term in term_weights(question)}:
            _, _, bound = opened.postings(term)
            highest = words.scores({term: 1.0}).max(initial=0)
            assert highest <= bound * factor * words.idf(term) * (1 + 1e-6)
