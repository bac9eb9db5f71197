"""Parses the stored files of papers again, with the parser of this version of the program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus.errors import CorpusError, UnreadableDocument
from corpus.head.corrections import corrected
from corpus.ids import renamed
from corpus.model import Document
from corpus.report import Ingested, recognised
from corpus.store.outcomes import Replaced, is_in_use
from corpus.store.papers import Store
from corpus.version_diff import compare

_AGAIN = "Run `zhengwen ingest` on the file"


@dataclass(frozen=True, slots=True)
class NotReread:
    """A paper whose file could not be read again, and why. What is stored stays in use."""

    document_id: str
    error: CorpusError


def reread(store: Store, document_ids: Iterable[str]) -> Iterator[Ingested | NotReread]:
    """Reads papers again, one after another. What reads differently becomes a new version.

    Corrections of editors stay in force. Raises UnknownDocument.
    """
    for document_id in document_ids:
        before = store.document(document_id, also_withdrawn=True)
        data = store.original(document_id)
        try:
            document = _parsed(before, data)
        except CorpusError as error:
            yield NotReread(document_id, error)
            continue
        change = store.replace_reading(document, original=data)
        now = corrected(document, before.corrections)
        diff = compare(before, now) if isinstance(change, Replaced) else None
        facts = store.facts.number(document_id, change.version)
        lost = store.facts.detached(document_id, change.version) if is_in_use(change) else ()
        read = recognised(document)
        yield Ingested(before.source.name, document_id, read, change, diff, facts=facts, detached=lost)


def _parsed(before: Document, data: bytes) -> Document:
    """The same paper of the same file. Raises CorpusError."""
    # Imported here because it takes 0.3 s, which answering does not need.
    from corpus.load import load_all
    from corpus.parse import parse

    source = before.source
    if not data:
        raise UnreadableDocument(source.name, "the file as received was not kept", _AGAIN)
    papers = load_all(data, name=source.name, url=source.url)
    same = next((paper for paper in papers if paper.source.part == source.part), None)
    if same is None:
        reason = f"it is read as {len(papers)} papers by this version"
        raise UnreadableDocument(source.name, reason, _AGAIN)
    return renamed(parse(same, document_id=before.id), before.id)
