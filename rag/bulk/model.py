"""What goes to the workers of a bulk ingest, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from corpus.files import ReadPaper
from corpus.report import Failed, Skipped
from index.model import Vectors


class Engine(StrEnum):
    """What reads, parses and embeds."""

    AUTO = "auto"  # chosen by the number of files
    ONE = "one"  # this process
    POOL = "pool"  # processes of this machine
    RAY = "ray"  # processes of one or more machines


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read: below a folder that every worker sees, or in a bucket."""

    position: int  # among the files of the run, from 0
    path: str  # absolute: workers have other current folders; in a bucket "bucket/papers/a.pdf"
    folder: str  # for messages: "papers/2024", "s3://bucket/papers"
    name: str
    modified: int  # nanoseconds; 0 if it is not known
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """The files to read, and what else is to be reported of the places that were given."""

    files: tuple[SourceFile, ...]
    others: tuple[Failed | Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class EmbeddedReading:
    """A paper as it was read, with the vectors of its chunks and sentences."""

    paper: ReadPaper
    digests: tuple[str, ...]  # SHA-256 of the embedded texts, each once
    vectors: Vectors  # (digests, dimension)
    fingerprint: str  # of the model


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file whose bytes were stored before the run, as one paper; it was not parsed."""

    place: str
    name: str
    digest: str  # SHA-256 of the bytes


Result = EmbeddedReading | StoredFile | Failed | Skipped


@dataclass(frozen=True, slots=True)
class Work:
    """All that came of one file."""

    file: SourceFile
    results: tuple[Result, ...]
