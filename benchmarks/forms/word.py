"""Papers as Word documents, with labels as text or by Word's own numbering.

The packages are built by tests/unit/corpus/office_files.py.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from benchmarks.forms.paper import Paper, Paragraph, Table
from corpus.formats.office.word.number_formats import formatted
from corpus.notation.labels.reading import find_label

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests" / "unit" / "corpus"))

import office_files as office

_TITLE = '<w:jc w:val="center"/>'
_STYLES = ("chineseCountingThousand", "decimal", "decimalEnclosedCircleChinese", "decimalFullWidth")
_LEVELS = 9  # of a list of Word
_SKIPPED = -9  # a number after which none follows


def typed(paper: Paper) -> bytes:
    """A Word document in which labels are typed."""
    return office.docx("".join(_block(block) for block in paper.blocks))


def numbered(paper: Paper) -> bytes:
    """A Word document in which Word numbers the clauses, as far as a list of nine levels can."""
    starts = {clause.start for clause in paper.document.clauses if clause.label}
    lists = _Lists()
    body = "".join(
        (lists.paragraph(block) if isinstance(block, Paragraph) and block.start in starts else "")
        or _block(block)
        for block in paper.blocks
    )
    return office.docx(body, numbering=lists.part())


def _block(block: Paragraph | Table) -> str:
    if isinstance(block, Table):
        return office.table([[escape(cell) for cell in row] for row in block.rows])
    return office.paragraph(escape(block.text), _TITLE if block.title else "")


@dataclass(slots=True)
class _Lists:
    """One list of several levels; where its count differs from the paper, it begins anew with that number."""

    levels: list[tuple[str, str]] = field(default_factory=list)  # style of the number, pattern of the label
    numbers: list[int] = field(default_factory=lambda: [0] * _LEVELS)  # last number of each level
    begun: list[tuple[int, int]] = field(default_factory=list)  # level and first number of each further list

    def paragraph(self, block: Paragraph) -> str:
        """The paragraph without its label, which Word writes; empty where Word has no such label."""
        label = find_label(block.text)
        if label is None or len(label.number) > 1:
            return ""
        (number,), written = label.number, block.text[: label.end].strip()
        style = next((style for style in _STYLES if formatted(number, style) in written), "")
        kind = (style, written.replace(formatted(number, style), "%1", 1))
        if not style or (kind not in self.levels and len(self.levels) == _LEVELS):
            return ""
        if kind not in self.levels:
            self.levels.append(kind)
        at = self.levels.index(kind)
        # Where a level was skipped, programs disagree whether it counts as begun: it begins anew.
        self.numbers[:at] = [above or _SKIPPED for above in self.numbers[:at]]
        if number != self.numbers[at] + 1:
            self.begun.append((at, number))
        self.numbers[at:] = [number, *([0] * (_LEVELS - at - 1))]
        return office.numbered(escape(block.text[label.end :]), at, len(self.begun) + 1)

    def part(self) -> str:
        levels = "".join(
            office.level(at, style, escape(pattern.replace("%1", f"%{at + 1}")))
            for at, (style, pattern) in enumerate(self.levels)
        )
        return office.numbering(levels, "".join(_instances(self.begun)))


def _instances(begun: Sequence[tuple[int, int]]) -> list[str]:
    return [
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl={quoteattr(str(at))}>'
        f'<w:startOverride w:val="{first}"/></w:lvlOverride></w:num>'
        for number, (at, first) in enumerate(begun, start=2)
    ]


def workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """An Excel workbook of one sheet."""
    cells = ("".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row) for row in rows)
    return office.xlsx({"Sheet1": f"<sheetData>{''.join(f'<row>{row}</row>' for row in cells)}</sheetData>"})
