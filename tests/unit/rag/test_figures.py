"""Figures in the notations that papers and people use."""

from __future__ import annotations

from itertools import pairwise

import pytest
from assembled import five
from hypothesis import given
from hypothesis import strategies as st

from corpus.notation.figures import FigureKind, figures

_PIECES = [
    "五百",
    "500",
    "５００",
    "1,000",
    "万",
    "亿",
    "元",
    "年",
    "月",
    "日",
    "%",
    "％",
    "百分之",
    "3—5",
    "家",
    "个",
]
_PIECES += [
    "〔",
    "2026",
    "〕",
    "15",
    "号",
    "湘政办发",
    "每",
    "季度",
    "工作日",
    "点",
    "一半",
    "第",
    "，",
    ".",
    "-",
    "零",
]
_texts = st.one_of(st.text(), st.lists(st.sampled_from(_PIECES), max_size=10).map("".join))


def _read(text: str) -> list[tuple[FigureKind, str]]:
    return [figure.key for figure in figures(text)]


@given(_texts)
def test_any_text_is_taken_and_figures_slice_it_in_order(text: str) -> None:
    found = figures(text)
    assert all(figure.span.of(text) and figure.value for figure in found)
    assert all(before.span.end <= after.span.start for before, after in pairwise(found))


@given(_texts)
def test_a_figure_read_alone_is_the_same_figure(text: str) -> None:
    for figure in figures(text):
        alone = figures(figure.span.of(text))
        assert figure.kind is FigureKind.FREQUENCY or [f.key for f in alone] == [figure.key]


def test_figures_of_the_papers_slice_them() -> None:
    for document in five():
        found = figures(document.text)
        assert found
        assert all(
            any(char.isnumeric() or char in "一半每按" for char in f.span.of(document.text)) for f in found
        )


@pytest.mark.parametrize(
    "text",
    [
        "500万元",
        "500 万元",
        "５００万元",
        "五百万元",
        "5百万元",
        "5,000,000元",
        "5000000元",
        "0.05亿元",
        "500万",
        "五百萬元",
        "500万块钱",
    ],
)
def test_an_amount_in_any_notation(text: str) -> None:
    assert _read(f"最高不超过{text}。") == [(FigureKind.MONEY, "5000000")]


@pytest.mark.parametrize("text", ["20%", "20％", "２０％", "百分之二十", "百分之20", "20 %", "20 percent"])
def test_a_percentage_in_any_notation(text: str) -> None:
    assert _read(f"不超过{text}比例") == [(FigureKind.PERCENT, "20")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026年2月14日", "2026-02-14"),
        ("2026 年 2 月 14 日", "2026-02-14"),
        ("２０２６年２月１４日", "2026-02-14"),
        ("2026-02-14", "2026-02-14"),
        ("2026/2/14", "2026-02-14"),
        ("2026年2月", "2026-02"),
        ("2027年", "2027"),
    ],
)
def test_a_date_in_any_notation(text: str, value: str) -> None:
    assert _read(f"自{text}起") == [(FigureKind.DATE, value)]


@pytest.mark.parametrize(
    "text", ["湘政办发〔2026〕15号", "湘政办发[2026]15号", "湘政办发（2026）第15号", "湘政办发【2026】 15 号"]
)
def test_a_document_number_in_any_brackets(text: str) -> None:
    assert _read(text) == [(FigureKind.DOC_NUMBER, "(2026)15")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("培育企业3—5家", [(FigureKind.COUNT, "3-5家")]),
        ("培育企业3-5家", [(FigureKind.COUNT, "3-5家")]),
        ("建成三至五个平台", [(FigureKind.COUNT, "3-5个")]),
        ("形成标志性产品150个", [(FigureKind.COUNT, "150个")]),
        ("连续支持3年", [(FigureKind.DURATION, "3年")]),
        ("有效期五年", [(FigureKind.DURATION, "5年")]),
        ("在15个工作日内办结", [(FigureKind.DURATION, "15工作日")]),
        ("控制在 4 周以内", [(FigureKind.DURATION, "4周")]),
        ("两个月内", [(FigureKind.DURATION, "2月")]),
        ("每季度至少召开", [(FigureKind.FREQUENCY, "季")]),
        ("每年奖补", [(FigureKind.FREQUENCY, "年")]),
        ("联系电话020-83135078", [(FigureKind.PHONE, "020-83135078")]),
        ("给予一次性奖补", []),
        ("按总床位的5%—10%设置", [(FigureKind.PERCENT, "5"), (FigureKind.PERCENT, "10")]),
        ("300万元或1000万元", [(FigureKind.MONEY, "3000000"), (FigureKind.MONEY, "10000000")]),
    ],
)
def test_other_figures(text: str, expected: list[tuple[FigureKind, str]]) -> None:
    assert _read(text) == expected


@given(st.integers(1, 99_999_999))
def test_thousands_separators_and_full_width_do_not_matter(amount: int) -> None:
    wide = str(amount).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    expected = [(FigureKind.MONEY, str(amount))]
    assert _read(f"{amount}元") == _read(f"{amount:,}元") == _read(f"{wide}元") == expected


@given(
    st.text(alphabet="0123456789.,%年月日万亿元个号〔〕湘政发一二两几超至每 ", max_size=60),
    st.sets(st.sampled_from(FigureKind)),
)
def test_figures_of_some_kinds_are_those_among_all(text: str, kinds: set[FigureKind]) -> None:
    assert figures(text, kinds=kinds) == [figure for figure in figures(text) if figure.kind in kinds]
