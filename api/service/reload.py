"""Loads papers that were added while the service runs, and statuses of a new day."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path

import anyio
import anyio.to_thread

from api.service.answer_service import AnswerService, Snapshot
from corpus.errors import ZhengwenError

log = logging.getLogger("zhengwen.reload")

Open = Callable[[date], Snapshot]


class PapersReloader:
    """Checks regularly whether another index is in use, or another day has begun.

    `current` is the file that contains the name of the index generation in use; it is replaced atomically.
    """

    def __init__(self, *, current: Path, open_snapshot: Open, every_s: float) -> None:
        self._current, self._open, self._every_s = current, open_snapshot, every_s

    async def keep(self, service: AnswerService) -> None:
        """Replaces the service's papers whenever they have changed. Runs until cancelled.

        If the papers cannot be opened, the service keeps those in use, and the next check tries again.
        """
        failed = ""
        while True:
            await anyio.sleep(self._every_s)
            today, snapshot = date.today(), service.snapshot
            if (self._generation() or snapshot.generation, today) == (snapshot.generation, snapshot.today):
                continue
            try:
                opened = await anyio.to_thread.run_sync(self._open, today)
            except (ZhengwenError, OSError) as error:  # a file may be removed while it is opened
                if str(error) != failed:
                    log.error("the papers in use stay: %s", error)
                failed = str(error)
                continue
            service.replace(opened)
            failed = ""
            log.info("papers taken up", extra={"generation": opened.generation})

    def _generation(self) -> int:
        """The number of the generation in use; 0 when it cannot be read."""
        try:
            return int(self._current.read_text("ascii").partition(" ")[0])
        except (OSError, ValueError):
            return 0
