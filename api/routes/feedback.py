"""Feedback on answers."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.deps import ActorDep, PoolDep, RecordsDep
from api.web import metrics
from api.wire.record_schemas import FeedbackRequest

router = APIRouter(prefix="/v1", tags=["visitors"])


@router.post(
    "/feedback",
    operation_id="sendFeedback",
    status_code=204,
    response_class=Response,
    summary="Say whether an answer helped",
)
async def feedback(body: FeedbackRequest, records: RecordsDep, pool: PoolDep, principal: ActorDep) -> None:
    """For the caller who got the answer. Feedback sent again replaces the earlier one."""
    await pool.run(
        lambda: records.feedback.keep(
            body.answer,
            holder=principal.holder,
            site=principal.site,
            thumb=body.thumb,
            reason=body.reason,
            text=body.text,
        )
    )
    metrics.FEEDBACK.labels(body.thumb).inc()
