"""Papers as OFD (GB/T 33190), with lines and pages as GB/T 9704 sets them; rows of tables have columns."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from benchmarks.forms.paper import Paper, Paragraph, Table

_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_CHARACTERS, _LINES = 28, 22
_LEFT, _TOP, _SIZE, _PITCH = 28.0, 37.0, 5.57, 10.2  # millimetres
_WIDTH = _CHARACTERS * _SIZE
_HANGING = "，。；：、）》”"  # stay on the line when it is full

_CELL = 1.0  # millimetres between a ruling and the text of a cell


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces of text with their distance from the margin in millimetres, and of a row its columns."""

    pieces: Sequence[tuple[float, str]]
    columns: Sequence[float] = ()  # where upright rulings are
    first: bool = False  # of a row
    last: bool = False


def made(paper: Paper) -> bytes:
    lines = [line for block in paper.blocks for line in _lines(block)]
    pages = [lines[at : at + _LINES] for at in range(0, len(lines), _LINES)]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        root = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
        archive.writestr("OFD.xml", f"<ofd:OFD {_SPACE}>{root}</ofd:OFD>")
        listed = "".join(
            f'<ofd:Page ID="{at}" BaseLoc="Pages/Page_{at}/Content.xml"/>' for at in range(len(pages))
        )
        document = f"<ofd:Document {_SPACE}><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
        archive.writestr("Doc_0/Document.xml", document)
        for at, page in enumerate(pages):
            archive.writestr(f"Doc_0/Pages/Page_{at}/Content.xml", _page(page, number=at + 1))
    return buffer.getvalue()


def _lines(block: Paragraph | Table) -> Iterator[Line]:
    if isinstance(block, Table):
        for row in block.rows:
            yield from _row(row)
        return
    line, indent = "", 0 if block.title else 2
    for character in block.text:
        if len(line) + indent >= _CHARACTERS and character not in _HANGING:
            yield _placed(line, indent=indent, centred=block.title)
            line, indent = "", 0
        line += character
    yield _placed(line, indent=indent, centred=block.title)


def _placed(line: str, *, indent: int, centred: bool) -> Line:
    return Line([((_WIDTH - len(line) * _SIZE) / 2 if centred else indent * _SIZE, line)])


def _row(cells: Sequence[str]) -> Iterator[Line]:
    """The lines of a row, whose columns are alike."""
    width = _WIDTH / len(cells)
    most = max(1, int((width - 2 * _CELL) / _SIZE))
    wrapped = [[cell[at : at + most] for at in range(0, len(cell), most)] for cell in cells]
    height = max(1, *map(len, wrapped))
    columns = [at * width for at in range(len(cells) + 1)]
    for number in range(height):
        pieces = [(at * width + _CELL, cell[number]) for at, cell in enumerate(wrapped) if number < len(cell)]
        yield Line(pieces, columns, first=number == 0, last=number == height - 1)


def _page(lines: Sequence[Line], *, number: int) -> str:
    placed = [
        (_LEFT + left, _TOP + at * _PITCH, text)
        for at, line in enumerate(lines)
        for left, text in line.pieces
    ]
    placed.append((_LEFT + _WIDTH / 2, 270.0, f"— {number} —"))
    objects = "".join(_object(*piece) for piece in placed)
    objects += "".join(_rulings(line, _TOP + (at - 0.2) * _PITCH) for at, line in enumerate(lines))
    return f"<ofd:Page {_SPACE}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"


def _object(x: float, y: float, words: str) -> str:
    code = f'<ofd:TextCode X="0" Y="{_SIZE}">{escape(words)}</ofd:TextCode>'
    box = f"{x:.2f} {y:.2f} {len(words) * _SIZE:.2f} {_SIZE}"
    return f'<ofd:TextObject Size="{_SIZE}" Boundary="{box}">{code}</ofd:TextObject>'


def _rulings(line: Line, top: float) -> str:
    """The rulings of a line of a row: at both sides of its cells, above its first line and below its last."""
    paths = [f"M {x:.2f} 0 L {x:.2f} {_PITCH}" for x in line.columns]
    if line.first:
        paths.append(f"M 0 0 L {_WIDTH:.2f} 0")
    if line.last:
        paths.append(f"M 0 {_PITCH} L {_WIDTH:.2f} {_PITCH}")
    box = f'Boundary="{_LEFT} {top:.2f} {_WIDTH:.2f} {_PITCH}"'
    return "".join(
        f"<ofd:PathObject {box}><ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>"
        for path in paths
    )
