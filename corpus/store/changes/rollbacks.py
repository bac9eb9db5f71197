"""Brings back the state of the papers at an earlier time, as a further change: nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from corpus.errors import NothingToRollBack
from corpus.store import audit, rows, versions
from corpus.store.audit import Action
from corpus.store.changes import withdrawals
from corpus.store.database import Database
from corpus.store.in_use import current_version
from corpus.store.schema import AUDIT, DOCUMENTS, VERSIONS

_STORING = (Action.ADDED, Action.NEW_VERSION, Action.REREAD, Action.ROLLED_BACK, Action.RESTORED)


@dataclass(frozen=True, slots=True)
class RolledBack:
    """What a rollback did. Papers that were removed since do not come back."""

    to: datetime
    replaced: tuple[str, ...]  # have the text of then as their last version
    withdrawn: tuple[str, ...]
    restored: tuple[str, ...]
    removed: tuple[str, ...]  # were in use then, and are deleted


class Rollbacks:
    """Goes back to the papers that were in use at an earlier line of the audit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def roll_back(self, *, to: datetime | None) -> RolledBack:
        """Puts the papers of then into use, in one transaction; `to` None takes the last release back.

        Corrections stay in force. Raises NothingToRollBack.
        """
        with self._database.writing() as connection:
            line, at = _before_release(connection) if to is None else _line_at(connection, to)
            then = _in_use_at(connection, line)
            detail: dict[str, str | int] = {"to": at.isoformat()}
            audit.write(connection, Action.ROLLED_BACK, "", detail | {"line": line})
            return _apply(connection, then, at)


def _before_release(connection: Connection) -> tuple[int, datetime]:
    """The line before the last release that was not taken back, and its time."""
    query = select(AUDIT).where(AUDIT.c.document_id == "").order_by(AUDIT.c.id.desc())
    taken_back = set()
    for row in connection.execute(query):
        if row.action == Action.ROLLED_BACK.value:
            taken_back.add(row.details["line"])
        elif row.action == Action.RELEASED.value and row.id - 1 not in taken_back:
            return row.id - 1, audit.utc(row.at)
    raise NothingToRollBack("no release is left to take back. Name a time with --to")


def _line_at(connection: Connection, to: datetime) -> tuple[int, datetime]:
    """The last line at that time. Times are compared here: SQLite keeps them without a zone."""
    found = 0
    for row in connection.execute(select(AUDIT.c.id, AUDIT.c.at).order_by(AUDIT.c.id)):
        if audit.utc(row.at) > to.astimezone(UTC):
            break
        found = row.id
    if not found:
        raise NothingToRollBack(f"nothing is known of the papers at {to.isoformat()}. Name a later time")
    return found, to


def _in_use_at(connection: Connection, line: int) -> dict[str, int]:
    """The versions that were in use after that line of the audit, by id."""
    found, withdrawn = _never_noted(connection), set[str]()
    query = select(AUDIT).where(AUDIT.c.id <= line, AUDIT.c.document_id != "").order_by(AUDIT.c.id)
    for row in connection.execute(query):
        action = Action(row.action)
        if action is Action.WITHDRAWN:
            withdrawn.add(row.document_id)
        elif action is Action.RESTORED:
            withdrawn.discard(row.document_id)
        if action is Action.REMOVED:
            found.pop(row.document_id, None)
            withdrawn.discard(row.document_id)
        elif action in _STORING:
            # A version that was stored beside the one in use is not put in use.
            found[row.document_id] = int(row.details.get("in use", row.details["version"]))
        elif action is Action.USED:
            found[row.document_id] = int(row.details["version"])
    return {document_id: version for document_id, version in found.items() if document_id not in withdrawn}


def _never_noted(connection: Connection) -> dict[str, int]:
    """The last of the versions that are older than the audit, by id."""
    storing = [one.value for one in _STORING]
    query = select(AUDIT.c.document_id, AUDIT.c.details).where(AUDIT.c.action.in_(storing))
    noted = {(row.document_id, row.details.get("version")) for row in connection.execute(query)}
    keys = connection.execute(select(VERSIONS.c.document_id, VERSIONS.c.version).order_by(VERSIONS.c.version))
    return {row.document_id: row.version for row in keys if (row.document_id, row.version) not in noted}


def _apply(connection: Connection, then: Mapping[str, int], at: datetime) -> RolledBack:
    stored = connection.execute(select(DOCUMENTS.c.id, DOCUMENTS.c.version).order_by(DOCUMENTS.c.id)).all()
    contents = {
        (row.document_id, row.version): row.content_sha256
        for row in connection.execute(
            select(VERSIONS.c.document_id, VERSIONS.c.version, VERSIONS.c.content_sha256)
        )
    }
    reason = f"rolled back to {at.isoformat(timespec='seconds')}"
    replaced, withdrawn, restored = [], [], []
    for document_id, in_use in stored:
        version = then.get(document_id, 0)
        if (document_id, version) not in contents:  # not in use then, or deleted and added again since
            if in_use:
                withdrawals.withdraw(connection, document_id, reason=reason)
                withdrawn.append(document_id)
            continue
        if not in_use:
            withdrawals.restore(connection, document_id)
            restored.append(document_id)
        current = current_version(connection, document_id)
        if contents[document_id, current] != contents[document_id, version]:
            _put_again(connection, document_id, version)
            replaced.append(document_id)
    removed = then.keys() - {row.id for row in stored}
    return RolledBack(at, tuple(replaced), tuple(withdrawn), tuple(restored), tuple(sorted(removed)))


def _put_again(connection: Connection, document_id: str, version: int) -> None:
    """Stores an earlier version as the next one, which is put in use."""
    of_version = (VERSIONS.c.document_id == document_id, VERSIONS.c.version == version)
    original = connection.execute(select(VERSIONS.c.original).where(*of_version)).scalar_one()
    for document in rows.read(connection, [(document_id, version)]):
        versions.put(connection, document, original=bytes(original), action=Action.ROLLED_BACK)
