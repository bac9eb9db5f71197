"""Tables of the papers. A version is never changed once it is written."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

TABLES = MetaData()

# The version of each paper that is in use.
DOCUMENTS = Table(
    "documents",
    TABLES,
    Column("id", String, primary_key=True),
    Column("version", Integer, nullable=False),
)

VERSIONS = Table(
    "document_versions",
    TABLES,
    Column("document_id", String, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),  # 1, 2, …
    Column("content_sha256", String(64), nullable=False),  # of the paper as read, see codec.content_hash
    Column("sha256", String(64), nullable=False),  # of the bytes as received
    Column("name", String, nullable=False),
    Column("added_at", DateTime(timezone=True), nullable=False),
    Column("original", LargeBinary, nullable=False),  # the bytes as received; empty when not kept
    Column("text", Text, nullable=False),
    Column("head", JSON, nullable=False),
    Column("source", JSON, nullable=False),
    Column("notices", JSON, nullable=False),
)

CLAUSES = Table(
    "clauses",
    TABLES,
    Column("document_id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),  # reading order, from 0
    Column("id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("path", JSON, nullable=False),
    Column("label", String, nullable=False),
    Column("heading", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("tree_end", Integer, nullable=False),
    Column("body_start", Integer, nullable=False),
    Column("parent", String),
    Column("responsibility", JSON(none_as_null=True)),
    ForeignKeyConstraint(
        ["document_id", "version"],
        ["document_versions.document_id", "document_versions.version"],
        ondelete="CASCADE",
    ),
)
