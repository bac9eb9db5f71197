"""Builds the search index of the stored papers: embeds what is new, writes segments and a generation."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from corpus.errors import DamagedDocument
from corpus.model import Document
from corpus.progress import Progress
from corpus.store.papers import Store
from index.build.earlier_vectors import EarlierVectors
from index.build.generation import Generation, OpenSegments, open_generation, write_generation
from index.build.locking import WAIT_S, locked, unwritable
from index.build.manifest import FORMAT, Chunking, GenerationManifest, SegmentUse, program_version
from index.build.starting_vectors import shipped
from index.build.writing.collecting import SMALL, Collection
from index.build.writing.merging import About
from index.errors import IndexDamaged, IndexMissing, IndexStale, IndexVersion
from index.model import Embedder, Vectors

_log = logging.getLogger("zhengwen.index")
_ROWS = 4096  # chunks of a segment that is written while a longer build goes on


def build(
    store: Store,
    folder: Path,
    *,
    embedder: Embedder,
    chunking: Chunking,
    calibration: Mapping[str, JsonValue],
    rebuild: bool = False,
    progress: Progress | None = None,
    wait_s: float = WAIT_S,
    opened: OpenSegments | None = None,
    small: int = SMALL,
    in_use: Callable[[Store], Mapping[str, str]] = Store.in_use,
) -> Generation:
    """Brings the index in `folder` up to date with the store and opens it.

    Only new texts are embedded; `rebuild` embeds all of them again. `calibration` is saved with a generation
    that is built; an up-to-date generation keeps its own. What was embedded is not lost when the process is
    killed. Of two processes that build at once the second waits and uses what the first has built; it raises
    IndexFault after `wait_s` seconds. Raises IndexFault when the folder is not writable. Segments of up to
    `small` chunks are merged into one. `in_use` is asked once nobody else builds.
    """
    with locked(folder, wait_s):
        return _Build(
            store, folder, embedder, chunking, calibration, {} if opened is None else opened, progress, small
        ).run(in_use(store), rebuild=rebuild)


@dataclass(frozen=True, slots=True)
class _Build:
    store: Store
    folder: Path
    embedder: Embedder
    chunking: Chunking
    calibration: Mapping[str, JsonValue]
    opened: OpenSegments
    progress: Progress | None
    small: int

    def run(self, wanted: Mapping[str, str], *, rebuild: bool) -> Generation:
        trusted = True
        corpus_hash = self.store.corpus_hash(wanted)
        if not rebuild:
            try:
                return self._open(corpus_hash)
            except (IndexStale, IndexVersion):
                pass  # building again cures each of them
            except (IndexMissing, IndexDamaged):
                trusted = False
        collection = Collection(self.folder / "segments", self._about(), self.opened)
        if not rebuild:
            collection.find(wanted, trusted=trusted)
        earlier = EarlierVectors(self.store.database)
        self._add(collection, wanted, None if rebuild else earlier)
        manifest = self._manifest(collection, corpus_hash, documents=len(wanted))
        with self._writing():
            write_generation(self.folder, manifest)
        earlier.drop()
        return self._open(corpus_hash)

    def _open(self, corpus_hash: str) -> Generation:
        return open_generation(
            self.folder,
            fingerprint=self.embedder.fingerprint,
            corpus_hash=corpus_hash,
            chunking=self.chunking,
            opened=self.opened,
        )

    def _about(self) -> About:
        return About(FORMAT, self.embedder.fingerprint, self.embedder.dimension, self.chunking.key)

    def _add(self, collection: Collection, wanted: Mapping[str, str], earlier: EarlierVectors | None) -> None:
        """Embeds papers that are in no segment, and writes what is small into one segment."""
        # Imported here because langchain takes 0.3 s, which a start with a finished index does not need.
        from index.build.pieces import PAPERS_AT_ONCE, embedded_papers

        absent = [(one, content) for one, content in wanted.items() if one not in collection]
        done = 0

        def known(hashes: Sequence[str]) -> Mapping[str, Vectors]:
            return {} if earlier is None else self._known(collection, earlier, hashes)

        def report(step: int, of: int, what: str) -> None:
            if self.progress is not None:
                group = min(PAPERS_AT_ONCE, len(absent) - done)
                self.progress(100 * done + 100 * group * step // of, 100 * len(absent), what)

        papers = embedded_papers(
            self._documents(absent),
            embedder=self.embedder,
            chunking=self.chunking,
            known=known,
            progress=report,
        )
        for paper in papers:
            done += 1
            if self.progress is not None:
                self.progress(100 * done, 100 * len(absent), "indexing")
            if collection.add(paper) >= _ROWS:
                with self._writing():
                    collection.write()
        with self._writing():
            collection.write(absorb=self.small)

    def _documents(self, papers: Sequence[tuple[str, str]]) -> Iterator[tuple[Document, str]]:
        """Reads the papers; a damaged one is left out: the others must not wait for its repair."""
        for document_id, content in papers:
            try:
                yield self.store.document(document_id), content
            except DamagedDocument as error:
                _log.error("%s is not indexed: %s", document_id, error)

    def _known(
        self, collection: Collection, earlier: EarlierVectors, hashes: Sequence[str]
    ) -> Mapping[str, Vectors]:
        found = dict(collection.vectors(hashes))
        absent = [one for one in hashes if one not in found]
        found |= dict(earlier.find(self.embedder.fingerprint, absent, self.embedder.dimension))
        if any(one not in found for one in absent):
            with_program = shipped(self.embedder.fingerprint)
            found |= {one: with_program[one] for one in absent if one in with_program and one not in found}
        return found

    def _manifest(self, collection: Collection, corpus_hash: str, *, documents: int) -> GenerationManifest:
        return GenerationManifest(
            format=FORMAT,
            program=program_version(),
            fingerprint=self.embedder.fingerprint,
            dimension=self.embedder.dimension,
            chunking=self.chunking.key,
            corpus_hash=corpus_hash,
            documents=documents,
            chunks=collection.chunks,
            sentences=collection.sentences,
            calibration=dict(self.calibration),
            segments=tuple(SegmentUse(name=one.segment.name, unused=one.unused) for one in collection.used()),
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise unwritable(self.folder, error) from error
