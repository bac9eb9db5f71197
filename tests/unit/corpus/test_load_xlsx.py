"""Excel workbooks: each sheet as a table of the values displayed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_files import xlsx

from corpus.errors import UnreadableDocument
from corpus.formats.office.excel import xlsx as workbooks
from corpus.formats.office.excel.cell_values import shown
from corpus.load import load
from corpus.model import Loaded

Check = Callable[[Loaded], None]


def cell(place: str, value: str, more: str = "") -> str:
    """A cell with text, or with a value where `more` has attributes of the cell."""
    if more:
        return f'<c r="{place}" {more}><v>{escape(value)}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def sheet(rows: Mapping[int, list[str]], more: str = "", before: str = "") -> str:
    written = "".join(f'<row r="{number}">{"".join(cells)}</row>' for number, cells in rows.items())
    return f"{before}<sheetData>{written}</sheetData>{more}"


def lines(data: bytes) -> list[str]:
    return load(data, name="表.xlsx").text.split("\n")


def test_a_sheet_is_a_table_of_values(check: Check) -> None:
    data = xlsx(
        {
            "Sheet1": sheet(
                {
                    1: [cell("A1", "0", 't="s"')],
                    2: [cell("A2", "船型"), cell("B2", "补贴（万元）"), cell("D2", "截止日期")],
                    3: [
                        cell("A3", "钢质", 't="str"'),
                        '<c r="B3"><f>40*2</f><v>80</v></c>',
                        cell("D3", "45657", 's="1"'),
                    ],
                    5: [cell("A5", "木质"), cell("D5", "45658", 's="1"')],
                },
                '<mergeCells><mergeCell ref="A1:D1"/></mergeCells>',
            )
        },
        strings=["渔船更新补贴标准"],
        formats=["yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"],
    )
    loaded = load(data, name="表.xlsx")
    check(loaded)
    assert loaded.text.split("\n") == [
        "渔船更新补贴标准",
        "船型\t补贴（万元）\t截止日期",
        "钢质\t80\t2024年12月31日",
        "木质\t\t2025年1月1日",
    ]
    assert loaded.source.media_type.endswith("spreadsheetml.sheet")


def test_merged_cells_are_repeated_and_heads_become_one() -> None:
    rows = {
        1: [cell("A1", "船型"), cell("B1", "补贴")],
        2: [cell("B2", "新建"), cell("C2", "更新")],
        3: [cell("A3", "钢质"), cell("B3", "80", 't="n"'), cell("C3", "40", 't="n"')],
        4: [cell("B4", "60", 't="n"'), cell("C4", "30", 't="n"')],
    }
    merges = "".join(f'<mergeCell ref="{ref}"/>' for ref in ("A1:A2", "B1:C1", "A3:A4"))
    data = xlsx({"Sheet1": sheet(rows, f"<mergeCells>{merges}</mergeCells>")})
    assert lines(data) == ["船型\t补贴 新建\t补贴 更新", "钢质\t80\t40", "钢质\t60\t30"]


def test_sheets_are_named_and_hidden_ones_left_out() -> None:
    data = xlsx(
        {
            "附件1 名单": sheet({1: [cell("A1", "甲"), cell("B1", "乙")]}),
            "附件2 标准": sheet(
                {1: [cell("A1", "丙"), cell("B1", "内部"), cell("C1", "丁")]},
                before='<cols><col min="2" max="2" hidden="1"/></cols>',
            ),
        }
    )
    loaded = load(data, name="a.xlsx")
    assert loaded.text.split("\n") == ["附件1 名单", "甲\t乙", "附件2 标准", "丙\t丁"]
    assert [notice.code for notice in loaded.notices] == ["hidden_cells"]


def test_a_formula_without_a_value_is_reported() -> None:
    data = xlsx({"Sheet1": sheet({1: [cell("A1", "合计"), "<c r='B1'><f>A1*2</f></c>", cell("C1", "元")]})})
    loaded = load(data, name="a.xlsx")
    assert (loaded.text, [notice.code for notice in loaded.notices]) == ("合计\t元", ["uncomputed"])


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        ("45292", "yyyy/m/d", "2024/1/1"),
        ("45292", "[$-804]yyyy\\-mm\\-dd;@", "2024-01-01"),
        ("45292.75", "yyyy/m/d h:mm", "2024/1/1 18:00"),
        ("0.5", "h:mm:ss", "12:00:00"),
        ("59", "yyyy/m/d", "1900/2/28"),
        ("0.155", "0%", "16%"),
        ("0.155", "0.0%", "15.5%"),
        ("1234567.891", "#,##0.00", "1,234,567.89"),
        ("-1234.5", "#,##0", "-1,235"),
        ("5", '0.00"万元"', "5.00万元"),
        ("7", "000", "007"),
        ("0.5", "0.##", "0.5"),
        ("0.30000000000000004", "", "0.3"),
        ("1E3", "General", "1000"),
        ("440102", "@", "440102"),
        ("1e999999999", "0.00", "1e999999999"),
        ("99999999", "yyyy", "99999999"),
        ("1E+30", "0.00", "1" + "0" * 30 + ".00"),
        ("1E+40", "0.0" + "0" * 100 + "%", "1" + "0" * 42 + "." + "0" * 101 + "%"),
        ("1E+30", "yyyy", "1" + "0" * 30),
        ("1.5E-40", "0" + "," * 150, "0"),
        ("甲", "0.00", "甲"),
    ],
)
def test_values_are_shown_as_their_format_says(value: str, number_format: str, text: str) -> None:
    assert shown(value, number_format, from_1904=False) == text


def test_dates_from_1904() -> None:
    assert shown("0", "yyyy/m/d", from_1904=True) == "1904/1/1"


@given(
    st.from_regex(r"-?\d{1,12}(?:\.\d{1,12})?(?:E[+-]?\d{1,3})?", fullmatch=True)
    | st.builds("{}E{}".format, st.integers(1, 99), st.integers(-45, 45)),
    st.text('yYmdhs[]0#?,.%;"\\_*@年$- G', max_size=30),
)
@settings(max_examples=200)
def test_any_value_and_format_give_text(value: str, number_format: str) -> None:
    assert isinstance(shown(value, number_format, from_1904=False), str)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (sheet({}), "sheets are empty"),
        ("<sheetData>" + "<row><c><v>1</v></c></row>" * 3_001 + "</sheetData>", "more than 3,000 cells"),
        (
            sheet({1: [cell("A1", "甲"), cell("XFD1", "乙")], 1048576: [cell("B1048576", "丙")]})
            + "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 3_001 + "</mergeCells>",
            "more than 3,000 cells",
        ),
        ("<sheetData>", "XML is damaged"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(monkeypatch: pytest.MonkeyPatch, content: str, words: str) -> None:
    monkeypatch.setattr(workbooks, "_MOST_CELLS", 3_000)
    with pytest.raises(UnreadableDocument, match=words):
        load(xlsx({"Sheet1": content}), name="a.xlsx")


WHOLE = xlsx(
    {
        "表": sheet(
            {1: [cell("A1", "0", 't="s"'), cell("B1", "1", 's="1"')], 2: [cell("A2", "甲")]},
            '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>',
        )
    },
    strings=["项目"],
    formats=["yyyy/m/d"],
)


@given(
    cut=st.integers(4, len(WHOLE)),
    flips=st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=4),
)
@settings(max_examples=60)
def test_damaged_xlsx_loads_or_is_refused(check: Check, cut: int, flips: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for at, value in flips:
        data[at] = value
    for variant in (bytes(data), bytes(data[:cut])):
        try:
            check(load(variant, name="x.xlsx"))
        except UnreadableDocument:
            continue
