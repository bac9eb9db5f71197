"""Removes papers for good, wherever the program keeps words of them."""

from __future__ import annotations

from dataclasses import dataclass

from api.records import Records
from corpus.errors import UnknownDocument
from corpus.progress import Progress
from corpus.store.changes.deletions import Deleted
from corpus.store.papers import Store
from rag.assemble import EmbedderFactory, open_embedder
from rag.changes import change, forget_earlier_indexes
from rag.settings import Settings
from rag.staging import forget_papers
from rag.stored_papers import open_store


@dataclass(frozen=True, slots=True)
class Removed:
    """A paper that was removed, and the number of receipts that lost its words."""

    deleted: Deleted
    receipts: int


def remove(
    settings: Settings,
    document_id: str,
    *,
    reason: str,
    records: Records | None,
    progress: Progress | None = None,
    embedder: EmbedderFactory = open_embedder,
) -> Removed:
    """Deletes a paper from store, index and receipts. `records` is None where there are none.

    Once it is deleted from the store, `complete` does the rest, also after an interruption. Raises
    UnknownDocument.
    """

    deleted, _ = change(
        settings,
        lambda store: delete(store, document_id, reason=reason),
        progress=progress,
        embedder=embedder,
    )
    return Removed(deleted, complete(settings, records=records))


def delete(store: Store, document_id: str, *, reason: str) -> Deleted:
    """Deletes a paper from the store; also one that was, and is still to be completed.

    Raises UnknownDocument.
    """
    try:
        return store.deletions.delete(store.resolve(document_id), reason=reason)
    except UnknownDocument:
        if document_id in store.deletions.unfinished():
            return Deleted(document_id, 0, ())
        raise


def complete(settings: Settings, *, records: Records | None) -> int:
    """Clears what is left of deleted papers, once the index is up to date; nothing if all is done.

    Returns the number of receipts that lost words. Raises StoreError while another program reads an older
    state of a database; a later call completes it.
    """
    with open_store(settings) as store:
        unfinished = store.deletions.unfinished()
        if not unfinished:
            return 0
        forget_earlier_indexes(settings)
        forget_papers(settings, unfinished)
        receipts = sum(records.forget_paper(one) for one in unfinished) if records is not None else 0
        store.deletions.erase_traces()
        store.deletions.finish(unfinished)
    return receipts
