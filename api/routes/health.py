"""Whether the service is up, whether it can answer, and its figures."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from api.access.principals import Visitor
from api.deps import AssistantDep, PoolDep, PrincipalDep, RatesDep, ServiceDep
from api.errors import LocalOnly
from api.web import metrics
from api.wire.schemas import Health, IndexInfo, Ready

router = APIRouter(tags=["service"])


@router.get("/health", operation_id="getHealth", summary="The process is up")
async def health(assistant: AssistantDep) -> Health:
    """For whoever restarts what has died. What it answers from is told too."""
    return Health(status="ok", version=version("zhengwen"), index=IndexInfo(**asdict(assistant.info())))


@router.get("/ready", operation_id="getReadiness", summary="Questions can be answered")
async def ready(service: ServiceDep, pool: PoolDep, rates: RatesDep) -> Ready:
    """For whoever sends visitors here: the index is open, records can be written, requests counted."""
    await pool.run(service.records.check)
    await pool.run(rates.check)
    return Ready(status="ready", generation=service.assistant.info().generation)


@router.get(
    "/metrics", operation_id="getMetrics", summary="Figures for Prometheus", response_class=PlainTextResponse
)
async def figures(principal: PrincipalDep, pool: PoolDep) -> Response:
    """For this machine, and for programs with the key; visitors are told nothing of the others."""
    if isinstance(principal, Visitor):
        raise LocalOnly("figures are for this machine, or for whoever holds ZHENGWEN_SERVER__API_KEY")
    return Response(await pool.run(metrics.exposition), media_type=metrics.MEDIA_TYPE)
