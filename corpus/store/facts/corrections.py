"""Stores what editors have corrected in facts. Corrections outlast new versions and new extractors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, insert, select

from corpus.errors import BadCorrection, UnknownFact
from corpus.facts.building import facts_in_force, facts_of_text
from corpus.facts.correcting.attaching import address_of
from corpus.facts.correcting.finding import chosen, occurrences
from corpus.facts.correcting.parts import with_words
from corpus.facts.in_force import FactAddress, FactCorrection, FactsInForce, Words
from corpus.facts.model import Fact, PaperFacts
from corpus.facts.proof import Places, contains, proved
from corpus.model import Clause, Document, Span
from corpus.store import audit, rows
from corpus.store.audit import Action
from corpus.store.database import Database
from corpus.store.facts import codec
from corpus.store.facts.rows import corrections_of, read_again, read_ahead
from corpus.store.in_use import current_version
from corpus.store.schema import FACT_CORRECTIONS


class FactCorrections:
    """Corrects facts, and undoes it. Each change is one transaction with its line of the audit."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, document_id: str) -> tuple[FactCorrection, ...]:
        """The corrections of the facts of a paper that are in force, oldest first."""
        with self._database.reading() as connection:
            return corrections_of(connection, document_id)

    def last_number(self) -> int:
        """A number that grows with each correction of a fact; 0 where there is none."""
        with self._database.reading() as connection:
            return connection.execute(select(func.max(FACT_CORRECTIONS.c.id))).scalar() or 0

    def in_force(self, document_id: str) -> tuple[tuple[FactCorrection, ...], FactsInForce]:
        """The corrections of the facts of a paper, and its facts with them. Raises UnknownDocument."""
        with self._database.reading() as connection:
            version = current_version(connection, document_id)
            made = corrections_of(connection, document_id)
            (document,) = rows.read(connection, [(document_id, version)])
        return made, facts_in_force(document, made)

    def places(self, document_id: str, fact_id: str, words: str) -> list[Span]:
        """Where words stand in the clause of a fact, or in what leads to it; those in its quote come first.

        White space does not count. Raises UnknownDocument and UnknownFact.
        """
        read = self._read(document_id)
        with self._database.reading() as connection:
            found = _Corrected.of(connection, read, fact_id)
        quote = found.fact.quote
        places = set(occurrences(found.document, words, Places(found.document).of(found.clause)))
        return sorted(places, key=lambda span: (not contains(quote, span), span.start))

    def correct(
        self, document_id: str, fact_id: str, part: str, spans: Sequence[Span], *, reason: str
    ) -> None:
        """Puts other words of the clause, or of what leads to it, in the place of a part of a fact.

        Without any words the fact does not have the part. Raises UnknownDocument, UnknownFact, BadCorrection,
        and DamagedDocument.
        """
        read = self._read(document_id)
        with self._database.writing() as connection:
            found = _Corrected.of(connection, read, fact_id)
            with_words(found.fact, part, spans, found.document.text)  # raises BadCorrection
            words = tuple(found.chosen(span) for span in spans)
            found.change(connection, part, words, reason=reason, action=Action.FACT_CORRECTED)

    def hide(self, document_id: str, fact_id: str, *, reason: str) -> None:
        """Calls a fact wrong, so that it is shown nowhere. Raises as `correct` does."""
        read = self._read(document_id)
        with self._database.writing() as connection:
            found = _Corrected.of(connection, read, fact_id)
            found.change(connection, "", (), reason=reason, action=Action.FACT_HIDDEN)

    def undo(self, document_id: str, number: int, *, reason: str) -> None:
        """Takes a correction back. Raises UnknownDocument, and BadCorrection for one that is not in force."""
        read = self._read(document_id)
        with self._database.writing() as connection:
            version = current_version(connection, document_id)
            made = {one.number: one for one in corrections_of(connection, document_id)}
            if number not in made:
                numbers = ", ".join(map(str, made)) or "none"
                raise BadCorrection(
                    f"{document_id!r} has no correction {number} of a fact in force. In force: {numbers}"
                )
            values: dict[str, str | int] = {"field": made[number].field, "undoes": number}
            _insert(connection, document_id, made[number].address, (), values, reason=reason)
            read_again(connection, document_id, version, read=read.of_version(version))
            details = {"fact": made[number].address.fact_id, **values, "reason": reason}
            audit.write(connection, Action.FACT_UNDONE, document_id, details)

    def _read(self, document_id: str) -> _Read:
        """The facts of the paper in use, read before the transaction. Raises UnknownDocument."""
        with self._database.reading() as connection:
            version = current_version(connection, document_id)
        return _Read(document_id, version, read_ahead(self._database, document_id, version))


@dataclass(frozen=True, slots=True)
class _Read:
    """The facts of the text of a version; None for a damaged one."""

    document_id: str
    version: int
    facts: PaperFacts | None

    def of_version(self, version: int) -> PaperFacts | None:
        """The facts, unless another version was put in use meanwhile."""
        return self.facts if version == self.version else None


@dataclass(frozen=True, slots=True)
class _Corrected:
    """A fact that is corrected, as it was read from its paper."""

    document: Document
    version: int
    read: PaperFacts  # all facts of the text
    fact: Fact
    clause: Clause

    @classmethod
    def of(cls, connection: Connection, read: _Read, fact_id: str) -> _Corrected:
        version = current_version(connection, read.document_id)
        (document,) = rows.read(connection, [(read.document_id, version)])
        facts = read.of_version(version) or facts_of_text(document)
        fact = next((one for one in proved(document, facts)[0].facts if one.id == fact_id), None)
        if fact is None:
            raise UnknownFact(document.id, fact_id)
        clause = next(one for one in document.clauses if one.id == fact.clause_id)
        return cls(document, version, facts, fact, clause)

    def chosen(self, span: Span) -> Words:
        """The words at a span. Raises BadCorrection where they prove nothing of this clause."""
        places = Places(self.document).of(self.clause)
        if span.start == span.end or not any(contains(place, span) for place in places):
            raise BadCorrection(
                f"{span.of(self.document.text)!r} at {span.start}:{span.end} is neither in clause "
                f"{self.clause.label!r} nor in what leads to it. Choose words of the clause"
            )
        return chosen(self.document, self.clause, span)

    def change(
        self, connection: Connection, field: str, words: tuple[Words, ...], *, reason: str, action: Action
    ) -> None:
        document_id = self.document.id
        address = address_of(self.document, self.fact)
        _insert(connection, document_id, address, words, {"field": field}, reason=reason)
        read_again(connection, document_id, self.version, read=self.read)
        details = {"fact": self.fact.id, "field": field, "reason": reason}
        audit.write(connection, action, document_id, details)


def _insert(
    connection: Connection,
    document_id: str,
    address: FactAddress,
    words: tuple[Words, ...],
    values: Mapping[str, str | int],
    *,
    reason: str,
) -> None:
    row = {"document_id": document_id, "address": codec.address_json(address), "reason": reason}
    row |= {"words": codec.words_json(words)}
    connection.execute(insert(FACT_CORRECTIONS).values(row | {"at": datetime.now(UTC)} | dict(values)))
