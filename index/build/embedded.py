"""The engine of one machine: generations of the index in a folder, opened by each process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import JsonValue

from corpus.progress import Progress
from corpus.store.papers import Store
from corpus.store.upkeep.verification import Fault
from index.build.builder import build
from index.build.chunk_store import ChunkStore
from index.build.engine import Behind
from index.build.generation import Generation, open_generation, remove_earlier
from index.build.manifest import Chunking
from index.build.verification import verify_index
from index.model import Embedder


class EmbeddedEngine:
    """An `IndexEngine` whose files are in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self, store: Store, *, fingerprint: str, corpus_hash: str, chunking: Chunking) -> Generation:
        """Opens the generation in use as `open_generation` does."""
        return open_generation(
            self.folder,
            ChunkStore(store.database),
            fingerprint=fingerprint,
            corpus_hash=corpus_hash,
            chunking=chunking,
        )

    def build(
        self,
        store: Store,
        *,
        embedder: Embedder,
        chunking: Chunking,
        calibration: Mapping[str, JsonValue],
        rebuild: bool = False,
        progress: Progress | None = None,
    ) -> Generation:
        """Writes a new generation where the papers have changed, as `index.build.builder.build` does."""
        return build(
            store,
            self.folder,
            embedder=embedder,
            chunking=chunking,
            calibration=calibration,
            rebuild=rebuild,
            progress=progress,
        )

    def in_use(self) -> str:
        """The content of the file that names the generation in use; empty when it cannot be read."""
        try:
            return (self.folder / "CURRENT").read_text("ascii")
        except (OSError, ValueError):
            return ""

    def forget_deleted(self) -> None:
        """Deletes the generations before the one in use: they contain words of deleted papers."""
        remove_earlier(self.folder)

    def verify(self, store: Store, *, progress: Progress | None = None) -> Iterator[Fault | Behind]:
        """Yields the faults that `index.build.verification.verify_index` finds."""
        return verify_index(store, self.folder, progress=progress)
