"""Copies papers, and records if wished, into another database: from SQLite to PostgreSQL, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.records.schema.copying import copy_records
from api.settings import Settings
from corpus.errors import StoreError
from corpus.progress import Progress
from corpus.store.database import META, sqlite_file
from corpus.store.papers import Store
from corpus.store.schema import TABLES
from corpus.store.upkeep.copying import CopiedTable, Copy, copying, one_state
from index.build import earlier_vectors
from index.build.handing_over import copy_vectors
from rag.assemble import index_folder
from rag.stored_papers import open_store

_PRIVATE = 0o600  # the records contain the key that signs tokens, and the questions people asked


@dataclass(frozen=True, slots=True)
class Migrated:
    """What was copied, and the settings that put it into use; an empty value means that one is unset."""

    tables: tuple[CopiedTable, ...]
    settings: tuple[tuple[str, str], ...]


def migrate(settings: Settings, target: str, *, records: bool, progress: Progress | None = None) -> Migrated:
    """Copies everything that is stored of the papers to `target`, all or nothing, and compares both.

    Vectors go along, so that the index is built there without the model. The source stays as it is. Raises
    StoreError for a target that is not empty, and where papers are changed meanwhile.
    """
    beside = _records_file(target)
    with open_store(settings) as store, ExitStack() as stack:
        before = _state(store)
        copy = stack.enter_context(copying(settings.store_url, target))
        for tables in (META, TABLES, earlier_vectors.TABLES):
            copy.tables(tables, progress=progress)
        if sqlite_file(settings.store_url) is None:
            # Imported here because it is of no use without PostgreSQL.
            from index.postgres import vectors as of_postgres

            of_postgres.copy_vectors(copy, progress=progress)
        else:
            copy_vectors(copy, index_folder(settings), progress=progress)
        if records and _has_records(settings):
            into = stack.enter_context(_records(settings, copy, beside))
            copy_records(into, progress=progress)
            copy.done.extend(into.done)
        if _state(store) != before:
            raise StoreError(
                "papers were changed while they were copied, so that nothing was copied. Stop the service, "
                "then run the command again"
            )
    return Migrated(tuple(copy.done), tuple(_settings(settings, target, records=records)))


def _state(store: Store) -> tuple[str, int]:
    return store.corpus_hash(), store.releases.last_line()


def _has_records(settings: Settings) -> bool:
    path = sqlite_file(settings.service_url)
    return path is None or path.exists()


@contextmanager
def _records(settings: Settings, papers: Copy, beside: Path | None) -> Iterator[Copy]:
    """Copies the records into the file `beside` the papers, or into the database of the papers."""
    if beside is not None:
        with copying(settings.service_url, f"sqlite:///{beside}", mode=_PRIVATE) as copy:
            yield copy
    else:
        with one_state(settings.service_url) as source:
            yield Copy(source, papers.target)


def _records_file(target: str) -> Path | None:
    """The file of the records beside an SQLite file of papers; None for a database that has both."""
    path = sqlite_file(target)
    return None if path is None else path.with_name("service.db")


def _settings(settings: Settings, target: str, *, records: bool) -> Iterator[tuple[str, str]]:
    """The settings with which the program uses what was copied."""
    path = sqlite_file(target)
    is_default = path is not None and path.absolute() == (settings.data_dir / "zhengwen.db").absolute()
    yield "ZHENGWEN_DATABASE_URL", "" if is_default else target
    yield "ZHENGWEN_SEARCH__ENGINE", "postgres" if path is None else "embedded"
    if records:
        beside = _records_file(target)
        yield (
            "ZHENGWEN_SERVICE__DATABASE_URL",
            (target if beside is None else "" if is_default else f"sqlite:///{beside}"),
        )
