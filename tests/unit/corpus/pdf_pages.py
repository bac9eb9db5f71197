"""Makes PDF files for tests with reportlab."""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Sequence
from functools import cache

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    LongTable,
    PageTemplate,
    Paragraph,
    TableStyle,
)

FONT = "STSong-Light"
Draw = Callable[[Canvas], None]
_WIDTH, _HEIGHT = A4


@cache
def _register() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def paragraph(text: str, *, size: float = 14, indent: float = 2, centred: bool = False) -> Paragraph:
    """A paragraph of Chinese text; `indent` in characters."""
    _register()
    style = ParagraphStyle(
        "text",
        fontName=FONT,
        fontSize=size,
        leading=1.7 * size,
        firstLineIndent=0 if centred else indent * size,
        alignment=1 if centred else 0,
        wordWrap="CJK",
    )
    return Paragraph(html.escape(text), style)


def table(
    rows: Sequence[Sequence[str]], *, spans: Sequence[tuple[int, int, int, int]] = (), head: int = 1
) -> LongTable:
    """A table with ruling lines; `spans` are first column, first row, last column, last row."""
    cells = [[paragraph(text, size=10, indent=0) if text else "" for text in row] for row in rows]
    style: list[tuple[object, ...]] = [("GRID", (0, 0), (-1, -1), 0.7, colors.black)]
    style += [("SPAN", (a, b), (c, d)) for a, b, c, d in spans]
    return LongTable(cells, colWidths=[110] * len(rows[0]), repeatRows=head, style=TableStyle(style))


def printed(flow: Sequence[Flowable], *, columns: int = 1, each_page: Draw | None = None) -> bytes:
    """A4 pages with the paragraphs and tables; `each_page` draws on every page besides."""
    buffer = io.BytesIO()
    width = (_WIDTH - 140 - 24 * (columns - 1)) / columns
    frames = [Frame(70 + at * (width + 24), 80, width, _HEIGHT - 160) for at in range(columns)]

    def draw(canvas: Canvas, _: BaseDocTemplate) -> None:
        if each_page is not None:
            each_page(canvas)

    document = BaseDocTemplate(buffer, pagesize=A4, pageTemplates=[PageTemplate(frames=frames, onPage=draw)])
    document.build(list(flow))
    return buffer.getvalue()


def drawn(*pages: Draw, **options: object) -> bytes:
    """A page for each function, which draws it."""
    _register()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, **options)
    for draw in pages:
        canvas.setFont(FONT, 14)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def lines(*texts: str, top: float = 760, left: float = 80) -> Draw:
    """Draws lines one below the other."""

    def draw(canvas: Canvas) -> None:
        for at, text in enumerate(texts):
            canvas.drawString(left, top - 24 * at, text)

    return draw
