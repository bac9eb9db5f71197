"""Markdown, OFD, and plain text as PDF and OCR programs write it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableDocument
from corpus.formats.ofd import container as ofd_container
from corpus.load import load
from corpus.model import Loaded

Check = Callable[[Loaded], None]


def lines(text: str, name: str = "a.txt") -> list[str]:
    return load(text.encode(), name=name).text.split("\n")


def test_front_matter_containers_and_marks_are_taken_away(check: Check) -> None:
    source = """---
title: 危险废物转移管理办法
date: 2022-01-01
---

::: details 目录

[1](#t1)&emsp;[2](#t2)

:::

## 第一章&emsp;总&emsp;则{align="center"}

<p id="t1">&emsp;&emsp;<b>第一条</b>&emsp;为加强监督管理，制定本办法。<br>
&emsp;&emsp;涉及**国家秘密**的，按照[有关规定](http://example.org/a_(b))执行。</p>

| 类别 | 标准 |
|---|---|
| 一类 | 500元 |

---

::: warning 原文链接
<http://www.example.org/a.shtml>
:::
"""
    loaded = load(source.encode(), name="a.md")
    check(loaded)
    assert loaded.text.split("\n") == [
        "危险废物转移管理办法",
        "第一章\u2003总则",
        "第一条\u2003为加强监督管理，制定本办法。",
        "涉及国家秘密的，按照有关规定执行。",
        "类别\t标准",
        "一类\t500元",
    ]
    emphasised = [span.of(loaded.text) for span in loaded.emphasis]
    assert emphasised == ["危险废物转移管理办法", "第一章\u2003总则", "第一条", "国家秘密"]


def test_masked_names_keep_their_stars() -> None:
    assert (
        lines("# 公示\n\n拟奖励张**、李**二人，公示期7天。", "a.md")[1] == "拟奖励张**、李**二人，公示期7天。"
    )


def test_lines_of_fixed_width_become_paragraphs(check: Check) -> None:
    body = [
        "某市智能网联汽车管理办法",
        "第一条　为贯彻落实国家有关规定，推动本市智能网联",
        "汽车技术应用和产业发展，规范道路测试和示范应用工作，",
        "依据有关法律法规，制定本办法。",
        "第二条　本办法适用于本市行政区域范围内智能网联汽",
        "— 1 —",
        "车道路测试与示范应用及其相关管理活动，测试车辆应当",
        "符合下列条件：",
        "（一）在中华人民共和国境内登记注册的独立法人单位，",
        "具备相关业务能力；",
        "（二）对测试时可能造成的人身和财产损失，具备足够的",
        "民事赔偿能力，并且购买保险，保险金额不低于五百万元",
        "人民币，保险期间覆盖测试期间。",
        "第三条　本办法由市工业和信息化局负责解释，自印发之",
        "日起施行，有效期三年。",
        "某市工业和信息化局",
        "2022年3月10日",
        "— 2 —",
    ]
    loaded = load("\n".join(body).encode(), name="a.txt")
    check(loaded)
    assert [line[:4] for line in loaded.text.split("\n")] == [
        "某市智能",
        "第一条　",
        "第二条　",
        "（一）在",
        "（二）对",
        "第三条　",
        "某市工业",
        "2022",
    ]
    assert "智能网联汽车道路测试与示范应用" in loaded.text
    page = loaded.source.map.page(loaded.text.index("车道路测试与"))
    assert (loaded.source.map.page(0), page) == (1, 2)


def test_form_feeds_begin_pages() -> None:
    text = (
        "第一条　为了规范管理，保障权益，制定本办法。本办法所称单位，是指\f"
        "企业和其他组织。\f第二条　自发布之日起施行。"
    )
    loaded = load(text.encode(), name="a.txt")
    assert loaded.text.split("\n")[0].endswith("是指企业和其他组织。")
    assert [page.number for page in loaded.source.map.pages] == [1, 2, 3]
    assert loaded.source.map.page(loaded.text.index("企业和")) == 2


def test_blanks_of_a_line_end_go_and_blanks_with_meaning_stay() -> None:
    assert lines("第三条 加快推进生物医药产业高质量 发展，支持 MAH 转化平台， 到 2030 年建成。") == [
        "第三条 加快推进生物医药产业高质量发展，支持 MAH 转化平台，到 2030 年建成。"
    ]
    assert lines("根据《中共中央办公厅 国务院办公厅关于印发某方案的通知》要求，制定本办法。") == [
        "根据《中共中央办公厅 国务院办公厅关于印发某方案的通知》要求，制定本办法。"
    ]
    assert lines("济 南 市 公 安 局\n第一章 总 则\n年 月 日") == ["济南市公安局", "第一章 总则", "年 月 日"]


def test_english_lines_are_joined_with_a_blank() -> None:
    words = "The people's governments at all levels shall strengthen their leadership over the rights "
    text = "\n".join((words * 6)[index : index + 60].strip() for index in range(0, 540, 60))
    assert "\n" not in load(text.encode(), name="a.txt").text


def test_chapter_and_article_on_one_line_are_parted() -> None:
    assert lines("第一章　总则　　第一条　为了规范管理，制定本办法。") == [
        "第一章　总则",
        "第一条　为了规范管理，制定本办法。",
    ]


SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
Placed = tuple[float, float, float, str]  # x, y, width, words


def ofd(pages: list[list[Placed]], *, named: Sequence[int] | None = None) -> bytes:
    """An OFD whose document names each page, or the pages `named`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        root = "<ofd:DocBody><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
        archive.writestr("OFD.xml", f"<ofd:OFD {SPACE}>{root}</ofd:OFD>")
        names = "".join(
            f'<ofd:Page BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in named or range(len(pages))
        )
        document = f"<ofd:Document {SPACE}><ofd:Pages>{names}</ofd:Pages></ofd:Document>"
        archive.writestr("Doc_0/Document.xml", document)
        for number, page in enumerate(pages):
            objects = "".join(text_object(placed) for placed in reversed(page))
            content = f"<ofd:Page {SPACE}>{objects}</ofd:Page>"
            archive.writestr(f"Doc_0/Pages/Page_{number}/Content.xml", content)
    return buffer.getvalue()


def text_object(placed: Placed) -> str:
    x, y, width, words = placed
    code = f'<ofd:TextCode X="0" Y="5">{words}</ofd:TextCode>'
    return f'<ofd:TextObject Size="5" Boundary="{x} {y} {width} 6">{code}</ofd:TextObject>'


def test_ofd_is_read_in_reading_order(check: Check) -> None:
    data = ofd(
        [
            [
                (60, 20, 60, "关于同意某同志辞职的批复"),
                (38, 40, 146, "你院关于某同志辞职的请示收悉，经研究，"),
                (28, 50, 40, "同意辞职。"),
            ],
            [(120, 20, 40, "某区卫生局"), (120, 30, 40, "2011年3月10日")],
        ]
    )
    loaded = load(data, name="a.ofd")
    check(loaded)
    assert loaded.text.split("\n") == [
        "关于同意某同志辞职的批复",
        "你院关于某同志辞职的请示收悉，经研究，同意辞职。",
        "某区卫生局",
        "2011年3月10日",
    ]
    assert loaded.source.media_type == "application/ofd"
    assert loaded.source.map.page(loaded.text.index("某区卫生局")) == 2


def test_ofd_that_declares_entities_or_has_no_text_is_rejected() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w") as archive:
        archive.writestr("OFD.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    empty = ofd([[]])
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    for data, words in ((bomb.getvalue(), "document type"), (empty, "no text"), (other.getvalue(), "docx")):
        with pytest.raises(UnreadableDocument, match=words):
            load(data, name="x.ofd")


@given(cut=st.integers(4, 1500), flip=st.integers(0, 1500), value=st.integers(0, 255))
@settings(max_examples=60)
def test_damaged_ofd_loads_or_is_refused(cut: int, flip: int, value: int) -> None:
    data = bytearray(ofd([[(38, 40, 146, "第一条　为了规范管理，制定本办法。")]]))
    data[flip % len(data)] = value
    try:
        load(bytes(data[:cut]), name="x.ofd")
        load(bytes(data), name="x.ofd")
    except UnreadableDocument:
        return


PIECES = st.sampled_from(
    [
        "第一条\u3000为了加强管理，",
        "（一）",
        "- ",
        "* ",
        "# ",
        "**",
        "`",
        "[链接](x)",
        "](",
        "![",
        "|",
        "---",
        ":::",
        "\n",
        "\n\n",
        " ",
        "\u3000\u3000",
        "\x0c",
        "\\*",
        "<b>",
        "</p>",
        "&nbsp;",
        "译",
        "— 1 —",
        "版权所有",
        "2024年1月1日",
        "制定本办法。",
        "【打印】",
        "1",
        "A b",
    ]
)


@given(st.lists(PIECES, max_size=50), st.sampled_from(["a.md", "a.txt"]))
def test_any_markdown_soup_loads_or_is_refused(check: Check, pieces: list[str], name: str) -> None:
    try:
        loaded = load("".join(pieces).encode(), name=name)
    except UnreadableDocument:
        return
    check(loaded)


@given(st.text(max_size=300), st.sampled_from(["a.md", "a.txt", "a.html"]))
def test_any_text_loads_or_is_refused(check: Check, text: str, name: str) -> None:
    try:
        loaded = load(text.encode("utf-8", "surrogatepass"), name=name)
    except UnreadableDocument:
        return
    check(loaded)


@given(st.lists(st.integers(0, 2), min_size=1, max_size=30))
def test_a_page_of_ofd_that_is_named_again_is_read_once(named: list[int]) -> None:
    lines = [
        "第一条　为了规范管理，制定本办法。",
        "第二条　渡口实行登记。",
        "第三条　本办法自公布之日起施行。",
    ]
    once = list(dict.fromkeys(named))
    text = load(ofd([[(38, 40, 146, line)] for line in lines], named=named), name="a.ofd").text
    assert text == "\n".join(lines[number] for number in once)


def test_an_ofd_of_more_elements_than_a_paper_has_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    data = ofd([[(38, 40 + n, 146, "第一条　渡口。") for n in range(40)]])
    monkeypatch.setattr(ofd_container, "_MOST_ELEMENTS", 30)
    with pytest.raises(UnreadableDocument, match="more elements than a paper"):
        load(data, name="a.ofd")
