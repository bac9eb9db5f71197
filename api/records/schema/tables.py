"""The tables. A change here comes with a revision in migrations/versions/."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from api.records.schema.columns import Json, UtcTime

TABLES = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# One row, created with the table: the key that signs visitors' tokens.
SECRET = Table("secret", TABLES, Column("value", LargeBinary, nullable=False))

SITES = Table(
    "sites",
    TABLES,
    Column("key", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("origins", Json, nullable=False),
    Column("title", Text, nullable=False),
    Column("welcome", Text, nullable=False),
    Column("handoff", Text, nullable=False),
    Column("suggestions", Json, nullable=False),
    Column("added_at", UtcTime, nullable=False),
)

CONVERSATIONS = Table(
    "conversations",
    TABLES,
    Column("id", String(64), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("site", String(64), nullable=False),
    Column("title", Text, nullable=False),  # empty before the first question
    Column("created_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False, index=True),
    Index("ix_conversations_holder_updated_at", "holder", "updated_at"),
)

RECEIPTS = Table(
    "receipts",
    TABLES,
    Column("id", String(64), primary_key=True),
    Column("asked_at", UtcTime, nullable=False, index=True),
    Column("holder", String(64), nullable=False, index=True),
    Column("site", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("texts_kept", Boolean, nullable=False),
    Column("question", Text, nullable=False),
    Column("history", Json, nullable=False),
    Column("question_mac", String(64), nullable=False),
    Column("history_mac", String(64), nullable=False),  # empty without a history
    Column("filters", Json, nullable=False),
    Column("composer", String(32), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("reply", Json, nullable=False),
    Column("fingerprints", Json, nullable=False),
)

# The answers of a conversation in order. Question and reply are in the receipt.
TURNS = Table(
    "turns",
    TABLES,
    Column("receipt", ForeignKey(RECEIPTS.c.id, ondelete="CASCADE"), primary_key=True),
    Column("conversation", ForeignKey(CONVERSATIONS.c.id, ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),  # from 1
    UniqueConstraint("conversation", "position"),
)

FEEDBACK = Table(
    "feedback",
    TABLES,
    Column("receipt", ForeignKey(RECEIPTS.c.id, ondelete="CASCADE"), primary_key=True),
    Column("given_at", UtcTime, nullable=False, index=True),
    Column("thumb", String(8), nullable=False),
    Column("reason", String(16), nullable=True),
    Column("text", Text, nullable=False),
)
