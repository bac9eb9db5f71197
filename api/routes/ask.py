"""Questions and searches."""

from __future__ import annotations

import logging

from fastapi import APIRouter

from api import asking, schemas
from api.deps import AssistantDep, PoolDep, SettingsDep

router = APIRouter(prefix="/v1", tags=["ask"])
log = logging.getLogger("zhengwen.ask")


@router.post("/ask", summary="Answer a question in the words of the papers")
async def ask(
    body: schemas.AskRequest, assistant: AssistantDep, settings: SettingsDep, pool: PoolDep
) -> schemas.AskResponse:
    """An answer quotes at least one clause; where no clause answers, the reply is a refusal."""
    longest = settings.server.max_question_chars
    reply = await pool.run(lambda: asking.ask(body, assistant=assistant, longest=longest))
    log.info("answer", extra={"reply_id": reply.id, "outcome": reply.outcome, "timings_ms": reply.timings_ms})
    return reply


@router.post("/search", summary="Find clauses")
async def search(
    body: schemas.SearchRequest, assistant: AssistantDep, settings: SettingsDep, pool: PoolDep
) -> schemas.SearchResponse:
    """The clauses that match best, each once."""
    longest = settings.server.max_question_chars
    return await pool.run(lambda: asking.search(body, assistant=assistant, longest=longest))
