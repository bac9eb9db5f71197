"""Does the next step of a job. Only one process may do so at a time; any step may be interrupted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, delete, func, insert, or_, select, update

from corpus.errors import JobRefused
from corpus.model import Document
from corpus.store import intake
from corpus.store.database import Database
from corpus.store.jobs import fetches
from corpus.store.jobs import rows as job_rows
from corpus.store.jobs.model import JobFile, JobState, Report
from corpus.store.jobs.queue import needed_again
from corpus.store.outcomes import Added, Outcome, Replaced, Unchanged
from corpus.store.schema import JOB_FILES, JOB_RESULTS, JOBS

_TO_READ = (JobState.ACCEPTED.value, JobState.READING.value)
_KINDS: dict[str, type[Added | Replaced | Unchanged]] = {
    "added": Added,
    "new version": Replaced,
    "unchanged": Unchanged,
}


@dataclass(frozen=True, slots=True)
class Begun:
    """A job that is being read. `attempts` counts the ones that ended the program, and this one."""

    number: int
    id: str
    attempts: int
    files: tuple[JobFile, ...]  # that are to be read


class Cancelled(JobRefused):
    """The job was cancelled while it was read."""


class JobWork:
    """The steps of jobs. Each method is one durable transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def waiting(self) -> Begun | None:
        """The oldest job that is not read, as `begin` will begin it; None if there is none."""
        query = select(JOBS).where(JOBS.c.state.in_(_TO_READ)).order_by(JOBS.c.number).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
            if row is None:
                return None
            files = tuple(file for file in job_rows.files(connection, row.number) if not file.is_read)
            return Begun(row.number, row.id, row.attempts + 1, files)

    def begin(self, job: Begun) -> bool:
        """Begins a job; False if it has changed since `waiting` returned it."""
        as_found = (JOBS.c.number == job.number, JOBS.c.attempts == job.attempts - 1)
        with self._database.writing() as connection:
            found = select(JOBS.c.number).where(*as_found, JOBS.c.state.in_(_TO_READ))
            if connection.execute(found).first() is None:
                return False
            values = {"state": JobState.READING.value, "attempts": job.attempts}
            job_rows.change(connection, job.number, values)
            return True

    def pause(self, job: Begun) -> None:
        """Gives back a job that was not ended though nothing is wrong with it: the attempt does not count.

        Called once too often, when it is not known what the database has done, it forgives one attempt that
        did count. Where another process has begun the job since, that one goes on.
        """
        counted = (JOBS.c.number == job.number, JOBS.c.attempts > 0)
        is_own = (JOBS.c.attempts == job.attempts) & (JOBS.c.state == JobState.READING.value)
        state = case((is_own, JobState.ACCEPTED.value), else_=JOBS.c.state)
        with self._database.writing() as connection:
            connection.execute(update(JOBS).where(*counted).values(state=state, attempts=JOBS.c.attempts - 1))

    def data(self, job: Begun, file: JobFile) -> bytes:
        """The bytes of a file."""
        of_file = (JOB_FILES.c.job == job.number, JOB_FILES.c.position == file.position)
        with self._database.reading() as connection:
            return bytes(connection.execute(select(JOB_FILES.c.data).where(*of_file)).scalar_one())

    def progress(self, job: Begun, step: str, *, done: int, total: int) -> None:
        """Notes what is being done."""
        self._proceed(job, {"step": step, "done": done, "total": total})

    def is_cancelled(self, job: Begun) -> bool:
        """Whether somebody cancelled the job since it was begun."""
        with self._database.reading() as connection:
            return _state(connection, job) is JobState.CANCELLED

    def take_in(
        self, job: Begun, file: JobFile, part: int, document: Document, *, original: bytes
    ) -> Outcome:
        """Stores a paper of a file, and that it is stored: an interrupted job does not store it twice.

        Returns what happened when it was stored first. Raises Cancelled.
        """
        with self._database.writing() as connection:
            if _state(connection, job) is JobState.CANCELLED:
                raise Cancelled(f"job {job.id!r} was cancelled")
            of_part = _of_part(job, file, part)
            known = connection.execute(select(JOB_RESULTS.c.outcome).where(*of_part)).scalar()
            if known is not None:
                return _read_outcome(known)
            outcome = intake.take_in(connection, document, original=original)
            connection.execute(delete(JOB_RESULTS).where(*of_part))
            row: dict[str, Any] = {"job": job.number, "file": file.position, "part": part}
            row |= {"document_id": outcome.document_id, "outcome": _written(outcome), "report": None}
            connection.execute(insert(JOB_RESULTS).values(row))
            fetches.record(connection, outcome.document_id, url=file.url, fetched_at=file.fetched_at)
            return outcome

    def report(self, job: Begun, file: JobFile, part: int, report: Report) -> None:
        """Notes what a client is shown of a paper that was stored, or was refused."""
        with self._database.writing() as connection:
            of_part = _of_part(job, file, part)
            changed = update(JOB_RESULTS).where(*of_part).values(report=dict(report))
            if not connection.execute(changed).rowcount:
                row = {"job": job.number, "file": file.position, "part": part}
                connection.execute(
                    insert(JOB_RESULTS).values(row | {"document_id": "", "report": dict(report)})
                )

    def end_file(self, job: Begun, file: JobFile, *, done: int) -> None:
        """Notes that a file is read."""
        of_file = (JOB_FILES.c.job == job.number, JOB_FILES.c.position == file.position)
        with self._database.writing() as connection:
            connection.execute(update(JOB_FILES).where(*of_file).values(is_read=True))
            job_rows.change(connection, job.number, {"done": done})

    def end_reading(self, job: Begun) -> JobState:
        """Ends the reading; the job has failed if nothing of it could be read.

        Bytes of files that were read are deleted here: the store has them. Those of refused files stay.
        """
        of_job = JOB_RESULTS.c.job == job.number
        with self._database.writing() as connection:
            if _state(connection, job) is JobState.CANCELLED:
                raise Cancelled(f"job {job.id!r} was cancelled")
            stored = select(func.count()).where(of_job, JOB_RESULTS.c.document_id != "")
            state = JobState.READ if connection.execute(stored).scalar_one() else JobState.FAILED
            error = "" if state is JobState.READ else "nothing could be read; the report says why"
            values = {"state": state.value, "error": error, "attempts": 0, "step": ""}
            job_rows.change(connection, job.number, values)
            done = (JOB_FILES.c.job == job.number, ~needed_again(job.number))
            connection.execute(update(JOB_FILES).where(*done).values(data=b""))
            return state

    def fail(self, job: Begun, error: str) -> None:
        """Ends a job that cannot be read. Its files stay for `Jobs.retry`; what it has stored is indexed."""
        stored = select(JOB_RESULTS.c.job).where(
            JOB_RESULTS.c.job == job.number, JOB_RESULTS.c.document_id != ""
        )
        with self._database.writing() as connection:
            found = connection.execute(stored).first()
            state = JobState.READ if found else JobState.FAILED
            job_rows.change(connection, job.number, {"state": state.value, "error": error, "step": ""})

    def read_jobs(self) -> list[int]:
        """The numbers of the jobs whose papers are stored and not indexed."""
        query = select(JOBS.c.number).where(JOBS.c.state == JobState.READ.value)
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def note_fault(self, numbers: list[int], error: str) -> None:
        """Notes why jobs do not go on; they are tried again."""
        of_jobs = JOBS.c.number.in_(numbers)
        with self._database.writing() as connection:
            connection.execute(update(JOBS).where(of_jobs).values(error=error))

    def indexed(self, numbers: list[int], *, generation: int) -> None:
        """Notes that the papers of these jobs are in the index."""
        of_jobs = (JOBS.c.number.in_(numbers), JOBS.c.state == JobState.READ.value)
        values = {"state": JobState.INDEXED.value, "generation": generation}
        with self._database.writing() as connection:
            connection.execute(update(JOBS).where(*of_jobs).values(values))

    def searchable(self) -> None:
        """Notes that a service answers from the papers of all jobs that are indexed."""
        indexed = JOBS.c.state == JobState.INDEXED.value
        with self._database.reading() as connection:
            if connection.execute(select(JOBS.c.number).where(indexed).limit(1)).first() is None:
                return
        with self._database.writing() as connection:
            connection.execute(update(JOBS).where(indexed).values(state=JobState.SEARCHABLE.value))

    def _proceed(self, job: Begun, values: Mapping[str, object]) -> None:
        """Sets columns of a job that is being read, unless it was cancelled."""
        being_read = (JOBS.c.number == job.number, JOBS.c.state == JobState.READING.value)
        with self._database.writing() as connection:
            connection.execute(update(JOBS).where(*being_read).values(dict(values)))


def forget_paper(connection: Connection, document_id: str, digests: list[str]) -> None:
    """Deletes the words of a removed paper from jobs: reports, and files (named by SHA-256)."""
    connection.execute(
        update(JOB_RESULTS).where(JOB_RESULTS.c.document_id == document_id).values(report=None)
    )
    of_paper = or_(
        JOB_FILES.c.sha256.in_(digests),
        JOB_FILES.c.job.in_(select(JOB_RESULTS.c.job).where(JOB_RESULTS.c.document_id == document_id)),
    )
    ended = select(JOBS.c.number).where(JOBS.c.state.in_(_READ_TO_THE_END))
    connection.execute(update(JOB_FILES).where(of_paper, JOB_FILES.c.job.in_(ended)).values(data=b""))


_READ_TO_THE_END = [
    one.value for one in (JobState.READ, JobState.INDEXED, JobState.SEARCHABLE, JobState.FAILED)
]


def _state(connection: Connection, job: Begun) -> JobState:
    return JobState(connection.execute(select(JOBS.c.state).where(JOBS.c.number == job.number)).scalar_one())


def _of_part(job: Begun, file: JobFile, part: int) -> tuple[Any, ...]:
    found = JOB_RESULTS.c
    return found.job == job.number, found.file == file.position, found.part == part


def _written(outcome: Outcome) -> dict[str, Any]:
    kind = next(name for name, kind in _KINDS.items() if isinstance(outcome, kind))
    written: dict[str, Any] = {"kind": kind, "id": outcome.document_id, "version": outcome.version}
    if isinstance(outcome, Added):
        return written | {"conflicts": list(outcome.conflicts)}
    written |= {"withdrawn": outcome.withdrawn, "current": outcome.current}
    return written | ({"before": outcome.before} if isinstance(outcome, Replaced) else {})


def _read_outcome(written: dict[str, Any]) -> Outcome:
    match _KINDS[written["kind"]]:
        case kind if kind is Added:
            return Added(written["id"], tuple(written["conflicts"]), written["version"])
        case kind if kind is Replaced:
            before = written.get("before", written["version"] - 1)
            known = (written["id"], written["version"], written["withdrawn"], written.get("current"))
            return Replaced(*known, before=before)
        case _:
            known = (written["id"], written["version"], written["withdrawn"], written.get("current"))
            return Unchanged(*known)
