"""Health, readiness and metrics of the service."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from api.access.principals import Visitor
from api.deps import AssistantDep, PoolDep, PrincipalDep, RatesDep, ServiceDep
from api.errors import LocalOnly
from api.web import metrics
from api.wire.health_schemas import Health, IndexInfo, Ready

router = APIRouter(tags=["service"])


@router.get("/health", operation_id="getHealth", summary="The process is up")
async def health(assistant: AssistantDep) -> Health:
    """For a supervisor that restarts dead processes. Also returns what answers are based on."""
    return Health(status="ok", version=version("zhengwen"), index=IndexInfo(**asdict(assistant.info())))


@router.get("/ready", operation_id="getReadiness", summary="Questions can be answered")
async def ready(service: ServiceDep, pool: PoolDep, rates: RatesDep) -> Ready:
    """For a load balancer: the index is open, records can be written, requests counted.

    Also says what a person should look at: papers that are damaged, and newer ones that are not in use.
    """
    await pool.run(service.records.check)
    await pool.run(rates.check)
    snapshot = service.snapshot
    return Ready(
        status="ready",
        generation=snapshot.generation,
        damaged=sorted(snapshot.assistant.catalogue.damaged),
        behind_s=int(service.behind_s),
    )


@router.get(
    "/metrics", operation_id="getMetrics", summary="Metrics for Prometheus", response_class=PlainTextResponse
)
async def figures(principal: PrincipalDep, pool: PoolDep) -> Response:
    """For this machine, and for programs with the key; visitors have no access."""
    if isinstance(principal, Visitor):
        raise LocalOnly("metrics are for this machine, or for callers with ZHENGWEN_SERVER__API_KEY")
    return Response(await pool.run(metrics.exposition), media_type=metrics.MEDIA_TYPE)
