"""Changes of the stored papers, each followed by an update of the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from corpus.catalogue.catalogue import Catalogue
from corpus.effects import with_effects
from corpus.files import ReadPaper, read_papers
from corpus.progress import Progress
from corpus.rehearsal import after, rehearse
from corpus.report import Failed, Ingested, Skipped
from corpus.store.papers import Store
from rag.assemble import EmbedderFactory, Indexed, engine_of, open_embedder, update_index
from rag.settings import Settings
from rag.stored_papers import add_starting_papers, catalogue_of, open_store

T = TypeVar("T")


def change(
    settings: Settings,
    action: Callable[[Store], T],
    *,
    progress: Progress | None = None,
    embedder: EmbedderFactory = open_embedder,
) -> tuple[T, Indexed]:
    """Does something to the stored papers, and brings the index up to date; running services follow.

    What was done is durable before the index is touched; should that fail, the next start completes it.
    """
    with open_store(settings) as store:
        add_starting_papers(settings, store, progress=progress)
        done = action(store)
        store.facts.complete(progress=progress)
        return done, update_index(settings, store, progress=progress, embedder=embedder)


def rehearse_ingest(
    settings: Settings, paths: Iterable[Path], *, progress: Progress | None = None
) -> list[Ingested | Failed | Skipped]:
    """What `rag.assemble.ingest` would do with these files. Stores nothing and opens no model.

    Where there is no store yet, it compares the files with the starting papers in a temporary one.
    """
    # Imported here because it takes 0.2 s, which the commands on stored papers do not need.
    from corpus.formats.scans.recognition import watched

    # Whoever looks first ingests next, and a long scan need not be recognised twice.
    with watched(settings.cache_dir, progress=progress, forget=False):
        papers = read_papers(paths, progress=progress)
        if settings.has_store:
            with open_store(settings) as store:
                return rehearsed(store, papers, catalogue_of(settings, store, today=date.today()))
        with TemporaryDirectory() as folder, Store(f"sqlite:///{Path(folder, 'zhengwen.db')}") as store:
            add_starting_papers(settings, store, progress=progress)
            return rehearsed(store, papers, catalogue_of(settings, store, today=date.today()))


def rehearsed(
    store: Store, papers: Iterable[ReadPaper | Failed | Skipped], stored: Catalogue
) -> list[Ingested | Failed | Skipped]:
    """What storing the papers would do, to those that are `stored`, too."""
    found = rehearse(store, papers)
    return with_effects(found, after(found, stored))


def forget_earlier_indexes(settings: Settings) -> None:
    """Deletes what the index still has of deleted papers."""
    engine_of(settings).forget_deleted()
