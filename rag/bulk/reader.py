"""Reads, parses and embeds one file after another; each worker has one of these, with the model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from corpus.errors import CorpusError, UnreadableDocument
from corpus.files import ReadPaper, UnpackedFile, papers_of_bytes, place_of, unpacked_files
from corpus.report import Failed
from index.build.pieces import embedded_papers
from index.model import Embedder
from rag.assemble import EmbedderFactory, chunking_of
from rag.bulk.model import EmbeddedReading, Result, SourceFile, StoredFile, Work
from rag.bulk.sources import read_source
from rag.settings import Settings

TRIES = 3  # of a file at which workers die


@dataclass(frozen=True, slots=True)
class Job:
    """What each worker needs to begin. It is sent to other processes, so that `embedder` is a function."""

    settings: Settings
    embedder: EmbedderFactory
    stored: frozenset[str]  # SHA-256 of the files that need not be parsed
    threads: int  # of the model in each worker

    def with_nothing_stored(self) -> Job:
        """The same, for a file whose stored paper is damaged."""
        return replace(self, stored=frozenset())


class BulkReader:
    """Reads files into papers with vectors. The model is opened when the first paper needs it."""

    def __init__(self, job: Job) -> None:
        self._job = job

    @cached_property
    def _model(self) -> Embedder:
        settings = self._job.settings
        own = settings.embedding.model_copy(update={"threads": self._job.threads})
        return self._job.embedder(settings.model_copy(update={"embedding": own}), None)

    def read(self, file: SourceFile) -> Work:
        """All that comes of a file. What cannot be read is a Failed; raises ModelFault."""
        # Imported here because it takes 0.2 s.
        from corpus.formats.scans.recognition import watched

        with watched(self._job.settings.cache_dir):
            return Work(file, tuple(self._results(file)))

    def _results(self, file: SourceFile) -> Iterator[Result]:
        try:
            data = read_source(file, self._job.settings.bulk)
        except CorpusError as error:
            yield Failed(place_of(file.folder, file.name), error)
            return
        for one in unpacked_files(data, name=file.name, folder=file.folder):
            if isinstance(one, UnpackedFile):
                yield from self._papers(one, file)
            else:
                yield one

    def _papers(self, one: UnpackedFile, file: SourceFile) -> Iterator[Result]:
        digest = hashlib.sha256(one.file.data).hexdigest()
        if digest in self._job.stored:
            yield StoredFile(one.place, one.file.name, digest)
            return
        for paper in papers_of_bytes(one.file, one.place, modified=file.modified):
            yield self._embedded(paper) if isinstance(paper, ReadPaper) else paper

    def _embedded(self, paper: ReadPaper) -> EmbeddedReading:
        chunking = chunking_of(self._job.settings)
        (pieces,) = embedded_papers([(paper.document, "")], embedder=self._model, chunking=chunking)
        rows = dict(zip(pieces.chunks.hashes, pieces.chunks.vectors, strict=True))
        rows |= dict(zip(pieces.sentences.hashes, pieces.sentences.vectors, strict=True))
        vectors = np.array(list(rows.values()), np.float32).reshape(len(rows), self._model.dimension)
        return EmbeddedReading(paper, tuple(rows), vectors, self._model.fingerprint)


def died(file: SourceFile) -> Work:
    """What is reported of a file at which workers died again and again."""
    error = UnreadableDocument(
        file.name,
        f"the process that read it died {TRIES} times",
        "Check the memory of the machine, or split the file",
    )
    return Work(file, (Failed(place_of(file.folder, file.name), error),))
