"""Conversations of visitors. A turn is a receipt with its position in the conversation."""

from __future__ import annotations

import builtins
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, select, update

from api.records.errors import NotKept, UnknownConversation
from api.records.receipts import Receipt, delete_texts, receipt_in
from api.records.schema.database import RecordsDatabase
from api.records.schema.tables import CONVERSATIONS, RECEIPTS, TURNS
from api.wire.reply_schemas import AskResponse

_ID_BYTES = 24  # 192 random bits
_TITLE = 40  # characters of the first question that make the name of a conversation
# A visitor who starts more loses the oldest, so that nobody can fill the disk with empty conversations.
MOST_CONVERSATIONS = 200
MOST_TURNS = 200  # of a conversation that are read; older ones are not


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its reply, without the reply's hits."""

    asked_at: datetime
    question: str
    reply: AskResponse


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation in a list."""

    id: str
    title: str  # the first question, shortened; empty before it
    created_at: datetime
    updated_at: datetime
    turns: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with its turns, oldest first."""

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    turns: tuple[Turn, ...]


class Conversations:
    """Conversations by id, each accessible only to its holder. Thread-safe."""

    def __init__(self, database: RecordsDatabase, *, keep_texts: bool) -> None:
        self._database, self._keep_texts = database, keep_texts

    def start(self, *, holder: str, site: str) -> Conversation:
        """Creates a conversation. Raises NotKept where no texts are kept."""
        if not holder:
            raise ValueError("only a visitor has conversations")
        self._kept()
        now = datetime.now(UTC)
        started = Conversation(secrets.token_urlsafe(_ID_BYTES), "", now, now, ())
        row = {"id": started.id, "holder": holder, "site": site, "title": ""}
        with self._database.writing() as connection:
            connection.execute(insert(CONVERSATIONS).values(row | {"created_at": now, "updated_at": now}))
            forget(connection, _conversations_beyond(connection, holder, MOST_CONVERSATIONS))
        return started

    def list(self, *, holder: str) -> tuple[Summary, ...]:
        """The holder's conversations, most recently used first. Raises NotKept."""
        self._kept()
        turns = func.count(TURNS.c.receipt).label("turns")
        table = CONVERSATIONS.c
        query = (
            select(table.id, table.title, table.created_at, table.updated_at, turns)
            .select_from(CONVERSATIONS.outerjoin(TURNS))
            .where(table.holder == holder)
            .group_by(table.id, table.title, table.created_at, table.updated_at)
            .order_by(table.updated_at.desc(), table.id)
            .limit(MOST_CONVERSATIONS)
        )
        with self._database.reading() as connection:
            return tuple(Summary(*row) for row in connection.execute(query))

    def get(self, conversation_id: str, *, holder: str, most: int = MOST_TURNS) -> Conversation:
        """The conversation with its last `most` turns. Raises UnknownConversation, NotKept."""
        self._kept()
        turns = (
            select(RECEIPTS)
            .join(TURNS)
            .where(TURNS.c.conversation == conversation_id)
            .order_by(TURNS.c.position.desc())
            .limit(most)
        )
        own = select(CONVERSATIONS).where(*_is(conversation_id, holder))
        with self._database.reading() as connection:
            row = connection.execute(own).first()
            if row is None:
                raise UnknownConversation
            receipts = [receipt_in(found) for found in connection.execute(turns)]
        return Conversation(
            id=row.id,
            title=row.title,
            created_at=row.created_at,
            updated_at=row.updated_at,
            turns=tuple(_turn(receipt) for receipt in reversed(receipts)),
        )

    def delete(self, conversation_id: str, *, holder: str) -> None:
        """Deletes a conversation. Receipts of its answers stay, without texts and without holder.

        Raises UnknownConversation.
        """
        with self._database.writing() as connection:
            own = select(CONVERSATIONS.c.id).where(*_is(conversation_id, holder)).with_for_update()
            if connection.execute(own).first() is None:
                raise UnknownConversation
            forget(connection, [conversation_id])
        self._database.truncate_log()

    def delete_all(self, *, holder: str) -> None:
        """Deletes the holder's data: conversations, and texts and holder of every receipt."""
        if not holder:
            raise ValueError("only a visitor has conversations")
        with self._database.writing() as connection:
            forget(connection, _conversations_beyond(connection, holder, 0))
            delete_texts(connection, RECEIPTS.c.holder == holder)
        self._database.truncate_log()

    def add_turn(self, connection: Connection, receipt: Receipt, conversation_id: str) -> None:
        """Adds a stored receipt to a conversation, in the caller's transaction.

        Raises UnknownConversation when the receipt's holder no longer has this conversation.
        """
        self._kept()
        table = CONVERSATIONS.c
        # This write comes first, so that on every database turns of one conversation wait for each other
        # here.
        used = connection.execute(
            update(CONVERSATIONS)
            .where(*_is(conversation_id, receipt.holder))
            .values(
                updated_at=receipt.asked_at,
                title=case((table.title == "", _title(receipt.question)), else_=table.title),
            )
        )
        if not used.rowcount:
            raise UnknownConversation
        last = select(func.max(TURNS.c.position)).where(TURNS.c.conversation == conversation_id)
        position = (connection.execute(last).scalar() or 0) + 1
        connection.execute(
            insert(TURNS).values(receipt=receipt.id, conversation=conversation_id, position=position)
        )

    def _kept(self) -> None:
        if not self._keep_texts:
            raise NotKept


def _is(conversation_id: str, holder: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (CONVERSATIONS.c.id == conversation_id, CONVERSATIONS.c.holder == holder)


def _turn(receipt: Receipt) -> Turn:
    reply = receipt.reply.model_copy(update={"hits": []})
    return Turn(asked_at=receipt.asked_at, question=receipt.question, reply=reply)


def _title(question: str) -> str:
    words = " ".join(question.split())
    return words if len(words) <= _TITLE else words[: _TITLE - 1] + "…"


def _conversations_beyond(connection: Connection, holder: str, most: int) -> builtins.list[str]:
    """The holder's conversations except the `most` that were used last."""
    table = CONVERSATIONS.c
    query = select(table.id).where(table.holder == holder).order_by(table.updated_at.desc(), table.id)
    return [row.id for row in connection.execute(query)][most:]


def forget(connection: Connection, conversation_ids: Iterable[str]) -> None:
    """Deletes conversations; their receipts stay without texts. In the caller's transaction."""
    for conversation_id in conversation_ids:
        own = select(TURNS.c.receipt).where(TURNS.c.conversation == conversation_id)
        delete_texts(connection, RECEIPTS.c.id.in_(own))
        connection.execute(delete(CONVERSATIONS).where(CONVERSATIONS.c.id == conversation_id))
