"""The segments of the next generation: those there are, and new ones."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from index.build.generation import OpenSegments
from index.build.writing.fresh import segment_of
from index.build.writing.merging import About, Part, write_segment
from index.errors import IndexDamaged
from index.model import EmbeddedPaper, Vectors
from index.segments.files import open_segment, read_info
from index.segments.known import KnownVectors
from index.segments.layout import SegmentInfo
from index.segments.segment import Ints, Segment

_log = logging.getLogger("zhengwen.index")
SMALL = 2000  # chunks. Smaller segments are merged into one by every build, which takes 0.1 s


@dataclass(slots=True)
class Used:
    """A segment and the numbers of its papers that the next generation uses."""

    segment: Segment
    papers: set[int] = field(default_factory=set)

    @property
    def unused(self) -> tuple[int, ...]:
        return tuple(one for one in range(len(self.segment.papers)) if one not in self.papers)

    @property
    def chunks(self) -> int:
        return self._of_papers(self.segment.paper_starts)

    @property
    def sentences(self) -> int:
        return self._of_papers(self.segment.sentence_starts[self.segment.paper_starts])

    def _of_papers(self, starts: Ints) -> int:
        """How many rows the papers in use have, from the first row of each paper."""
        numbers = np.fromiter(self.papers, dtype=np.int64)
        return int(np.diff(starts)[numbers].sum())

    @property
    def part(self) -> Part:
        return Part(self.segment, sorted(self.papers))


class Collection:
    """Segments in a folder that fit a model and settings, and papers to be written."""

    def __init__(self, folder: Path, about: About, opened: OpenSegments) -> None:
        self._folder, self._about, self._opened = folder, about, opened
        self._segments: list[Used] = []
        self._papers: set[str] = set()  # ids of those in use
        self._new: list[EmbeddedPaper] = []
        self._new_chunks = 0
        self._known, self._names_known = KnownVectors(), set[str]()

    def find(self, wanted: Mapping[str, str], *, trusted: bool) -> None:
        """Uses the papers with these content hashes that the folder has, each from the largest segment.

        Also segments that an interrupted build has left; not those that are damaged, or of another model or
        other settings. Unless the generation in use is `trusted`, every byte is checked.
        """
        for path, info in sorted(self._infos(), key=lambda one: -sum(one[1].rows)):
            papers = {
                number
                for number, (document_id, content) in enumerate(info.papers)
                if document_id not in self._papers and wanted.get(document_id) == content
            }
            # A segment that was merged stays for a while, and opening hundreds of them takes seconds.
            if not papers and trusted and sum(info.rows) >= SMALL:
                continue
            try:
                self._segments.append(Used(self._open(path, thorough=not trusted), papers))
            except IndexDamaged as error:
                _log.error("papers are indexed again: %s", error)
            else:
                self._papers |= {info.papers[number][0] for number in papers}

    def _infos(self) -> Iterator[tuple[Path, SegmentInfo]]:
        for path in sorted(self._folder.glob("*")) if self._folder.is_dir() else ():
            if path.suffix:
                continue
            try:
                info = read_info(path)
            except IndexDamaged as error:
                _log.error("papers are indexed again: %s", error)
                continue
            if About(info.format, info.fingerprint, info.dimension, info.chunking) == self._about:
                yield path, info

    def _open(self, path: Path, *, thorough: bool) -> Segment:
        found = self._opened.get(path.name)
        if found is None or thorough:
            found = open_segment(path, thorough=thorough)[0]
            self._opened[path.name] = found
        return found

    def __contains__(self, document_id: str) -> bool:
        return document_id in self._papers

    def vectors(self, hashes: Sequence[str]) -> Iterator[tuple[str, Vectors]]:
        """Yields those of `hashes` of which a segment has the vectors, used or not."""
        for used in self._segments:
            if used.segment.name not in self._names_known:
                self._known.add(used.segment)
                self._names_known.add(used.segment.name)
        found = dict(self._known.find(hashes))
        yield from found.items()
        waiting = {one for one in hashes if one not in found}
        for paper in self._new:
            for some in (paper.chunks, paper.sentences):
                yield from ((h, v) for h, v in zip(some.hashes, some.vectors, strict=True) if h in waiting)

    def add(self, paper: EmbeddedPaper) -> int:
        """Takes a paper for the next segment; returns the number of chunks that wait to be written."""
        self._new.append(paper)
        self._new_chunks += len(paper.chunks.pieces)
        return self._new_chunks

    def write(self, *, absorb: int = 0) -> None:
        """Writes the papers that wait to a segment, together with segments of less than `absorb` chunks."""
        parts = [one for one in self._segments if one.papers and len(one.segment) < absorb]
        if not self._new and len(parts) < 2:
            return
        taken = [one.part for one in parts]
        if self._new:
            fresh = segment_of(self._new, dimension=self._about.dimension)
            taken.append(Part(fresh, range(len(fresh.papers))))
        self._papers |= {paper.document_id for paper in self._new}
        self._replace(parts, write_segment(self._folder, taken, self._about))
        self._new, self._new_chunks = [], 0

    def _replace(self, parts: Sequence[Used], name: str) -> None:
        """Uses the segment of that name, with all its papers, in place of others."""
        self._opened.pop(name, None)
        segment = self._open(self._folder / name, thorough=False)
        for one in parts:
            one.papers.clear()
        self._segments = [one for one in self._segments if one.segment.name != name]
        self._segments.append(Used(segment, set(range(len(segment.papers)))))

    def used(self) -> list[Used]:
        """The segments of the next generation, by name."""
        return sorted((one for one in self._segments if one.papers), key=lambda one: one.segment.name)

    @property
    def chunks(self) -> int:
        return sum(one.chunks for one in self._segments)

    @property
    def sentences(self) -> int:
        return sum(one.sentences for one in self._segments)
