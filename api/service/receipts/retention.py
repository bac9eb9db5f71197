"""Deletes records that are older than the retention time."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import anyio
import anyio.to_thread

from api.records import Records

log = logging.getLogger("zhengwen.retention")

_EVERY_S = 3600.0


async def delete_expired(records: Records, days: int) -> None:
    """Deletes what is older than `days` days, at the start and every hour. Runs until cancelled.

    Several processes may do so at once: deleting twice does no harm.
    """
    while True:
        try:
            await anyio.to_thread.run_sync(
                lambda: records.purge(older_than=datetime.now(UTC) - timedelta(days=days))
            )
        except Exception as error:
            # Whatever it is, it is logged and tried again in an hour: an error that ended this loop would
            # keep records for ever without a sign of it.
            log.error("expired records could not be deleted: %s", error, exc_info=error)
        await anyio.sleep(_EVERY_S)
