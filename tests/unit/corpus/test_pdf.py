"""PDF with a text layer: paragraphs, columns, running heads, watermarks, turned pages, characters."""

from __future__ import annotations

import io
import math
from collections.abc import Callable

import pypdfium2
import pytest
from pdf_pages import FONT, drawn, lines, paragraph, printed
from reportlab.pdfgen.canvas import Canvas

from corpus.formats.pdf.content import Glyph
from corpus.formats.pdf.lines import pieces_of
from corpus.load import load
from corpus.model import Document, Loaded, Span
from corpus.parse import parse

Check = Callable[[Loaded], None]

TITLE = "云岭市科技型企业培育办法"
BODY = [
    "第一条　为了培育科技型企业，依据国家有关规定，结合本市实际，制定本办法。本办法所称科技型企业，是指在本市"
    "登记注册、从事研究开发并取得自主知识产权的企业。",
    "第二条　对首次认定的科技型企业，一次性奖励20万元；三年内再次认定的，奖励10万元，不得与其他奖励重复。",
    "第三条　本办法自2026年3月1日起施行，有效期五年。",
]


def words(text: str) -> str:
    return "".join(text.split())


def tree(document: Document) -> list[tuple[tuple[str, ...], str]]:
    return [(clause.path, words(document.text_of(clause))) for clause in document.clauses]


def heads(canvas: Canvas) -> None:
    canvas.setFont(FONT, 9)
    canvas.drawString(70, 800, "云岭政报 2026年第3期")
    canvas.drawCentredString(297, 40, f"— {canvas.getPageNumber()} —")


@pytest.mark.parametrize("columns", [1, 2])
def test_a_printed_paper_has_the_clauses_of_its_text(
    papers: dict[str, bytes], check: Check, columns: int
) -> None:
    for name, data in papers.items():
        text = load(data, name=f"{name}.txt")
        flow = [paragraph(line, size=14 if columns == 1 else 10) for line in text.text.split("\n")]
        loaded = load(printed(flow, columns=columns, each_page=heads), name=f"{name}.pdf")
        check(loaded)
        assert tree(parse(loaded, document_id=name)) == tree(parse(text, document_id=name))
        assert "云岭政报" not in loaded.text
        pages = len(loaded.source.map.pages)
        kinds = [piece.kind for piece in loaded.source.map.furniture]
        assert (kinds.count("page_header"), kinds.count("page_number")) == (pages, pages)


@pytest.mark.parametrize("layout", ["indented", "spaced", "flush"])
def test_paragraphs_begin_with_an_indent_a_space_or_a_short_line_before(layout: str) -> None:
    texts = [TITLE, *BODY * 4]
    flow = []
    for text in texts:
        made = paragraph(text, indent=2 if layout == "indented" else 0)
        made.style.spaceAfter = 12 if layout == "spaced" else 0
        flow.append(made)
    assert [words(line) for line in load(printed(flow), name="a.pdf").text.split("\n")] == list(
        map(words, texts)
    )


def test_every_character_has_its_page_and_box(check: Check) -> None:
    loaded = load(printed([paragraph(text) for text in BODY * 6]), name="a.pdf")
    check(loaded)
    source = loaded.source.map
    assert len(source.pages) > 1
    for at, char in enumerate(loaded.text):
        if char != "\n":
            (place,) = source.places(Span(at, at + 1))
            left, top, right, bottom = place.box
            assert place.page == source.page(at)
            assert 60 < left < right < 540
            assert 60 < top < bottom < 780


def test_a_paragraph_goes_on_over_columns_and_pages() -> None:
    duties = "".join(f"企业应当按照规定报送第{at}类材料，" for at in range(110))
    text = f"第一条　{duties}并对其真实性负责。"
    loaded = load(printed([paragraph(text, size=10)], columns=2, each_page=heads), name="a.pdf")
    assert words(loaded.text) == words(text)
    assert [page.number for page in loaded.source.map.pages] == [1, 2]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_read_upright(turn: int) -> None:
    upright = printed([paragraph(text) for text in [TITLE, *BODY * 5]], each_page=heads)
    document = pypdfium2.PdfDocument(upright)
    for page in document:
        page.set_rotation(turn)
    turned = io.BytesIO()
    document.save(turned)
    document.close()
    read, expected = load(turned.getvalue(), name="a.pdf"), load(upright, name="a.pdf")
    assert read.text == expected.text
    (place,) = read.source.map.places(Span(0, 1))
    # The title, at the upper edge, is shown at the right, lower or left edge.
    left, top, right, bottom = place.box
    assert {90: left > 600, 180: top > 600, 270: right < 240}[turn]
    assert (right - left > bottom - top) == (turn == 180)


def test_text_that_runs_upwards_is_read_along_its_lines() -> None:
    def sideways(canvas: Canvas) -> None:
        canvas.translate(595, 0)
        canvas.rotate(90)
        lines("一、表中所列企业名单由市科技局另行公布实施。", "二、名单每年调整一次。", top=400)(canvas)

    text = load(drawn(sideways), name="a.pdf").text
    assert text.split("\n") == ["一、表中所列企业名单由市科技局另行公布实施。", "二、名单每年调整一次。"]


def test_seals_and_watermarks_are_left_out_and_kept_in_the_original() -> None:
    def stamped(canvas: Canvas) -> None:
        canvas.setFont(FONT, 14)
        for at, char in enumerate("云岭市科学技术局印章"):
            angle = math.radians(165 - at * 17)
            canvas.saveState()
            canvas.translate(400 + 50 * math.cos(angle), 600 + 50 * math.sin(angle))
            canvas.rotate(math.degrees(angle) - 90)
            canvas.drawString(0, 0, char)
            canvas.restoreState()
        canvas.saveState()
        canvas.setFont(FONT, 60)
        canvas.setFillGray(0.85)
        canvas.translate(300, 420)
        canvas.rotate(40)
        canvas.drawCentredString(0, 0, "内部资料")
        canvas.restoreState()
        canvas.setFont(FONT, 40)
        canvas.drawString(150, 700, "仅供参考")

    loaded = load(printed([paragraph(text) for text in [TITLE, *BODY * 3]], each_page=stamped), name="a.pdf")
    assert [words(line) for line in loaded.text.split("\n")] == list(map(words, [TITLE, *BODY * 3]))
    left_out = "".join(
        loaded.source.original[piece.start : piece.end] for piece in loaded.source.map.furniture
    )
    assert "云岭市科学技术局印章" in left_out
    assert "内部资料" in left_out
    assert {piece.kind for piece in loaded.source.map.furniture} == {"watermark"}


def test_bold_print_by_a_second_drawing_is_read_once() -> None:
    def twice(canvas: Canvas) -> None:
        for shift in (0, 0.4):
            canvas.drawString(80 + shift, 760, "一、总体要求")

    assert load(drawn(twice), name="a.pdf").text == "一、总体要求"


def test_words_cut_at_line_ends_lose_the_hyphen() -> None:
    def english(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)
        lines(
            "The people's governments at all levels shall strengthen their leadership over the de-",
            "velopment of industry, and shall take measures to protect the rights of workers and",
            "enterprises.",
        )(canvas)

    text = load(drawn(english), name="a.pdf").text
    assert "the development of industry" in text
    assert text.endswith("workers and enterprises.")


def test_invisible_text_is_no_part_of_the_paper() -> None:
    def hidden(canvas: Canvas) -> None:
        lines(BODY[2])(canvas)
        text = canvas.beginText(80, 600)
        text.setTextRenderMode(3)
        text.textOut("第四条　本条并不存在。")
        canvas.drawText(text)

    loaded = load(drawn(hidden), name="a.pdf")
    assert loaded.text == BODY[2]
    assert [piece.kind for piece in loaded.source.map.furniture] == ["hidden_text"]


def test_a_line_of_a_form_on_two_pages_is_text() -> None:
    """Page heads are known by their places, so that words at the top of a page may occur elsewhere too."""
    form = ("申请路段（列出起点）", "（一）申请项目")
    first = lines("附件1", "申请书")
    second = lines(*form, "附件2", "通知书，主体名称", *form)
    text = load(drawn(first, second), name="a.pdf").text
    assert text.split("\n").count(form[0]) == 2


def test_letters_drawn_as_one_sign_are_both_read() -> None:
    glyphs = [
        Glyph(char, (x, 0, x + width, 10), (x, 9), 10, 0)
        for char, x, width in (
            ("e", 0, 6),
            ("f", 6, 4),
            ("f", 6, 8),
            ("o", 14, 6),
            ("f", 40, 4),
            ("f", 40.5, 4),
        )
    ]
    assert [piece.text for piece in pieces_of(glyphs)] == ["effo", "f"]


def test_a_narrow_blank_between_characters_is_kept() -> None:
    """Programs that justify lines move on by a quarter of a character where the text has a blank."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(80, 700, "云岭市财政局")
        canvas.drawString(80 + 6.26 * 14, 700, "云岭市渔业局文件")
        for at, char in enumerate("一、规范渔港管理的要求"):
            canvas.drawString(80 + at * 1.26 * 14, 650, char)

    assert load(drawn(draw), name="a.pdf").text.split("\n") == [
        "云岭市财政局 云岭市渔业局文件",
        "一、规范渔港管理的要求",
    ]
