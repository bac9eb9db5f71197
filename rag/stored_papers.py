"""Opens the stored papers without index and model, for commands that only list or show papers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date
from threading import Lock

from corpus.catalogue.catalogue import Catalogue
from corpus.catalogue.texts import Texts
from corpus.errors import StoreDamaged, StoreError
from corpus.ingest import ensure_starting_papers
from corpus.progress import Progress
from corpus.store.faults import cause_of_os
from corpus.store.papers import Store
from rag.facts.catalogue import FactCatalogue
from rag.settings import Settings

_log = logging.getLogger("zhengwen.papers")


def open_store(settings: Settings) -> Store:
    """Opens the store of papers. Raises StoreError when it cannot be opened."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"the data folder {str(settings.data_dir)!r} cannot be made: {cause_of_os(error)[0]}. "
            "Set another ZHENGWEN_DATA_DIR"
        ) from error
    return Store(settings.store_url)


def add_starting_papers(settings: Settings, store: Store, *, progress: Progress | None = None) -> None:
    """Stores the papers that come with the program in a new store, unless the settings leave them out."""
    if settings.starting_papers:
        ensure_starting_papers(store, progress=progress)


def open_catalogue(
    settings: Settings, *, progress: Progress | None = None, today: date | None = None
) -> Catalogue:
    """Opens the stored papers, without index and model. Adds the starting papers to an empty store."""
    store = open_store(settings)  # not closed: texts are read from it later; it has no open connection
    add_starting_papers(settings, store, progress=progress)
    return catalogue_of(settings, store, today=today or date.today())


def catalogue_of(settings: Settings, store: Store, *, today: date) -> Catalogue:
    """Returns the papers in use. Their texts are read from the store when they are needed."""
    change = store.last_change()  # before the heads, as `Catalogue.refreshed` reads it
    return Catalogue(
        store.heads(),
        texts=texts_of(settings, store),
        today=today,
        aliases=store.aliases(),
        conflicts=store.open_conflicts(),
        change=change,
    )


class ListedPapers:
    """The catalogue of the papers in use, shared by those who need it. Thread-safe.

    Of many papers opening it takes seconds, and following a change of some of them a small part of that.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings, self._lock = settings, Lock()
        self._last: Catalogue | None = None

    def of(self, store: Store, *, today: date) -> Catalogue:
        """The papers in use at the moment. The store must stay open for their texts."""
        with self._lock:
            last = self._last
            if last is not None and last.today == today:
                self._last = last.refreshed(store)
            else:
                self._last = catalogue_of(self._settings, store, today=today)
            return self._last

    def in_use(self, store: Store) -> Mapping[str, str]:
        """What `Store.in_use` returns; reads only what has changed where the catalogue was read before."""
        with self._lock:
            if self._last is None:
                return store.in_use()
            self._last = self._last.refreshed(store)
            return self._last.contents


def complete_facts(store: Store, *, progress: Progress | None = None) -> None:
    """Stores the facts of papers that have none, such as those of an earlier version of the program.

    Where the store cannot be written they are read from the texts each time, which takes longer.
    """
    try:
        store.facts.complete(progress=progress)
    except StoreDamaged:
        raise
    except StoreError as error:
        _log.warning("The facts of papers cannot be stored, and are read again at each start: %s", error)


def open_facts(
    settings: Settings, *, progress: Progress | None = None, today: date | None = None
) -> FactCatalogue:
    """Opens the facts of the stored papers, as `open_catalogue` does the papers."""
    store = open_store(settings)  # not closed: facts and texts are read from it later
    add_starting_papers(settings, store, progress=progress)
    complete_facts(store, progress=progress)
    return FactCatalogue(catalogue_of(settings, store, today=today or date.today()), store.facts)


def texts_of(settings: Settings, store: Store) -> Texts:
    """Returns the texts of the stored papers; the settings limit how many are in memory."""
    return Texts(store, capacity=settings.catalogue.cache_chars)


def removal_is_unfinished(settings: Settings) -> bool:
    """Whether something is left of deleted papers that has to be cleared from index and receipts."""
    with open_store(settings) as store:
        return bool(store.deletions.unfinished())
