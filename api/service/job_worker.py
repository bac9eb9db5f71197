"""Works on jobs beside the requests of a serving process; of the processes on all servers one does."""

from __future__ import annotations

import logging
import threading
import time
from datetime import UTC, datetime, timedelta

import anyio
import anyio.to_thread

from api.service.answers.answer_service import AnswerService
from api.service.index_update import IndexUpdate
from api.service.job_reader import JobReader
from api.service.reload import PapersReloader
from api.service.watched_folder import WatchedFolder
from api.settings import Settings
from corpus.errors import ZhengwenError
from corpus.store.jobs.turn import turn_of
from corpus.store.papers import Store
from rag.stored_papers import ListedPapers

log = logging.getLogger("zhengwen.jobs")

_MOST_JOBS = 20  # read before the index is updated: the first of them should not wait for the last
_LONGEST_PAUSE_S = 60.0  # before what failed is tried again
_PURGE_EVERY_S = 3600.0


class JobWorker:
    """Reads jobs, indexes their papers, and notes when the service answers from them.

    The process that has the lock of the papers works (`corpus.store.jobs.turn`). When it dies the lock is
    released, and the next one goes on with what is in the store.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        *,
        index: IndexUpdate,
        reloader: PapersReloader,
        papers: ListedPapers,
    ) -> None:
        self._settings, self._store, self._index, self._reloader = settings, store, index, reloader
        self._stopping, self._working = threading.Event(), threading.Lock()
        self._reader = JobReader(
            store,
            index=index,
            papers=papers,
            settings=settings.ingest,
            cache_dir=settings.cache_dir,
            is_stopping=self._stopping.is_set,
        )
        self._lock = turn_of(settings.store_url, settings.data_dir)
        self._threads: anyio.CapacityLimiter | None = None
        self._wake: anyio.Event | None = None
        self._folder = WatchedFolder(store, settings.ingest)
        self._faults, self._not_before, self._purge_at, self._look_at = 0, 0.0, 0.0, 0.0

    def wake(self) -> None:
        """Lets the worker look for jobs at once; called in the event loop."""
        if self._wake is not None:
            self._wake.set()

    async def keep(self, service: AnswerService) -> None:
        """Works until cancelled. A job in progress goes on at the next start from where it was left."""
        self._threads = anyio.CapacityLimiter(1)
        self._stopping.clear()
        try:
            while True:
                self._wake = anyio.Event()
                more = time.monotonic() >= self._not_before and await self._turn(service)
                if not more:
                    with anyio.move_on_after(self._settings.server.reload_s):
                        await self._wake.wait()
        finally:
            self._stopping.set()
            if self._working.acquire(blocking=False):  # else the step in progress releases it
                self._lock.release()
                self._working.release()

    async def _turn(self, service: AnswerService) -> bool:
        """Does what is due; returns whether there is more."""
        try:
            is_own = await anyio.to_thread.run_sync(self._lock.acquire)
        except (ZhengwenError, OSError) as error:
            self._failed(error)
            return False
        if not is_own:
            return await self._beside_another()
        is_current = self._reloader.is_current(service.snapshot)
        try:
            return await anyio.to_thread.run_sync(
                self._step, is_current, abandon_on_cancel=True, limiter=self._threads
            )
        except (ZhengwenError, OSError) as error:
            self._failed(error)
            return False

    async def _beside_another(self) -> bool:
        """Does what is left to this process while another one works."""
        try:
            await anyio.to_thread.run_sync(self._reader.give_back, abandon_on_cancel=True)
        except (ZhengwenError, OSError) as error:
            self._failed(error)
            return False
        if self._index.is_behind:  # after a change that was sent to this process
            await anyio.to_thread.run_sync(self._index.repeat, abandon_on_cancel=True)
        return False

    def _step(self, is_current: bool) -> bool:
        """`is_current`: the service answers from the index in use."""
        with self._working:
            try:
                if is_current:
                    self._store.job_work.searchable()
                self._look_at_folder()
                read = 0
                while read < _MOST_JOBS and not self._stopping.is_set() and self._reader.read_next():
                    read += 1
                if not self._stopping.is_set():
                    self._index.repeat()
                    if not self._reader.update_index():
                        raise _NotIndexed
                    self._purge()
                self._faults = 0
                return read == _MOST_JOBS
            except _NotIndexed:
                self._pause()
                return False
            finally:
                if self._stopping.is_set():
                    self._lock.release()

    def _look_at_folder(self) -> None:
        if time.monotonic() >= self._look_at:
            self._folder.look()
            self._look_at = time.monotonic() + self._settings.ingest.watch_s

    def _purge(self) -> None:
        days = self._settings.service.retention_days
        if days and time.monotonic() >= self._purge_at:
            self._store.jobs.purge(older_than=datetime.now(UTC) - timedelta(days=days))
            self._purge_at = time.monotonic() + _PURGE_EVERY_S

    def _failed(self, error: Exception) -> None:
        log.error("jobs wait, and are tried again: %s", error)
        self._pause()

    def _pause(self) -> None:
        self._faults += 1
        self._not_before = time.monotonic() + min(_LONGEST_PAUSE_S, 2.0**self._faults)


class _NotIndexed(Exception):
    """The index could not be built; its log line has the reason."""
