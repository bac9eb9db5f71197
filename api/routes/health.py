"""Whether the service is up."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version

from fastapi import APIRouter

from api.deps import AssistantDep
from api.schemas import Health, IndexInfo

router = APIRouter(tags=["service"])


@router.get("/health", summary="Up, with an open index")
async def health(assistant: AssistantDep) -> Health:
    return Health(status="ok", version=version("zhengwen"), index=IndexInfo(**asdict(assistant.info())))
