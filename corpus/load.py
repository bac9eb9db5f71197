"""Converts the bytes of a paper to clean text with a map back to the original."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace

from corpus.errors import UnreadableDocument
from corpus.formats import table
from corpus.formats.received import Received, reject_unusable
from corpus.head.paper_starts import paper_starts
from corpus.model import Furniture, Loaded, Notice, PageStart, Source, SourceMap, Span
from corpus.structure.column_names import column_lines
from corpus.structure.split import split_lines
from corpus.text.blanks import tidy
from corpus.text.boilerplate import remove_boilerplate
from corpus.text.excerpt import excerpts
from corpus.text.folding import folded
from corpus.text.joining import paragraphs, split_headings
from corpus.text.line_ends import restore_line_ends
from corpus.text.lines import lines_of
from corpus.text.page_headers import remove_page_headers
from corpus.text.source_text import JOINT, Extracted, Line, segments

# Every paper of a file is stored with the whole original.
_MOST_PAPERS = 200
_MOST_CHARS = 50_000_000  # of the originals of all papers of a file


def load_all(data: bytes, *, name: str, url: str = "") -> tuple[Loaded, ...]:
    """Reads the papers of a file, in their order: one, unless several are written one after another.

    Each has the whole original, and says in a notice that the file holds others. Raises
    UnreadableDocument like `load`, and for a file of more papers than are stored one by one.
    """
    whole = load(data, name=name, url=url)
    lines = split_lines(lines_of(whole.text, whole.emphasis))
    others = paper_starts(lines)[1:]
    if not others:
        return (whole,)
    count = 1 + len(others)
    if count > _MOST_PAPERS or count * len(whole.source.original) > _MOST_CHARS:
        raise UnreadableDocument(name, f"it holds {count} papers, more than are read at once", "Split it")
    papers = excerpts(whole, [0, *(lines[at].start for at in others)])
    return tuple(replace(paper, notices=(*paper.notices, _of_several(paper, count))) for paper in papers)


def _of_several(paper: Loaded, count: int) -> Notice:
    message = f"the file holds {count} papers; this is paper {paper.source.part}"
    return Notice("several_papers", message, Span(0, 0))


def load(data: bytes, *, name: str, url: str = "") -> Loaded:
    """Reads a file as one paper, in any of the formats of corpus/formats/table.py.

    `name` is the file name, for messages and as a hint to the format. Raises UnreadableDocument, with
    the reason and the cure, for anything that is not the text of a paper.
    """
    received = Received(data, name)
    reject_unusable(received)
    known, read = table.read(received)
    original, media_type = read.original, known.media_type
    paper, left_out, pages = _clean(read.extracted, markup=known.marked_up)
    if not paper:
        raise UnreadableDocument(
            name, "no paper is left after removing navigation and markup", "Check the file"
        )
    text, origins = _assembled(paper)
    furniture = _merged(left_out, original=original, kept=sorted(set(origins) - {JOINT}))
    source_map = SourceMap(
        tuple(segments(text, origins, original=original)),
        _page_starts(origins, pages),
        furniture,
        tuple(read.extracted.placed),
    )
    digest = hashlib.sha256(data).hexdigest()
    source = Source(name, digest, read.charset, media_type, original, source_map, url)
    return Loaded(text, source, _emphasis(paper), tuple(_mapped(read.extracted.notices, origins)))


def _clean(
    extracted: Extracted, *, markup: bool
) -> tuple[list[Line], list[Furniture], list[tuple[int, int]]]:
    """The paragraphs of the paper, the removed pieces, and (original offset, number) of each page."""
    cleaned = remove_boilerplate(map(folded, extracted.lines))
    above = column_lines(cleaned.lines)
    columns = [Furniture("column", place.start, place.end) for place in _places(cleaned.lines[:above])]
    paged = remove_page_headers(cleaned.lines[above:], pages=extracted.pages, known=bool(extracted.placed))
    joined = split_headings(restore_line_ends(paragraphs(paged.lines, markup=markup)))
    paper = [line for line in map(tidy, joined) if line.text]
    left_out = [*extracted.furniture, *cleaned.furniture, *columns, *paged.furniture]
    return paper, left_out, paged.pages


def _places(lines: Iterable[Line]) -> Iterator[Span]:
    return (line.source.place for line in lines)


def _merged(pieces: Iterable[Furniture], *, original: str, kept: list[int]) -> tuple[Furniture, ...]:
    """Sorts `pieces`, widens each to its whole lines where possible, and merges neighbours of one kind.

    `kept` contains the original offsets of the characters of the paper, in order.
    """
    result: list[Furniture] = []
    for piece in sorted(pieces, key=lambda piece: (piece.start, piece.end)):
        line_start = original.rfind("\n", 0, piece.start) + 1
        line_end = original.find("\n", piece.end)
        line_end = len(original) if line_end < 0 else line_end
        if not _any_between(kept, line_start, line_end):
            piece = Furniture(piece.kind, line_start, line_end)
        last = result[-1] if result else None
        if last and last.kind == piece.kind and not _any_between(kept, last.start, piece.end):
            result[-1] = Furniture(last.kind, last.start, max(last.end, piece.end))
        else:
            result.append(piece)
    return tuple(result)


def _any_between(offsets: list[int], start: int, end: int) -> bool:
    """Whether one of the sorted `offsets` is in start:end."""
    at = bisect_left(offsets, start)
    return at < len(offsets) and offsets[at] < end


def _assembled(paper: list[Line]) -> tuple[str, list[int]]:
    """The text, and for every character its original offset or JOINT."""
    origins: list[int] = []
    for index, line in enumerate(paper):
        if index:
            origins.append(JOINT)
        origins.extend(line.source.origins)
    return "\n".join(line.text for line in paper), origins


def _mapped(notices: list[Notice], origins: list[int]) -> Iterator[Notice]:
    """Maps notices from offsets of the original to those of the text.

    A notice about something that was left out gets the empty span at the text that follows it.
    """
    # Lines may have been moved, so the offsets of the original are not in order.
    order = sorted(range(len(origins)), key=origins.__getitem__) if notices else []
    offsets = [origins[index] for index in order]
    for notice in notices:
        first, last = (bisect_left(offsets, at) for at in (notice.span.start, notice.span.end))
        if first < last:
            within = order[first:last]
            yield replace(notice, span=Span(min(within), max(within) + 1))
        else:
            start = order[first] if first < len(order) else len(origins)
            yield replace(notice, span=Span(start, start))


def _emphasis(paper: list[Line]) -> tuple[Span, ...]:
    """The spans of headings and of bold text."""
    spans: list[Span] = []
    start = 0
    for line in paper:
        if line.heading:
            spans.append(Span(start, start + len(line.text)))
        else:
            spans += [Span(start + span.start, start + span.end) for span in line.bold]
        start += len(line.text) + 1
    return tuple(spans)


def _page_starts(origins: list[int], pages: list[tuple[int, int]]) -> tuple[PageStart, ...]:
    """Maps page starts to offsets of the clean text; leaves out pages without text."""
    highest, at = 0, []
    for origin in origins:  # joints, and lines moved to the front, count as at the text before them
        highest = max(highest, origin)
        at.append(highest)
    starts: dict[int, int] = {}
    for offset, number in pages:
        start = bisect_left(at, offset)
        if start < len(at):
            starts[start] = number
    return tuple(PageStart(offset, number) for offset, number in sorted(starts.items()))
