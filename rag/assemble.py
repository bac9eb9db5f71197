"""Builds the working objects from settings; the only module that assembles the parts."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.catalogue.catalogue import Catalogue
from corpus.effects import with_effects
from corpus.errors import ZhengwenError
from corpus.files import read_papers
from corpus.ingest import store_papers, until_first_paper
from corpus.progress import Progress
from corpus.report import Failed, Ingested, Skipped
from corpus.store.papers import Store
from index.build.embedded import EmbeddedEngine
from index.build.engine import IndexEngine, OpenIndex
from index.build.known_vectors import VectorsOfIndex
from index.build.manifest import Chunking
from index.build.vector_cache import AheadEmbedder, VectorCache
from index.embedding import bundled
from index.embedding.torch_embedder import open_sentence_transformer
from index.errors import IndexBehind, IndexFault, IndexMissing, ModelFault
from index.model import Embedder, Reader
from index.reading import onnx_reader
from index.search.hybrid import HybridSearcher
from rag.answer.wording.composer import ExtractiveComposer
from rag.assistant import Assistant
from rag.errors import NotIndexed
from rag.evidence.calibration import Calibration, packaged, read_calibration, stored_calibration
from rag.evidence.judgement import Judge, packaged_judgement
from rag.facts.catalogue import FactCatalogue
from rag.info import Info
from rag.language.short_names import running_name
from rag.language.spelling import Spelling
from rag.model import Question
from rag.question.kinds import packaged_kinds
from rag.question.understand import understand
from rag.ranking import Ranking
from rag.settings import Settings
from rag.stored_papers import ListedPapers, add_starting_papers, catalogue_of, complete_facts, open_store

if TYPE_CHECKING:
    from index.build.pieces import KnownVectors  # takes 0.3 s to import

_log = logging.getLogger("zhengwen.answer")
_TRIES = 3  # while other processes store papers
_ANY_QUESTION = "湖南省首次获批的创新药最高奖多少？"  # understanding it reads the language tables

EmbedderFactory = Callable[[Settings, Progress | None], Embedder]
ReaderFactory = Callable[[Settings, Progress | None], Reader | None]


@dataclass(frozen=True, slots=True)
class IngestReport:
    """The result of each paper, and the index built from them; None where no paper could be read.

    `error` says why the index could not be built of papers that are stored.
    """

    files: tuple[Ingested | Failed | Skipped, ...]
    index: Indexed | None
    error: NotIndexed | None = None


@dataclass(frozen=True, slots=True)
class Indexed:
    """The index in use after a change of the papers."""

    generation: int
    chunks: int


def open_embedder(settings: Settings, progress: Progress | None = None) -> Embedder:
    """Opens the configured embedding model. Raises ModelFault when it is not available."""
    embedding = settings.embedding
    threads = embedding.threads or os.cpu_count() or 1
    if embedding.model == "bundled":
        directory = _converted(settings, progress)
        return bundled.open_bundled(directory, precision=embedding.precision, threads=threads)
    return open_sentence_transformer(
        embedding.model,
        device=embedding.device,
        threads=threads,
        query_prompt=embedding.query_prompt,
        document_prompt=embedding.document_prompt,
    )


def open_reader(settings: Settings, progress: Progress | None = None) -> Reader | None:
    """Opens the bundled reader; None where it is turned off. Raises ModelFault when it is not available."""
    if not settings.answer.reader:
        return None
    threads = settings.embedding.threads or os.cpu_count() or 1
    directory = _converted(settings, progress)
    return onnx_reader.open_reader(directory, precision=settings.embedding.precision, threads=threads)


def _converted(settings: Settings, progress: Progress | None) -> Path:
    """Returns the folder of the bundled model, after converting it the first time."""
    directory = settings.cache_dir / bundled.name_of(settings.embedding.precision)
    if bundled.is_complete(directory):
        return directory
    # The converter imports onnx and safetensors, which are needed this once.
    from index.conversion.convert import convert

    return convert(settings.cache_dir, precision=settings.embedding.precision, progress=progress)


def preload(settings: Settings) -> None:
    """Loads what no paper changes: tokenizer, language tables and patterns.

    Processes forked afterwards share the memory. Starts no thread.
    """
    if settings.uses_bundled:
        with suppress(ModelFault):  # who opens the model raises it
            directory = settings.cache_dir / bundled.name_of(settings.embedding.precision)
            if bundled.is_complete(directory):
                bundled.tokenizer_of(directory)  # the embedder and the reader have the same
    understand(
        Question(_ANY_QUESTION),
        Catalogue.of((), today=date.today()),
        idf=lambda _: 1.0,
        counts=Ranking().terms,
        spell=Spelling(known=lambda _: 0.0).corrected,
    )


def open_assistant(
    settings: Settings,
    *,
    progress: Progress | None = None,
    embedder: EmbedderFactory = open_embedder,
    reader: ReaderFactory = open_reader,
    ranking: Ranking | None = None,
    today: date | None = None,
) -> Assistant:
    """Opens an assistant over the stored papers.

    The first call stores the starting papers and builds the index; papers that were stored but not yet
    indexed are indexed first. Raises IndexFault, with the cure, for an index that is damaged, of another
    version, or built with another model or other settings. `today` decides which papers have expired;
    `ranking` replaces the default one in experiments.
    """
    opener = Opener(settings, embedder=embedder, reader=reader, ranking=ranking, progress=progress)
    return opener.open(today=today or date.today(), progress=progress)


class Opener:
    """Opens assistants with one model, which takes seconds to load and is reused."""

    def __init__(
        self,
        settings: Settings,
        *,
        embedder: EmbedderFactory = open_embedder,
        reader: ReaderFactory = open_reader,
        ranking: Ranking | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._settings, self._ranking = settings, ranking or Ranking()
        self._model = embedder(settings, progress)
        read = reader(settings, progress)
        self._judge = None if read is None else Judge(read, packaged_judgement(), kinds=packaged_kinds())
        self._engine = engine_of(settings)  # keeps what it has opened for the next time
        self.papers = ListedPapers(settings)

    def open(self, *, today: date, progress: Progress | None = None) -> Assistant:
        """Opens an assistant as `open_assistant` does."""
        store = open_store(self._settings)
        add_starting_papers(self._settings, store, progress=progress)
        complete_facts(store, progress=progress)
        for _ in range(_TRIES):
            try:
                return self._opened(store, today=today)
            except (IndexMissing, IndexBehind):
                self._build(store, progress=progress)
        return self._opened(store, today=today)

    def reopen(self, *, today: date) -> Assistant:
        """Opens an assistant over the current store, while another process maintains the index.

        Raises IndexBehind while stored papers are not indexed, and IndexFault or StoreError as `open` does.
        """
        return self._opened(open_store(self._settings), today=today)

    def update_index(self) -> Indexed:
        """Brings the index up to date with the store, for those who reopen it. Raises IndexFault, StoreError.

        Thread-safe; waits while another process builds.
        """
        with open_store(self._settings) as store:
            opened = self._build(store, progress=None)
        return Indexed(opened.number, opened.manifest.chunks)

    def _build(self, store: Store, *, progress: Progress | None) -> OpenIndex:
        return _build(
            self._settings,
            store,
            self._model,
            self._engine,
            progress=progress,
            rebuild=False,
            in_use=self.papers.in_use,
        )

    def _opened(self, store: Store, *, today: date) -> Assistant:
        """Opens papers, and the index of exactly these. Raises IndexBehind where it is of others."""
        settings, catalogue = self._settings, self.papers.of(store, today=today)
        opened = self._engine.open(
            store,
            fingerprint=self._model.fingerprint,
            corpus_hash=catalogue.corpus_hash(last_correction=store.fact_corrections.last_number()),
            chunking=chunking_of(settings),
        )
        names = partial(running_name, catalogue=catalogue)
        composer = ExtractiveComposer(statuses=catalogue.statuses, names=names)
        calibration = _in_force(settings, opened, ranking=self._ranking)
        return Assistant(
            catalogue=catalogue,
            facts=FactCatalogue(catalogue, store.facts),
            searcher=HybridSearcher(
                opened.searcher(self._ranking.fusion),
                terms=opened.terms,
                embedder=self._model,
                weight=settings.search.dense_weight,
            ),
            terms=opened.terms,
            composer=composer,
            candidates=settings.search.candidates,
            calibration=calibration,
            ranking=self._ranking,
            quotes=settings.answer.quotes,
            nearest=settings.answer.nearest,
            info=Info(
                corpus_hash=opened.manifest.corpus_hash,
                model=opened.manifest.fingerprint,
                generation=opened.number,
                documents=len(catalogue),
                clauses=sum(head.clauses for head in catalogue.heads),
                chunks=opened.manifest.chunks,
                calibration=_decides(calibration, self._judge),
                ranking=self._ranking.fingerprint,
                composer=composer.name,
                composer_fingerprint=composer.fingerprint,
                threshold=calibration.threshold,
            ),
            judge=self._judge,
            gone=opened.gone,
        )


def ingest(
    settings: Settings,
    paths: Iterable[Path],
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
    embedder: EmbedderFactory = open_embedder,
    before_index: Callable[[], None] = lambda: None,
) -> IngestReport:
    """Reads papers into the store and updates the index; `rebuild` builds the whole index again.

    Where no paper can be read, neither the store nor the model is opened, which takes seconds; otherwise
    `before_index` is called first.
    """
    # Imported here because it takes 0.2 s, which answering does not need.
    from corpus.formats.scans.recognition import watched

    with ExitStack() as reading:
        reading.enter_context(watched(settings.cache_dir, progress=progress))
        failed, papers = until_first_paper(read_papers(paths, progress=progress))
        first = next(papers, None)
        if first is None and failed and not rebuild:
            return IngestReport(tuple(failed), None)
        before_index()
        with open_store(settings) as store:
            add_starting_papers(settings, store, progress=progress)
            taken = store_papers(store, chain([] if first is None else [first], papers))
            store.facts.complete(progress=progress)
            files = with_effects(taken, catalogue_of(settings, store, today=date.today()))
            reading.close()  # the recognised pages of scans are stored with their papers
            try:
                index = update_index(settings, store, rebuild=rebuild, progress=progress, embedder=embedder)
            except NotIndexed as error:
                return IngestReport((*failed, *files), None, error)
    return IngestReport((*failed, *files), index)


def update_index(
    settings: Settings,
    store: Store,
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
    embedder: EmbedderFactory = open_embedder,
) -> Indexed:
    """Brings the index up to date with the store. Raises NotIndexed where that fails."""
    try:
        model = embedder(settings, progress)
        opened = _build(settings, store, model, engine_of(settings), progress=progress, rebuild=rebuild)
    except (ZhengwenError, OSError) as error:
        raise NotIndexed(error) from error
    return Indexed(opened.number, opened.manifest.chunks)


def _build(
    settings: Settings,
    store: Store,
    model: Embedder,
    engine: IndexEngine,
    *,
    progress: Progress | None,
    rebuild: bool,
    in_use: Callable[[Store], Mapping[str, str]] = Store.in_use,
) -> OpenIndex:
    known = vectors_ahead(settings, fingerprint=model.fingerprint, dimension=model.dimension).opened()
    opened = engine.build(
        store,
        embedder=model if rebuild or not len(known) else AheadEmbedder(model, known),
        chunking=chunking_of(settings),
        calibration=(_set(settings) or packaged()).model_dump(mode="json"),
        rebuild=rebuild,
        progress=progress,
        in_use=in_use,
    )
    known.forget()  # the index has those that it needs
    return opened


def vectors_ahead(settings: Settings, *, fingerprint: str, dimension: int) -> VectorCache:
    """Vectors of papers that are not indexed yet, which the workers of a bulk ingest have computed."""
    return VectorCache(settings.data_dir / "bulk" / "vectors", fingerprint=fingerprint, dimension=dimension)


def known_vectors(settings: Settings, store: Store, model: Embedder) -> KnownVectors:
    """Finds the vectors of the stored papers that are in the index, if it is one of files and up to date."""
    try:
        index = engine_of(settings).open(
            store,
            fingerprint=model.fingerprint,
            corpus_hash=store.corpus_hash(),
            chunking=chunking_of(settings),
        )
    except IndexFault:
        return lambda _: {}
    return VectorsOfIndex(index).find


def _set(settings: Settings) -> Calibration | None:
    """Returns the calibration in the configured file, or None without one."""
    file = settings.answer.calibration
    return read_calibration(Path(file)) if file else None


def _in_force(settings: Settings, index: OpenIndex, *, ranking: Ranking) -> Calibration:
    """Returns the configured calibration, or else the index's, with the configured threshold if any.

    One that was fitted with another ranking applies with a warning: an error would prevent fitting another.
    """
    found = _set(settings) or stored_calibration(index.manifest.calibration)
    if not found.is_for(ranking.fingerprint):
        _log.warning(
            "The calibration in %s was fitted with another ranking (%s, in use is %s), so that questions may "
            "be refused or answered wrongly. Fit one with `python -m evals.calibrate`, or take that of the "
            "program with `zhengwen ingest --rebuild` and without ZHENGWEN_ANSWER__CALIBRATION",
            settings.answer.calibration or "the index",
            found.ranking,
            ranking.fingerprint,
        )
    threshold = settings.answer.threshold
    return found if threshold is None else found.model_copy(update={"threshold": threshold})


def _decides(calibration: Calibration, judge: Judge | None) -> str:
    """Returns a digest of all that decides between answer, correction and refusal."""
    if judge is None:
        return calibration.fingerprint
    both = f"{calibration.fingerprint}:{judge.fingerprint}"
    return hashlib.sha256(both.encode()).hexdigest()[: len(calibration.fingerprint)]


def index_folder(settings: Settings) -> Path:
    """The folder that contains the generations of the index."""
    return settings.data_dir / "index"


def engine_of(settings: Settings) -> IndexEngine:
    """The engine that keeps the index. Raises IndexFault where it cannot be used."""
    search = settings.search
    match search.engine:
        case "embedded":
            return EmbeddedEngine(index_folder(settings))
        case "postgres":
            # Imported here because the embedded engine needs none of it.
            from index.postgres.engine import PostgresEngine

            return PostgresEngine(settings.store_url)
        case "milvus":
            # Imported here because the embedded engine needs none of it.
            from index.milvus.engine import MilvusEngine

            return MilvusEngine(
                search.milvus_uri,
                token=search.milvus_token.get_secret_value(),
                prefix=search.milvus_prefix,
                index_type=search.milvus_index,
                store_url=settings.store_url,
                folder=index_folder(settings),
            )


def chunking_of(settings: Settings) -> Chunking:
    return Chunking(size=settings.chunk.size, overlap=settings.chunk.overlap)
