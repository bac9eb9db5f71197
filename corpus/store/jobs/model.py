"""What is known of a job: files that were accepted, and what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

# What a client is shown of a paper; made by the caller of `JobWork.report`, and not read by the store.
Report = Mapping[str, Any]


class JobState(StrEnum):
    """How far a job has come. Every state is durable; after a crash the job goes on from it."""

    ACCEPTED = "accepted"  # its files are on the disk
    READING = "reading"
    READ = "read"  # its papers are stored, the index is not up to date
    INDEXED = "indexed"
    SEARCHABLE = "searchable"  # a service answers from its papers
    FAILED = "failed"  # nothing was stored
    CANCELLED = "cancelled"  # before anything was stored


ENDED = (JobState.SEARCHABLE, JobState.FAILED, JobState.CANCELLED)


class Origin(StrEnum):
    """How the files came in."""

    UPLOAD = "upload"
    FOLDER = "folder"  # the watched one


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to accept. `url` and `fetched_at` say where and when it was downloaded, if it was."""

    name: str
    data: bytes
    url: str = ""
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class JobFile:
    """A file of a job, without its bytes."""

    position: int
    name: str
    size: int
    sha256: str
    url: str
    fetched_at: datetime | None
    is_read: bool


@dataclass(frozen=True, slots=True)
class Job:
    """A job. `reports` are those of the papers that were read so far, in the order of the files."""

    id: str
    state: JobState
    origin: Origin
    accepted_at: datetime
    changed_at: datetime
    attempts: int
    step: str
    done: int
    total: int
    error: str
    generation: int | None
    files: tuple[JobFile, ...]
    reports: tuple[Report, ...]

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED


@dataclass(frozen=True, slots=True)
class Accepted:
    """A job that was accepted, or the one that the same request began before (`is_new` is false)."""

    job: Job
    is_new: bool
