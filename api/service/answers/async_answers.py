"""Runs a request for the async routes in one of the pool's slots: the whole reply, or its events."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from api.access.principals import Principal
from api.service.answers.answer_service import AnswerService
from api.service.answers.events import Event, Found
from api.service.pool import Pool
from api.wire import question_schemas, reply_schemas


async def whole(
    pool: Pool,
    service: AnswerService,
    request: question_schemas.AskRequest,
    *,
    principal: Principal,
    channel: str,
) -> reply_schemas.AskResponse:
    """The reply. Raises Busy, or what `AnswerService.stream` raises."""
    async with pool.slot():
        return await pool.step(lambda: service.ask(request, principal=principal, channel=channel))


async def streamed(
    pool: Pool,
    service: AnswerService,
    request: question_schemas.AskRequest,
    *,
    principal: Principal,
    channel: str,
) -> AsyncGenerator[Event]:
    """The events of the reply. Raises what `whole` raises.

    A client that closes the stream stops the work after the step in progress. All events are made before the
    slot is released, so a slow client, or one that never reads, delays nobody.
    """
    async with pool.slot():
        stream = service.stream(request, principal=principal, channel=channel)
        try:
            event = await pool.step(lambda: next(stream))
            while not isinstance(event, Found):
                yield event
                event = await pool.step(lambda: next(stream))
            events = [event, *await pool.step(lambda: list(stream))]
        finally:
            stream.close()
    for event in events:
        yield event
