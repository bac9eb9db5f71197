"""Questions and searches."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import aclosing

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.access.principals import Principal
from api.deps import AskerDep, CapacityDep, PoolDep, ServiceDep
from api.service.answers import async_answers
from api.service.answers.answer_service import AnswerService
from api.service.answers.events import Done, Found, Part
from api.service.pool import Pool
from api.web import problems
from api.web.loopback import is_local
from api.wire import question_schemas, reply_schemas

router = APIRouter(prefix="/v1", tags=["ask"])
log = logging.getLogger("zhengwen.ask")

_STREAM = "text/event-stream"
_HEARTBEAT_S = 15  # proxies commonly time out after 60 s of silence
_PATIENCE_S = 60  # a client that reads nothing for this long is disconnected
_EVENT = {
    "type": "object",
    "required": ["data"],
    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
}
_DESCRIBED = {
    200: {
        "description": "The reply; with `Accept: text/event-stream` sent in events (docs/api.md)",
        "content": {_STREAM: {"schema": _EVENT}},
    }
}


@router.post(
    "/ask",
    operation_id="ask",
    dependencies=[CapacityDep],
    summary="Answer a question in the words of the papers",
    response_model=reply_schemas.AskResponse,
    responses=_DESCRIBED,  # type: ignore[arg-type]
)
async def ask(
    body: question_schemas.AskRequest,
    request: Request,
    service: ServiceDep,
    pool: PoolDep,
    principal: AskerDep,
) -> reply_schemas.AskResponse | Response:
    """An answer quotes at least one clause; where no clause answers, the reply is a refusal."""
    if _wants_stream(request):
        # Before the first byte, so that a rejection has its own status code.
        pool.admit()
        return EventSourceResponse(
            _event_stream(body, service=service, pool=pool, principal=principal, local=is_local(request)),
            ping=_HEARTBEAT_S,
            send_timeout=_PATIENCE_S,
            ping_message_factory=lambda: ServerSentEvent(comment="ping"),
            sep="\n",
        )
    reply = await async_answers.whole(pool, service, body, principal=principal, channel="ask")
    _log(reply)
    return reply


def _wants_stream(request: Request) -> bool:
    return _STREAM in request.headers.get("accept", "")


async def _event_stream(
    body: question_schemas.AskRequest,
    *,
    service: AnswerService,
    pool: Pool,
    principal: Principal,
    local: bool,
) -> AsyncIterator[ServerSentEvent]:
    """The events of a reply, until all are sent or the client disconnects."""
    try:
        async with aclosing(
            async_answers.streamed(pool, service, body, principal=principal, channel="ask")
        ) as events:
            async for event in events:
                match event:
                    case Found(reply):
                        yield _event("citations", reply_schemas.stream_head(reply))
                    case Part(text):
                        yield _event("text", reply_schemas.StreamText(text=text))
                    case Done(reply):
                        _log(reply)
                        yield _event("reply", reply)
    except Exception as error:  # noqa: BLE001 - the status line is sent; the client still has to learn of the error
        # `problem_of` logs all that is not foreseen.
        yield _event("problem", problems.problem_of(error, local=local))


def _event(name: str, data: BaseModel) -> ServerSentEvent:
    return ServerSentEvent(event=name, data=data.model_dump_json())


def _log(reply: reply_schemas.AskResponse) -> None:
    log.info("answer", extra={"reply_id": reply.id, "outcome": reply.outcome, "timings_ms": reply.timings_ms})


@router.post("/search", operation_id="search", summary="Find clauses")
async def search(
    body: question_schemas.SearchRequest, service: ServiceDep, pool: PoolDep, principal: AskerDep
) -> reply_schemas.SearchResponse:
    """The clauses that match best, each once."""
    async with pool.slot():
        return await pool.step(lambda: service.search(body))
