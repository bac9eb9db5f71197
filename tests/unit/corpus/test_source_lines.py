"""The line numbers of clauses in the paper as received."""

from __future__ import annotations

import pytest

from corpus.load import load
from corpus.parse import parse
from corpus.store.shipped_papers import StartingPaper, starting_papers


@pytest.mark.parametrize("paper", starting_papers(), ids=lambda paper: paper.document_id)
def test_a_clause_begins_on_the_line_that_is_named(paper: StartingPaper) -> None:
    document = parse(load(paper.data, name=paper.name), document_id=paper.document_id)
    lines = document.source.original.split("\n")
    for clause in document.clauses:
        first = document.text[clause.start : clause.start + 3]
        assert first[:1] in lines[document.source.line(clause.start) - 1]
    named = [document.source.line(clause.start) for clause in document.clauses]
    assert named == sorted(named)
