"""Sets of tables: which one is in use, with its manifest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Row, inspect, text

from index.build.manifest import Manifest
from index.errors import IndexDamaged, IndexMissing
from index.postgres.dialect import Dialect
from index.postgres.tables import SETS, Tables

# Increase it when the tables change their meaning.
LAYOUT = 1
_TABLE = "search_sets"
# Number and digest of the set in use.
IN_USE = f"""SELECT number || ' ' || md5(manifest) FROM {_TABLE} WHERE number > 0
ORDER BY number DESC LIMIT 1"""
_CURE = "Run `zhengwen ingest --rebuild`"


@dataclass(frozen=True, slots=True)
class Set:
    """A set of tables. `number` is 0 until its first build is finished."""

    tables: Tables
    key: str  # what its rows were made with
    number: int
    has_graph: bool  # whether there are indexes of the vectors
    manifest: str  # JSON of Manifest; empty until then

    def read_manifest(self) -> Manifest:
        """Raises IndexDamaged."""
        try:
            return Manifest.model_validate_json(self.manifest)
        except ValidationError as error:
            raise IndexDamaged(f"the manifest of the index in the database is damaged. {_CURE}") from error


def current(connection: Connection, dialect: Dialect) -> Set:
    """The set in use. Raises IndexMissing."""
    found = every(connection, dialect)
    if not found or not found[0].number:
        raise IndexMissing(f"no index in the database. {_CURE}")
    return found[0]


def begin(connection: Connection, dialect: Dialect, *, key: str, dimension: int, anew: bool) -> Set:
    """The set with that key, or an empty one, which answers no question until `finish`.

    `anew` makes an empty one in any case; one that an interrupted build left is deleted.
    """
    connection.execute(text(SETS))
    found = every(connection, dialect)
    for one in found:
        if one.key == key and not anew:
            return one
    for one in found:
        if not one.number:
            _drop(connection, one.tables)
    number = max((one.tables.number for one in found), default=0) + 1
    tables = Tables(number, dimension, dialect)
    for statement in tables.create():
        connection.execute(text(statement))
    row = {"id": number, "key": key, "dimension": dimension}
    connection.execute(
        text(f"INSERT INTO {_TABLE} VALUES (:id, :key, 0, :dimension, false, '')").bindparams(**row)
    )
    return Set(tables, key, 0, False, "")


def finish(connection: Connection, one: Set, manifest: Manifest, *, has_graph: bool) -> None:
    """Puts a set in use, or what has changed in the one in use."""
    last = connection.execute(text(f"SELECT max(number) FROM {_TABLE}")).scalar_one()
    values = {
        "id": one.tables.number,
        "number": last + 1,
        "has_graph": has_graph,
        "manifest": manifest.model_dump_json(),
    }
    update = "SET number = :number, has_graph = :has_graph, manifest = :manifest WHERE id = :id"
    connection.execute(text(f"UPDATE {_TABLE} {update}"), values)


def drop_earlier(connection: Connection, dialect: Dialect, *, kept: int = 2) -> None:
    """Deletes the sets before those `kept`: other servers search the one before until they have seen this."""
    finished = [one for one in every(connection, dialect) if one.number]
    for one in finished[kept:]:
        _drop(connection, one.tables)


def papers(connection: Connection, tables: Tables) -> Sequence[Row[Any]]:
    """All papers of a set, also those that are not counted yet."""
    return connection.execute(text(f"SELECT * FROM {tables.papers}")).all()


def every(connection: Connection, dialect: Dialect) -> list[Set]:
    """All sets, the one in use first, and those that are not finished last."""
    if not inspect(connection).has_table(_TABLE):
        return []
    return [
        Set(Tables(row.id, row.dimension, dialect), row.key, row.number, row.has_graph, row.manifest)
        for row in connection.execute(text(f"SELECT * FROM {_TABLE} ORDER BY number DESC"))
    ]


def _drop(connection: Connection, tables: Tables) -> None:
    for statement in tables.drop():
        connection.execute(text(statement))
    connection.execute(text(f"DELETE FROM {_TABLE} WHERE id = :id"), {"id": tables.number})
