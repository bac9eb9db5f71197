"""Copies the records into another database."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, String, Table, inspect, select

from api.records.schema.database import HEAD, VERSION_TABLE
from api.records.schema.tables import TABLES
from corpus.errors import StoreError
from corpus.progress import Progress
from corpus.store.upkeep.copying import Copy

_REVISION = MetaData()
_VERSIONS = Table(VERSION_TABLE, _REVISION, Column("version_num", String(32), primary_key=True))


def copy_records(copy: Copy, *, progress: Progress | None = None) -> None:
    """Copies all tables of the records, if there are any. Raises StoreError for those of another version."""
    if not inspect(copy.source).has_table(VERSION_TABLE):
        return
    found = copy.source.execute(select(_VERSIONS.c.version_num)).scalar()
    if found != HEAD:
        raise StoreError(
            f"the records have revision {found}, and only {HEAD} can be copied. Start the service once, "
            "which updates them"
        )
    copy.tables(TABLES, progress=progress)
    copy.tables(_REVISION, progress=progress)
