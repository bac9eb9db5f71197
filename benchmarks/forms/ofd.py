"""Papers as OFD (GB/T 33190), with lines and pages as GB/T 9704 sets them; rows of tables have columns."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from benchmarks.forms.paper import Paper, Paragraph, Table

_SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_CHARACTERS, _LINES = 28, 22
_LEFT, _TOP, _SIZE, _PITCH = 28.0, 37.0, 5.57, 10.2  # millimetres
_WIDTH = _CHARACTERS * _SIZE
_HANGING = "，。；：、）》”"  # stay on the line when it is full

Line = Sequence[tuple[float, str]]  # pieces of text, with their distance from the margin in millimetres


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
        width = _WIDTH / len(block.rows[0])
        for row in block.rows:
            yield [(at * width, cell) for at, cell in enumerate(row) if cell]
        return
    line, indent = "", 0 if block.title else 2
    for character in block.text:
        if len(line) + indent >= _CHARACTERS and character not in _HANGING:
            yield _placed(line, indent=indent, centred=block.title)
            line, indent = "", 0
        line += character
    yield _placed(line, indent=indent, centred=block.title)


def _placed(line: str, *, indent: int, centred: bool) -> Line:
    return [((_WIDTH - len(line) * _SIZE) / 2 if centred else indent * _SIZE, line)]


def _page(lines: Sequence[Line], *, number: int) -> str:
    placed = [
        (_LEFT + left, _TOP + at * _PITCH, text) for at, line in enumerate(lines) for left, text in line
    ]
    placed.append((_LEFT + _WIDTH / 2, 270.0, f"— {number} —"))
    objects = "".join(_object(*piece) for piece in placed)
    return (
        f"<ofd:Page {_SPACE}><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>"
    )


def _object(x: float, y: float, words: str) -> str:
    code = f'<ofd:TextCode X="0" Y="{_SIZE}">{escape(words)}</ofd:TextCode>'
    box = f"{x:.2f} {y:.2f} {len(words) * _SIZE:.2f} {_SIZE}"
    return f'<ofd:TextObject Size="{_SIZE}" Boundary="{box}">{code}</ofd:TextObject>'
