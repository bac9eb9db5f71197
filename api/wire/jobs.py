"""Converts jobs from the store's types to wire models."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from api.wire import editing_schemas as wire
from api.wire.change_schemas import FileReport
from corpus.store.jobs.model import Job, Report


def job_on_wire(job: Job) -> wire.Job:
    """A job as a client sees it."""
    return wire.Job(
        id=job.id,
        state=job.state.value,
        origin=job.origin.value,
        accepted_at=job.accepted_at,
        changed_at=job.changed_at,
        progress=wire.Progress(step=job.step, done=job.done, total=job.total),
        error=job.error,
        generation=job.generation,
        files=[
            wire.JobFile(
                name=file.name,
                size=file.size,
                sha256=file.sha256,
                url=file.url,
                fetched_at=file.fetched_at,
                is_read=file.is_read,
            )
            for file in job.files
        ],
        reports=list(_reports(job.reports)),
    )


def _reports(stored: Iterable[Report]) -> Iterator[FileReport]:
    for one in stored:
        try:
            yield FileReport.model_validate(one)
        except ValidationError:
            continue  # another version of the program wrote it, with other fields
