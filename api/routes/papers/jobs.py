"""Uploads, and what becomes of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

import anyio
from fastapi import APIRouter, Header, Query, Request, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from api.deps import EditingDep, SettingsDep
from api.routes.papers.editing import in_thread, uncached
from api.routes.papers.upload import DESCRIBED, received
from api.service.editing import Editing
from api.wire import change_schemas
from api.wire import editing_schemas as schemas
from api.wire.jobs import job_on_wire
from corpus.store.jobs.model import Job

UPLOADS, REHEARSALS = "/v1/editor/uploads", "/v1/editor/rehearsals"

_STREAM = "text/event-stream"
_EVERY_S = 0.5  # between looks at a job
_HEARTBEAT_S = 15  # proxies commonly time out after 60 s of silence
_PATIENCE_S = 60  # a client that reads nothing for this long is disconnected
_PAGE = 50

router = APIRouter(tags=["editors"], dependencies=[uncached])

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        pattern=r"^[\x21-\x7e]*$",
        description="any text that identifies the request: sent again with the same bytes, it gives the same "
        "job, with other bytes the status 409",
    ),
]


@router.post(
    UPLOADS,
    operation_id="uploadPapers",
    status_code=202,
    summary="Accept files to be read",
    openapi_extra=DESCRIBED,
)
async def upload(
    request: Request, response: Response, editing: EditingDep, settings: SettingsDep, key: Key = ""
) -> schemas.Job:
    """The files are on the disk when the reply is sent. Follow the job to see what becomes of them."""
    files = await received(request, settings.ingest)
    accepted = await in_thread(lambda: editing.accept(files, key=key))
    request.app.state.wake_jobs()
    base = request.scope.get("root_path", "")
    response.headers["Location"] = f"{base}/v1/editor/jobs/{accepted.job.id}"
    return job_on_wire(accepted.job)


@router.post(
    REHEARSALS,
    operation_id="rehearseUpload",
    summary="Show what reading files would do",
    openapi_extra=DESCRIBED,
)
async def rehearse(
    request: Request, editing: EditingDep, settings: SettingsDep
) -> change_schemas.IngestReport:
    """The report of a job with these files. Nothing is stored."""
    files = await received(request, settings.ingest)
    return await in_thread(lambda: editing.rehearse(files))


@router.get("/v1/editor/jobs", operation_id="listJobs", summary="Jobs, newest first")
async def jobs(
    editing: EditingDep,
    limit: Annotated[int, Query(ge=1, le=schemas.LARGEST_PAGE, description="most jobs in the reply")] = _PAGE,
    after: Annotated[str, Query(max_length=100, description="`next` of the page before")] = "",
) -> schemas.JobList:
    """A page of the jobs. `next` of the reply, sent as `after`, returns the following page."""
    found = await in_thread(lambda: editing.store.jobs.list(most=limit + 1, after=after))
    page = found[:limit]
    return schemas.JobList(
        jobs=[job_on_wire(one) for one in page], next=page[-1].id if len(found) > limit else None
    )


@router.get("/v1/editor/jobs/{job_id}", operation_id="getJob", summary="A job and its reports")
async def job(job_id: str, editing: EditingDep) -> schemas.Job:
    return job_on_wire(await in_thread(lambda: editing.store.jobs.get(job_id)))


@router.get(
    "/v1/editor/jobs/{job_id}/events",
    operation_id="followJob",
    summary="A job whenever it changes, as server-sent events",
    response_class=Response,
    responses={
        200: {"content": {_STREAM: {"schema": {"type": "string"}}}, "description": "Events named `job`"}
    },
)
async def events(job_id: str, editing: EditingDep) -> Response:
    """Each event has the whole job. The stream ends when the job has ended."""
    first = await in_thread(lambda: editing.store.jobs.get(job_id))
    return EventSourceResponse(
        _changes(editing, first),
        ping=_HEARTBEAT_S,
        send_timeout=_PATIENCE_S,
        ping_message_factory=lambda: ServerSentEvent(comment="ping"),
        sep="\n",
    )


async def _changes(editing: Editing, job: Job) -> AsyncIterator[ServerSentEvent]:
    known: Job | None = None

    def current() -> Job:
        return editing.store.jobs.get(job.id)

    while True:
        if job != known:
            yield ServerSentEvent(event="job", data=job_on_wire(job).model_dump_json())
            known = job
        if job.has_ended:
            return
        await anyio.sleep(_EVERY_S)
        job = await in_thread(current)


@router.post("/v1/editor/jobs/{job_id}/cancel", operation_id="cancelJob", summary="Cancel a job")
async def cancel(job_id: str, editing: EditingDep) -> schemas.Job:
    """Possible until something of it is stored; 409 afterwards."""
    return job_on_wire(await in_thread(lambda: editing.store.jobs.cancel(job_id)))


@router.post("/v1/editor/jobs/{job_id}/retry", operation_id="retryJob", summary="Read refused files again")
async def retry(job_id: str, request: Request, editing: EditingDep) -> schemas.Job:
    """For a job that failed, or of which some files were refused; 409 for any other."""
    found = await in_thread(lambda: editing.store.jobs.retry(job_id))
    request.app.state.wake_jobs()
    return job_on_wire(found)
