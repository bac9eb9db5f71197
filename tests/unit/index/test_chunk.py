"""Splitting clauses into chunks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexed import five

from corpus.model import Document, Kind
from index.build.chunks import chunk_document, embedded_text

DOCUMENTS = five()
SETTINGS = st.tuples(st.sampled_from(DOCUMENTS), st.integers(20, 900), st.integers(0, 19))


@given(SETTINGS)
@settings(max_examples=60)
def test_chunks_are_slices_of_one_clause(case: tuple[Document, int, int]) -> None:
    document, size, overlap = case
    clauses = {clause.key: clause for clause in document.clauses}
    for chunk in chunk_document(document, size=size, overlap=overlap):
        clause = clauses[chunk.clause_key]
        assert clause.start <= chunk.start < chunk.end <= clause.end
        assert chunk.text == document.text[chunk.start : chunk.end] == chunk.text.strip()
        assert len(chunk.text) <= size


@given(SETTINGS)
@settings(max_examples=60)
def test_nothing_of_the_paper_is_left_out(case: tuple[Document, int, int]) -> None:
    document, size, overlap = case
    covered = set[int]()
    for chunk in chunk_document(document, size=size, overlap=overlap):
        covered.update(range(chunk.start, chunk.end))
    for clause in document.clauses:
        missed = set(range(clause.start, clause.end)) - covered
        assert all(document.text[i].isspace() for i in missed)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.id)
def test_without_overlap_no_character_is_in_two_chunks(document: Document) -> None:
    chunks = chunk_document(document, size=100)
    assert all(a.end <= b.start for a, b in pairwise(chunks))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.id)
def test_a_short_clause_is_one_chunk_and_every_clause_has_one(document: Document) -> None:
    keys = [chunk.clause_key for chunk in chunk_document(document)]
    assert set(keys) == {clause.key for clause in document.clauses}
    short = {c.key for c in document.clauses if c.end - c.start <= 600}
    assert all(keys.count(key) == 1 for key in short)


def test_sentences_stay_whole_where_they_fit() -> None:
    cut = [c for d in DOCUMENTS for c in chunk_document(d, size=250) if len(c.text) > 100]
    ends = [chunk.text[-1] for chunk in cut]
    assert sum(end in "。；;）)”" for end in ends) / len(ends) > 0.9


def test_context_names_paper_region_and_headings() -> None:
    paper = next(d for d in DOCUMENTS if d.id == "yiyang")
    item = next(c for c in paper.clauses if c.kind is Kind.ITEM)
    chunk = next(c for c in chunk_document(paper) if c.clause_key == item.key)
    region, title, *headings = chunk.context.split("\n")
    assert (region, title) == (paper.head.region, paper.head.title.value)
    assert headings == ["主要任务", "促进重点领域加快发展", item.heading]
    assert embedded_text(chunk) == "。".join([region, title, *headings]) + "\n" + chunk.text
