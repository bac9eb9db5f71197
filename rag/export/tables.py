"""The tables of an export: columns, types, and what they mean.

The types need pyarrow, which comes with the extra `export`: it is imported when a schema is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rag.errors import ExtraMissing

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = 1  # raised when a column changes its meaning or goes; more columns do not raise it
DOCUMENTS, CLAUSES, FACTS = "documents", "clauses", "facts"
CHUNK_VECTORS, SENTENCE_VECTORS = "chunk_vectors", "sentence_vectors"

# Short names of types; a [] behind one is a list.
_DOCUMENT_COLUMNS: Mapping[str, str] = {
    "document_id": "text",
    "title": "text",
    "inner_title": "text",
    "doc_number": "text",
    "registry_number": "text",
    "issuer": "text",
    "addressees": "text",
    "region": "text",
    "level": "text",
    "status": "text",
    "stated_status": "text",
    "date_issued": "day",
    "date_printed": "day",
    "date_published": "text",
    "valid_since": "day",
    "valid_until": "day",
    "validity": "words",
    "validity_duration": "text",
    "disclosure": "text",
    "self_reference": "text",
    "contact": "text",
    "repeals": "named[]",
    "basis": "named[]",
    "cites": "named[]",
    "repeals_parts": "part[]",
    "extends": "extension[]",
    "amended": "amendment[]",
    "corrected": "text[]",
    "url": "text",
    "file_name": "text",
    "media_type": "text",
    "file_sha256": "text",
    "content_sha256": "text",
    "clauses": "int",
    "text": "text",
}
_CLAUSE_COLUMNS: Mapping[str, str] = {
    "document_id": "text",
    "doc_number": "text",
    "title": "text",
    "region": "text",
    "status": "text",
    "clause_id": "text",
    "kind": "text",
    "path": "text[]",
    "label": "text",
    "heading": "text",
    "parent": "text",
    "text": "text",
    "start": "int",
    "end": "int",
    "body_start": "int",
    "tree_end": "int",
    "lead_departments": "text[]",
    "other_departments": "text[]",
    "content_sha256": "text",
    "valid_since": "day",
    "valid_until": "day",
    "url": "text",
}
_FACT_COLUMNS: Mapping[str, str] = {
    "document_id": "text",
    "fact_id": "text",
    "clause_id": "text",
    "clause_label": "text",
    "doc_number": "text",
    "title": "text",
    "region": "text",
    "status": "text",
    "kind": "text",
    "quote": "words",
    "strength": "text",
    "strength_words": "words",
    "form": "words",
    "beneficiaries": "words[]",
    "conditions": "words[]",
    "thresholds": "quantity[]",
    "amounts": "amount[]",
    "amount_reference": "words",
    "rate": "rate",
    "frequency": "frequency[]",
    "source": "words",
    "departments": "words[]",
    "lead_departments": "words[]",
    "limit_what": "words",
    "limit": "quantity",
    "reduction": "quantity",
    "must_act": "words",
    "place": "words",
    "target_indicator": "words",
    "target": "quantity",
    "target_deadline": "words",
    "rule": "text",
    "rule_words": "words",
    "refers_to": "words[]",
    "is_whole": "bool",
    "corrected": "bool",
    "content_sha256": "text",
}
_VECTOR_COLUMNS: Mapping[str, str] = {
    "document_id": "text",
    "clause_id": "text",
    "start": "int",
    "end": "int",
    "text_sha256": "text",
    "vector": "vector",
}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    DOCUMENTS: _DOCUMENT_COLUMNS,
    CLAUSES: _CLAUSE_COLUMNS,
    FACTS: _FACT_COLUMNS,
    CHUNK_VECTORS: _VECTOR_COLUMNS,
    SENTENCE_VECTORS: _VECTOR_COLUMNS,
}
_NAMED: Mapping[str, str] = {"title": "text", "doc_number": "text"}
_WORDS: Mapping[str, str] = {"text": "text", "start": "int", "end": "int"}
_FIGURE: Mapping[str, str] = {"value": "number", "unit": "text", "bound": "text"}
STRUCTS: Mapping[str, Mapping[str, str]] = {
    "words": _WORDS,
    "named": _NAMED,
    "part": {**_NAMED, "articles": "text[]"},
    "extension": {**_NAMED, "until": "day", "duration": "text"},
    "amendment": {"day": "day", "doc_number": "text"},
    "quantity": {**_WORDS, **_FIGURE},
    "amount": {
        **_WORDS,
        **_FIGURE,
        "upper": "number",
        "role": "text",
        "bound_words": "words",
        "per": "words",
    },
    "rate": {**_WORDS, "value": "number", "bound": "text", "upper": "number", "base": "words"},
    "frequency": {**_WORDS, "kind": "text", "count": "int"},
}


def schema_of(table: str, *, about: Mapping[str, str], dimension: int = 0) -> pa.Schema:
    """The schema of a table. `about` is kept in its metadata. Raises ExtraMissing without pyarrow."""
    try:
        import pyarrow as pa
    except ImportError as error:
        raise ExtraMissing("export", "`zhengwen export`") from error
    fields = [pa.field(name, _type(kind, dimension)) for name, kind in COLUMNS[table].items()]
    return pa.schema(fields, metadata={f"zhengwen.{name}": value for name, value in about.items()})


def _type(kind: str, dimension: int) -> pa.DataType:
    import pyarrow as pa

    if kind.endswith("[]"):
        return pa.list_(_type(kind.removesuffix("[]"), dimension))
    if kind in STRUCTS:
        return pa.struct([pa.field(name, _type(inner, dimension)) for name, inner in STRUCTS[kind].items()])
    plain = {
        "text": pa.string(),
        "int": pa.int64(),
        "bool": pa.bool_(),
        "day": pa.date32(),
        "number": pa.decimal128(38, 9),
        "vector": pa.list_(pa.float32(), dimension),
    }
    return plain[kind]
