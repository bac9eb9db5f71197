"""Papers as rows of plain values, and back without loss."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from corpus.model import Clause, Document, HeadData, Notice, Source

_DOCUMENT = TypeAdapter(Document)
_HEAD = TypeAdapter(HeadData)
_SOURCE = TypeAdapter(Source)
_NOTICES = TypeAdapter(tuple[Notice, ...])
_CLAUSES = TypeAdapter(tuple[Clause, ...])


def content_hash(document: Document) -> str:
    """SHA-256 of everything that was read from the paper: equal hashes, equal documents."""
    return hashlib.sha256(_DOCUMENT.dump_json(document, exclude=_left_out(document))).hexdigest()


def _left_out(document: Document) -> dict[str, Any]:
    """Coordinates count where there are any, so that a paper without them has the hash of older stores."""
    return {} if document.source.map.placed else {"source": {"map": {"placed": True}}}


def document_row(document: Document) -> dict[str, Any]:
    """The columns of `document_versions` that hold the paper itself."""
    return {
        "text": document.text,
        "head": _HEAD.dump_python(document.head, mode="json"),
        "source": _SOURCE.dump_python(document.source, mode="json"),
        "notices": _NOTICES.dump_python(document.notices, mode="json"),
    }


def clause_rows(document: Document) -> list[dict[str, Any]]:
    """The columns of `clauses`, without the version."""
    rows = _CLAUSES.dump_python(document.clauses, mode="json")
    return [row | {"position": position} for position, row in enumerate(rows)]


def document_of(document_id: str, row: Mapping[str, Any], clauses: Sequence[Mapping[str, Any]]) -> Document:
    """The paper from its row and the rows of its clauses in reading order."""
    fields = [{key: clause[key] for key in Clause.__dataclass_fields__} for clause in clauses]
    return Document(
        id=document_id,
        text=row["text"],
        head=_HEAD.validate_python(row["head"], strict=False),
        clauses=_CLAUSES.validate_python(fields, strict=False),
        source=_SOURCE.validate_python(row["source"], strict=False),
        notices=_NOTICES.validate_python(row["notices"], strict=False),
    )
