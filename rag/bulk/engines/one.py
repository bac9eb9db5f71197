"""Works in this process, a file after the other."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from rag.bulk.model import SourceFile, Work
from rag.bulk.reader import BulkReader, Job


def work(files: Iterable[SourceFile], job: Job) -> Generator[Work]:
    """Yields what comes of each file, in order."""
    reader = BulkReader(job)
    yield from map(reader.read, files)
