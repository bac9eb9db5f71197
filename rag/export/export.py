"""Exports papers, clauses, facts and vectors into a folder, which appears complete or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from corpus.catalogue.catalogue import Catalogue
from corpus.errors import DamagedFacts
from corpus.facts.in_force import FactsInForce
from corpus.head.paper_head import PaperHead
from corpus.model import Status
from corpus.progress import Progress
from corpus.store.papers import Store
from index.build import atomic_files
from index.build.manifest import program_version
from rag.assemble import EmbedderFactory, open_embedder
from rag.errors import ExportFault
from rag.export.fact_rows import fact_rows
from rag.export.paper_rows import ExportedPaper, clause_rows, document_row
from rag.export.tables import CHUNK_VECTORS, CLAUSES, DOCUMENTS, FACTS, FORMAT, SENTENCE_VECTORS
from rag.export.vectors import VectorRows
from rag.export.writing import TableWriter, check
from rag.settings import Settings
from rag.stored_papers import add_starting_papers, catalogue_of, complete_facts, open_store

_AT_ONCE = 16  # papers in memory
MANIFEST = "export.json"


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export consists of: rows by table, and the day of the statuses."""

    folder: Path
    rows: Mapping[str, int]
    day: date


def export(
    settings: Settings,
    folder: Path,
    *,
    day: date | None = None,
    only_in_force: bool = False,
    with_vectors: bool = True,
    progress: Progress | None = None,
    embedder: EmbedderFactory = open_embedder,
) -> Exported:
    """Writes the papers in use into a new folder, with their statuses on a day, today if none is given.

    The same papers and day give the same files. Raises ExportFault for a folder that is not empty or cannot
    be written, ExtraMissing without pyarrow, and DamagedDocument and DamagedFacts.
    """
    aside = _begun(folder)
    try:
        with open_store(settings) as store:
            add_starting_papers(settings, store, progress=progress)
            complete_facts(store, progress=progress)
            catalogue = catalogue_of(settings, store, today=day or date.today())
            vectors = VectorRows(settings, store, embedder(settings, progress)) if with_vectors else None
            done = _Export(store, catalogue, aside, only_in_force, vectors).write(progress)
        check(aside, done)
        about = _about(catalogue.today, vectors)
        digests = {path.name: _digest(path) for path in sorted(aside.glob("*.parquet"))}
        lines = {**about, "only_in_force": only_in_force, "rows": dict(done), "sha256": digests}
        atomic_files.write(aside / MANIFEST, json.dumps(lines, ensure_ascii=False, indent=1).encode() + b"\n")
        atomic_files.sync_tree(aside)
        if folder.exists():
            folder.rmdir()  # empty: Windows renames over no folder
        aside.rename(folder)
        atomic_files.sync_folder(folder.parent)
    except OSError as error:
        raise ExportFault(
            f"the export cannot be written to {str(folder)!r}: {error.strerror or error}. Free space, or "
            "name another folder"
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Exported(folder, done, catalogue.today)


def _begun(folder: Path) -> Path:
    """Makes the folder in which the files are written. Raises ExportFault."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ExportFault(f"{str(folder)!r} is not an empty folder. Name a new one")
        aside = folder.absolute().with_name(f".{folder.absolute().name}.unfinished")
        shutil.rmtree(aside, ignore_errors=True)  # of an export that was killed
        aside.mkdir(parents=True)
    except OSError as error:
        raise ExportFault(
            f"the folder {str(folder)!r} cannot be made: {error.strerror or error}. Name another one"
        ) from error
    return aside


def _about(day: date, vectors: VectorRows | None) -> dict[str, str]:
    about = {"format": str(FORMAT), "program": program_version(), "day": day.isoformat()}
    return about if vectors is None else {**about, "model": vectors.fingerprint}


def _digest(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Export:
    """One pass over the papers, by id, some of them in memory at a time."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        folder: Path,
        only_in_force: bool,
        vectors: VectorRows | None,
    ) -> None:
        self._store, self._catalogue, self._folder = store, catalogue, folder
        self._only_in_force, self._vectors = only_in_force, vectors

    def write(self, progress: Progress | None) -> Mapping[str, int]:
        """Writes all tables; returns their numbers of rows."""
        heads = [head for head in self._catalogue.heads if self._is_wanted(head)]
        tables = (DOCUMENTS, CLAUSES, FACTS)
        about = _about(self._catalogue.today, self._vectors)
        vectors, done = self._vectors, 0
        with ExitStack() as open_files:
            writers = {
                one: open_files.enter_context(TableWriter(self._folder, one, about=about)) for one in tables
            }
            if vectors is not None:
                for one in (CHUNK_VECTORS, SENTENCE_VECTORS):
                    writer = TableWriter(self._folder, one, about=about, dimension=vectors.dimension)
                    writers[one] = open_files.enter_context(writer)
            for papers in self._read(heads):
                self._add(papers, writers)
                done += len(papers)
                if progress is not None:
                    progress(done, len(heads), "exporting")
        return {name: writer.rows for name, writer in writers.items()}

    def _is_wanted(self, head: PaperHead) -> bool:
        return not self._only_in_force or self._catalogue.status(head.id) is Status.IN_FORCE

    def _read(self, heads: list[PaperHead]) -> Iterator[list[ExportedPaper]]:
        rest = iter(sorted(heads, key=lambda one: one.id))
        while some := list(islice(rest, _AT_ONCE)):
            documents = {one.id: one for one in self._catalogue.documents(head.id for head in some)}
            yield [
                ExportedPaper(
                    documents[head.id],
                    head,
                    self._catalogue.status(head.id),
                    self._catalogue.acts.last_day(head.id),
                )
                for head in some
            ]

    def _add(self, papers: list[ExportedPaper], writers: Mapping[str, TableWriter]) -> None:
        facts = self._facts(papers)
        writers[DOCUMENTS].add(map(document_row, papers))
        for paper in papers:
            writers[CLAUSES].add(clause_rows(paper))
            writers[FACTS].add(fact_rows(paper, facts[paper.head.id]))
        if self._vectors is not None:
            for chunks, sentences in self._vectors.of(papers):
                writers[CHUNK_VECTORS].add(chunks)
                writers[SENTENCE_VECTORS].add(sentences)

    def _facts(self, papers: list[ExportedPaper]) -> Mapping[str, FactsInForce]:
        read = self._store.facts.read([(one.head.id, one.head.content_sha256) for one in papers])
        for paper in papers:
            if paper.head.id not in read.facts:
                raise DamagedFacts(paper.head.id)
        return read.facts
