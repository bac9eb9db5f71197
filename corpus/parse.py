"""Parses a loaded paper into a document: metadata, clause tree, notices."""

from __future__ import annotations

from corpus.head.metadata import read_head
from corpus.model import Document, Loaded
from corpus.structure.clauses import assemble
from corpus.structure.parts.zones import zones_of
from corpus.structure.split import split_lines
from corpus.text.lines import lines_of


def parse(loaded: Loaded, *, document_id: str) -> Document:
    """Parses a paper. Deterministic: the same paper gives equal documents."""
    lines = split_lines(lines_of(loaded.text, loaded.emphasis))
    zones = zones_of(lines)
    clauses, notices = assemble(zones, loaded.text, document_id=document_id)
    head = read_head(loaded, zones)
    return Document(document_id, loaded.text, head, clauses, loaded.source, (*loaded.notices, *notices))
