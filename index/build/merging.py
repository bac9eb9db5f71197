"""Merges the segments of the index, so that a search reads few of them and none that is mostly unused."""

from __future__ import annotations

import logging
import math
import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from index.build.generation import OpenSegments, read_manifest, remove_earlier, write_generation
from index.build.locking import locked, unwritable
from index.build.manifest import GenerationManifest, SegmentUse
from index.build.writing.collecting import SMALL
from index.build.writing.merging import About, Part, write_segment
from index.errors import IndexFault
from index.segments.files import open_segment, read_info
from index.segments.layout import CHUNK_LISTS

_log = logging.getLogger("zhengwen.index")
_MERGING = "merging"  # folder of what is not yet a segment of the index


@dataclass(frozen=True, slots=True)
class Limits:
    """When segments are merged; rows are chunks."""

    small: int = SMALL  # rows that every build merges by itself
    together: int = (
        4  # segments of about the same size that are merged; the next size is as many times larger
    )
    used: float = 2 / 3  # share of the rows in use below which a segment is written again
    lists_from: int = 50_000  # rows of an index whose larger segments get lists; fewer are compared in 40 ms
    lists_in: int = 8_000  # rows of a segment with lists, in such an index


@dataclass(frozen=True, slots=True)
class Size:
    """Rows of a segment."""

    rows: int
    used: int
    has_lists: bool


def due(sizes: Sequence[Size], limits: Limits) -> list[int]:
    """The numbers of the segments to be merged next; none if they are few and mostly in use.

    Never a small one, which the next build replaces.
    """
    tiers = [_tier(size.used, limits) for size in sizes]
    full = [tier for tier in set(tiers) if tier >= 0 and tiers.count(tier) >= limits.together]
    if full:
        return [number for number, tier in enumerate(tiers) if 0 <= tier <= max(full)]
    for number, size in enumerate(sizes):
        if size.rows >= limits.small and size.used < limits.used * size.rows:
            return [number]
    if sum(size.used for size in sizes) < limits.lists_from:
        return []
    plain = [size.used for size in sizes if size.used >= limits.lists_in and not size.has_lists]
    return [n for n, size in enumerate(sizes) if plain and limits.small <= size.used <= max(plain)]


def _tier(used: int, limits: Limits) -> int:
    """-1 for a small segment; 0, 1, 2… for those each `together` times larger than the one before."""
    return math.floor(math.log(used / limits.small, limits.together)) if used >= limits.small else -1


def rows_due(folder: Path, limits: Limits | None = None, *, opened: OpenSegments | None = None) -> int:
    """The rows that are to be merged; 0 if nothing is due. Reads nothing of segments in `opened`."""
    _, manifest = read_manifest(folder)
    sizes = _sizes(folder, manifest, opened or {})
    return sum(sizes[number].used for number in due(sizes, limits or Limits()))


def merge_all(folder: Path, limits: Limits | None = None) -> None:
    """Merges what is due, while others search, and build. Faults are logged: the next build tries again."""
    try:
        with FileLock(folder / "merging.lock", timeout=0):
            while _merge_once(folder, limits or Limits()):
                pass
    except Timeout:
        return  # another process does it
    except IndexFault as error:
        _log.error("segments of the index are not merged: %s", error)
    except OSError as error:
        _log.error("segments of the index are not merged: %s", unwritable(folder, error))


def _merge_once(folder: Path, limits: Limits) -> bool:
    """Merges one group of segments; returns whether there may be another."""
    aside = folder / _MERGING
    shutil.rmtree(aside, ignore_errors=True)
    _, manifest = read_manifest(folder)
    sizes = _sizes(folder, manifest, {})
    group = due(sizes, limits)
    if not group:
        return False
    total, rows = sum(size.used for size in sizes), sum(sizes[number].used for number in group)
    uses = [manifest.segments[number] for number in group]
    has_lists = total >= limits.lists_from and rows >= limits.lists_in
    name = _written(folder, aside, uses, manifest, lists=has_lists) if rows else ""
    with locked(folder):
        _, current = read_manifest(folder)
        gone = {use.name for use in uses} - {use.name for use in current.segments}
        if gone or current.fingerprint != manifest.fingerprint or current.chunking != manifest.chunking:
            shutil.rmtree(aside, ignore_errors=True)
            return False  # the index was built anew, or rows were deleted
        _replace(folder, current, {use.name for use in uses}, name, aside)
    return True


def _sizes(folder: Path, manifest: GenerationManifest, opened: OpenSegments) -> list[Size]:
    found = []
    for use in manifest.segments:
        segment = opened.get(use.name)
        if segment is None:
            info = read_info(folder / "segments" / use.name)
            sizes, has_lists = np.array(info.rows, dtype=np.int64), CHUNK_LISTS in info.lists
        else:
            sizes, has_lists = np.diff(segment.paper_starts), segment.chunk_lists is not None
        rows, unused = int(sizes.sum()), int(sizes[list(use.unused)].sum())
        found.append(Size(rows, rows - unused, has_lists))
    return found


def _written(
    folder: Path, target: Path, uses: Sequence[SegmentUse], manifest: GenerationManifest, *, lists: bool
) -> str:
    """Writes the papers in use of some segments as one into the folder `target`."""
    parts = []
    for use in uses:
        segment, _ = open_segment(folder / "segments" / use.name)
        unused = set(use.unused)
        parts.append(Part(segment, [one for one in range(len(segment.papers)) if one not in unused]))
    about = About(manifest.format, manifest.fingerprint, manifest.dimension, manifest.chunking)
    return write_segment(target, parts, about, lists=lists)


def _replace(
    folder: Path, current: GenerationManifest, names: Collection[str], merged: str, aside: Path
) -> None:
    """Writes a generation with the merged segment in place of others, of which papers may have gone since."""
    kept = [use for use in current.segments if use.name not in names]
    if merged:
        in_use = {
            paper
            for use in current.segments
            if use.name in names
            for number, paper in enumerate(read_info(folder / "segments" / use.name).papers)
            if number not in set(use.unused)
        }
        papers = read_info(aside / merged).papers
        if not (folder / "segments" / merged).exists():
            (aside / merged).rename(folder / "segments" / merged)
        unused = tuple(number for number, paper in enumerate(papers) if paper not in in_use)
        kept.append(SegmentUse(name=merged, unused=unused))
    segments = tuple(sorted(kept, key=lambda use: use.name))
    write_generation(folder, current.model_copy(update={"segments": segments}))
    shutil.rmtree(aside, ignore_errors=True)


def forget_unused(folder: Path) -> None:
    """Deletes what is left of papers that are not in use: earlier generations, and their rows in segments.

    A large segment takes minutes. Raises IndexFault.
    """
    try:
        with locked(folder):
            _, manifest = read_manifest(folder)
            kept = [use for use in manifest.segments if not use.unused]
            for use in manifest.segments:
                if use.unused:
                    lists = bool(read_info(folder / "segments" / use.name).lists)
                    name = _written(folder, folder / "segments", [use], manifest, lists=lists)
                    kept.append(SegmentUse(name=name, unused=()))
            if any(use.unused for use in manifest.segments):
                segments = tuple(sorted(kept, key=lambda use: use.name))
                write_generation(folder, manifest.model_copy(update={"segments": segments}))
            remove_earlier(folder)
            shutil.rmtree(folder / _MERGING, ignore_errors=True)
    except OSError as error:
        raise unwritable(folder, error) from error
