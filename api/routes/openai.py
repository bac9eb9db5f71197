"""OpenAI's chat completions: the same answers for programs that were written for that API."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from api.access.principals import Principal
from api.agents.addresses import base_of
from api.agents.chat.completion import Chunks, completion, on_wire
from api.agents.chat.conversation import question_of
from api.agents.chat.errors import Refused, body_of, refusal
from api.agents.chat.schemas import MODEL, ChatCompletion, ChatRequest, Error, Model, ModelList
from api.deps import AskerDep, PoolDep, PrincipalDep, ServiceDep, SettingsDep
from api.service.answers import async_answers
from api.service.answers.answer_service import AnswerService
from api.service.answers.events import Found, Part
from api.service.pool import Pool
from api.web import problems
from api.wire.question_schemas import AskRequest
from api.wire.reply_schemas import AskResponse

_CHANNEL = "openai"
# OpenAI requires the time a model was created; there is no model, so this is the day of the first release.
_CREATED = 1_763_942_400  # 2025-11-24
# The format of one event of the stream, for OpenAPI.
_EVENT = {
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "string", "description": "a chunk or an error as JSON, or [DONE]"}},
}
_STREAMED = {
    200: {
        "description": "The answer; with `stream` in chunks (docs/agents.md)",
        "content": {"text/event-stream": {"schema": _EVENT}},
    }
}

router = APIRouter(
    prefix="/v1",
    tags=["openai"],
    responses={
        status: {"model": Error, "description": f"An error with status {status}"}
        for status in (400, 401, 403, 404, 413, 422, 429, 500, 503)
    },
)
log = logging.getLogger("zhengwen.ask")


@router.post(
    "/chat/completions",
    operation_id="createChatCompletion",
    summary="Answer the last message of a chat",
    response_model=ChatCompletion,
    responses=_STREAMED,  # type: ignore[arg-type]
)
async def chat_completions(
    body: ChatRequest,
    request: Request,
    service: ServiceDep,
    pool: PoolDep,
    settings: SettingsDep,
    principal: AskerDep,
) -> ChatCompletion | Response:
    """Citations are `annotations` of the message, lines below its text, and complete in `zhengwen`."""
    try:
        asked = question_of(body)
    except Refused as error:
        return refusal(error)
    base = base_of(request, settings.server.public_url)
    if body.stream:
        wanted = body.stream_options is not None and body.stream_options.include_usage is True
        return await _streamed(
            asked, service=service, pool=pool, principal=principal, base=base, usage_wanted=wanted
        )
    reply = await async_answers.whole(pool, service, asked, principal=principal, channel=_CHANNEL)
    _log(reply)
    return completion(asked, reply, base)


@router.get("/models", operation_id="listModels", summary="The one model there is")
async def models(_: PrincipalDep) -> ModelList:
    return ModelList(data=[Model(created=_CREATED)])


@router.get("/models/{model_id}", operation_id="getModel", summary="A model", response_model=Model)
async def model(model_id: str, _: PrincipalDep) -> Model | Response:
    if model_id != MODEL:
        message = f"there is no model of that name; this service has {MODEL!r}"
        return refusal(Refused(message, param="model", code="model_not_found", status=404))
    return Model(created=_CREATED)


async def _streamed(
    asked: AskRequest,
    *,
    service: AnswerService,
    pool: Pool,
    principal: Principal,
    base: str,
    usage_wanted: bool,
) -> Response:
    """The stream. It begins once the reply is complete: an earlier error has its own status code.

    No slot is occupied while it is sent: a slow client, or one that never reads, delays nobody.
    """
    reply: AskResponse | None = None
    words: list[str] = []
    async with aclosing(
        async_answers.streamed(pool, service, asked, principal=principal, channel=_CHANNEL)
    ) as events:
        async for event in events:
            match event:
                case Found(found):
                    reply = found
                case Part(text):
                    words.append(text)
    assert reply is not None, "a stream ends only after the reply is found"
    _log(reply)
    return StreamingResponse(
        _event_stream(words, Chunks(asked, reply, base, usage_wanted)),
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        media_type="text/event-stream",
    )


async def _event_stream(words: Iterable[str], chunks: Chunks) -> AsyncIterator[str]:
    """The events of OpenAI's stream."""
    try:
        yield _event(on_wire(chunks.first()))
        for text in words:
            yield _event(on_wire(chunks.words(text)))
        for chunk in chunks.last():
            yield _event(on_wire(chunk))
    except Exception as error:  # noqa: BLE001 - the status line is sent; the client still has to learn of the error
        # `problem_of` logs all that is not foreseen.
        problem = problems.problem_of(error)
        code = problem.type.rpartition(":")[2]
        yield _event(body_of(problem.detail, status=problem.status, code=code).model_dump_json())
        return
    yield _event("[DONE]")


def _event(data: str) -> str:
    return f"data: {data}\n\n"


def _log(reply: AskResponse) -> None:
    log.info("answer", extra={"reply_id": reply.id, "outcome": reply.outcome, "timings_ms": reply.timings_ms})
