"""Loads papers that were added while the service runs, and statuses of a new day."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import date

import anyio
import anyio.to_thread

from api.service.answers.answer_service import AnswerService, Snapshot
from corpus.errors import StoreError, StoreUnreachable
from index.errors import IndexFault, IndexUnreachable

log = logging.getLogger("zhengwen.reload")

Open = Callable[[date], Snapshot]

# Seconds between two looks at the stored papers, which read a line of each: one may be stored and, after a
# crash or a fault, not be indexed.
_STORED_EVERY_S = 30.0


class PapersReloader:
    """Checks regularly whether another index is in use, or another day has begun.

    `current` names the index in use, as `IndexEngine.in_use` does.
    `stored` returns the digest of the stored papers (`Store.corpus_hash`).
    """

    def __init__(
        self,
        *,
        current: Callable[[], str],
        open_snapshot: Open,
        every_s: float,
        stored: Callable[[], str] | None = None,
    ) -> None:
        self._current, self._open, self._every_s, self._stored = current, open_snapshot, every_s, stored
        # Of the index in use. The number alone may be that of another index, after a restored backup.
        self._in_use = self._read()
        self._look_after = 0.0  # time.monotonic() of the next look at the stored papers
        self._failed = ""  # the last error, which is logged once
        self._is_away = False  # the database, since the last check

    async def keep(self, service: AnswerService) -> None:
        """Replaces the service's papers whenever they have changed. Runs until cancelled.

        If the papers cannot be opened, the service keeps those in use, and the next check tries again: no
        error ends the watch, as it would end the tasks beside it, and later papers would never be taken up.
        `service.behind_since` tells for how long newer papers are stored. An outage of the database is one
        line in the log, whatever the errors are that it ends in, and another one when it is over.
        """
        while True:
            await anyio.sleep(self._every_s)
            try:
                await self._check(service)
                self._note_outage(None)
            except (StoreUnreachable, IndexUnreachable) as error:
                _mark_behind(service)
                self._note_outage(error)
                self._look_after = 0.0  # papers may have been stored when the database is back
            except Exception as error:
                _mark_behind(service)
                if repr(error) != self._failed:
                    log.error("the papers in use stay: %s", error, exc_info=error)
                self._failed = repr(error)

    def _note_outage(self, error: Exception | None) -> None:
        if error is not None and not self._is_away:
            log.error("the papers in use stay while a database is away: %s", error)
        if error is None and self._is_away:
            log.info("the database answers again")
        self._is_away = error is not None

    async def _check(self, service: AnswerService) -> None:
        """Takes up another index or day, and notes whether the stored papers are newer than those in use."""
        today, snapshot = date.today(), service.snapshot
        found = await anyio.to_thread.run_sync(self._named)
        look = time.monotonic() >= self._look_after
        again = look and await anyio.to_thread.run_sync(_any_repaired, snapshot)
        if again or self._is_another(found, snapshot) or today != snapshot.today:
            opened = await anyio.to_thread.run_sync(self._open, today)
            # What was read before: if another index came into use meanwhile, the next check opens it.
            self._in_use = found
            service.replace(opened)
            look = True
            log.info("papers taken up", extra={"generation": opened.generation})
        if look:
            if await anyio.to_thread.run_sync(self._is_behind, service):
                _mark_behind(service)
            else:
                service.behind_since = None
            self._look_after = time.monotonic() + _STORED_EVERY_S
        self._failed = ""

    def _is_behind(self, service: AnswerService) -> bool:
        """Whether other papers are stored than those in use."""
        return self._stored is not None and self._stored() != service.assistant.info().corpus_hash

    def _is_another(self, found: str, snapshot: Snapshot) -> bool:
        """Whether `found` names another index than the one in use; not when that cannot be told."""
        number = found.partition(" ")[0]
        if not number.isdecimal():
            return False
        if int(number) != snapshot.generation:
            return True
        self._in_use = self._in_use or found
        return found != self._in_use

    def is_current(self, snapshot: Snapshot) -> bool:
        """Whether answers are made from the index in use."""
        found = self._read()
        return bool(found) and not self._is_another(found, snapshot)

    def _read(self) -> str:
        """What names the index in use; empty when that cannot be told."""
        try:
            return self._named()
        except (IndexUnreachable, StoreUnreachable):
            return ""

    def _named(self) -> str:
        """As `_read`. Raises IndexUnreachable and StoreUnreachable."""
        try:
            return self._current()
        except (IndexUnreachable, StoreUnreachable):
            raise
        except (IndexFault, StoreError):
            return ""


def _any_repaired(snapshot: Snapshot) -> bool:
    """Whether a damaged paper was added again, which changes neither its content nor the index."""
    return snapshot.assistant.catalogue.any_repaired()


def _mark_behind(service: AnswerService) -> None:
    if service.behind_since is None:
        service.behind_since = time.monotonic()
