"""What is in Milvus, in the database of the papers: sets of collections, and the papers in each.

Milvus and the database share no transaction. A paper is noted here before its rows are written and until
after they are deleted, so no row is in Milvus that nobody knows of; and a paper counts only when all its
rows are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, delete, func, insert, inspect, select, update

from corpus.store.database import Transactions
from index.milvus.counts import add, packed, unpacked
from index.milvus.tables import PAPERS, SETS, WORDS


class State(StrEnum):
    """Where a paper is on its way in or out."""

    WRITING = "writing"  # rows may be missing
    WRITTEN = "written"  # whole, and counted
    LEAVING = "leaving"  # no longer counted; rows may be there


@dataclass(frozen=True, slots=True)
class Set:
    """A pair of collections."""

    name: str
    key: str
    mean: float
    number: int
    length: int
    manifest: str

    @property
    def chunks(self) -> str:
        """Collection of the chunks."""
        return f"{self.name}_chunks"

    @property
    def sentences(self) -> str:
        """Collection of the sentences."""
        return f"{self.name}_sentences"


@dataclass(frozen=True, slots=True)
class Listed:
    """A paper in a set."""

    document_id: str
    content_sha256: str
    state: State
    chunks: int
    sentences: int
    length: int


class Ledger:
    """The sets of one store. `prefix` tells them from those of others in the same Milvus.

    All but `sets` need the tables that `create_tables` makes.
    """

    def __init__(self, database: Transactions, prefix: str) -> None:
        self._database, self._prefix = database, prefix

    def sets(self) -> list[Set]:
        """All sets, those being filled first, then by their number; none where there are no tables."""
        query = select(SETS).where(SETS.c.prefix == self._prefix).order_by(SETS.c.number, SETS.c.name)
        with self._database.reading() as connection:
            if not inspect(connection).has_table(SETS.name):
                return []
            return [
                Set(row.name, row.key, row.mean, row.number, row.length, row.manifest)
                for row in connection.execute(query)
            ]

    def begin(self, name: str, *, key: str, mean: float) -> Set:
        """Notes a set before its collections are made."""
        empty = {"number": 0, "length": 0, "manifest": ""}
        values = {"name": name, "prefix": self._prefix, "key": key, "mean": mean}
        with self._database.writing() as connection:
            connection.execute(insert(SETS).values(values | empty))
        return Set(name, key, mean, 0, 0, "")

    def finish(self, one: Set, *, length: int, manifest: str) -> None:
        """Puts the state of a set in use, as the next number."""
        last = select(func.max(SETS.c.number)).where(SETS.c.prefix == self._prefix)
        with self._database.writing() as connection:
            number = (connection.execute(last).scalar() or 0) + 1
            values = {"number": number, "length": length, "manifest": manifest}
            connection.execute(update(SETS).where(SETS.c.name == one.name).values(values))

    def forget(self, one: Set) -> None:
        """Deletes a set whose collections are gone."""
        with self._database.writing() as connection:
            for table in (SETS, PAPERS, WORDS):
                connection.execute(delete(table).where(table.c.name == one.name))

    def papers(self, one: Set) -> list[Listed]:
        """The papers of a set, in order of their ids."""
        columns = PAPERS.c
        query = (
            select(*(columns[name] for name in Listed.__slots__))
            .where(columns.name == one.name)
            .order_by(columns.document_id, columns.content_sha256)
        )
        with self._database.reading() as connection:
            return [
                Listed(row[0], row[1], State(row[2]), row[3], row[4], row[5])
                for row in connection.execute(query)
            ]

    def writing(self, one: Set, paper: tuple[str, str], *, chunks: int, sentences: int, length: int) -> None:
        """Notes a paper before its rows are written."""
        values = {"state": State.WRITING, "chunks": chunks, "sentences": sentences, "length": length}
        with self._database.writing() as connection:
            found = connection.execute(update(PAPERS).where(_is(one, paper)).values(values))
            if not found.rowcount:
                named = {"name": one.name, "document_id": paper[0], "content_sha256": paper[1]}
                connection.execute(insert(PAPERS).values(named | values | {"terms": b""}))

    def written(self, one: Set, paper: tuple[str, str], containing: Mapping[int, int]) -> None:
        """Counts a paper whose rows are all there; once, however often it is called."""
        is_new = and_(_is(one, paper), PAPERS.c.state == State.WRITING)
        values = {"state": State.WRITTEN, "terms": packed(containing)}
        with self._database.writing() as connection:
            if connection.execute(update(PAPERS).where(is_new).values(values)).rowcount:
                add(connection, one.name, containing.items(), 1)

    def leaving(self, one: Set, papers: Iterable[tuple[str, str]]) -> None:
        """Takes papers out of the counts, before their rows are deleted."""
        for paper in papers:
            with self._database.writing() as connection:
                query = select(PAPERS.c.state, PAPERS.c.terms).where(_is(one, paper))
                row = connection.execute(query).one_or_none()
                if row is None:
                    continue
                if row.state == State.WRITTEN:
                    add(connection, one.name, unpacked(row.terms), -1)
                values = {"state": State.LEAVING, "terms": b""}
                connection.execute(update(PAPERS).where(_is(one, paper)).values(values))

    def left(self, one: Set, papers: Iterable[tuple[str, str]]) -> None:
        """Forgets papers whose rows are deleted."""
        with self._database.writing() as connection:
            for paper in papers:
                gone = and_(_is(one, paper), PAPERS.c.state == State.LEAVING)
                connection.execute(delete(PAPERS).where(gone))


def _is(one: Set, paper: tuple[str, str]) -> ColumnElement[bool]:
    columns = PAPERS.c
    return and_(columns.name == one.name, columns.document_id == paper[0], columns.content_sha256 == paper[1])
