"""Generations of the index on the disk: each names the segments it consists of, and is activated atomically.

index/
  CURRENT                    number of the generation in use, and the SHA-256 of its manifest
  lock
  generations/000002/        manifest.json
  segments/3f0c…/            see `index.segments.layout`
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from index.build import atomic_files as files
from index.build.manifest import FORMAT, Chunking, GenerationManifest
from index.errors import IndexBehind, IndexDamaged, IndexMissing, IndexStale, IndexVersion
from index.model import Fusion, Searcher, TermStatistics
from index.search.live import LiveRows
from index.search.segmented import SegmentSearcher
from index.search.words import Words
from index.segments.files import CURE, open_segment
from index.segments.segment import Segment

_MANIFEST = "manifest.json"
_NUMBER = re.compile(r"\d{6,}")  # 000002
# 000002 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
_CURRENT = re.compile(r"(\d{6,}) ([0-9a-f]{64})\n")
_KEPT = 2  # generations: a process that has just read CURRENT can still open the previous one
_TRIES = 3  # while other processes write generations

# Segments that are open, by name: those of the last generation serve the next one.
OpenSegments = dict[str, Segment]


@dataclass(frozen=True, slots=True)
class Generation:
    """An intact index that matches the papers, the model and the settings it was opened for."""

    number: int
    manifest: GenerationManifest
    rows: LiveRows
    words: Words

    @property
    def terms(self) -> TermStatistics:
        return self.words

    def gone(self) -> frozenset[str]:
        return frozenset()

    def searcher(self, fusion: Fusion) -> Searcher:
        return SegmentSearcher(self.rows, self.words, fusion=fusion)


def open_generation(
    folder: Path,
    *,
    fingerprint: str,
    corpus_hash: str,
    chunking: Chunking,
    opened: OpenSegments | None = None,
    last: Generation | None = None,
) -> Generation:
    """Opens the index in `folder` and verifies its files, but for large ones that only rank.

    Segments in `opened` are used as they are; afterwards it has those of this generation. `last` is returned
    where it still is the generation in use. Raises IndexMissing when nothing was built, IndexVersion when a
    later version of the program built it, IndexDamaged when a file was altered, IndexStale when papers, model
    or settings differ or an earlier version built it.
    """
    for _ in range(_TRIES - 1):
        current = _read_current(folder)
        try:
            return _opened(folder, fingerprint, corpus_hash, chunking, opened, last)
        except IndexDamaged:
            # Others may have removed what the generation named before consists of.
            if _read_current(folder) == current:
                raise
    return _opened(folder, fingerprint, corpus_hash, chunking, opened, last)


def _opened(
    folder: Path,
    fingerprint: str,
    corpus_hash: str,
    chunking: Chunking,
    opened: OpenSegments | None,
    last: Generation | None,
) -> Generation:
    number, manifest = read_manifest(folder)
    _check_fresh(manifest, fingerprint=fingerprint, corpus_hash=corpus_hash, chunking=chunking)
    if last is not None and (last.number, last.manifest) == (int(number), manifest):
        return last
    known = {} if opened is None else opened
    segments = [
        known.get(use.name) or open_segment(folder / "segments" / use.name)[0] for use in manifest.segments
    ]
    in_use = []
    for use, segment in zip(manifest.segments, segments, strict=True):
        unused = set(use.unused)
        in_use.append([one for one in range(len(segment.papers)) if one not in unused])
    rows = LiveRows(segments, in_use)
    if opened is not None:
        opened.clear()
        opened.update({segment.name: segment for segment in segments})
    return Generation(number=int(number), manifest=manifest, rows=rows, words=Words(rows))


def write_generation(folder: Path, manifest: GenerationManifest) -> None:
    """Writes the next generation and activates it. Only one process may do so at a time.

    Its segments are written. After an interruption the previous generation stays in use. Segments that none
    of the last generations has are deleted.
    """
    generations = folder / "generations"
    generations.mkdir(parents=True, exist_ok=True)
    _remove_unfinished(generations)
    number = f"{max(_numbers(generations), default=0) + 1:06d}"
    aside = generations / f"{number}.unfinished"
    aside.mkdir()
    data = manifest.model_dump_json(indent=1).encode()
    files.write(aside / _MANIFEST, data)
    files.sync_folder(aside)
    aside.rename(generations / number)
    files.sync_folder(generations)
    files.replace(folder / "CURRENT", f"{number} {files.sha256(data)}\n".encode())
    _keep_only(folder, sorted(_numbers(generations))[-_KEPT:])


def remove_earlier(folder: Path) -> None:
    """Deletes all generations but the one in use, and their segments."""
    number, _ = _read_current(folder)
    _keep_only(folder, [int(number)])
    files.sync_folder(folder / "generations")


def _keep_only(folder: Path, numbers: Collection[int]) -> None:
    """Deletes other generations, and segments that the ones kept do not have."""
    generations, segments = folder / "generations", folder / "segments"
    _remove_unfinished(generations)
    for old in _numbers(generations):
        if old not in numbers:
            _remove(generations / f"{old:06d}")
    kept = {name for number in numbers for name in _segments_of(generations / f"{number:06d}")}
    if segments.is_dir():
        _remove_unfinished(segments)
        for path in segments.iterdir():
            if path.is_dir() and path.name not in kept:
                _remove(path)


def _segments_of(generation: Path) -> Sequence[str]:
    """The names of the segments of a generation; none where its manifest is damaged or of another format."""
    try:
        manifest = GenerationManifest.model_validate_json((generation / _MANIFEST).read_bytes())
    except (OSError, ValidationError):
        return ()
    return [use.name for use in manifest.segments]


def read_manifest(folder: Path) -> tuple[str, GenerationManifest]:
    """The number of the generation in use, as its folder is called, and its manifest.

    Raises IndexMissing, IndexVersion, IndexBehind and IndexDamaged as `open_generation` does.
    """
    number, digest = _read_current(folder)
    return number, _read_manifest(folder / "generations" / number, digest)


def _read_current(folder: Path) -> tuple[str, str]:
    path = folder / "CURRENT"
    try:
        found = _CURRENT.fullmatch(path.read_text("ascii"))
    except FileNotFoundError:
        raise IndexMissing(f"no index in {str(folder)!r}. {CURE}") from None
    except OSError as error:
        raise IndexDamaged(f"{str(path)!r} cannot be read: {error.strerror}. {CURE}") from error
    except UnicodeDecodeError:
        found = None
    if found is None:
        raise IndexDamaged(f"{str(path)!r} is damaged. {CURE}")
    return found[1], found[2]


def _read_manifest(path: Path, digest: str) -> GenerationManifest:
    data = _read(path / _MANIFEST)
    try:
        # The format first: a manifest of another version may lack fields of this version.
        written = json.loads(data)
        found = written.get("format") if isinstance(written, dict) else None
        if isinstance(found, int) and found < FORMAT:
            raise IndexBehind(f"it has format {found} of an earlier version")
        if isinstance(found, int) and found != FORMAT:
            raise IndexVersion(f"the index has format {found}, this version reads {FORMAT}. {CURE}")
        if files.sha256(data) != digest:
            raise IndexDamaged(f"{str(path / _MANIFEST)!r} was altered. {CURE}")
        return GenerationManifest.model_validate_json(data)
    except (UnicodeDecodeError, json.JSONDecodeError, ValidationError) as error:
        raise IndexDamaged(f"{str(path / _MANIFEST)!r} is damaged. {CURE}") from error


def _check_fresh(
    manifest: GenerationManifest, *, fingerprint: str, corpus_hash: str, chunking: Chunking
) -> None:
    if manifest.fingerprint != fingerprint:
        reason = f"it was built with the model {manifest.fingerprint!r}, and {fingerprint!r} is set"
    elif manifest.chunking != chunking.key:
        reason = f"it was built with the chunk settings {manifest.chunking}, and {chunking.key} is set"
    elif manifest.corpus_hash != corpus_hash:
        raise IndexBehind
    else:
        return
    raise IndexStale(f"the index is out of date: {reason}. {CURE}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise IndexDamaged(f"{str(path)!r} cannot be read: {error.strerror}. {CURE}") from error


def _numbers(generations: Path) -> list[int]:
    return [int(p.name) for p in generations.iterdir() if _NUMBER.fullmatch(p.name) and p.is_dir()]


def _remove(path: Path) -> None:
    """Deletes a folder; what an interruption leaves of it is not taken for one."""
    shutil.rmtree(path.rename(path.with_name(f"{path.name}.unfinished")))


def _remove_unfinished(folder: Path) -> None:
    for path in folder.glob("*.unfinished"):
        shutil.rmtree(path)
