"""A paper as the measurements take it: its text, cut into paragraphs and tables."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from corpus.load import load
from corpus.model import Document
from corpus.parse import parse
from corpus.text.source_text import CELL_JOINT

PAGE = 22 * 28  # characters of a page of GB/T 9704: 22 lines of 28


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the text, and where it begins there."""

    text: str
    start: int
    title: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; all rows have as many."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to be made in another form; `document` is what its text is read as."""

    name: str
    document: Document
    blocks: tuple[Paragraph | Table, ...] = field(repr=False)

    @classmethod
    def of(cls, data: bytes, *, name: str) -> Paper:
        """Reads a file; what it is compared with is its text, read again as plain text.

        Raises UnreadableDocument.
        """
        text = load(data, name=name).text
        document = parse(load(text.encode(), name="paper.txt"), document_id="paper")
        return cls(name, document, tuple(_blocks(document)))

    @property
    def text(self) -> str:
        return self.document.text

    @property
    def pages(self) -> float:
        return len(self.text) / PAGE


def _blocks(document: Document) -> Iterator[Paragraph | Table]:
    title, lines, at = document.head.title.span, [], 0
    for text in document.text.split("\n"):
        within = at < title.end and at + len(text) > title.start
        lines.append(Paragraph(text, at, title=within))
        at += len(text) + 1
    for columns, group in groupby(lines, key=lambda line: line.text.count(CELL_JOINT)):
        if columns:
            yield Table(tuple(tuple(line.text.split(CELL_JOINT)) for line in group))
        else:
            yield from group


def web_page(blocks: Sequence[Paragraph | Table], *, style: str = "") -> str:
    """The paper as an HTML page."""
    body = "\n".join(_marked_up(block) for block in blocks)
    head = f'<meta charset="utf-8"><style>{style}</style>'
    return f"<!DOCTYPE html><html><head>{head}</head><body>\n{body}\n</body></html>"


def _marked_up(block: Paragraph | Table) -> str:
    if isinstance(block, Paragraph):
        return f"<p{' class=title' if block.title else ''}>{html.escape(block.text)}</p>"
    rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in block.rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def markdown(blocks: Sequence[Paragraph | Table]) -> str:
    """The paper as Markdown, with blank lines between its paragraphs."""
    return "\n\n".join(_in_markdown(block) for block in blocks)


def _in_markdown(block: Paragraph | Table) -> str:
    if isinstance(block, Paragraph):
        return f"# {block.text}" if block.title else block.text
    first, *others = (f"| {' | '.join(row)} |" for row in block.rows)
    return "\n".join((first, "|" + " --- |" * len(block.rows[0]), *others))
