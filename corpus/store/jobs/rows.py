"""Reads jobs from their tables, in the transaction of the caller."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, Row, Select, select, update

from corpus.errors import UnknownJob
from corpus.store.audit import utc
from corpus.store.jobs.model import Job, JobFile, JobState, Origin
from corpus.store.schema import JOB_FILES, JOB_RESULTS, JOBS

_FILE = tuple(
    JOB_FILES.c[name] for name in ("position", "name", "size", "sha256", "url", "fetched_at", "is_read")
)


def number_of(connection: Connection, job_id: str) -> int:
    """The number of a job. Raises UnknownJob."""
    number = connection.execute(select(JOBS.c.number).where(JOBS.c.id == job_id)).scalar()
    if number is None:
        raise UnknownJob(job_id)
    return int(number)


def read(connection: Connection, number: int) -> Job:
    """The job with that number."""
    return _job(connection, connection.execute(select(JOBS).where(JOBS.c.number == number)).one())


def read_all(connection: Connection, query: Select[tuple[object, ...]]) -> list[Job]:
    """The jobs whose rows a query selects."""
    return [_job(connection, row) for row in connection.execute(query).all()]


def change(connection: Connection, number: int, values: Mapping[str, object]) -> None:
    """Sets columns of a job by name, and the time of its last change."""
    query = update(JOBS).where(JOBS.c.number == number)
    connection.execute(query.values({**values, "changed_at": datetime.now(UTC)}))


def files(connection: Connection, number: int) -> tuple[JobFile, ...]:
    """The files of a job in their order."""
    query = select(*_FILE).where(JOB_FILES.c.job == number).order_by(JOB_FILES.c.position)
    return tuple(
        JobFile(
            position=row.position,
            name=row.name,
            size=row.size,
            sha256=row.sha256,
            url=row.url,
            fetched_at=utc(row.fetched_at) if row.fetched_at else None,
            is_read=row.is_read,
        )
        for row in connection.execute(query)
    )


def _job(connection: Connection, row: Row[tuple[object, ...]]) -> Job:
    found = JOB_RESULTS.c
    reports = select(found.report).where(found.job == row.number, found.report.is_not(None))
    return Job(
        id=row.id,
        state=JobState(row.state),
        origin=Origin(row.origin),
        accepted_at=utc(row.accepted_at),
        changed_at=utc(row.changed_at),
        attempts=row.attempts,
        step=row.step,
        done=row.done,
        total=row.total,
        error=row.error,
        generation=row.generation,
        files=files(connection, row.number),
        reports=tuple(connection.execute(reports.order_by(found.file, found.part)).scalars()),
    )
