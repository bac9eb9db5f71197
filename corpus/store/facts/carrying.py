"""Takes corrections of facts over from another store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from corpus.errors import DamagedDocument
from corpus.store import audit
from corpus.store.audit import Action
from corpus.store.facts import codec
from corpus.store.facts.rows import read_again
from corpus.store.in_use import current_version
from corpus.store.schema import DOCUMENTS, FACT_CORRECTIONS


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A row of the table `fact_corrections`."""

    number: int
    document_id: str
    address: str
    field: str
    words: str
    reason: str
    at: datetime
    undoes: int | None

    @property
    def action(self) -> Action:
        if self.undoes is not None:
            return Action.FACT_UNDONE
        return Action.FACT_CORRECTED if self.field else Action.FACT_HIDDEN


def rows_since(connection: Connection, number: int) -> list[CorrectionRow]:
    """The corrections after that number, oldest first, also those that take one back."""
    query = select(FACT_CORRECTIONS).where(FACT_CORRECTIONS.c.id > number).order_by(FACT_CORRECTIONS.c.id)
    return [
        CorrectionRow(
            row.id,
            row.document_id,
            row.address,
            row.field,
            row.words,
            row.reason,
            audit.utc(row.at),
            row.undoes,
        )
        for row in connection.execute(query)
    ]


def carry_over(connection: Connection, made: Iterable[CorrectionRow], ids: Mapping[str, str]) -> int:
    """Makes corrections of another store here, and returns how many.

    `ids` are those that papers have here, where they are not those of the other store. A correction of a
    paper that is not here, or that takes back one that is not here, is left out.
    """
    numbers, papers = dict[int, int](), set[str]()
    for one in made:
        document_id = ids.get(one.document_id, one.document_id)
        undoes = one.undoes and numbers.get(one.undoes, one.undoes)
        if not _has_paper(connection, document_id) or not _can_undo(connection, undoes, document_id, one):
            continue
        numbers[one.number] = _insert(connection, one, document_id, undoes)
        papers.add(document_id)
    for document_id in sorted(papers):
        _read_again(connection, document_id)
    return len(numbers)


def _has_paper(connection: Connection, document_id: str) -> bool:
    return connection.execute(select(DOCUMENTS.c.id).where(DOCUMENTS.c.id == document_id)).first() is not None


def _can_undo(connection: Connection, undoes: int | None, document_id: str, one: CorrectionRow) -> bool:
    """Whether the correction that is taken back is here. A number is given again after a deletion."""
    if undoes is None:
        return True
    query = select(FACT_CORRECTIONS.c.document_id, FACT_CORRECTIONS.c.address)
    found = connection.execute(query.where(FACT_CORRECTIONS.c.id == undoes)).first()
    return found is not None and tuple(found) == (document_id, one.address)


def _insert(connection: Connection, one: CorrectionRow, document_id: str, undoes: int | None) -> int:
    row = {"document_id": document_id, "address": one.address, "field": one.field, "words": one.words}
    values = row | {"reason": one.reason, "at": one.at, "undoes": undoes}
    number = connection.execute(insert(FACT_CORRECTIONS).values(values)).inserted_primary_key
    fact_id = codec.address_of(one.address).fact_id
    details: dict[str, str | int] = {"fact": fact_id, "field": one.field, "reason": one.reason}
    if undoes is not None:
        details["undoes"] = undoes
    audit.write(connection, one.action, document_id, details)
    assert number is not None, "the table has a key"
    return int(number[0])


def _read_again(connection: Connection, document_id: str) -> None:
    """Makes the facts in use with the corrections; those of a damaged paper when it is mended."""
    try:
        read_again(connection, document_id, current_version(connection, document_id))
    except DamagedDocument:
        return
