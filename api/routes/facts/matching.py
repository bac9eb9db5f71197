"""What an enterprise can apply for. The profile comes in the body, and is neither stored nor logged."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import ActorDep, PoolDep, ServiceDep
from api.wire import match_schemas as schemas
from api.wire import matching

router = APIRouter(prefix="/v1", tags=["facts"])


@router.post("/match", operation_id="match", summary="What an enterprise can apply for, with proof")
async def match(
    body: schemas.MatchRequest, service: ServiceDep, pool: PoolDep, _: ActorDep
) -> schemas.MatchResponse:
    """The facts that apply, those with a condition that is not known, and on request those for others."""

    def work() -> schemas.MatchResponse:
        return service.with_sound_papers(lambda: matching.matched(body, service.assistant.matcher))

    async with pool.slot():
        return await pool.step(work)
