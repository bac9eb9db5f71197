"""Writes a segment from papers of others, in memory or mapped, with bounded memory."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.build import atomic_files
from index.build.writing.lists import write_lists
from index.search.bm25 import highest
from index.segments import layout
from index.segments.layout import DTYPES, INFO, NAME_LENGTH, VECTORS, WIDTHS, SegmentInfo, StoredArray
from index.segments.segment import Ints, Rows, Segment

_BLOCK = 1 << 22  # postings merged at a time
# A posting is sorted as one number: its term among those of a block, its row, its count.
_ROW_BITS, _COUNT_BITS = 28, 16
_TERMS_AT_ONCE = 1 << (64 - _ROW_BITS - _COUNT_BITS)
_END = 1 << 64  # behind every key
_COPIED = 64 << 20  # bytes copied at a time


@dataclass(frozen=True, slots=True)
class Part:
    """A segment and the papers to take from it, by number."""

    segment: Segment
    papers: Sequence[int]


@dataclass(frozen=True, slots=True)
class About:
    """What the segments of an index have in common."""

    format: int
    fingerprint: str
    dimension: int
    chunking: str


def write_segment(segments: Path, parts: Sequence[Part], about: About, *, lists: bool = False) -> str:
    """Writes a segment of the papers of all parts, ordered by id, and returns its name.

    `lists`: with lists for a fast search, which take longer than all the rest.

    No paper may be in two parts. The same papers make the same files, whatever segments they come from.
    """
    segments.mkdir(parents=True, exist_ok=True)
    aside = segments / f"{os.getpid()}.unfinished"
    if aside.exists():
        shutil.rmtree(aside)
    aside.mkdir()
    taken = sorted(
        (part.segment.papers[number], place, number)
        for place, part in enumerate(parts)
        for number in part.papers
    )
    plan = _Plan([part.segment for part in parts], [(place, number) for _, place, number in taken])
    with _Files(aside, dimension=about.dimension) as files:
        mean = _write_rows(files, plan)
        _write_postings(files, plan, mean)
        arrays = files.stored()
    info = SegmentInfo(
        format=about.format,
        fingerprint=about.fingerprint,
        dimension=about.dimension,
        chunking=about.chunking,
        papers=tuple(paper for paper, _, _ in taken),
        rows=tuple(last - first for first, last in plan.counts),
        mean_length=mean,
        arrays=arrays,
        lists=_write_lists(aside, arrays) if lists else {},
    )
    data = info.model_dump_json(indent=1).encode()
    (aside / INFO).write_bytes(data)
    return _put(aside, segments / hashlib.sha256(data).hexdigest()[:NAME_LENGTH])


def _put(aside: Path, path: Path) -> str:
    """Makes a written folder durable and gives it its name; one of that name may be damaged."""
    atomic_files.sync_tree(aside)
    if path.exists():
        old = path.with_name(f"{path.name}.unfinished")
        path.rename(old)
        aside.rename(path)
        shutil.rmtree(old)
    else:
        aside.rename(path)
    atomic_files.sync_folder(path.parent)
    return path.name


def _write_lists(folder: Path, arrays: Mapping[str, StoredArray]) -> dict[str, str]:
    digests = {}
    for name, vectors in zip(layout.LISTS, layout.VECTORS, strict=True):
        stored = arrays[vectors]
        rows = np.memmap(folder / vectors, dtype=stored.dtype, mode="r", shape=stored.shape)
        write_lists(folder / name, rows)
        with (folder / name).open("rb") as file:
            digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return digests


class _Plan:
    """Which rows of which segment come where."""

    def __init__(self, segments: Sequence[Segment], taken: Sequence[tuple[int, int]]) -> None:
        self.segments = segments
        # Runs of rows that follow one another in their segment: segment, first row, row behind the last.
        self.runs: list[tuple[int, int, int]] = []
        self.counts = [segments[place].rows_of(number) for place, number in taken]
        for (place, _), (first, last) in zip(taken, self.counts, strict=True):
            if self.runs and self.runs[-1][0] == place and self.runs[-1][2] == first:
                self.runs[-1] = (place, self.runs[-1][1], last)
            else:
                self.runs.append((place, first, last))

    def new_rows(self) -> list[Rows]:
        """For each segment, the new number of each row; -1 for one that is not taken."""
        found = [np.full(len(segment), -1, dtype=np.int32) for segment in self.segments]
        done = 0
        for place, first, last in self.runs:
            found[place][first:last] = np.arange(done, done + last - first, dtype=np.int32)
            done += last - first
        return found


class _Files:
    """Files of arrays that grow, with their digests."""

    def __init__(self, folder: Path, *, dimension: int) -> None:
        self._stack, self._dimension = ExitStack(), dimension
        self._files = {name: self._stack.enter_context((folder / name).open("wb")) for name in DTYPES}
        self._digests = {name: hashlib.sha256() for name in DTYPES}
        self._sizes = dict.fromkeys(DTYPES, 0)

    def __enter__(self) -> _Files:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def add(self, name: str, rows: npt.NDArray[Any]) -> None:
        flat = np.ascontiguousarray(rows, dtype=DTYPES[name]).reshape(-1)
        data = flat.view(np.uint8)
        for start in range(0, len(data), _COPIED):
            some = data[start : start + _COPIED]
            self._digests[name].update(some.data)
            self._files[name].write(some.data)
        self._sizes[name] += flat.size

    def stored(self) -> dict[str, StoredArray]:
        return {
            name: StoredArray(dtype=dtype, shape=self._shape(name), sha256=self._digests[name].hexdigest())
            for name, dtype in DTYPES.items()
        }

    def _shape(self, name: str) -> tuple[int, ...]:
        width = WIDTHS.get(name, self._dimension if name in VECTORS else None)
        size = self._sizes[name]
        return (size,) if width is None else (size // width, width)


def _write_rows(files: _Files, plan: _Plan) -> float:
    """Copies all but the postings; returns the mean length of the rows."""
    starts = dict.fromkeys(("clause_key_starts", "sentence_starts"), 0)
    for name in starts:
        files.add(name, np.zeros(1))
    total = rows = 0
    for place, first, last in plan.runs:
        one = plan.segments[place]
        keys = one.clause_key_starts[first : last + 1]
        near = one.sentence_starts[first : last + 1]
        files.add("clause_keys", one.clause_keys[int(keys[0]) : int(keys[-1])])
        for name, ends in (("clause_key_starts", keys), ("sentence_starts", near)):
            files.add(name, ends[1:] - ends[0] + starts[name])
            starts[name] += int(ends[-1] - ends[0])
        for name in ("chunk_places", "chunk_hashes", "chunk_vectors", "lengths"):
            files.add(name, getattr(one, name)[first:last])
        for name in ("sentence_places", "sentence_hashes", "sentence_vectors"):
            files.add(name, getattr(one, name)[int(near[0]) : int(near[-1])])
        total, rows = total + int(one.lengths[first:last].sum(dtype=np.int64)), rows + last - first
    sizes = [last - first for first, last in plan.counts]
    files.add("paper_starts", np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]))
    return total / rows if rows else 1.0


def _write_postings(files: _Files, plan: _Plan, mean: float) -> None:
    lengths = _new_lengths(plan)
    done = 0
    files.add("term_starts", np.zeros(1))
    for terms, starts, rows, counts in _merged(plan):
        files.add("terms", terms)
        files.add("term_starts", starts[1:] + done)
        files.add(layout.ROWS, rows)
        files.add(layout.COUNTS, counts)
        files.add("bounds", highest(rows, counts, starts, lengths, mean))
        done += len(rows)


def _new_lengths(plan: _Plan) -> Rows:
    found = [plan.segments[place].lengths[first:last] for place, first, last in plan.runs]
    return np.concatenate(found) if found else np.empty(0, dtype=np.int32)


_Block = tuple[npt.NDArray[np.uint64], Ints, Rows, npt.NDArray[np.uint16]]


def _merged(plan: _Plan) -> Iterator[_Block]:
    """Yields terms, their starts among the postings, rows and counts, a block of terms at a time."""
    new_rows = plan.new_rows()
    for low, high in _ranges(plan.segments):
        parts = []
        for segment, new in zip(plan.segments, new_rows, strict=True):
            parts.append(_taken(segment, new, _column(segment, low), _column(segment, high)))
        yield from _joined(parts)


def _column(segment: Segment, key: int) -> int:
    """The first term of at least that key."""
    return len(segment.terms) if key == _END else int(np.searchsorted(segment.terms, np.uint64(key)))


def _ranges(segments: Sequence[Segment]) -> list[tuple[int, int]]:
    """Ranges of keys with about as many postings as are merged at a time, from 0 to 2^64."""
    keys = [segment.terms for segment in segments]
    every = np.unique(np.concatenate(keys)) if keys else np.empty(0, dtype=np.uint64)
    sizes = np.zeros(len(every), dtype=np.int64)
    for segment in segments:
        sizes[np.searchsorted(every, segment.terms)] += np.diff(segment.term_starts)
    block = np.cumsum(sizes) // _BLOCK
    firsts = set((np.flatnonzero(np.diff(block)) + 1).tolist())
    firsts |= set(range(0, len(every), _TERMS_AT_ONCE))
    edges = [0, *(int(every[place]) for place in sorted(firsts - {0})), _END]
    return list(pairwise(edges))


def _taken(
    segment: Segment, new: Rows, first: int, last: int
) -> tuple[npt.NDArray[np.uint64], Ints, Rows, npt.NDArray[np.uint16]]:
    """The postings of some terms in rows that are taken: number of postings of each term, rows, counts."""
    starts = segment.term_starts[first : last + 1]
    if first == last:
        return segment.terms[:0], np.empty(0, dtype=np.int64), new[:0], segment.counts[:0]
    here = slice(int(starts[0]), int(starts[-1]))
    rows = new[segment.rows[here]]
    kept = rows >= 0
    of_term = np.repeat(np.arange(last - first), np.diff(starts))[kept]
    sizes = np.bincount(of_term, minlength=last - first)
    return segment.terms[first:last], sizes, rows[kept], segment.counts[here][kept]


def _joined(parts: Sequence[_Block]) -> Iterator[_Block]:
    some = [terms[sizes > 0] for terms, sizes, _, _ in parts]
    terms = np.unique(np.concatenate(some)) if some else np.empty(0, dtype=np.uint64)
    if not len(terms):
        return
    packed = []
    for (_, sizes, rows, counts), own in zip(parts, some, strict=True):
        of_term = np.repeat(np.searchsorted(terms, own), sizes[sizes > 0]).astype(np.uint64)
        packed.append(
            of_term << np.uint64(_ROW_BITS + _COUNT_BITS)
            | rows.astype(np.uint64) << np.uint64(_COUNT_BITS)
            | counts.astype(np.uint64)
        )
    every = np.concatenate(packed)
    every.sort()
    of_term = (every >> np.uint64(_ROW_BITS + _COUNT_BITS)).astype(np.int64)
    rows = (every >> np.uint64(_COUNT_BITS) & np.uint64((1 << _ROW_BITS) - 1)).astype(np.int32)
    sizes = np.bincount(of_term, minlength=len(terms))
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)])
    yield terms, starts, rows, (every & np.uint64((1 << _COUNT_BITS) - 1)).astype(np.uint16)
