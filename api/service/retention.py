"""Forgets what was kept long enough."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import anyio
import anyio.to_thread

from api.records import Records
from corpus.errors import ZhengwenError

log = logging.getLogger("zhengwen.retention")

_EVERY_S = 3600.0


async def keep_to_retention(records: Records, days: int) -> None:
    """Remove what is older than `days` days, now and every hour. Runs until cancelled.

    Several processes may do so at once: what is gone is gone.
    """
    while True:
        try:
            await anyio.to_thread.run_sync(
                lambda: records.purge(older_than=datetime.now(UTC) - timedelta(days=days))
            )
        except ZhengwenError as error:
            log.error("what is past its time could not be removed: %s", error)
        await anyio.sleep(_EVERY_S)
