"""Builds small Office files for tests: the parts of a package from strings of XML."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:wps="x-wps" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip file of the parts, in the order given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def links(targets: Mapping[str, str]) -> str:
    """A part of relationships: id → "kind target"."""
    written = "".join(
        f'<Relationship Id="{id}" Type="{_KIND}/{kind}" Target="{target}"/>'
        for id, (kind, _, target) in ((id, both.partition(" ")) for id, both in targets.items())
    )
    return f'<Relationships xmlns="{_RELATIONSHIPS}">{written}</Relationships>'


def _types(parts: Mapping[str, str]) -> str:
    """The list of content types of a Word document with further parts (name → kind)."""
    base = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    listed = "".join(
        f'<Override PartName="/{name}" ContentType="{base}.{kind}+xml"/>'
        for name, kind in {"word/document.xml": "document.main", **parts}.items()
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{listed}</Types>"
    )


def docx(body: str, **parts: str) -> bytes:
    """A Word document. `parts`: kind of part (numbering, styles, footnotes …) → its content."""
    names = {kind: f"{kind}.xml" for kind in parts}
    content: dict[str, str | bytes] = {
        "[Content_Types].xml": _types({f"word/{name}": kind for kind, name in names.items()}),
        "_rels/.rels": links({"r1": "officeDocument word/document.xml"}),
        "word/document.xml": f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": links({kind: f"{kind} {name}" for kind, name in names.items()}),
    }
    roots = {"header": "hdr", "footer": "ftr"}
    for kind, name in names.items():
        root = roots.get(kind, kind)
        content[f"word/{name}"] = f"<w:{root} {_SPACES}>{parts[kind]}</w:{root}>"
    return package(content)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content: str, properties: str = "") -> str:
    """A paragraph of plain text, or of runs where `content` begins with a tag."""
    inner = content if content.startswith("<") else run(content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def numbered(text: str, level: int = 0, list_id: int = 1) -> str:
    numbering = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return paragraph(text, numbering)


def level(at: int, style: str, pattern: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def numbering(levels: str, instances: str = "") -> str:
    """A numbering part with list 1 of definition 0, and further instances."""
    definition = f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    return f'{definition}<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{instances}'


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table; a cell is text, or XML of a whole cell."""
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows) + "</w:tbl>"


def cell(content: str, properties: str = "") -> str:
    if content.startswith("<w:tc>"):
        return content
    inner = content if content.startswith("<") else paragraph(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def xlsx(
    sheets: Mapping[str, str], *, strings: Sequence[str] = (), formats: Sequence[str] = (), more: str = ""
) -> bytes:
    """A workbook: name of a sheet → content of its worksheet. `formats`: of the cell styles 1, 2, …"""
    targets = {f"s{at}": f"worksheet worksheets/sheet{at}.xml" for at in range(len(sheets))}
    listed = "".join(
        f'<sheet name="{name}" sheetId="{at + 1}" r:id="s{at}"/>' for at, name in enumerate(sheets)
    )
    own = "".join(f'<numFmt numFmtId="{200 + at}" formatCode="{code}"/>' for at, code in enumerate(formats))
    styles = "".join(f'<xf numFmtId="{200 + at}"/>' for at in range(len(formats)))
    shared = "".join(f"<si><t>{text}</t></si>" for text in strings)
    return package(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": links({"r1": "officeDocument xl/workbook.xml"}),
            "xl/workbook.xml": f"<workbook {_S} {_R}>{more}<sheets>{listed}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": links(
                {**targets, "st": "styles styles.xml", "ss": "sharedStrings sharedStrings.xml"}
            ),
            "xl/styles.xml": (
                f"<styleSheet {_S}><numFmts>{own}</numFmts>"
                f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>'
            ),
            "xl/sharedStrings.xml": f"<sst {_S}>{shared}</sst>",
            **{
                f"xl/worksheets/sheet{at}.xml": f"<worksheet {_S}>{content}</worksheet>"
                for at, content in enumerate(sheets.values())
            },
        }
    )
