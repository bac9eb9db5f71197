"""Stores what editors have corrected in the heads of papers. Corrections outlast new versions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import Connection, delete, insert, select

from corpus.errors import BadCorrection
from corpus.head.corrections import check_days, checked_value, corrected
from corpus.model import Correction, HeadField
from corpus.store import audit, codec, rows
from corpus.store.audit import Action
from corpus.store.database import Database
from corpus.store.in_use import current_version
from corpus.store.schema import CORRECTIONS, HEADS, IDENTITIES, VERSIONS


class Corrections:
    """Corrects metadata, and undoes it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, document_id: str) -> tuple[Correction, ...]:
        """The corrections of a paper that are in force."""
        with self._database.reading() as connection:
            return corrections_of(connection, document_id)

    def correct(self, document_id: str, values: Mapping[HeadField, str], *, reason: str) -> None:
        """Puts values in the place of what was read. Raises UnknownDocument and BadCorrection."""
        checked = {field: checked_value(field, value) for field, value in values.items()}
        with self._database.writing() as connection:
            _change(connection, document_id, checked, reason=reason, action=Action.CORRECTED)

    def undo(self, document_id: str, fields: Sequence[HeadField], *, reason: str) -> None:
        """Puts what was read back in force. Raises UnknownDocument, and BadCorrection where nothing was
        corrected.
        """
        with self._database.writing() as connection:
            in_force = {one.field for one in corrections_of(connection, document_id)}
            current_version(connection, document_id)
            for field in fields:
                if field not in in_force:
                    raise BadCorrection(f"{field.value} was not corrected, so there is nothing to undo")
            _change(connection, document_id, dict.fromkeys(fields), reason=reason, action=Action.UNDONE)


def _change(
    connection: Connection,
    document_id: str,
    values: Mapping[HeadField, str | None],
    *,
    reason: str,
    action: Action,
) -> None:
    version = current_version(connection, document_id)
    of_version = (HEADS.c.document_id == document_id, HEADS.c.version == version)
    before = connection.execute(select(HEADS.c.content_sha256).where(*of_version)).scalar_one()
    row = {"document_id": document_id, "reason": reason, "at": datetime.now(UTC)}
    row |= {"version": version, "content_sha256": before}
    for field, value in values.items():
        connection.execute(insert(CORRECTIONS).values(row | {"field": field.value, "value": value}))
    (document,) = rows.read(connection, [(document_id, version)])
    now = corrected(document, corrections_of(connection, document_id))
    # What the paper itself states is taken as it is.
    check_days(now.head, [field for field, value in values.items() if value], today=date.today())
    rewrite_head(connection, document_id, version)
    details = {"fields": ", ".join(field.value for field in values), "reason": reason}
    audit.write(connection, action, document_id, details)


def corrections_of(connection: Connection, document_id: str) -> tuple[Correction, ...]:
    """The corrections of one paper that are in force."""
    return all_corrections(connection, [document_id]).get(document_id, ())


def all_corrections(
    connection: Connection, document_ids: Collection[str] | None = None
) -> dict[str, tuple[Correction, ...]]:
    """The corrections in force by paper, of all papers or of some hundred."""
    query = select(CORRECTIONS).order_by(CORRECTIONS.c.id)
    if document_ids is not None:
        query = query.where(CORRECTIONS.c.document_id.in_(document_ids))
    last = {(row.document_id, row.field): row for row in connection.execute(query)}
    found: dict[str, tuple[Correction, ...]] = {}
    for (paper, field), row in last.items():
        if row.value is not None:
            made = Correction(HeadField(field), row.value, row.reason, audit.utc(row.at))
            found[paper] = (*found.get(paper, ()), made)
    return found


def rewrite_head(connection: Connection, document_id: str, version: int) -> None:
    """Writes head and keys of a version again, with the corrections in force."""
    of_version = (VERSIONS.c.document_id == document_id, VERSIONS.c.version == version)
    content = connection.execute(select(VERSIONS.c.content_sha256).where(*of_version)).scalar_one()
    (document,) = rows.read(connection, [(document_id, version)])
    made = corrections_of(connection, document_id)
    for table in (HEADS, IDENTITIES):
        connection.execute(
            delete(table).where(table.c.document_id == document_id, table.c.version == version)
        )
    rows.insert_keys(
        connection, corrected(document, made), version=version, content=codec.state_hash(content, made)
    )
