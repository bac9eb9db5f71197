"""Generations of the index on the disk: written to a new folder, activated atomically, verified on opening.

index/
  CURRENT                    number of the generation in use, and the SHA-256 of its manifest
  lock
  generations/000002/        manifest.json, vectors.faiss, sentences.faiss, words/
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from index.build import atomic_files as files
from index.build.chunk_store import ChunkStore, Stored
from index.build.manifest import FORMAT, SENTENCES, Chunking, Manifest
from index.errors import IndexBehind, IndexDamaged, IndexMissing, IndexStale, IndexVersion
from index.model import ChunkPlace, Fusion, Searcher, TermStatistics
from index.search.dense import DenseIndex
from index.search.flat import FlatSearcher
from index.search.lexical import LexicalIndex
from index.search.sentences import SentenceIndex

_CURE = "Run `zhengwen ingest --rebuild`"
_VECTORS, _SENTENCES = VECTOR_FILES = ("vectors.faiss", "sentences.faiss")
_WORDS, _MANIFEST = "words", "manifest.json"
_NUMBER = re.compile(r"\d{6,}")  # 000002
# 000002 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
_CURRENT = re.compile(r"(\d{6,}) ([0-9a-f]{64})\n")
_KEPT = 2  # generations: a process that has just read CURRENT can still open the previous one


@dataclass(frozen=True, slots=True)
class Generation:
    """An intact index that matches the papers, the model and the settings it was opened for."""

    number: int
    manifest: Manifest
    chunks: tuple[ChunkPlace, ...]  # in row order
    dense: DenseIndex
    lexical: LexicalIndex
    sentences: SentenceIndex

    @property
    def terms(self) -> TermStatistics:
        return self.lexical

    def searcher(self, fusion: Fusion) -> Searcher:
        return FlatSearcher(
            self.chunks, dense=self.dense, lexical=self.lexical, sentences=self.sentences, fusion=fusion
        )


def open_generation(
    folder: Path, store: ChunkStore, *, fingerprint: str, corpus_hash: str, chunking: Chunking
) -> Generation:
    """Opens the index in `folder` and verifies the digest of every file.

    Raises IndexMissing when nothing was built, IndexVersion when another version of the program built it,
    IndexDamaged when a file was altered, IndexStale when papers, model or settings differ.
    """
    number, manifest = read_manifest(folder)
    path = folder / "generations" / number
    _check_fresh(manifest, fingerprint=fingerprint, corpus_hash=corpus_hash, chunking=chunking)
    contents = {name: _checked(path / name, digest) for name, digest in manifest.files.items()}
    stored, sentences = store.places(chunking.key), store.places(SENTENCES)
    if (chunks_hash(stored), chunks_hash(sentences)) != (manifest.chunks_hash, manifest.sentences_hash):
        # The same papers give the same chunks: those in the database were altered.
        raise IndexDamaged(f"the index in {str(folder)!r} was built from other chunks. {_CURE}")
    # The bytes that were checked, not the files once more: they may have been replaced since.
    words = {Path(name).name: data for name, data in contents.items() if name.startswith(f"{_WORDS}/")}
    chunks = tuple(item.chunk for item in stored)
    return Generation(
        number=int(number),
        manifest=manifest,
        chunks=chunks,
        dense=DenseIndex.from_bytes(contents[_VECTORS]),
        lexical=LexicalIndex.load(words, size=manifest.chunks),
        sentences=SentenceIndex(
            [item.chunk for item in sentences], DenseIndex.from_bytes(contents[_SENTENCES]), chunks=chunks
        ),
    )


def write_generation(
    folder: Path, manifest: Manifest, *, dense: DenseIndex, sentences: DenseIndex, lexical: LexicalIndex
) -> None:
    """Writes the next generation and activates it. Only one process may do so at a time.

    `manifest.files` is filled in here. After an interruption the previous generation stays in use.
    """
    generations = folder / "generations"
    generations.mkdir(parents=True, exist_ok=True)
    _remove_unfinished(generations)
    number = f"{max(_numbers(generations), default=0) + 1:06d}"
    aside = generations / f"{number}.unfinished"
    (aside / _WORDS).mkdir(parents=True)
    files.write(aside / _VECTORS, dense.to_bytes())
    files.write(aside / _SENTENCES, sentences.to_bytes())
    lexical.save(aside / _WORDS)
    names = sorted(p.relative_to(aside).as_posix() for p in aside.rglob("*") if p.is_file())
    digests = {name: files.sha256((aside / name).read_bytes()) for name in names}
    data = manifest.model_copy(update={"files": digests}).model_dump_json(indent=1).encode()
    files.write(aside / _MANIFEST, data)
    files.sync_tree(aside)
    aside.rename(generations / number)
    files.sync_folder(generations)
    files.replace(folder / "CURRENT", f"{number} {files.sha256(data)}\n".encode())
    for old in sorted(_numbers(generations))[:-_KEPT]:
        _remove(generations / f"{old:06d}")


def remove_earlier(folder: Path) -> None:
    """Deletes all generations but the one in use, as they contain words of deleted papers."""
    number, _ = _read_current(folder)
    generations = folder / "generations"
    _remove_unfinished(generations)
    for old in _numbers(generations):
        if old != int(number):
            _remove(generations / f"{old:06d}")
    files.sync_folder(generations)


def chunks_hash(chunks: Sequence[Stored[ChunkPlace]]) -> str:
    """Digest of the chunks, their places and their order."""
    lines = (f"{c.chunk.clause_key}\0{c.chunk.start}\0{c.chunk.end}\0{c.embedded_sha256}\n" for c in chunks)
    return files.sha256("".join(lines).encode())


def read_manifest(folder: Path) -> tuple[str, Manifest]:
    """The number of the generation in use, as its folder is called, and its manifest.

    Raises IndexMissing, IndexVersion and IndexDamaged as `open_generation` does.
    """
    number, digest = _read_current(folder)
    return number, _read_manifest(folder / "generations" / number, digest)


def _read_current(folder: Path) -> tuple[str, str]:
    path = folder / "CURRENT"
    try:
        found = _CURRENT.fullmatch(path.read_text("ascii"))
    except FileNotFoundError:
        raise IndexMissing(f"no index in {str(folder)!r}. {_CURE}") from None
    except OSError as error:
        raise IndexDamaged(f"{str(path)!r} cannot be read: {error.strerror}. {_CURE}") from error
    except UnicodeDecodeError:
        found = None
    if found is None:
        raise IndexDamaged(f"{str(path)!r} is damaged. {_CURE}")
    return found[1], found[2]


def _read_manifest(path: Path, digest: str) -> Manifest:
    data = _read(path / _MANIFEST)
    try:
        # The format first: a manifest of another version may lack fields of this version.
        written = json.loads(data)
        found = written.get("format") if isinstance(written, dict) else None
        if isinstance(found, int) and found != FORMAT:
            raise IndexVersion(f"the index has format {found}, this version reads {FORMAT}. {_CURE}")
        if files.sha256(data) != digest:
            raise IndexDamaged(f"{str(path / _MANIFEST)!r} was altered. {_CURE}")
        return Manifest.model_validate(written)
    except (UnicodeDecodeError, json.JSONDecodeError, ValidationError) as error:
        raise IndexDamaged(f"{str(path / _MANIFEST)!r} is damaged. {_CURE}") from error


def _check_fresh(manifest: Manifest, *, fingerprint: str, corpus_hash: str, chunking: Chunking) -> None:
    if manifest.fingerprint != fingerprint:
        reason = f"it was built with the model {manifest.fingerprint!r}, and {fingerprint!r} is set"
    elif manifest.chunking != chunking.key:
        reason = f"it was built with the chunk settings {manifest.chunking}, and {chunking.key} is set"
    elif manifest.corpus_hash != corpus_hash:
        raise IndexBehind(f"the index is out of date: papers were stored or removed since. {_CURE}")
    else:
        return
    raise IndexStale(f"the index is out of date: {reason}. {_CURE}")


def _checked(path: Path, digest: str) -> bytes:
    data = _read(path)
    if files.sha256(data) != digest:
        raise IndexDamaged(f"{str(path)!r} is truncated or altered. {_CURE}")
    return data


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise IndexDamaged(f"{str(path)!r} cannot be read: {error.strerror}. {_CURE}") from error


def _numbers(generations: Path) -> list[int]:
    return [int(p.name) for p in generations.iterdir() if _NUMBER.fullmatch(p.name) and p.is_dir()]


def _remove(path: Path) -> None:
    """Deletes a generation; what an interruption leaves of it is not taken for one."""
    shutil.rmtree(path.rename(path.with_name(f"{path.name}.unfinished")))


def _remove_unfinished(generations: Path) -> None:
    for path in generations.glob("*.unfinished"):
        shutil.rmtree(path)
