"""A receipt of every answer: the question, the reply, and everything that the reply depended on."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update

from api.records.digests import Digests
from api.records.errors import UnknownReceipt
from api.records.schema.database import RecordsDatabase
from api.records.schema.tables import FEEDBACK, RECEIPTS
from api.records.texts import without_hit_texts, without_texts, without_words
from api.wire.question_schemas import AskRequest, Filters, Turn
from api.wire.reply_schemas import AskResponse
from index.build.manifest import program_version
from rag.info import Info
from rag.settings import Settings

_KEEP = insert(RECEIPTS)  # compiled once
# Fingerprints that receipts of earlier versions lack.
_NOT_RECORDED = {"ranking": "not recorded", "composer": "not recorded", "as_of": ""}


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Everything except question and history that determines the reply."""

    program: str
    generation: int  # of the index
    corpus_hash: str
    model: str
    calibration: str
    ranking: str
    composer: str  # fingerprint of the composer
    threshold: float
    quotes: int
    nearest: int
    dense_weight: float
    candidates: int
    chunk_size: int
    chunk_overlap: int
    today: date  # the day of the answer
    as_of: date | None = None  # the day that the request asked about, other than in the words of the question

    def as_json(self) -> dict[str, str | int | float]:
        """Returns the fields with their days as text."""
        days = {"today": self.today.isoformat(), "as_of": self.as_of.isoformat() if self.as_of else ""}
        return asdict(self) | days


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt. Without texts, question, history and every text of the reply are empty."""

    id: str  # of the reply
    asked_at: datetime
    holder: str  # empty for programs, and once the visitor has deleted the conversation
    site: str
    channel: str  # "ask", "openai", "mcp", "cli"
    texts_kept: bool
    question: str
    history: tuple[Turn, ...]
    had_history: bool  # whether there was a history, which is known without the texts as well
    filters: Filters
    composer: str
    reply: AskResponse  # its hits without their texts, which the papers contain
    fingerprints: Fingerprints


def receipt_of(
    request: AskRequest,
    reply: AskResponse,
    *,
    holder: str,
    site: str,
    channel: str,
    info: Info,
    settings: Settings,
    today: date,
    asked_at: datetime | None = None,
) -> Receipt:
    """The receipt of a reply; `request` contains the history that was used."""
    return Receipt(
        id=reply.id,
        asked_at=asked_at or datetime.now(UTC),
        holder=holder,
        site=site,
        channel=channel,
        texts_kept=True,
        question=request.question,
        history=tuple(request.history),
        had_history=bool(request.history),
        filters=request.filters,
        composer=info.composer,
        reply=without_hit_texts(reply),
        fingerprints=fingerprints_of(info, settings, today=today, as_of=request.as_of),
    )


def fingerprints_of(
    info: Info, settings: Settings, *, today: date, as_of: date | None = None
) -> Fingerprints:
    """What replies depend on with this assistant, these settings and these days."""
    return Fingerprints(
        program=program_version(),
        generation=info.generation,
        corpus_hash=info.corpus_hash,
        model=info.model,
        calibration=info.calibration,
        ranking=info.ranking,
        composer=info.composer_fingerprint,
        threshold=info.threshold,
        quotes=settings.answer.quotes,
        nearest=settings.answer.nearest,
        dense_weight=settings.search.dense_weight,
        candidates=settings.search.candidates,
        chunk_size=settings.chunk.size,
        chunk_overlap=settings.chunk.overlap,
        today=today,
        as_of=as_of,
    )


class Receipts:
    """Receipts by id. Thread-safe."""

    def __init__(self, database: RecordsDatabase, *, digests: Digests, keep_texts: bool) -> None:
        self._database, self._digests, self._keep_texts = database, digests, keep_texts

    def get(self, receipt_id: str) -> Receipt:
        """Raises UnknownReceipt."""
        with self._database.reading() as connection:
            row = connection.execute(select(RECEIPTS).where(RECEIPTS.c.id == receipt_id)).first()
        if row is None:
            raise UnknownReceipt(receipt_id)
        return receipt_in(row)

    def matches(self, receipt_id: str, *, question: str, history: tuple[Turn, ...]) -> bool:
        """Whether this question was asked after this history. Raises UnknownReceipt.

        This works without the texts, because the receipt stores digests of them.
        """
        columns = RECEIPTS.c.question_mac, RECEIPTS.c.history_mac
        with self._database.reading() as connection:
            row = connection.execute(select(*columns).where(RECEIPTS.c.id == receipt_id)).first()
        if row is None:
            raise UnknownReceipt(receipt_id)
        return (row.question_mac, row.history_mac) == self._digests.of(question, history)

    def keep(self, connection: Connection, receipt: Receipt) -> None:
        """Writes a receipt in the caller's transaction."""
        question_mac, history_mac = self._digests.of(receipt.question, receipt.history)
        kept = self._keep_texts
        reply = receipt.reply if kept else without_texts(receipt.reply)
        row = {
            "id": receipt.id,
            "asked_at": receipt.asked_at,
            "holder": receipt.holder,
            "site": receipt.site,
            "channel": receipt.channel,
            "outcome": reply.outcome,
            "texts_kept": kept,
            "question": receipt.question if kept else "",
            "history": [turn.model_dump() for turn in receipt.history] if kept else [],
            "question_mac": question_mac,
            "history_mac": history_mac,
            "filters": (receipt.filters if kept else without_words(receipt.filters)).model_dump(),
            "composer": receipt.composer,
            "confidence": reply.confidence,
            "reply": reply.model_dump(mode="json"),
            "fingerprints": receipt.fingerprints.as_json(),
        }
        connection.execute(_KEEP, row)


def receipt_in(row: Row[Any]) -> Receipt:
    """The receipt of a row of the table."""
    kept = _NOT_RECORDED | row.fingerprints
    as_of = date.fromisoformat(kept["as_of"]) if kept["as_of"] else None
    fingerprints = kept | {"today": date.fromisoformat(kept["today"]), "as_of": as_of}
    return Receipt(
        id=row.id,
        asked_at=row.asked_at,
        holder=row.holder,
        site=row.site,
        channel=row.channel,
        texts_kept=row.texts_kept,
        question=row.question,
        history=tuple(Turn.model_validate(turn) for turn in row.history),
        had_history=bool(row.history_mac),
        filters=Filters.model_validate(row.filters),
        composer=row.composer,
        reply=AskResponse.model_validate(row.reply),
        fingerprints=Fingerprints(**fingerprints),
    )


def delete_texts(connection: Connection, which: ColumnElement[bool], *, most: int | None = None) -> int:
    """Deletes words and holder of these receipts; what was found and the digests of the texts stay.

    The comments of their feedback are deleted too; thumb and reason stay. In the caller's transaction.
    Returns how many receipts there were, at most `most`.
    """
    query = select(RECEIPTS.c.id, RECEIPTS.c.reply, RECEIPTS.c.filters).where(which).limit(most)
    found = [(row.id, row.reply, row.filters) for row in connection.execute(query)]
    for receipt_id, reply, filters in found:
        limits = without_words(Filters.model_validate(filters)).model_dump()
        bare = without_texts(AskResponse.model_validate(reply)).model_dump(mode="json")
        connection.execute(
            update(RECEIPTS)
            .where(RECEIPTS.c.id == receipt_id)
            .values(texts_kept=False, holder="", question="", history=[], filters=limits, reply=bare)
        )
        connection.execute(update(FEEDBACK).where(FEEDBACK.c.receipt == receipt_id).values(text=""))
    return len(found)
