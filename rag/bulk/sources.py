"""Finds the files of a bulk ingest in folders and buckets, and reads them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from corpus.files import read_file
from corpus.report import Failed, Skipped
from rag.bulk import bucket
from rag.bulk.model import FoundFiles, SourceFile
from rag.settings import BulkSettings


def find_sources(places: Iterable[str], settings: BulkSettings) -> FoundFiles:
    """The files to read, in the order of `zhengwen ingest`: those of paths first, then those of buckets.

    Raises BulkFault where a bucket cannot be listed.
    """
    given = list(places)
    others: list[Failed | Skipped] = []
    found = list(_in_folders([Path(one) for one in given if not bucket.is_address(one)], others))
    for address in given:
        if bucket.is_address(address):
            found += bucket.listed(address, settings, others)
    files = (replace(one, position=position) for position, one in enumerate(found))
    return FoundFiles(tuple(files), tuple(others))


def read_source(file: SourceFile, settings: BulkSettings) -> bytes:
    """The bytes of a file. Raises UnreadableDocument."""
    if bucket.is_address(file.folder):
        return bucket.read(file, settings)
    return read_file(Path(file.path))


def _in_folders(paths: list[Path], others: list[Failed | Skipped]) -> Iterator[SourceFile]:
    from corpus.folders import find_files
    from corpus.formats.member_names import path_name

    found = find_files(paths)
    others += [Failed(error.name, error) for error in found.left_out]
    others += [Skipped(one.place, one.files, one.first) for one in found.passed_over]
    for path in found.files:
        modified, size = _about(path)
        folder, name = path_name(path.parent), path_name(Path(path.name))
        yield SourceFile(0, os.path.abspath(path), folder, name, modified, size)


def _about(path: Path) -> tuple[int, int]:
    """Time and size of a file; zeros if it is gone."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return 0, 0
    return found.st_mtime_ns, found.st_size
