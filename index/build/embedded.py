"""The engine of one machine: generations of the index in a folder, opened by each process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Thread

from pydantic import JsonValue

from corpus.progress import Progress
from corpus.store.papers import Store
from corpus.store.upkeep.verification import Fault
from index.build import merging
from index.build.builder import build
from index.build.engine import Behind
from index.build.generation import Generation, OpenSegments, open_generation
from index.build.manifest import Chunking
from index.build.verification import verify_index
from index.model import Embedder

_AT_ONCE = 20_000  # rows that are merged before a build returns, in about a second


class EmbeddedEngine:
    """An `IndexEngine` whose files are in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # The generation that was opened last, and its segments: the next one has most of them, too.
        self._last: Generation | None = None
        self._opened: OpenSegments = {}

    def open(self, store: Store, *, fingerprint: str, corpus_hash: str, chunking: Chunking) -> Generation:
        """Opens the generation in use as `open_generation` does."""
        self._last = open_generation(
            self.folder,
            fingerprint=fingerprint,
            corpus_hash=corpus_hash,
            chunking=chunking,
            opened=self._opened,
            last=self._last,
        )
        return self._last

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
    ) -> Generation:
        """Writes a new generation where the papers have changed, as `index.build.builder.build` does.

        Then merges segments where there are many; a large merge goes on in a thread, for which the program
        waits at its end.
        """
        built = self._last = build(
            store,
            self.folder,
            embedder=embedder,
            chunking=chunking,
            calibration=calibration,
            rebuild=rebuild,
            progress=progress,
            opened=self._opened,
            in_use=in_use,
        )
        if rows := merging.rows_due(self.folder, opened=self._opened):
            if rows <= _AT_ONCE:
                merging.merge_all(self.folder)
            else:
                Thread(target=merging.merge_all, args=(self.folder,), name="merge").start()
        return built

    def in_use(self) -> str:
        """The content of the file that names the generation in use; empty when it cannot be read."""
        try:
            return (self.folder / "CURRENT").read_text("ascii")
        except (OSError, ValueError):
            return ""

    def forget_deleted(self) -> None:
        """Deletes earlier generations, and writes segments with papers that are not in use without them."""
        merging.forget_unused(self.folder)

    def verify(self, store: Store, *, progress: Progress | None = None) -> Iterator[Fault | Behind]:
        """Yields the faults that `index.build.verification.verify_index` finds."""
        return verify_index(store, self.folder, progress=progress)
