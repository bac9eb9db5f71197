"""Tables with ruling lines in PDF: heads, cells over several rows, page breaks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pdf_pages import Draw, drawn, lines, paragraph, printed, table
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak

from corpus.load import load
from corpus.model import Loaded, Span

BEFORE = "第一条　各类企业的奖励标准如下："
BEHIND = "第二条　奖励资金由市财政局拨付。"


def rows(loaded: Loaded) -> list[list[str]]:
    return [line.split("\t") for line in loaded.text.split("\n") if "\t" in line]


def with_table(*args: object, **options: object) -> bytes:
    return printed([paragraph(BEFORE), table(*args, **options), paragraph(BEHIND)])  # type: ignore[arg-type]


def test_a_row_is_a_line_between_the_paragraphs(check: Callable[[Loaded], None]) -> None:
    loaded = load(
        with_table([["类别", "标准"], ["小型企业", "10万元"], ["中型企业", "20万元"]]), name="a.pdf"
    )
    check(loaded)
    assert loaded.text.split("\n")[1:-1] == ["类别\t标准", "小型企业\t10万元", "中型企业\t20万元"]


def test_cells_over_rows_and_columns_are_in_each_row_and_head() -> None:
    data = with_table(
        [
            ["类别", "奖励标准", ""],
            ["", "首次", "再次"],
            ["制造业", "10万元", "5万元"],
            ["", "8万元", "4万元"],
            ["服务业", "6万元", "3万元"],
        ],
        spans=[(0, 0, 0, 1), (1, 0, 2, 0), (0, 2, 0, 3)],
        head=2,
    )
    loaded = load(data, name="a.pdf")
    assert rows(loaded) == [
        ["类别", "奖励标准 首次", "奖励标准 再次"],
        ["制造业", "10万元", "5万元"],
        ["制造业", "8万元", "4万元"],
        ["服务业", "6万元", "3万元"],
    ]
    # Both rows quote the one place of the cell.
    first = loaded.text.index("制造业")
    second = loaded.text.index("制造业", first + 1)
    places = [loaded.source.map.places(Span(at, at + 3)) for at in (first, second)]
    assert places[0] == places[1]


def test_a_table_goes_on_over_pages_with_one_head() -> None:
    body = [[f"第{at}类企业", f"{at}万元"] for at in range(1, 61)]
    loaded = load(with_table([["类别", "标准"], *body]), name="a.pdf")
    assert rows(loaded) == [["类别", "标准"], *body]
    assert len(loaded.source.map.pages) > 2
    assert {piece.kind for piece in loaded.source.map.furniture} == {"table_head"}


def test_text_of_several_lines_in_a_cell_is_joined() -> None:
    long = "用于购买设备、聘请人员和开展国际合作，最多连续支持五年"
    assert rows(load(with_table([["项目", "说明"], ["补助", long]]), name="a.pdf"))[1] == ["补助", long]


def test_a_frame_around_a_text_is_no_table() -> None:
    def framed(canvas: Canvas) -> None:
        canvas.rect(60, 600, 475, 200)
        canvas.line(60, 700, 535, 700)
        lines("专栏1　重点工程", "一、建设三个平台。")(canvas)

    assert load(drawn(framed), name="a.pdf").text.split("\n") == ["专栏1　重点工程", "一、建设三个平台。"]


def test_a_grid_of_very_many_lines_is_read_as_text() -> None:
    def grid(canvas: Canvas) -> None:
        for at in range(2500):
            canvas.line(50, 50 + at * 0.25, 550, 50 + at * 0.25)
            canvas.line(50 + at * 0.2, 50, 50 + at * 0.2, 700)
        lines(BEFORE)(canvas)

    assert load(drawn(grid), name="a.pdf").text == BEFORE


def test_a_row_that_a_page_break_cuts_is_whole() -> None:
    """Chromium draws no ruling where the row goes on, and cuts every cell where its line ends."""

    def page(top: float, levels: Sequence[float], bottom: float, *rows: tuple[float, str, str]) -> Draw:
        def draw(canvas: Canvas) -> None:
            for x in (60, 200, 500):
                canvas.line(x, bottom, x, top)
            for y in levels:
                canvas.line(60, y, 500, y)
            for y, left, right in rows:
                canvas.drawString(66, y, left)
                canvas.drawString(206, y, right)

        return draw

    first = page(
        160,
        (160, 130),
        70,
        (138, "指标", "说明"),
        (108, "设备检查阳", "计算方法：阳性数"),
        (86, "性率（％）", "除以人次数"),
    )
    second = page(790, (730, 700), 700, (766, "及其增幅", ""), (708, "病床数", "年末实有数"))
    assert rows(load(drawn(first, second), name="a.pdf")) == [
        ["指标", "说明"],
        ["设备检查阳性率（％）及其增幅", "计算方法：阳性数除以人次数"],
        ["病床数", "年末实有数"],
    ]


def test_what_follows_a_colon_on_the_next_page_is_of_the_same_row() -> None:
    begun = [["指标", "", "说明"], ["床位使用率", "定量", "实际占用总床日数，来源："]]
    rest = [["", "", "医院填报。"], ["病床数", "定量", "年末实有数。"]]
    data = printed([table(begun), PageBreak(), table(rest, head=0)])
    assert rows(load(data, name="a.pdf"))[1:] == [
        ["床位使用率", "定量", "实际占用总床日数，来源：医院填报。"],
        ["病床数", "定量", "年末实有数。"],
    ]
