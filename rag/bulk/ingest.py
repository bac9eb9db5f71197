"""Stores what the workers of a bulk ingest read, as `zhengwen ingest` does, and updates the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import chain, islice

from corpus.effects import with_effects
from corpus.files import ReadPaper
from corpus.ingest import store_papers
from corpus.progress import Progress
from corpus.report import Failed, Skipped
from corpus.store.papers import Store
from index.model import Vectors
from rag.assemble import EmbedderFactory, IngestReport, open_embedder, update_index, vectors_ahead
from rag.bulk.choosing import plan, work_of
from rag.bulk.model import EmbeddedReading, Engine, Result, StoredFile, Work
from rag.bulk.reader import BulkReader, Job
from rag.bulk.sources import find_sources
from rag.errors import NotIndexed
from rag.settings import Settings
from rag.stored_papers import add_starting_papers, catalogue_of, open_store

_FILES_AT_ONCE = 16  # whose vectors are written together before their papers are stored


def bulk_ingest(
    settings: Settings,
    places: Iterable[str],
    *,
    engine: Engine = Engine.AUTO,
    workers: int = 0,
    progress: Progress | None = None,
    embedder: EmbedderFactory = open_embedder,
    before_index: Callable[[], None] = lambda: None,
) -> IngestReport:
    """Reads papers of folders, files and s3:// addresses with several workers; stores them here.

    Papers are stored in the order and with the report of `rag.assemble.ingest`, each exactly once: a run that
    was interrupted is begun again, and parses no file that it has stored. 0 workers are as many as there are
    processors. `embedder` must be a function that other processes can import. Raises BulkFault, ExtraMissing.
    """
    found = find_sources(places, settings.bulk)
    if not found.files:
        return IngestReport(found.others, None)
    before_index()
    model = embedder(settings, progress)  # converted here once, not by each worker
    chosen = plan(settings, engine=engine, workers=workers, files=len(found.files))
    with open_store(settings) as store:
        add_starting_papers(settings, store, progress=progress)
        job = Job(settings, embedder, store.received.digests(), chosen.threads)
        with closing(work_of(found.files, job, chosen)) as works:
            told = _told(works, len(found.files), progress)
            taken = store_papers(store, chain(found.others, _Papers(settings, store, job).of(told)))
        store.facts.complete(progress=progress)
        files = tuple(with_effects(taken, catalogue_of(settings, store, today=date.today())))
        try:
            return IngestReport(
                files, update_index(settings, store, progress=progress, embedder=lambda *_: model)
            )
        except NotIndexed as error:
            return IngestReport(files, None, error)


class _Papers:
    """Turns what workers return into papers to store, after their vectors are safe."""

    def __init__(self, settings: Settings, store: Store, job: Job) -> None:
        self._settings, self._store, self._job = settings, store, job

    def of(self, works: Iterator[Work]) -> Iterator[ReadPaper | Failed | Skipped]:
        """Yields the papers and failures of the works, in order."""
        while some := list(islice(works, _FILES_AT_ONCE)):
            self._keep_vectors(one for work in some for one in work.results)
            for work in some:
                for result in work.results:
                    yield from self._papers(work, result)

    def _keep_vectors(self, results: Iterable[Result]) -> None:
        by_model: dict[tuple[str, int], dict[str, Vectors]] = {}
        for one in results:
            if isinstance(one, EmbeddedReading) and len(one.digests):
                vectors = by_model.setdefault((one.fingerprint, one.vectors.shape[1]), {})
                vectors.update(zip(one.digests, one.vectors, strict=True))
        for (fingerprint, dimension), vectors in by_model.items():
            vectors_ahead(self._settings, fingerprint=fingerprint, dimension=dimension).put(vectors)

    def _papers(self, work: Work, result: Result) -> Iterator[ReadPaper | Failed | Skipped]:
        if isinstance(result, EmbeddedReading):
            yield result.paper
        elif isinstance(result, StoredFile):
            yield from self._stored(work, result)
        else:
            yield result

    def _stored(self, work: Work, one: StoredFile) -> Iterator[ReadPaper | Failed | Skipped]:
        """The paper as it is stored, which storing it again finds unchanged; read anew if it is damaged."""
        paper = self._store.received.paper(one.digest)
        if paper is not None:
            named = replace(paper, source=replace(paper.source, name=one.name))
            yield ReadPaper(one.place, named, b"", work.file.modified)
            return
        again = BulkReader(self._job.with_nothing_stored()).read(work.file)
        for result in again.results:
            if isinstance(result, EmbeddedReading) and result.paper.path == one.place:
                yield result.paper


def _told(works: Iterator[Work], total: int, progress: Progress | None) -> Iterator[Work]:
    """The works, each of which is told to `progress`."""
    for done, work in enumerate(works, start=1):
        if progress is not None:
            progress(done, total, work.file.name)
        yield work
