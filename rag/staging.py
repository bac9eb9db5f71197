"""Staged papers: in a store of their own, a copy of the one in use, until they are released.

DATA_DIR/staged/
  stage.json    which stage this is, and what was copied last: line of the audit, correction of a fact
  zhengwen.db, index/
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from corpus.errors import NothingStaged, StoreError, UnknownDocument
from corpus.progress import Progress
from corpus.report import Ingested
from corpus.store.changes.releases import TakenOver
from corpus.store.changes.rollbacks import RolledBack
from corpus.store.database import sqlite_file
from corpus.store.outcomes import Added, Outcome, Replaced
from corpus.store.papers import Store
from index.build import atomic_files as files
from rag.assemble import EmbedderFactory, Indexed, IngestReport, index_folder, ingest, open_embedder
from rag.changes import change
from rag.settings import Settings
from rag.stored_papers import add_starting_papers, open_store

_FOLDER, _MARK, _LOCK = "staged", "stage.json", "staging.lock"
_STAGE_BYTES = 6
_WAIT_S = 60.0  # for another command
Kind = TypeVar("Kind", bound=Settings)


@dataclass(frozen=True, slots=True)
class _Stage:
    name: str
    line: int
    correction: int


@dataclass(frozen=True, slots=True)
class Released:
    """What became of the staged papers, and the index that has them."""

    outcomes: tuple[Outcome, ...]
    corrections: int  # of facts, made in the staged papers
    index: Indexed


def staged_settings(settings: Kind) -> Kind:
    """Settings under which the staged papers are those in use."""
    search = settings.search.model_copy(update={"engine": "embedded"})
    own = {
        "data_dir": settings.data_dir / _FOLDER,
        "database_url": "",
        "starting_papers": False,
        "search": search,
    }
    return settings.model_copy(update=own)


def check_staged(settings: Settings) -> None:
    """Raises NothingStaged unless papers are staged."""
    _stage(settings)


def stage(
    settings: Settings,
    paths: Iterable[Path],
    *,
    progress: Progress | None = None,
    embedder: EmbedderFactory = open_embedder,
    before_index: Callable[[], None] = lambda: None,
) -> IngestReport:
    """Reads papers as `rag.assemble.ingest` does, and lets no answer use them until `release`.

    The first call copies the store; a kill leaves no copy or a whole one. Raises StoreError.
    """
    with _alone(settings):
        if not (settings.data_dir / _FOLDER).exists():
            _begin(settings, progress)
        found = _stage(settings)
        own = staged_settings(settings)
        report = ingest(own, paths, progress=progress, embedder=embedder, before_index=before_index)
        changed = sum(isinstance(one, Ingested) and _is_change(one.change) for one in report.files)
        with open_store(settings) as store:
            store.releases.note_staged(stage=found.name, papers=changed)
    return report


def release(
    settings: Settings, *, progress: Progress | None = None, embedder: EmbedderFactory = open_embedder
) -> Released:
    """Puts the staged papers into use, all or none, with the corrections of their facts.

    What was stored meanwhile stays. After a kill the next call goes on: the papers of a stage are released
    once. Raises NothingStaged.
    """
    with _alone(settings):
        found = _stage(settings)
        with open_store(staged_settings(settings)) as source:

            def take_over(store: Store) -> TakenOver:
                return store.releases.release(
                    source.releases.stored_since(found.line),
                    stage=found.name,
                    corrections=source.releases.corrected_since(found.correction),
                )

            taken, index = change(settings, take_over, progress=progress, embedder=embedder)
        _delete(settings)
    return Released(taken.outcomes, taken.corrections, index)


def discard(settings: Settings) -> None:
    """Deletes the staged papers. Raises NothingStaged."""
    with _alone(settings):
        _stage(settings)
        _delete(settings)


def roll_back(
    settings: Settings,
    *,
    to: datetime | None,
    progress: Progress | None = None,
    embedder: EmbedderFactory = open_embedder,
) -> tuple[RolledBack, Indexed]:
    """Puts the papers of an earlier time into use; None takes the last release back.

    Raises NothingToRollBack.
    """
    return change(
        settings, lambda store: store.rollbacks.roll_back(to=to), progress=progress, embedder=embedder
    )


def forget_papers(settings: Settings, document_ids: Iterable[str]) -> None:
    """Deletes removed papers from the staged copy, too, and its index, which the next use builds again."""
    with suppress(NothingStaged), _alone(settings):
        shutil.rmtree(settings.data_dir / f"{_FOLDER}.unfinished", ignore_errors=True)
        _stage(settings)
        own = staged_settings(settings)
        with open_store(own) as store:
            for one in document_ids:
                with suppress(UnknownDocument):
                    store.deletions.delete(one, reason="")
            store.deletions.erase_traces()
        shutil.rmtree(index_folder(own), ignore_errors=True)


def _begin(settings: Settings, progress: Progress | None) -> None:
    if sqlite_file(settings.store_url) is None:
        raise StoreError(
            "papers can be staged only where the store is an SQLite file. Restore a dump of the database as "
            "another one, and ingest there with another ZHENGWEN_DATABASE_URL"
        )
    aside = settings.data_dir / f"{_FOLDER}.unfinished"
    shutil.rmtree(aside, ignore_errors=True)
    with open_store(settings) as store:
        add_starting_papers(settings, store, progress=progress)
        aside.mkdir(parents=True)
        store.database.copy_to(aside / "zhengwen.db")
    with Store(f"sqlite:///{aside / 'zhengwen.db'}") as copy:
        copied = {"line": copy.releases.last_line(), "correction": copy.fact_corrections.last_number()}
    mark = {"stage": secrets.token_hex(_STAGE_BYTES)} | copied
    files.write(aside / _MARK, json.dumps(mark).encode())
    files.sync_folder(aside)
    aside.rename(settings.data_dir / _FOLDER)
    files.sync_folder(settings.data_dir)


def _stage(settings: Settings) -> _Stage:
    try:
        mark = json.loads((settings.data_dir / _FOLDER / _MARK).read_bytes())
        # A version of the program without facts wrote no correction.
        return _Stage(mark["stage"], mark["line"], mark.get("correction", 0))
    except FileNotFoundError:
        raise NothingStaged from None


def _delete(settings: Settings) -> None:
    """Renames the folder first: what is deleted half must not be taken for a stage."""
    aside = settings.data_dir / f"{_FOLDER}.unfinished"
    shutil.rmtree(aside, ignore_errors=True)
    (settings.data_dir / _FOLDER).rename(aside)
    shutil.rmtree(aside)


def _is_change(outcome: Outcome) -> bool:
    return isinstance(outcome, Added | Replaced)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """One command at a time stages or releases."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.data_dir / _LOCK, timeout=_WAIT_S)
    try:
        lock.acquire()
    except Timeout:
        raise StoreError(
            f"another command stages or releases papers in {str(settings.data_dir)!r}. "
            "Try again when it is done"
        ) from None
    try:
        yield
    finally:
        lock.release()
