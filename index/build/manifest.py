"""Manifest of an index generation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from pydantic import BaseModel, ConfigDict, JsonValue

# Increase it when the files, or the results of `index.terms.tokenize` and `index.search.lexical`, change
# their meaning.
FORMAT = 3
# Increase it when `index.build.chunks` splits differently or adds another context.
_CHUNKER = 1
# Key of the sentences in the store; increase it when `index.build.chunks` makes other sentences or contexts.
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
    """Content of manifest.json of a generation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    program: str  # version of zhengwen that built it
    fingerprint: str  # of the embedding model
    dimension: int
    chunking: str  # Chunking.key
    corpus_hash: str  # Store.corpus_hash()
    documents: int
    chunks: int
    chunks_hash: str  # of the chunks in row order
    sentences: int
    sentences_hash: str  # of the sentences in row order
    # Parameters of the confidence; the index does not read it.
    calibration: dict[str, JsonValue] = {}
    files: dict[str, str]  # path in the generation → SHA-256


@cache
def program_version() -> str:
    return version("zhengwen")
