"""Jobs: files that were accepted to be read. What is accepted is on the disk, and is read once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, delete, exists, func, insert, select, update

from corpus.errors import JobRefused, KeyReused, TooManyJobs
from corpus.store.database import Database
from corpus.store.jobs import rows as job_rows
from corpus.store.jobs.model import ENDED, Accepted, Job, JobState, NewFile, Origin
from corpus.store.schema import JOB_FILES, JOB_RESULTS, JOBS

_ID_BYTES = 15
_WAITING = (JobState.ACCEPTED.value, JobState.READING.value, JobState.READ.value)


class Jobs:
    """Accepts jobs, lists them, cancels and repeats them. `JobWork` does them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def accept(
        self, files: Sequence[NewFile], *, origin: Origin, key: str = "", most_waiting: int
    ) -> Accepted:
        """Stores files to be read; they are on the disk when this returns.

        `key` identifies the request: sent again with the same bytes it gives the same job. Raises KeyReused
        for a key that came with other bytes, TooManyJobs when `most_waiting` jobs wait.
        """
        digests = [hashlib.sha256(file.data).hexdigest() for file in files]
        digest = hashlib.sha256("\n".join(digests).encode()).hexdigest()
        now = datetime.now(UTC)
        with self._database.writing() as connection:
            if key:
                query = select(JOBS.c.number, JOBS.c.id, JOBS.c.digest).where(JOBS.c.idempotency_key == key)
                if (same := connection.execute(query).first()) is not None:
                    if same.digest != digest:
                        raise KeyReused(same.id)
                    return Accepted(job_rows.read(connection, same.number), is_new=False)
            waiting = select(func.count()).select_from(JOBS).where(JOBS.c.state.in_(_WAITING))
            if connection.execute(waiting).scalar_one() >= most_waiting:
                raise TooManyJobs(f"{most_waiting} jobs wait already. Try again when some of them are done")
            row = {
                "id": secrets.token_urlsafe(_ID_BYTES),
                "state": JobState.ACCEPTED.value,
                "origin": origin.value,
                "idempotency_key": key or None,
                "digest": digest,
                "accepted_at": now,
                "changed_at": now,
                "attempts": 0,
                "step": "",
                "done": 0,
                "total": len(files),
                "error": "",
            }
            inserted = connection.execute(insert(JOBS).values(row)).inserted_primary_key
            assert inserted is not None
            number = int(inserted[0])
            for position, (file, sha256) in enumerate(zip(files, digests, strict=True)):
                values = {"job": number, "position": position, "name": file.name, "size": len(file.data)}
                values |= {"sha256": sha256, "url": file.url, "fetched_at": file.fetched_at}
                connection.execute(insert(JOB_FILES).values(values | {"data": file.data, "is_read": False}))
            return Accepted(job_rows.read(connection, number), is_new=True)

    def get(self, job_id: str) -> Job:
        """Raises UnknownJob."""
        with self._database.reading() as connection:
            return job_rows.read(connection, job_rows.number_of(connection, job_id))

    def list(self, *, most: int, after: str = "") -> list[Job]:
        """The last jobs, newest first; those before the job `after`. Raises UnknownJob."""
        query = select(JOBS).order_by(JOBS.c.number.desc()).limit(most)
        with self._database.reading() as connection:
            if after:
                query = query.where(JOBS.c.number < job_rows.number_of(connection, after))
            return job_rows.read_all(connection, query)

    def are_waiting(self) -> bool:
        """Whether a job has not ended."""
        query = select(JOBS.c.number).where(JOBS.c.state.not_in([one.value for one in ENDED])).limit(1)
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None

    def cancel(self, job_id: str) -> Job:
        """Cancels a job of which nothing is stored. Raises UnknownJob, and JobRefused when it is too late."""
        with self._database.writing() as connection:
            number = job_rows.number_of(connection, job_id)
            job = job_rows.read(connection, number)
            stored = select(JOB_RESULTS.c.job).where(
                JOB_RESULTS.c.job == number, JOB_RESULTS.c.document_id != ""
            )
            if job.state is JobState.CANCELLED:
                return job
            if job.state not in (JobState.ACCEPTED, JobState.READING) or connection.execute(stored).first():
                raise JobRefused(
                    f"job {job_id!r} is {job.state.value}, so it cannot be cancelled. "
                    "Remove or withdraw the papers that it stored"
                )
            job_rows.change(connection, number, {"state": JobState.CANCELLED.value, "step": ""})
            of_job = JOB_FILES.c.job == number
            connection.execute(update(JOB_FILES).where(of_job).values(data=b""))
            return job_rows.read(connection, number)

    def retry(self, job_id: str) -> Job:
        """Reads the files again of which something was refused. Raises UnknownJob, and JobRefused."""
        with self._database.writing() as connection:
            number = job_rows.number_of(connection, job_id)
            of_job = (JOB_RESULTS.c.job == number, JOB_RESULTS.c.document_id == "")
            refused = set(connection.execute(select(JOB_RESULTS.c.file).where(*of_job)).scalars())
            job = job_rows.read(connection, number)
            unread = any(not file.is_read for file in job.files)
            ended = job.state in (JobState.FAILED, JobState.SEARCHABLE)
            if not ended or not (refused or unread):
                raise JobRefused(
                    f"job {job_id!r} is {job.state.value} and no file of it was refused, "
                    "so it is not repeated"
                )
            connection.execute(delete(JOB_RESULTS).where(*of_job))
            again = (JOB_FILES.c.job == number, JOB_FILES.c.position.in_(refused))
            connection.execute(update(JOB_FILES).where(*again).values(is_read=False))
            fresh = {"attempts": 0, "done": 0, "error": "", "generation": None}
            job_rows.change(connection, number, {"state": JobState.ACCEPTED.value} | fresh)
            return job_rows.read(connection, number)

    def purge(self, *, older_than: datetime) -> int:
        """Deletes jobs that ended before then, with their files and reports; returns how many."""
        ended = (JOBS.c.state.in_([one.value for one in ENDED]), JOBS.c.changed_at < older_than)
        with self._database.writing() as connection:
            return connection.execute(delete(JOBS).where(*ended)).rowcount


def needed_again(number: int) -> ColumnElement[bool]:
    """Whether a file of the job has a paper that was refused, so that `retry` needs its bytes."""
    return exists().where(
        JOB_RESULTS.c.job == number,
        JOB_RESULTS.c.file == JOB_FILES.c.position,
        JOB_RESULTS.c.document_id == "",
    )
