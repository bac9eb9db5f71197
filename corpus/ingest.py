"""Ingestion: reads files, parses them and stores the papers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import CorpusError, UnreadableDocument
from corpus.model import Document
from corpus.progress import Progress
from corpus.store.papers import Added, Replaced, Store, Unchanged
from corpus.store.shipped_papers import starting_papers

# Answering imports this module, but reads no file.
if TYPE_CHECKING:
    from corpus.formats.received import Received

_NOT_ID = re.compile(r"[^\w\-]+")


@dataclass(frozen=True, slots=True)
class Ingested:
    """A paper that was stored."""

    path: str
    document_id: str
    title: str
    change: Added | Replaced | Unchanged
    notices: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be read as a paper, and why."""

    path: str
    error: CorpusError


def document_id_of(name: str) -> str:
    """Derives the id of a paper from its file name: letters and digits of any script, `-` and `_`."""
    return _NOT_ID.sub("-", Path(name).stem).strip("-")[:120] or "document"


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files to read: those in `paths`, and those with a known ending below folders in `paths`."""
    # Answering imports this module, but reads no file: the readers of formats take 0.1 s to import.
    from corpus.formats.table import READABLE, UNREADABLE

    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            # A file named by the caller is tried whatever its ending.
            tried = READABLE + UNREADABLE
            found += sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in tried)
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def ingest_files(
    store: Store, paths: Iterable[Path], *, progress: Progress | None = None
) -> list[Ingested | Failed]:
    """Reads and stores papers. A file that fails, or a folder without files, gives a Failed."""
    from corpus.formats.table import READABLE

    named = list(paths)
    files = files_in(named)
    read = f"Files in a folder are read by their endings ({', '.join(READABLE)})"
    results: list[Ingested | Failed] = [
        Failed(str(path), UnreadableDocument(str(path), "no file in it can be read", read))
        for path in named
        if path.is_dir() and not files_in([path])
    ]
    paths_by_id: dict[str, str] = {}
    for done, path in enumerate(files, start=1):
        results += _ingest_file(store, path, paths_by_id)
        if progress is not None:
            progress(done, len(files), path.name)
    return results


def _ingest_file(store: Store, path: Path, paths_by_id: dict[str, str]) -> Iterator[Ingested | Failed]:
    """Stores each paper of a file, or of an archive of files. One that fails keeps no other out."""
    from corpus.files import read_file
    from corpus.unpack import unpack

    try:
        for file in unpack(read_file(path), name=path.name):
            place = str(path.parent / file.name)
            if isinstance(file, UnreadableDocument):
                yield Failed(place, file)
            else:
                yield from _ingest_papers(store, file, place, paths_by_id)
    except CorpusError as error:
        yield Failed(str(path), error)


def _ingest_papers(
    store: Store, file: Received, place: str, paths_by_id: dict[str, str]
) -> Iterator[Ingested | Failed]:
    from corpus.load import load_all
    from corpus.parse import parse

    try:
        papers = load_all(file.data, name=file.name)
    except CorpusError as error:
        yield Failed(place, error)
        return
    for paper in papers:
        part = paper.source.part
        document_id = document_id_of(file.name) + (f"-{part}" if part > 1 else "")
        where = f"{place}, paper {part}" if part else place
        try:
            _claim(document_id, where, paths_by_id)
            yield _stored(store, parse(paper, document_id=document_id), data=file.data, path=where)
        except CorpusError as error:
            yield Failed(where, error)


def ensure_starting_papers(store: Store, *, progress: Progress | None = None) -> None:
    """Stores the papers that come with the program if the store is empty."""
    if not store.is_empty():
        return
    papers = starting_papers()
    for done, paper in enumerate(papers, start=1):
        document = _parsed(paper.data, document_id=paper.document_id, name=paper.name, url=paper.url)
        _stored(store, document, data=paper.data, path=paper.name)
        if progress is not None:
            progress(done, len(papers), "reading")


def _claim(document_id: str, path: str, paths_by_id: dict[str, str]) -> None:
    """Notes that the id is that of the file. Raises UnreadableDocument when a paper of this run has it.

    Only a paper that was read claims an id, so an unreadable 通知.pdf does not keep 通知.txt out.
    """
    other = paths_by_id.setdefault(document_id, path)
    if other != path:
        raise UnreadableDocument(
            path, f"{other!r} has the same id {document_id!r}", "Rename one of the files"
        )


def _parsed(data: bytes, *, document_id: str, name: str, url: str = "") -> Document:
    # Imported here because it takes 0.3 s, which answering does not need.
    from corpus.load import load
    from corpus.parse import parse

    return parse(load(data, name=name, url=url), document_id=document_id)


def _stored(store: Store, document: Document, *, data: bytes, path: str) -> Ingested:
    change = store.add(document, original=data)
    return Ingested(path, document.id, document.head.title.value, change, len(document.notices))
