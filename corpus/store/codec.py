"""Converts papers to table rows and back without loss."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from datetime import date
from functools import cache, lru_cache
from sys import intern
from typing import Any

from pydantic import TypeAdapter

from corpus.head.paper_head import NamedExtension, NamedPaper, NamedPart, PaperHead
from corpus.identity import keys_of
from corpus.model import (
    Clause,
    Correction,
    Document,
    HeadData,
    Kind,
    Level,
    Notice,
    Responsibility,
    Source,
    SourceMap,
    Status,
)
from corpus.notation.paper_names import names_in

# The columns of `document_versions` and `clauses` that `read_document` takes, in this order, JSON as text.
READ_OF_VERSION = ("content_sha256", "text", "head", "source", "notices")
READ_OF_CLAUSE = (
    *("document_id", "id", "kind", "path", "label", "heading"),
    *("start", "end", "tree_end", "body_start", "parent", "responsibility"),
)

_LEVELS: Mapping[str, Level | None] = {"": None} | {level.value: level for level in Level}
_STATUSES = {status.value: status for status in Status}


# pydantic takes some milliseconds for each, and a list of papers needs none of them.
@cache
def _document() -> TypeAdapter[Document]:
    return TypeAdapter(Document)


@cache
def _head() -> TypeAdapter[HeadData]:
    return TypeAdapter(HeadData)


@cache
def _source() -> TypeAdapter[Source]:
    return TypeAdapter(Source)


@cache
def _notices() -> TypeAdapter[tuple[Notice, ...]]:
    return TypeAdapter(tuple[Notice, ...])


@cache
def _clauses() -> TypeAdapter[tuple[Clause, ...]]:
    return TypeAdapter(tuple[Clause, ...])


@cache
def _responsibility() -> TypeAdapter[Responsibility]:
    return TypeAdapter(Responsibility)


def content_hash(document: Document) -> str:
    """SHA-256 of everything that was read from the paper: equal hashes mean equal documents."""
    # Without warnings: a value of another type in a damaged row gives another hash.
    whole = _document().dump_json(document, exclude=_left_out(document), warnings=False)
    return hashlib.sha256(whole).hexdigest()


def _left_out(document: Document) -> dict[str, Any]:
    """What the hash leaves out: fields that papers of older stores lack, where no object states them.

    So a paper keeps its hash when the model gets another field with a default.
    """
    left_out: dict[str, Any] = {"corrections": True}  # not read from the paper
    for path, kind, found in (
        ((), Document, [document]),
        (("head",), HeadData, [document.head]),
        (("clauses", "__all__"), Clause, document.clauses),
        (("notices", "__all__"), Notice, document.notices),
        (("source",), Source, [document.source]),
        (("source", "map"), SourceMap, [document.source.map]),
    ):
        for later in _later_fields(kind):
            if all(getattr(one, later.name) == _default(later) for one in found):
                inner = left_out
                for name in path:
                    inner = inner.setdefault(name, {})
                inner[later.name] = True
    return left_out


# The fields of which each has been in the hash since the first release. Never add to them.
_FIRST_FIELDS: Mapping[type, frozenset[str]] = {
    Document: frozenset(("id", "text", "head", "clauses", "source", "notices")),
    HeadData: frozenset(
        (
            *("title", "status", "region", "level", "status_span", "inner_title", "doc_number"),
            *("registry_number", "issuer", "addressees", "date_issued", "date_printed", "date_published"),
            *("disclosure", "self_reference", "contact", "validity", "repeals", "basis", "cites"),
        )
    ),
    Clause: frozenset(
        (
            *("document_id", "id", "kind", "path", "label", "heading", "start", "end", "tree_end"),
            *("body_start", "parent", "responsibility"),
        )
    ),
    Notice: frozenset(("code", "message", "span")),
    Source: frozenset(("name", "sha256", "charset", "media_type", "original", "map", "url")),
    SourceMap: frozenset(("segments", "pages", "furniture")),
}


@cache
def _later_fields(kind: type) -> tuple[Field[Any], ...]:
    return tuple(one for one in fields(kind) if one.name not in _FIRST_FIELDS[kind])


def _default(later: Field[Any]) -> Any:
    return later.default_factory() if later.default_factory is not MISSING else later.default


def state_hash(content: str, corrections: Sequence[Correction]) -> str:
    """The hash of a paper with corrections; without any that of its content."""
    if not corrections:
        return content
    changed = sorted((one.field.value, one.value) for one in corrections)
    return hashlib.sha256(json.dumps([content, *changed]).encode()).hexdigest()


def document_row(document: Document) -> dict[str, Any]:
    """The columns of `document_versions` that contain the paper itself."""
    return {
        "text": document.text,
        "head": _head().dump_python(document.head, mode="json"),
        "source": _source().dump_python(document.source, mode="json"),
        "notices": _notices().dump_python(document.notices, mode="json"),
    }


def clause_rows(document: Document) -> list[dict[str, Any]]:
    """The columns of `clauses`, without the version."""
    rows = _clauses().dump_python(document.clauses, mode="json")
    return [row | {"position": position} for position, row in enumerate(rows)]


def document_of(document_id: str, row: Mapping[str, Any], clauses: Sequence[Mapping[str, Any]]) -> Document:
    """Builds the paper from its row and the rows of its clauses in reading order."""
    stored = [{key: clause[key] for key in Clause.__dataclass_fields__} for clause in clauses]
    _refuse_bytes(row["text"], *(value for clause in stored for value in clause.values()))
    return Document(
        id=document_id,
        text=row["text"],
        head=_head().validate_python(row["head"], strict=False),
        clauses=_clauses().validate_python(stored, strict=False),
        source=_source().validate_python(row["source"], strict=False),
        notices=_notices().validate_python(row["notices"], strict=False),
    )


def read_document(document_id: str, row: Sequence[Any], clauses: Iterable[Sequence[Any]]) -> Document:
    """Builds the paper from the columns `READ_OF_VERSION` and `READ_OF_CLAUSE`. Compare its hash.

    Raises ValueError or TypeError for rows that are damaged. Of types only bytes are refused: any other value
    has another hash.
    """
    _, text, head, source, notices = row
    _refuse_bytes(text)
    return Document(
        id=document_id,
        text=text,
        head=_head().validate_json(head, strict=False),
        clauses=tuple(map(_clause, clauses)),
        source=_source().validate_json(source, strict=False),
        notices=_notices().validate_json(notices, strict=False),
    )


def _clause(row: Sequence[Any]) -> Clause:
    document_id, clause_id, kind, path, label, heading, start, end, tree_end, body_start, parent, charged = (
        row
    )
    _refuse_bytes(clause_id, label, heading, parent)
    return Clause(
        document_id,
        clause_id,
        Kind(kind),
        _path(path),
        label,
        heading,
        start,
        end,
        tree_end,
        body_start,
        parent,
        None if charged is None else _responsibility().validate_json(charged),
    )


def _refuse_bytes(*values: object) -> None:
    """Raises TypeError for bytes, which a damaged SQLite file may have where text was stored.

    Their hash is that of the text.
    """
    if bytes in map(type, values):
        raise TypeError("it has bytes where text was stored")


@lru_cache(maxsize=4096)
def _path(labels: str) -> tuple[str, ...]:
    """Decodes a JSON list of labels. Papers have most of them in common."""
    return tuple(json.loads(labels))


def head_row(document: Document, *, version: int, content: str) -> dict[str, Any]:
    """The row of `heads`."""
    head = PaperHead.of(document, content_sha256=content)
    return {
        "document_id": head.id,
        "version": version,
        "content_sha256": head.content_sha256,
        "title": head.title,
        "inner_title": head.inner_title,
        "doc_number": head.doc_number,
        "issuer": head.issuer,
        "region": head.region,
        "level": head.level.value if head.level is not None else "",
        "status": head.status.value,
        "date_issued": head.date_issued,
        "valid_until": head.valid_until,
        "repeals": [[named.title, named.doc_number] for named in head.repeals],
        "basis": [[named.title, named.doc_number] for named in head.basis],
        "url": head.url,
        "clauses": head.clauses,
        "notices": head.notices,
    }


def identity_row(document: Document, *, version: int) -> dict[str, Any]:
    """The row of `identities`."""
    keys = keys_of(document)
    return {
        "document_id": document.id,
        "version": version,
        "received_key": keys.received,
        "text_sha256": keys.text,
        "number_key": keys.number,
        "title_key": keys.title,
        "media_type": document.source.media_type,
    }


def days_row(document: Document, *, version: int) -> dict[str, Any] | None:
    """The row of `head_days`; None for a paper that states none of these days."""
    head = PaperHead.of(document)
    if head.valid_since is None and head.amended is None:
        return None
    return {
        "document_id": head.id,
        "version": version,
        "valid_since": head.valid_since,
        "amended": head.amended,
    }


def effects_row(document: Document, *, version: int) -> dict[str, Any] | None:
    """The row of `head_effects`; None for a paper that has none of it."""
    head = PaperHead.of(document)
    if not (head.repeals_parts or head.extends or head.status_set or head.until_set):
        return None
    return {
        "document_id": head.id,
        "version": version,
        "repeals_parts": [
            [one.paper.title, one.paper.doc_number, list(one.articles)] for one in head.repeals_parts
        ],
        "extends": [
            [one.paper.title, one.paper.doc_number, one.until.isoformat() if one.until else "", one.duration]
            for one in head.extends
        ],
        "status_set": head.status_set,
        "until_set": head.until_set,
    }


def head_of(row: Sequence[Any]) -> PaperHead:
    """Builds the head from a row of `rows.head_query`. Strings that papers have in common are interned."""
    document_id, content, title, inner_title, doc_number, issuer, region, level, status, *rest = row
    date_issued, valid_until, repeals, basis, url, clauses, notices, valid_since, amended, *effects = rest
    parts, extends, status_set, until_set = effects
    return PaperHead(
        id=document_id,
        content_sha256=content,
        title=title,
        inner_title=inner_title,
        doc_number=doc_number,
        issuer=intern(issuer),
        region=intern(region),
        level=_LEVELS[level],
        status=_STATUSES[status],
        date_issued=date_issued,
        valid_until=valid_until,
        repeals=_named(repeals),
        basis=_named(basis),
        url=intern(url),
        clauses=clauses,
        notices=notices,
        valid_since=valid_since,
        amended=amended,
        repeals_parts=_parts(parts) if parts else (),
        extends=_extensions(extends) if extends else (),
        status_set=status_set,
        until_set=until_set,
    )


def _parts(rows: str) -> tuple[NamedPart, ...]:
    return tuple(
        NamedPart(NamedPaper(title, number), tuple(articles)) for title, number, articles in json.loads(rows)
    )


def _extensions(rows: str) -> tuple[NamedExtension, ...]:
    return tuple(
        NamedExtension(NamedPaper(title, number), date.fromisoformat(until) if until else None, duration)
        for title, number, until, duration in json.loads(rows)
    )


@lru_cache(maxsize=4096)
def _named(pairs: str) -> tuple[NamedPaper, ...]:
    """Decodes a JSON list of [title, number]. Most are empty, and many are equal."""
    return tuple(NamedPaper(intern(title), intern(number)) for title, number in json.loads(pairs))


def name_rows(text: str, *, document_id: str, version: int) -> list[dict[str, Any]]:
    """The rows of `names` for a paper with this text."""
    return [
        {"reversed_key": reversed_key(name), "document_id": document_id, "version": version}
        for name in sorted(names_in(text))
    ]


def reversed_key(name: str) -> bytes:
    """The reversed name, as stored in `names`."""
    return name[::-1].encode("utf-8", "replace")


def name_of(reversed_key: bytes) -> str:
    """The name of a row of `names`."""
    return reversed_key.decode()[::-1]
