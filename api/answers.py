"""From a request to its reply for every async door: in one of the pool's slots, whole or in parts."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from api import schemas
from api.callers import Caller
from api.desk import Desk
from api.events import Done, Event
from api.pool import Pool


async def whole(
    pool: Pool, desk: Desk, request: schemas.AskRequest, *, caller: Caller, channel: str
) -> schemas.AskResponse:
    """The reply. Raises Busy, or what `Desk.stream` raises."""
    async with pool.slot():
        return await pool.step(lambda: desk.ask(request, caller=caller, channel=channel))


async def streamed(
    pool: Pool, desk: Desk, request: schemas.AskRequest, *, caller: Caller, channel: str
) -> AsyncGenerator[Event]:
    """The events of the reply, each made in a thread. Raises what `whole` raises.

    Whoever stops listening stops the work after the step under way.
    """
    async with pool.slot():
        stream = desk.stream(request, caller=caller, channel=channel)
        try:
            while True:
                event = await pool.step(lambda: next(stream))
                yield event
                if isinstance(event, Done):
                    return
        finally:
            stream.close()
