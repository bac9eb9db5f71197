"""Changes of papers, for callers with the key of editors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar
from fastapi import APIRouter, Depends, Query, Response

from api.deps import EditingDep
from api.web.headers import download_headers
from api.wire import change_schemas
from api.wire import editing_schemas as schemas
from corpus.model import HeadField

T = TypeVar("T")
_THREADS = 4  # for changes, each of which updates the index: they must not take those of questions
_threads: RunVar[anyio.CapacityLimiter] = RunVar("threads of editors")
_MOST_LINES = 10_000


def _uncached(response: Response) -> None:
    """Forbids caching of these responses."""
    response.headers["Cache-Control"] = "no-store"


uncached = Depends(_uncached)
router = APIRouter(prefix="/v1/editor", tags=["editors"], dependencies=[uncached])


async def in_thread(work: Callable[[], T]) -> T:
    """Runs what waits for the disk."""
    try:
        limiter = _threads.get()
    except LookupError:
        limiter = anyio.CapacityLimiter(_THREADS)
        _threads.set(limiter)
    return await anyio.to_thread.run_sync(work, limiter=limiter)


@router.get("/papers/{document_id}", operation_id="getVersions", summary="Versions, corrections and audit")
async def versions(document_id: str, editing: EditingDep) -> change_schemas.Versions:
    """Also of a withdrawn paper. Each version has its difference to the one before."""
    return await in_thread(lambda: editing.versions(document_id))


@router.delete("/papers/{document_id}", operation_id="removePaper", summary="Delete a paper for good")
async def remove(
    document_id: str,
    editing: EditingDep,
    reason: Annotated[str, Query(max_length=2000, description="kept in the audit")] = "",
) -> schemas.Removal:
    """Its texts, versions, index and what receipts quote of it are deleted."""
    return await in_thread(lambda: editing.remove(document_id, reason=reason))


@router.post(
    "/papers/{document_id}/withdraw", operation_id="withdrawPaper", summary="Take a paper out of use"
)
async def withdraw(document_id: str, body: schemas.WithReason, editing: EditingDep) -> schemas.Change:
    """Its texts stay, and `restore` brings it back."""
    return await in_thread(lambda: editing.withdraw(document_id, reason=body.reason.strip()))


@router.post(
    "/papers/{document_id}/restore", operation_id="restorePaper", summary="Bring a withdrawn paper back"
)
async def restore(document_id: str, editing: EditingDep) -> schemas.Change:
    return await in_thread(lambda: editing.restore(document_id))


@router.post("/papers/{document_id}/edit", operation_id="editPaper", summary="Correct the head of a paper")
async def edit(document_id: str, body: schemas.Edit, editing: EditingDep) -> schemas.Change:
    """Corrections outlast new versions; `undo` takes back what the paper states."""
    values = {HeadField(name): value for name, value in body.values.items()}
    undo = [HeadField(name) for name in body.undo]
    return await in_thread(lambda: editing.edit(document_id, values, undo, reason=body.reason.strip()))


@router.post(
    "/papers/{document_id}/reread", operation_id="rereadPaper", summary="Parse the stored file again"
)
async def reread(document_id: str, editing: EditingDep) -> change_schemas.IngestReport:
    """What reads differently becomes a new version; corrections stay."""
    return await in_thread(lambda: editing.reread(document_id))


@router.get(
    "/papers/{document_id}/original",
    operation_id="downloadOriginal",
    summary="The file as received",
    response_class=Response,
    responses={
        200: {
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            "description": "The bytes, to be saved to a file",
        }
    },
)
async def original(
    document_id: str,
    editing: EditingDep,
    version: Annotated[
        int | None, Query(ge=1, le=1_000_000, description="the last one unless another is named")
    ] = None,
) -> Response:
    """Also of a withdrawn paper, and of earlier versions."""
    found = await in_thread(lambda: editing.original(document_id, version=version))
    return Response(
        found.data,
        media_type="application/octet-stream",
        headers=download_headers(found.name) | {"Cache-Control": "no-store"},
    )


@router.get("/conflicts", operation_id="listConflicts", summary="Papers with one number and different texts")
async def conflicts(editing: EditingDep) -> change_schemas.Conflicts:
    """Those that wait for a decision."""
    return await in_thread(editing.conflicts)


@router.post("/conflicts", operation_id="decideConflict", summary="Decide that both papers are right")
async def decide(body: schemas.Decision, editing: EditingDep) -> change_schemas.Conflicts:
    """Returns the conflicts that are left. Where one paper is wrong, withdraw it or correct its number."""
    reason = body.reason.strip()
    return await in_thread(lambda: editing.keep_both(body.document_id, body.other_id, reason=reason))


@router.get("/audit", operation_id="listAudit", summary="What was done to the papers")
async def audit(
    editing: EditingDep,
    document_id: Annotated[str, Query(max_length=200, description="only lines about this paper")] = "",
    limit: Annotated[int, Query(ge=1, le=_MOST_LINES, description="most lines, the last ones")] = 1000,
) -> schemas.AuditList:
    """The lines contain no text of a paper, and outlast it."""
    return await in_thread(lambda: editing.audit(document_id, most=limit))
