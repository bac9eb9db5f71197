"""The five starting papers, parsed once."""

from __future__ import annotations

from functools import cache

from corpus.load import load
from corpus.model import Document
from corpus.parse import parse
from corpus.store.shipped_papers import starting_papers


@cache
def five() -> tuple[Document, ...]:
    return tuple(
        parse(load(p.data, name=p.name, url=p.url), document_id=p.document_id) for p in starting_papers()
    )
