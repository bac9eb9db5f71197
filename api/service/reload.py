"""Takes up papers that were added while the service runs, and the change of the day."""

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


class Watch:
    """Looks now and then whether another index is in use, or another day has come.

    `current` is the file that names the index generation in use; it is replaced in one step.
    """

    def __init__(self, *, current: Path, open_snapshot: Open, every_s: float) -> None:
        self._current, self._open, self._every_s = current, open_snapshot, every_s

    async def keep(self, service: AnswerService) -> None:
        """Replace the desk's papers whenever they have changed. Runs until cancelled.

        What cannot be opened leaves the desk as it is, and is tried again at the next look.
        """
        failed = ""
        while True:
            await anyio.sleep(self._every_s)
            today, snapshot = date.today(), service.snapshot
            if (self._generation() or snapshot.generation, today) == (snapshot.generation, snapshot.today):
                continue
            try:
                opened = await anyio.to_thread.run_sync(self._open, today)
            except (ZhengwenError, OSError) as error:  # a file may go while it is opened
                if str(error) != failed:
                    log.error("the papers in use stay: %s", error)
                failed = str(error)
                continue
            service.replace(opened)
            failed = ""
            log.info("papers taken up", extra={"generation": opened.generation})

    def _generation(self) -> int:
        """The number of the generation in use; 0 when it cannot be told."""
        try:
            return int(self._current.read_text("ascii").partition(" ")[0])
        except (OSError, ValueError):
            return 0
