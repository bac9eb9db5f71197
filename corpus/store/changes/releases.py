"""Puts the papers of a staged store into use, all or none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from corpus.model import Document
from corpus.store import audit, intake, rows
from corpus.store.audit import Action
from corpus.store.database import Database
from corpus.store.facts.carrying import CorrectionRow, carry_over, rows_since
from corpus.store.outcomes import Outcome
from corpus.store.schema import AUDIT, VERSIONS

_STORING = [one.value for one in (Action.ADDED, Action.NEW_VERSION)]


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What became of the papers of a release, and how many corrections of facts came with them."""

    outcomes: tuple[Outcome, ...] = ()
    corrections: int = 0


class Releases:
    """Lists what a store has taken in, and takes in what another one has."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last_line(self) -> int:
        """The number of the last line of the audit; 0 for none."""
        with self._database.reading() as connection:
            return connection.execute(select(func.max(AUDIT.c.id))).scalar() or 0

    def note_staged(self, *, stage: str, papers: int) -> None:
        """Writes the line about papers that were staged."""
        with self._database.writing() as connection:
            audit.write(connection, Action.STAGED, "", {"stage": stage, "papers": papers})

    def stored_since(self, line: int) -> Iterator[tuple[Document, bytes]]:
        """Yields the papers that were stored after that line of the audit, as they were read, with files."""
        query = select(AUDIT.c.document_id, AUDIT.c.details)
        query = query.where(AUDIT.c.id > line, AUDIT.c.action.in_(_STORING)).order_by(AUDIT.c.id)
        with self._database.reading() as connection:
            found = [(row.document_id, int(row.details["version"])) for row in connection.execute(query)]
        for key in found:  # one by one, so that memory does not grow with their number
            of_version = (VERSIONS.c.document_id == key[0], VERSIONS.c.version == key[1])
            with self._database.reading() as connection:
                original = connection.execute(select(VERSIONS.c.original).where(*of_version)).scalar()
                documents = list(rows.read(connection, [key]))
            for document in documents:
                yield document, bytes(original or b"")

    def corrected_since(self, number: int) -> list[CorrectionRow]:
        """The corrections of facts that were made after the one of that number, or taken back."""
        with self._database.reading() as connection:
            return rows_since(connection, number)

    def release(
        self,
        papers: Iterable[tuple[Document, bytes]],
        *,
        stage: str,
        corrections: Iterable[CorrectionRow] = (),
    ) -> TakenOver:
        """Stores papers, and corrections of their facts, in one transaction.

        Stores nothing if the papers of this stage were released before.
        """
        with self._database.writing() as connection:
            released = select(AUDIT.c.details).where(AUDIT.c.action == Action.RELEASED.value)
            if any(one["stage"] == stage for one in connection.execute(released).scalars()):
                return TakenOver()
            # Before the lines of the papers: a rollback goes to the state before this one.
            audit.write(connection, Action.RELEASED, "", {"stage": stage})
            outcomes, ids = list[Outcome](), dict[str, str]()
            for one, original in papers:
                outcomes.append(intake.take_in(connection, one, original=original))
                ids[one.id] = outcomes[-1].document_id
            return TakenOver(tuple(outcomes), carry_over(connection, corrections, ids))
