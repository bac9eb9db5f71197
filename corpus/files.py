"""Reads papers from files, one after another, without opening a store."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import CorpusError, UnreadableDocument
from corpus.ids import document_id_of
from corpus.model import Document
from corpus.progress import Progress
from corpus.report import Failed, Skipped

# Answering imports this module, but reads no file: the readers of formats take 0.1 s to import.
if TYPE_CHECKING:
    from corpus.formats.received import Received


@dataclass(frozen=True, slots=True)
class ReadPaper:
    """A paper that was read, and the file it is from. The store gives it another id."""

    path: str
    document: Document
    data: bytes
    modified: int = 0  # time of the file, in nanoseconds; 0 if it is not known


@dataclass(frozen=True, slots=True)
class UnpackedFile:
    """A file to read, given alone or unpacked from an archive, and its path for messages."""

    file: Received
    place: str


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files to read: those in `paths`, and those with a known ending below folders in `paths`."""
    from corpus.folders import find_files

    return list(find_files(paths).files)


def read_papers(
    paths: Iterable[Path], *, progress: Progress | None = None
) -> Iterator[ReadPaper | Failed | Skipped]:
    """Yields the papers of files and folders, each read when it is asked for.

    A file that fails, a link below a folder, or a folder without files, gives a Failed;
    files in a folder or an archive whose endings are of no known format give a Skipped.
    """
    from corpus.folders import find_files

    found = find_files(paths)
    for error in found.left_out:
        yield Failed(error.name, error)
    for others in found.passed_over:
        yield Skipped(others.place, others.files, others.first)
    for done, path in enumerate(found.files, start=1):
        yield from _papers_of(path)
        if progress is not None:
            progress(done, len(found.files), path.name)


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises UnreadableDocument, with the reason and the cure."""
    from corpus.formats.member_names import path_name
    from corpus.formats.received import MAX_SCAN_BYTES

    name = path_name(path)
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # reading a pipe or a device may never end
            raise UnreadableDocument(name, "it is not a regular file", "Save the paper to a file")
        if about.st_size > MAX_SCAN_BYTES:
            limit = MAX_SCAN_BYTES // 1024 // 1024
            raise UnreadableDocument(name, f"it is larger than {limit} MB", "Split it or extract its text")
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        cure = "Check the path and its permissions"
        raise UnreadableDocument(name, getattr(error, "strerror", None) or str(error), cure) from error


def _papers_of(path: Path) -> Iterator[ReadPaper | Failed | Skipped]:
    from corpus.formats.member_names import path_name

    folder, name = Path(path_name(path.parent)), path_name(Path(path.name))
    try:
        data = read_file(path)
    except CorpusError as error:
        yield Failed(str(folder / name), error)
    else:
        yield from papers_in(data, name=name, folder=folder, modified=_modified(path))


def papers_in(
    data: bytes,
    *,
    name: str,
    folder: Path = Path(),
    url: str = "",
    most_bytes: int | None = None,
    modified: int = 0,
) -> Iterator[ReadPaper | Failed | Skipped]:
    """Yields each paper of a file, or of an archive of files. One that fails keeps no other out.

    `folder` is where the file is, for messages, `url` where it was downloaded, and `modified` its time in
    nanoseconds. What is unpacked beyond `most_bytes` is refused.
    """
    for one in unpacked_files(data, name=name, folder=str(folder), most_bytes=most_bytes):
        if isinstance(one, UnpackedFile):
            yield from papers_of_bytes(one.file, one.place, url=url, modified=modified)
        else:
            yield one


def unpacked_files(
    data: bytes, *, name: str, folder: str = "", most_bytes: int | None = None
) -> Iterator[UnpackedFile | Failed | Skipped]:
    """Yields the files of an archive, or the file itself where it is none. `folder` and limit as above."""
    from corpus.formats.endings import PassedOver
    from corpus.unpack import unpack

    unpacked = 0
    try:
        for file in unpack(data, name=name):
            if isinstance(file, PassedOver):
                yield Skipped(place_of(folder, file.place), file.files, file.first)
                continue
            place = place_of(folder, file.name)
            if isinstance(file, UnreadableDocument):
                yield Failed(place, file)
                continue
            unpacked += len(file.data)
            if most_bytes is not None and unpacked > most_bytes:
                raise UnreadableDocument(
                    name, f"it has more than {most_bytes} bytes when unpacked", "Send its files in parts"
                )
            yield UnpackedFile(file, place)
    except CorpusError as error:
        yield Failed(place_of(folder, name), error)


def place_of(folder: str, name: str) -> str:
    """The path of a file for messages; `folder` is a folder, or an address such as s3://bucket/papers."""
    return f"{folder}/{name}" if "://" in folder else str(Path(folder) / name)


def _modified(path: Path) -> int:
    """When a file was written, in nanoseconds; 0 if it is gone."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def papers_of_bytes(
    file: Received, place: str, *, url: str = "", modified: int = 0
) -> Iterator[ReadPaper | Failed]:
    """Yields each paper of a file that is in memory; `place` is its path for messages."""
    from corpus.load import load_all
    from corpus.parse import parse

    try:
        papers = load_all(file.data, name=file.name, url=url)
    except CorpusError as error:
        yield Failed(place, error)
        return
    for paper in papers:
        part = paper.source.part
        where = f"{place}, paper {part}" if part else place
        try:
            document = parse(paper, document_id=document_id_of(file.name))
        except CorpusError as error:
            yield Failed(where, error)
        else:
            yield ReadPaper(where, document, file.data, modified)
