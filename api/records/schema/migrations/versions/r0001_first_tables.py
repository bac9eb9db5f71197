"""First tables."""

import secrets

import sqlalchemy as sa
from alembic import op

from api.records.schema.columns import Json, UtcTime

revision = "0001"
down_revision = None

_SECRET_BYTES = 32


def upgrade() -> None:
    _create_secret()
    _create_sites()
    _create_conversations()
    _create_receipts()
    _create_turns()
    _create_feedback()


def _create_secret() -> None:
    secret = op.create_table("secret", sa.Column("value", sa.LargeBinary, nullable=False))
    op.bulk_insert(secret, [{"value": secrets.token_bytes(_SECRET_BYTES)}])


def _create_sites() -> None:
    op.create_table(
        "sites",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("origins", Json, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("welcome", sa.Text, nullable=False),
        sa.Column("handoff", sa.Text, nullable=False),
        sa.Column("suggestions", Json, nullable=False),
        sa.Column("added_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sites"),
    )


def _create_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("updated_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    )
    op.create_index("ix_conversations_updated_at", "conversations", ["updated_at"])
    op.create_index("ix_conversations_holder_updated_at", "conversations", ["holder", "updated_at"])


def _create_receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("asked_at", UtcTime, nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("texts_kept", sa.Boolean, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("history", Json, nullable=False),
        sa.Column("question_mac", sa.String(64), nullable=False),
        sa.Column("history_mac", sa.String(64), nullable=False),
        sa.Column("filters", Json, nullable=False),
        sa.Column("composer", sa.String(32), nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("reply", Json, nullable=False),
        sa.Column("fingerprints", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_receipts"),
    )
    op.create_index("ix_receipts_asked_at", "receipts", ["asked_at"])
    op.create_index("ix_receipts_holder", "receipts", ["holder"])


def _create_turns() -> None:
    op.create_table(
        "turns",
        sa.Column("receipt", sa.String(64), nullable=False),
        sa.Column("conversation", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("receipt", name="pk_turns"),
        sa.ForeignKeyConstraint(["receipt"], ["receipts.id"], ondelete="CASCADE", name="fk_turns_receipt"),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.id"], ondelete="CASCADE", name="fk_turns_conversation"
        ),
        sa.UniqueConstraint("conversation", "position", name="uq_turns_conversation"),
    )


def _create_feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("receipt", sa.String(64), nullable=False),
        sa.Column("given_at", UtcTime, nullable=False),
        sa.Column("thumb", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(16), nullable=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("receipt", name="pk_feedback"),
        sa.ForeignKeyConstraint(["receipt"], ["receipts.id"], ondelete="CASCADE", name="fk_feedback_receipt"),
    )
    op.create_index("ix_feedback_given_at", "feedback", ["given_at"])
