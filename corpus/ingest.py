"""Ingestion: reads files, parses them and stores the papers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import CorpusError, UnreadableDocument
from corpus.model import Document
from corpus.progress import Progress
from corpus.store.papers import Added, Replaced, Store, Unchanged
from corpus.store.shipped_papers import starting_papers

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
    from corpus.files import read_file
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
        try:
            data = read_file(path)
            document = _parsed(data, document_id=document_id_of(path.name), name=path.name)
            _claim(document.id, path, paths_by_id)
            results.append(_stored(store, document, data=data, path=str(path)))
        except CorpusError as error:
            results.append(Failed(str(path), error))
        if progress is not None:
            progress(done, len(files), path.name)
    return results


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


def _claim(document_id: str, path: Path, paths_by_id: dict[str, str]) -> None:
    """Notes that the id is that of the file. Raises UnreadableDocument when a paper of this run has it.

    Only a paper that was read claims an id, so an unreadable 通知.pdf does not keep 通知.txt out.
    """
    other = paths_by_id.setdefault(document_id, str(path))
    if other != str(path):
        raise UnreadableDocument(
            str(path), f"{other!r} has the same id {document_id!r}", "Rename one of the files"
        )


def _parsed(data: bytes, *, document_id: str, name: str, url: str = "") -> Document:
    # Imported here because it takes 0.3 s, which answering does not need.
    from corpus.load import load
    from corpus.parse import parse

    return parse(load(data, name=name, url=url), document_id=document_id)


def _stored(store: Store, document: Document, *, data: bytes, path: str) -> Ingested:
    change = store.add(document, original=data)
    return Ingested(path, document.id, document.head.title.value, change, len(document.notices))
