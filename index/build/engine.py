"""Interfaces of an engine: where the index is kept, how it follows the papers, and how it is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import JsonValue

from corpus.progress import Progress
from corpus.store.papers import Store
from corpus.store.upkeep.verification import Fault
from index.build.manifest import Chunking, Manifest
from index.model import Embedder, Fusion, Searcher, TermStatistics


@dataclass(frozen=True, slots=True)
class Behind:
    """The index is of earlier papers, or not there: no fault, as the next start brings it up to date."""

    papers: tuple[str, ...]  # stored or changed since; none if papers were only removed or conflicts decided


class OpenIndex(Protocol):
    """An intact index that matches the papers, the model and the settings it was opened for."""

    @property
    def number(self) -> int:
        """Increases with every change of the papers that are searched."""
        ...

    @property
    def manifest(self) -> Manifest:
        """What the index was built from."""
        ...

    @property
    def terms(self) -> TermStatistics: ...

    def searcher(self, fusion: Fusion) -> Searcher: ...

    def gone(self) -> frozenset[str]:
        """Papers that were withdrawn or removed since, for what is answered without a search.

        Asked before every answer. None of an engine that several servers do not share the papers with: there
        the index follows at once. Raises IndexFault.
        """
        ...


class IndexEngine(Protocol):
    """Keeps the index of the stored papers. Which one is used is a setting (`rag.assemble.engine_of`)."""

    def open(self, store: Store, *, fingerprint: str, corpus_hash: str, chunking: Chunking) -> OpenIndex:
        """Opens the index of the papers with that hash, as embedded by the model with that fingerprint.

        Raises IndexMissing, IndexVersion, IndexDamaged or IndexStale, each with its cure.
        """
        ...

    def build(
        self,
        store: Store,
        *,
        embedder: Embedder,
        chunking: Chunking,
        calibration: Mapping[str, JsonValue],
        rebuild: bool = False,
        progress: Progress | None = None,
        in_use: Callable[[Store], Mapping[str, str]] = Store.in_use,
    ) -> OpenIndex:
        """Brings the index up to date with the store and opens it; `rebuild` computes all vectors again.

        It has the papers in use when the build begins; those that others store meanwhile wait for the next.
        `calibration` is saved with an index that is built; one that is up to date keeps its own. `in_use`
        returns what `Store.in_use` does, for those who know it without reading all papers. Of two processes
        that build at once the second waits. Raises IndexFault.
        """
        ...

    def in_use(self) -> str:
        """Names the index in use: its number, and after a blank what else tells it from others.

        Empty without an index. Called every second, to see whether another one is in use. Raises IndexFault
        or StoreError where that cannot be told.
        """
        ...

    def forget_deleted(self) -> None:
        """Deletes what is left of papers that were deleted from the store. Raises IndexFault."""
        ...

    def verify(self, store: Store, *, progress: Progress | None = None) -> Iterator[Fault | Behind]:
        """Yields what is wrong with the index, against the papers in both directions. Needs no model."""
        ...
