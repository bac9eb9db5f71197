"""A workbook has text and numbers, and nothing that a spreadsheet would calculate."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hostile_pages import HOSTILE

from api.exports.csv_file import as_csv
from api.exports.workbook import Cell, Column, as_xlsx

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DAY = date(2026, 6, 1)
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n+1",
    "＝1",
    "－1",
    "＠A1",
    '=HYPERLINK("//x")',
    "{=1}",
)


def sheet_of(data: bytes) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))


def _styles(data: bytes) -> list[ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        styles = ElementTree.fromstring(parts.read("xl/styles.xml"))
    return next(iter(styles.iter(f"{_MAIN}cellXfs"))).findall(f"{_MAIN}xf")


def _shown(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        strings = ElementTree.fromstring(parts.read("xl/sharedStrings.xml"))
    return ["".join(text.text or "" for text in item.iter(f"{_MAIN}t")) for item in strings]


@pytest.mark.parametrize("words", [*FORMULAS, *HOSTILE])
def test_no_text_becomes_a_formula_or_a_link(words: str) -> None:
    data = as_xlsx("扶持事项", [Column("原文")], [[words]], day=_DAY)
    sheet = sheet_of(data)
    assert not list(sheet.iter(f"{_MAIN}f"))
    assert not list(sheet.iter(f"{_MAIN}hyperlink"))
    (cell,) = [cell for cell in sheet.iter(f"{_MAIN}c") if cell.get("r") == "A2"]
    assert cell.get("t") == "s"


@pytest.mark.parametrize("words", [words for words in FORMULAS if words != "{=1}"])
def test_a_text_like_a_formula_stays_text_when_it_is_edited(words: str) -> None:
    data = as_xlsx("扶持事项", [Column("原文")], [[words]], day=_DAY)
    (cell,) = [cell for cell in sheet_of(data).iter(f"{_MAIN}c") if cell.get("r") == "A2"]
    assert _styles(data)[int(cell.get("s") or 0)].get("quotePrefix") == "1"
    assert as_csv(["原文"], [[words]]).splitlines()[1].lstrip('"').startswith("'")


def test_numbers_are_numbers_and_nothing_is_nothing() -> None:
    rows: list[list[Cell]] = [["不超过500万元", Decimal(5_000_000), None], ["", Decimal("0.2"), "x"]]
    cells = {
        cell.get("r"): (cell.get("t"), cell.findtext(f"{_MAIN}v"))
        for cell in sheet_of(as_xlsx("表", [Column("甲"), Column("乙"), Column("丙")], rows, day=_DAY)).iter(
            f"{_MAIN}c"
        )
    }
    assert cells["B2"] == (None, "5000000")
    assert cells["B3"] == (None, "0.2")
    assert "C2" not in cells
    assert "A3" not in cells


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    (*_, longest) = _shown(as_xlsx("表", [Column("甲")], [["字" * 40_000]], day=_DAY))
    assert len(longest) == 32_767
    assert longest.endswith("…")


def test_the_same_rows_give_the_same_bytes() -> None:
    made = [as_xlsx("表", [Column("甲")], [["一"], ["二"]], day=_DAY) for _ in range(2)]
    assert made[0] == made[1]
