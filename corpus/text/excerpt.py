"""Cuts a loaded file into the papers in it, each with a source map into the whole original."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from corpus.model import Loaded, PageStart, Segment, SourceMap, Span


def excerpts(loaded: Loaded, starts: Sequence[int]) -> tuple[Loaded, ...]:
    """The papers that begin at these offsets of the text, the first at 0."""
    bounds = pairwise((*starts, len(loaded.text)))
    return tuple(_excerpt(loaded, Span(*bound), part=part) for part, bound in enumerate(bounds, start=1))


def _excerpt(loaded: Loaded, span: Span, *, part: int) -> Loaded:
    text = span.of(loaded.text).rstrip()
    map_ = loaded.source.map
    segments = tuple(_segments(map_.segments, Span(span.start, span.start + len(text))))
    first = min((segment.origin for segment in segments), default=0)
    last = max((segment.origin + segment.length for segment in segments), default=0)
    cut = SourceMap(
        segments,
        tuple(_pages(map_.pages, span)),
        tuple(piece for piece in map_.furniture if piece.start < last and piece.end > first),
        map_.placed[
            bisect_right(map_.placed, first, key=lambda placed: placed.end) : bisect_left(
                map_.placed, last, key=lambda placed: placed.start
            )
        ],
    )

    def moved(at: Span) -> Span:
        return Span(*(min(offset - span.start, len(text)) for offset in (at.start, at.end)))

    def is_here(at: Span) -> bool:
        return span.start <= at.start < span.end or at.start == span.end == len(loaded.text)

    return Loaded(
        text,
        replace(loaded.source, map=cut, part=part),
        tuple(moved(at) for at in loaded.emphasis if is_here(at)),
        tuple(replace(notice, span=moved(notice.span)) for notice in loaded.notices if is_here(notice.span)),
    )


def _segments(segments: Sequence[Segment], span: Span) -> Iterator[Segment]:
    """The pieces of the segments in `span`, counted from its start."""
    at = max(0, bisect_right(segments, span.start, key=lambda segment: segment.start) - 1)
    for segment in segments[at : bisect_left(segments, span.end, key=lambda segment: segment.start)]:
        start = max(segment.start, span.start)
        end = min(segment.start + segment.length, span.end)
        if start < end:
            yield Segment(start - span.start, segment.origin + start - segment.start, end - start)


def _pages(pages: Sequence[PageStart], span: Span) -> Iterator[PageStart]:
    """The pages in `span`; the first begins with it."""
    at = max(0, bisect_right(pages, span.start, key=lambda page: page.offset) - 1)
    for page in pages[at : bisect_left(pages, span.end, key=lambda page: page.offset)]:
        yield PageStart(max(0, page.offset - span.start), page.number)
