"""Reads the support facts of papers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.facts.in_force import FactsInForce, uncorrected
from corpus.store import rows
from corpus.store.database import Database


class StoredFacts:
    """Reads the facts of papers in the versions that a catalogue lists."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, papers: Sequence[tuple[str, str]]) -> Mapping[str, FactsInForce]:
        """The facts of papers with these ids and content hashes, by id; leaves out deleted ones."""
        with self._database.reading() as connection:
            return {one.id: uncorrected(one) for one in rows.read_contents(connection, papers)}
