"""Makes a page of lines and table rows, in reading order, of the content of a page of a PDF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from corpus.formats.pages.columns import Gutter, column_of, fits, gutter_of, in_columns
from corpus.formats.pages.lines import Page, PageLine, TableRow
from corpus.formats.pdf.content import Box, Content, Glyph, Ruling
from corpus.formats.pdf.lines import OnPage, Piece, around, line_of, pieces_of, turned, upright
from corpus.formats.pdf.rows import rows_of
from corpus.formats.pdf.tables import filled, grids
from corpus.model import Notice, Span

_MOST_UNMAPPED = 0.1  # share of characters without a name from which on a text cannot be read
_PICTURED = 0.5  # share of the page; a picture as large as that is a scan …
_FEW_GLYPHS = 50  # … if there are fewer characters beside it: a page number, the mark of an app
_MANY_DRAWINGS = 100  # paths on a page without text: its letters are drawn
_ONE_LINE = 0.4  # of the size of a character, by which baselines of one line differ
_LARGE = 1.5  # times the size of the text; a watermark is larger
_MOST_LARGE = 50  # of one page that are looked at
_RECOGNISED = "page {} is a scan with a text that another program recognised; compare it with the picture"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its place, in the frame in which its text is upright, and its rows."""

    box: Box
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a page consists of, before its reading order is known."""

    width: float
    height: float
    turn: int  # of most of its text
    items: tuple[Piece | Table, ...]  # from top to bottom
    aside: tuple[PageLine, ...]  # text in another direction, watermarks, invisible text
    recognised: bool  # whether its text is what another program recognised in the picture


def is_scan(content: Content) -> bool:
    """Whether the page is a picture, or a text of which the file does not say the characters."""
    seen = [glyph for glyph in content.glyphs if not glyph.char.isspace()]
    if sum(not glyph.mapped for glyph in seen) > _MOST_UNMAPPED * len(seen):
        return True
    if content.pictured >= _PICTURED:
        return len(seen) < _FEW_GLYPHS
    return not seen and (content.pictured > 0.02 or content.drawings >= _MANY_DRAWINGS)


def parts_of(content: Content) -> Parts:
    """Lines, tables and what stands aside."""
    width, height = content.width, content.height
    # Invisible text over a scan is what another program recognised; elsewhere nobody sees it.
    scanned = content.pictured >= _PICTURED
    shown = _with_whole_seals([glyph for glyph in content.glyphs if scanned or not glyph.hidden])
    turns = Counter(glyph.turn for glyph in shown if glyph.turn is not None and not glyph.char.isspace())
    turn = turns.most_common(1)[0][0] if turns else 0
    on_page = OnPage(width, height, turn)
    rulings = [_turned(ruling, on_page) for ruling in content.rulings]
    tables, outside = filled(grids(rulings), upright(shown, turn, width=width, height=height))
    aside: list[PageLine] = []
    for other in sorted(set(turns) - {turn}):
        found = pieces_of(upright(shown, other, width=width, height=height))
        lines = [line_of([piece], OnPage(width, height, other)) for piece in found]
        aside += [replace(line, turn=(other - turn) % 4) for line in lines]
    aside += _in_order([glyph for glyph in shown if glyph.turn is None], "watermark")
    if not scanned:
        aside += _in_order([glyph for glyph in content.glyphs if glyph.hidden], "hidden_text")
    found_tables = [Table(table.box, rows_of(table, on_page)) for table in tables]
    pieces, over = _without_watermarks(pieces_of(outside))
    aside += [replace(line_of([piece], on_page), left_out="watermark") for piece in over]
    items: list[Piece | Table] = [*pieces, *found_tables]
    items.sort(key=_top)
    hidden = sum(glyph.hidden for glyph in shown)
    return Parts(width, height, turn, tuple(items), tuple(aside), hidden * 2 > len(shown))


def common_gutter(pages: Sequence[Parts]) -> list[Gutter | None]:
    """The gap between columns of each page; a page with few lines has that of the pages before it."""
    result: list[Gutter | None] = []
    last: Gutter | None = None
    for page in pages:
        own = gutter_of(page.items)
        if own is not None:
            last = own
        elif last is not None and page.items and fits(page.items, last):
            own = last
        result.append(own)
    return result


def page_of(parts: Parts, gutter: Gutter | None, *, number: int) -> Page:
    """The page in reading order."""
    on_page = OnPage(parts.width, parts.height, parts.turn)
    lines: list[PageLine | TableRow] = []
    for block in in_columns(parts.items, gutter):
        row: list[Piece] = []
        for item in [*block, None]:
            if row and not (isinstance(item, Piece) and abs(item.base - row[0].base) < _ONE_LINE * item.size):
                line = line_of(sorted(row, key=lambda piece: piece.box[0]), on_page)
                lines.append(replace(line, column=column_of(line, gutter)))
                row = []
            if isinstance(item, Piece):
                row.append(item)
            elif item is not None:
                lines += item.rows
    if parts.recognised and lines and isinstance(lines[0], PageLine):
        notice = Notice("recognised", _RECOGNISED.format(number), Span(0, len(lines[0].text)))
        lines[0] = replace(lines[0], notices=(notice, *lines[0].notices))
    return Page(number, (*lines, *parts.aside), parts.width, parts.height)


def _top(item: Piece | Table) -> tuple[float, float]:
    return (item.base, item.box[0]) if isinstance(item, Piece) else (item.box[1], item.box[0])


def _turned(ruling: Ruling, on_page: OnPage) -> Ruling:
    box = (ruling.x0, ruling.y0, ruling.x1, ruling.y1)
    return Ruling(*turned(box, on_page.turn, width=on_page.width, height=on_page.height))


def _with_whole_seals(glyphs: list[Glyph]) -> list[Glyph]:
    """The characters, where an upright one between slanted ones, at the top of a seal, is slanted too."""
    result = list(glyphs)
    for at in range(1, len(glyphs) - 1):
        before, glyph, behind = glyphs[at - 1 : at + 2]
        if glyph.turn is not None and before.turn is None and behind.turn is None:
            result[at] = replace(glyph, turn=None)
    return result


def _without_watermarks(pieces: list[Piece]) -> tuple[list[Piece], list[Piece]]:
    """The pieces of the text, and large ones that cover several of them, as no title does."""
    if not pieces:
        return [], []
    usual = median(piece.size for piece in pieces)
    large = [piece for piece in pieces if piece.size > _LARGE * usual][:_MOST_LARGE]
    over = {id(piece) for piece in large if sum(_covers(piece, other) for other in pieces) > 1}
    return [each for each in pieces if id(each) not in over], [each for each in large if id(each) in over]


def _covers(piece: Piece, other: Piece) -> bool:
    """Whether the piece covers at least a character of the smaller other one."""
    if piece is other or other.size * _LARGE > piece.size:
        return False
    wide = min(piece.box[2], other.box[2]) - max(piece.box[0], other.box[0])
    high = min(piece.box[3], other.box[3]) - max(piece.box[1], other.box[1])
    return wide > other.size and high > 0.5 * other.size


def _in_order(glyphs: list[Glyph], kind: str) -> list[PageLine]:
    """Text that is not part of the paper, in the order of the file; none of it is lost."""
    text = "".join(glyph.char for glyph in glyphs).strip()
    if not text:
        return []
    return [PageLine(text, around([glyph.box for glyph in glyphs]), glyphs[0].size, left_out=kind)]
