"""Tables with ruling lines in PDF: heads, cells over several rows, page breaks."""

from __future__ import annotations

from collections.abc import Callable

from pdf_pages import drawn, lines, paragraph, printed, table
from reportlab.pdfgen.canvas import Canvas

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
