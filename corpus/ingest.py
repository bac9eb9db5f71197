"""Ingestion: stores the papers that were read from files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from corpus.arrivals import Arrivals
from corpus.effects import Incoming, incoming
from corpus.files import ReadPaper, read_papers
from corpus.head.corrections import corrected
from corpus.model import Document
from corpus.progress import Progress
from corpus.report import Failed, Ingested, Skipped, recognised
from corpus.store.outcomes import Outcome, Replaced, is_in_use
from corpus.store.papers import Store
from corpus.store.shipped_papers import StartingPaper, starting_papers
from corpus.version_diff import compare


def ingest_files(
    store: Store, paths: Iterable[Path], *, progress: Progress | None = None
) -> list[Ingested | Failed | Skipped]:
    """Reads and stores papers. A file that fails, or a folder without files, gives a Failed."""
    taken = store_papers(store, read_papers(paths, progress=progress))
    return [one.result if isinstance(one, Incoming) else one for one in taken]


def store_papers(
    store: Store, papers: Iterable[ReadPaper | Failed | Skipped]
) -> list[Incoming | Failed | Skipped]:
    """Stores papers as they come; each is safe before the next one is read.

    Of several versions of one paper among them, the later one is put in use. What they do to others,
    `corpus.effects.with_effects` tells afterwards.
    """
    arrivals = Arrivals()
    return [_stored(store, paper, arrivals) if isinstance(paper, ReadPaper) else paper for paper in papers]


def ensure_starting_papers(store: Store, *, progress: Progress | None = None) -> None:
    """Stores the papers that come with the program in a new store, all in one transaction.

    Completes those of a first start that an earlier version left half done. Papers that were removed do not
    come back.
    """
    papers = {paper.document_id: paper for paper in starting_papers()}
    if missing := store.starting.missing(papers):
        store.starting.add(_read([papers[one] for one in missing], progress))


def _read(papers: list[StartingPaper], progress: Progress | None) -> list[tuple[Document, bytes]]:
    # Imported here because it takes 0.3 s, which answering does not need.
    from corpus.load import load
    from corpus.parse import parse

    found = []
    for done, paper in enumerate(papers, start=1):
        loaded = load(paper.data, name=paper.name, url=paper.url)
        found.append((parse(loaded, document_id=paper.document_id), paper.data))
        if progress is not None:
            progress(done, len(papers), "reading")
    return found


def _stored(store: Store, paper: ReadPaper, arrivals: Arrivals) -> Incoming:
    change = store.take_in(
        paper.document,
        original=paper.data,
        is_older=lambda document_id, version: arrivals.is_older(paper, document_id, version),
    )
    return ingested(store, paper, change, arrivals=arrivals)


def ingested(
    store: Store, paper: ReadPaper, change: Outcome, *, arrivals: Arrivals | None = None
) -> Incoming:
    """What to report of a paper that was stored. `arrivals` are those before it in the same run."""
    arrivals = arrivals or Arrivals()
    diff, told = None, ""
    if isinstance(change, Replaced):
        before = store.document(change.document_id, version=change.before, also_withdrawn=True)
        diff = compare(before, corrected(paper.document, before.corrections))
        told = arrivals.told(paper, change.document_id, before=change.before, version=change.version)
    arrivals.note(change.document_id, change.version, paper)
    result = Ingested(
        paper.path,
        change.document_id,
        recognised(paper.document),
        change,
        diff,
        told,
        facts=store.facts.number(change.document_id, change.version),
        detached=store.facts.detached(change.document_id, change.version) if is_in_use(change) else (),
    )
    return incoming(result, paper.document)


def until_first_paper(
    papers: Iterator[ReadPaper | Failed | Skipped],
) -> tuple[list[Failed | Skipped], Iterator[ReadPaper | Failed | Skipped]]:
    """The failures before the first paper that can be read, and what follows them; nothing if none can."""
    failed: list[Failed | Skipped] = []
    for paper in papers:
        if isinstance(paper, ReadPaper):
            return failed, chain([paper], papers)
        failed.append(paper)
    return failed, iter(())
