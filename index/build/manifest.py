"""Manifest of an index generation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from pydantic import BaseModel, ConfigDict, JsonValue

# Increase it when the files, or the results of `index.terms` and `index.segments.bm25`, change their meaning.
FORMAT = 4
# Increase it when `index.build.chunks` splits differently or adds another context, also to sentences.
_CHUNKER = 1
# Key of the sentences in a database; increase it, and the number above, when other sentences are made.
SENTENCES = "sentences:1"


@dataclass(frozen=True, slots=True)
class Chunking:
    """How clauses are split; lengths in characters."""

    size: int = 600
    overlap: int = 0

    @property
    def key(self) -> str:
        """Identifies the settings and the version of the splitting program."""
        return f"{_CHUNKER}:{self.size}:{self.overlap}"


class Manifest(BaseModel):
    """What an index was built from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    program: str  # version of zhengwen that built it
    fingerprint: str  # of the embedding model
    dimension: int
    chunking: str  # Chunking.key
    corpus_hash: str  # Store.corpus_hash()
    documents: int
    chunks: int
    chunks_hash: str = ""  # of what is indexed, where an engine keeps it in a database
    sentences: int
    # Parameters of the confidence; the index does not read it.
    calibration: dict[str, JsonValue] = {}


class SegmentUse(BaseModel):
    """A segment of a generation, and the papers of it that are in use."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str  # of its folder: the digest of what is in it
    unused: tuple[int, ...]  # numbers of its papers that were replaced, withdrawn or deleted


class GenerationManifest(Manifest):
    """Content of manifest.json of a generation of the embedded engine."""

    segments: tuple[SegmentUse, ...]


@cache
def program_version() -> str:
    return version("zhengwen")
