"""Word documents: what is text and what is not, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_files import cell, docx, level, links, numbered, numbering, package, paragraph, run, table

from corpus.errors import UnreadableDocument
from corpus.formats.office.word.number_formats import formatted
from corpus.load import load
from corpus.model import Loaded, Span
from corpus.notation.labels.reading import find_label
from corpus.parse import parse
from corpus.structure.table_rows import column_heads

Check = Callable[[Loaded], None]


def read(body: str, **parts: str) -> Loaded:
    return load(docx(body, **parts), name="通知.docx")


def lines(body: str, **parts: str) -> list[str]:
    return read(body, **parts).text.split("\n")


def codes(loaded: Loaded) -> list[str]:
    return [notice.code for notice in loaded.notices]


def test_paragraphs_headings_and_bold(check: Check) -> None:
    loaded = read(
        paragraph("关于支持海洋牧场的若干意见", '<w:outlineLvl w:val="0"/>')
        + paragraph(
            run("一、总体要求。", "<w:b/>") + run("到2027年建成20个。") + run("略", '<w:b w:val="0"/>')
        )
        + "<w:p/>"
        + paragraph("本意见自发布之日起施行。")
    )
    check(loaded)
    assert loaded.text.split("\n") == [
        "关于支持海洋牧场的若干意见",
        "一、总体要求。到2027年建成20个。略",
        "本意见自发布之日起施行。",
    ]
    assert [span.of(loaded.text) for span in loaded.emphasis] == [
        "关于支持海洋牧场的若干意见",
        "一、总体要求。",
    ]
    assert loaded.source.media_type.endswith("wordprocessingml.document")
    assert loaded.notices == ()


def test_numbering_becomes_labels() -> None:
    levels = (
        level(0, "chineseCountingThousand", "第%1章")
        + level(1, "chineseCountingThousand", "第%2条", '<w:lvlRestart w:val="0"/>')
        + level(2, "chineseCounting", "（%3）")
        + level(3, "decimal", "%4.")
    )
    body = (
        numbered("总则")
        + numbered("为规范养殖，制定本办法。", 1)
        + numbered("本办法所称养殖，包括：", 1)
        + numbered("网箱养殖；", 2)
        + numbered("5米以上的围栏。", 3)
        + numbered("管理")
        + numbered("县级以上主管部门负责管理。", 1)
        + numbered("底播养殖。", 2)
    )
    assert lines(body, numbering=numbering(levels)) == [
        "第一章 总则",
        "第一条 为规范养殖，制定本办法。",
        "第二条 本办法所称养殖，包括：",
        "（一）网箱养殖；",
        "1. 5米以上的围栏。",
        "第二章 管理",
        "第三条 县级以上主管部门负责管理。",
        "（一）底播养殖。",
    ]


def test_numbering_of_styles_overrides_and_lists_that_take_it_away() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="T1"><w:name w:val="heading 1"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="T2"><w:basedOn w:val="T1"/></w:style>'
    )
    again = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
        '<w:lvlOverride w:ilvl="1"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    levels = (
        level(0, "upperRoman", "%1")
        + level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="T2"/>')
        + level(2, "lowerLetter", "%1.%2.%3", "<w:isLgl/>")
    )
    body = (
        paragraph("保障", '<w:pStyle w:val="T1"/>')
        + paragraph("资金", '<w:pStyle w:val="T2"/>')
        + numbered("项目", 2)
        + paragraph("不编号", '<w:pStyle w:val="T1"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        + numbered("用地", 1, 2)
        + numbered("人才", 1, 2)
    )
    assert lines(body, styles=styles, numbering=numbering(levels, again)) == [
        "I 保障",
        "（一）资金",
        "1.1.1 项目",
        "不编号",
        "（五）用地",
        "（六）人才",
    ]


def test_a_level_that_was_skipped_counts_as_begun() -> None:
    levels = level(0, "decimal", "%1") + level(1, "decimal", "%1.%2")
    body = numbered("岸线", 1) + numbered("海域") + numbered("潮间带", 1)
    assert lines(body, numbering=numbering(levels)) == ["1.1 岸线", "2 海域", "2.1 潮间带"]


def test_bullets_are_no_labels() -> None:
    assert lines(numbered("渔港建设"), numbering=numbering(level(0, "bullet", "\uf0b7"))) == ["渔港建设"]


@pytest.mark.parametrize(
    ("style", "written"),
    [
        ("chineseCounting", "一 九 十 二十一 一〇一"),
        ("chineseCountingThousand", "一 九 十 二十一 一百零一"),
        ("japaneseCounting", "一 九 十 二十一 百一"),
        ("ideographDigital", "一 九 一〇 二一 一〇一"),
        ("chineseLegalSimplified", "壹 玖 壹拾 贰拾壹 壹佰零壹"),
        ("ideographTraditional", "甲 壬 癸 21 101"),
        ("ideographZodiac", "子 申 酉 21 101"),
        ("decimalEnclosedCircle", "① ⑨ ⑩ ㉑ 101"),
        ("decimalEnclosedParen", "⑴ ⑼ ⑽ 21 101"),
        ("decimalFullWidth", "１ ９ １０ ２１ １０１"),
        ("decimalZero", "01 09 10 21 101"),
        ("upperRoman", "I IX X XXI CI"),
        ("lowerLetter", "a i j u wwww"),
        ("ordinal", "1st 9th 10th 21st 101st"),
        ("of a later version", "1 9 10 21 101"),
    ],
)
def test_numbers_are_written_as_word_does(style: str, written: str) -> None:
    assert [formatted(number, style) for number in (1, 9, 10, 21, 101)] == written.split()


def test_tracked_changes_are_read_as_accepted() -> None:
    gone = "<w:del><w:r><w:delText>50万元</w:delText></w:r></w:del>"
    moved = f"<w:moveFrom>{run('渔船')}</w:moveFrom>"
    body = (
        paragraph(run("每艘奖补") + gone + f"<w:ins>{run('80万元')}</w:ins>" + run("。") + moved)
        + f"<w:p><w:moveTo>{run('渔船须登记。')}</w:moveTo></w:p>"
        # A deleted paragraph mark joins two paragraphs.
        + paragraph("经营者应当", "<w:rPr><w:del/></w:rPr>")
        + paragraph("投保。")
        + f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{gone}</w:p>"
        + f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr>{cell('旧')}{cell('1元')}</w:tr>"
        + f"<w:tr>{cell('新')}{cell('2元')}</w:tr></w:tbl>"
        + paragraph("完。")
    )
    loaded = read(body)
    assert loaded.text.split("\n") == [
        "每艘奖补80万元。",
        "渔船须登记。",
        "经营者应当投保。",
        "新\t2元",
        "完。",
    ]
    assert codes(loaded) == ["tracked_changes"] * 4
    assert loaded.notices[0].span.of(loaded.text) == "每艘奖补80万元。"


def test_hidden_text_comments_and_pictures_are_reported() -> None:
    body = paragraph(
        run("船长须持证")
        + run("（内部意见）", "<w:vanish/>")
        + '<w:r><w:commentReference w:id="0"/></w:r>'
        + run("。")
    ) + paragraph("<w:r><w:drawing><pic:pic/></w:drawing></w:r>")
    loaded = read(body)
    assert loaded.text == "船长须持证。"
    assert codes(loaded) == ["hidden_text", "comments", "pictures"]


def test_a_style_separator_joins_heading_and_text() -> None:
    levels = numbering(level(0, "chineseCounting", "（%1）"))
    first = '<w:numPr><w:numId w:val="1"/></w:numPr><w:rPr><w:vanish/><w:specVanish/></w:rPr>'
    assert lines(paragraph("渔港。", first) + paragraph("建设渔港3座。"), numbering=levels) == [
        "（一）渔港。建设渔港3座。"
    ]


def test_fields_give_their_results() -> None:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    def code(text: str) -> str:
        return f"<w:r><w:instrText>{text}</w:instrText></w:r>"

    body = (
        paragraph(
            run("见第")
            + mark("begin")
            + code(" REF a ")
            + run("?")
            + mark("separate")
            + run("3")
            + mark("end")
            + run("条，")
            + '<w:fldSimple w:instr="DATE">'
            + run("2024年")
            + "</w:fldSimple>"
            + f'<w:hyperlink r:id="x">{run("链接")}</w:hyperlink>'
        )
        + paragraph(mark("begin") + code(r" eq \o\ac(○,2) ") + mark("end") + run("船舶检验。"))
        + paragraph(mark("begin") + run("没有结束的域。"))
    )
    assert lines(body) == ["见第3条，2024年链接", "②船舶检验。", "没有结束的域。"]


def test_inline_content_of_other_kinds() -> None:
    sym = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
    ruby = f"<w:r><w:ruby><w:rt>{run('hai')}</w:rt><w:rubyBase>{run('海')}</w:rubyBase></w:ruby></w:r>"
    body = (
        paragraph(sym + run("同意") + "<w:r><w:tab/></w:r>" + run("签名"))
        + paragraph(
            ruby
            + f"<w:smartTag>{run('域')}</w:smartTag>"
            + f"<w:sdt><w:sdtPr/><w:sdtContent>{run('使用')}</w:sdtContent></w:sdt>"
        )
        + paragraph(
            run("面积10")
            + run("4", '<w:vertAlign w:val="superscript"/>')
            + run("亩，CO")
            + run("2", '<w:vertAlign w:val="subscript"/>')
        )
        + paragraph(run("第一行。") + "<w:r><w:br/></w:r>" + run("第二行。"))
        + paragraph("<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>")
    )
    assert lines(body) == ["☑同意\u3000签名", "海域使用", "面积10⁴亩，CO₂", "第一行。", "第二行。", "a+b"]


def test_notes_stand_below_their_paragraph() -> None:
    body = (
        paragraph(run("博士每人26万元") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run("。"))
        + table(
            [["岗位", paragraph(run("船长") + '<w:r><w:footnoteReference w:id="3"/></w:r>')], ["甲", "乙"]]
        )
        + paragraph(run("完") + '<w:r><w:endnoteReference w:id="1"/></w:r>')
    )
    notes = (
        f'<w:footnote w:id="0" w:type="separator">{paragraph("分隔")}</w:footnote>'
        f'<w:footnote w:id="2">{paragraph("<w:r><w:footnoteRef/></w:r>" + run(" 未满42周岁。"))}</w:footnote>'
        f'<w:footnote w:id="3">{paragraph("一等船长。")}</w:footnote>'
    )
    ends = f'<w:endnote w:id="1">{paragraph("资料来源：统计局。")}</w:endnote>'
    ways = '<w:footnotePr><w:numFmt w:val="decimalEnclosedCircle"/></w:footnotePr>'
    assert lines(body, footnotes=notes, endnotes=ends, settings=ways) == [
        "博士每人26万元①。",
        "注①：未满42周岁。",
        "岗位\t船长②",
        "甲\t乙",
        "注②：一等船长。",
        "完[i]",
        "注[i]：资料来源：统计局。",
    ]


def test_text_boxes_are_read_once() -> None:
    box = f"<w:txbxContent>{paragraph('专栏一 深海网箱')}</w:txbxContent>"
    both = (
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor>'
        f'<wp:positionV relativeFrom="paragraph"><wp:posOffset>-100</wp:posOffset></wp:positionV>'
        f"<wps:txbx>{box}</wps:txbx></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    below = f"<w:pict><v:textbox>{box}</v:textbox></w:pict>"
    assert lines(paragraph(f"<w:r>{both}</w:r>" + run("正文。"))) == ["专栏一 深海网箱", "正文。"]
    assert lines(paragraph(f"<w:r>{below}</w:r>" + run("正文。"))) == ["正文。", "专栏一 深海网箱"]


def test_merged_cells_are_repeated_and_heads_of_two_rows_become_one() -> None:
    upper = [cell("船型", '<w:vMerge w:val="restart"/>'), cell("补贴（万元）", '<w:gridSpan w:val="2"/>')]
    lower = [cell("", "<w:vMerge/>"), "新建", "更新"]
    data = [
        [cell("钢质", '<w:vMerge w:val="restart"/>'), "80", "40"],
        [cell("", "<w:vMerge/>"), "60", "30"],
    ]
    text = paragraph("一、渔船补贴按下表执行。") + table([upper, lower, *data]) + paragraph("二、其他。")
    loaded = read(text)
    rows = ["船型\t补贴（万元） 新建\t补贴（万元） 更新", "钢质\t80\t40", "钢质\t60\t30"]
    assert loaded.text.split("\n") == ["一、渔船补贴按下表执行。", *rows, "二、其他。"]
    document = parse(loaded, document_id="d")
    clause = next(clause for clause in document.clauses if clause.path == ("一、",))
    at = document.text.index("钢质\t60")
    heads = column_heads(document, clause, Span(at, at + len(rows[2])))
    assert heads is not None
    assert heads.of(document.text) == rows[0]


def test_a_table_around_paragraphs_or_tables_is_layout() -> None:
    inner = table([["项目", "金额"], ["甲", "1万元"]])
    outer = table([["<w:p><w:r><w:t>一、资金</w:t></w:r></w:p>" + inner + paragraph("二、用地"), "备注"]])
    assert lines(outer) == ["一、资金", "项目\t金额", "甲\t1万元", "二、用地", "备注"]


def test_headers_and_footers_are_no_text() -> None:
    loaded = read(
        paragraph("为加强管理，制定本办法。"), header=paragraph("内部资料"), footer=paragraph("- 1 -")
    )
    assert loaded.text == "为加强管理，制定本办法。"
    source = loaded.source
    assert [source.original[piece.start : piece.end].strip() for piece in source.map.furniture] == [
        "内部资料",
        "- 1 -",
    ]


def test_pages_that_word_counted_are_known() -> None:
    body = paragraph("甲条款。") + paragraph("<w:r><w:lastRenderedPageBreak/><w:t>乙条款。</w:t></w:r>")
    loaded = read(body)
    assert loaded.source.map.page(loaded.text.index("甲")) == 1
    assert loaded.source.map.page(loaded.text.index("乙")) == 2


def test_macros_are_reported() -> None:
    parts: dict[str, str | bytes] = {
        "_rels/.rels": links({"r": "officeDocument word/document2.xml"}),
        "word/document2.xml": (
            '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>'
            f"{paragraph('正文。')}</w:body></w:document>"
        ),
        "word/vbaProject.bin": b"\x00",
    }
    loaded = load(package({"[Content_Types].xml": "<Types/>", **parts}), name="a.docm")
    assert (loaded.text, codes(loaded)) == ("正文。", ["macros"])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "no text"),
        (paragraph("<w:r><w:drawing><pic:pic/></w:drawing></w:r>"), "only pictures"),
        ("<w:tbl><w:tr><w:tc>" * 45 + "</w:tc></w:tr></w:tbl>" * 45, "nested more deeply"),
        ("<w:p>" + "<w:ins>" * 100 + "</w:ins>" * 100 + "</w:p>", "nested more deeply"),
        ("<w:p><w:r>" + "<w:pict>" * 9000 + "</w:pict>" * 9000 + "</w:r></w:p>", "nested more deeply"),
        ("<w:p>", "XML is damaged"),
    ],
)
def test_what_is_no_paper_is_refused(body: str, words: str) -> None:
    with pytest.raises(UnreadableDocument, match=words):
        read(body)


def test_declared_entities_and_bombs_are_refused() -> None:
    entity = '<!DOCTYPE a [<!ENTITY b "c">]><w:document/>'
    for charset in ("utf-8", "utf-16"):
        with pytest.raises(UnreadableDocument, match="document type"):
            load(package({"word/document.xml": entity.encode(charset)}), name="a.docx")
    with pytest.raises(UnreadableDocument, match="too large"):
        read(paragraph("一" * 9_000_000))
    with pytest.raises(UnreadableDocument, match="too large"):
        read("<w:p/>" * 1_500_001)
    many: dict[str, str | bytes] = {f"word/{at}.xml": "" for at in range(20_001)}
    with pytest.raises(UnreadableDocument, match="unpacks to more"):
        load(package({"[Content_Types].xml": "", "word/document.xml": "", **many}), name="a.docx")


def _as_docx(loaded: Loaded, *, automatic: bool) -> bytes:
    """The text as a Word document, with its labels typed, or by automatic numbering."""
    body, at = "", 0
    definitions: dict[tuple[str, str], int] = {}
    starts: list[tuple[int, int]] = []  # definition, first number: one list each
    last: dict[int, tuple[int, int]] = {}  # definition → list, number
    for line in loaded.text.split("\n"):
        spans = [span for span in loaded.emphasis if at <= span.start < at + len(line)]
        heading = any(span.end - span.start == len(line) for span in spans)
        properties, begin = '<w:outlineLvl w:val="1"/>' * heading, 0
        label = find_label(line) if automatic else None
        if label is not None and len(label.number) == 1:
            number = label.number[0]
            style = next(
                s for s in ("decimal", "chineseCounting") if formatted(number, s) in line[: label.end]
            )
            pattern = line[: label.end].rstrip().replace(formatted(number, style), "%1", 1)
            definition = definitions.setdefault((pattern, style), len(definitions))
            name, before = last.get(definition, (0, 0))
            if before + 1 != number or not name:
                starts.append((definition, number))
                name = len(starts)
            last[definition] = name, number
            properties += f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{name}"/></w:numPr>'
            begin = label.end
        ends = {max(begin, edge - at) for span in spans for edge in (span.start, span.end)}
        edges = sorted({begin, len(line), *ends})
        runs = "".join(
            run(
                escape(line[a:b]),
                "<w:b/>" * (not heading and any(s.start - at <= a and b <= s.end - at for s in spans)),
            )
            for a, b in pairwise(edges)
        )
        body += f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"
        at += len(line) + 1
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{name}">{level(0, style, escape(pattern))}</w:abstractNum>'
        for (pattern, style), name in definitions.items()
    )
    lists = "".join(
        f'<w:num w:numId="{name}"><w:abstractNumId w:val="{definition}"/><w:lvlOverride w:ilvl="0">'
        f'<w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
        for name, (definition, start) in enumerate(starts, 1)
    )
    return docx(body, numbering=abstract + lists)


def _tree(loaded: Loaded) -> list[tuple[object, ...]]:
    document = parse(loaded, document_id="d")
    return [
        (clause.path, clause.kind, *map(_squeezed, (clause.label, clause.heading, document.text_of(clause))))
        for clause in document.clauses
    ]


def _squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("automatic", [False, True], ids=["typed", "automatic"])
@pytest.mark.parametrize("name", ["guangdong", "hubei", "hunan", "yiyang", "zhejiang"])
def test_a_paper_in_word_has_the_clauses_of_its_text(
    papers: dict[str, bytes], check: Check, name: str, automatic: bool
) -> None:
    loaded = load(papers[name], name=f"{name}.txt")
    data = _as_docx(loaded, automatic=automatic)
    again = load(data, name=f"{name}.docx")
    check(again)
    assert _tree(again) == _tree(loaded)


WHOLE = docx(
    numbered("总则")
    + paragraph(
        run("奖补") + f"<w:ins>{run('80万元')}</w:ins>" + '<w:r><w:footnoteReference w:id="2"/></w:r>'
    )
    + table([["项目", cell("金额", '<w:gridSpan w:val="2"/>')], [cell("甲", "<w:vMerge/>"), "1", "2"]]),
    numbering=numbering(level(0, "chineseCounting", "%1、")),
    footnotes=f'<w:footnote w:id="2">{paragraph("说明。")}</w:footnote>',
    styles='<w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="a"/></w:style>',
)


@given(
    cut=st.integers(4, len(WHOLE)),
    flips=st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=4),
)
@settings(max_examples=60)
def test_damaged_docx_loads_or_is_refused(check: Check, cut: int, flips: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for at, value in flips:
        data[at] = value
    for variant in (bytes(data), bytes(data[:cut])):
        try:
            check(load(variant, name="x.docx"))
        except UnreadableDocument:
            continue


TAGS = st.sampled_from(
    ["p", "r", "tbl", "tr", "tc", "ins", "del", "sdt", "sdtContent", "pPr", "rPr", "txbxContent", "drawing"]
)
TREES = st.recursive(
    st.sampled_from(
        [
            "<w:t>第一条 海域。</w:t>",
            "<w:br/>",
            '<w:fldChar w:fldCharType="begin"/>',
            "<w:vanish/>",
            '<w:gridSpan w:val="99999999"/>',
            "<w:vMerge/>",
            '<w:numId w:val="1"/>',
            '<w:fldChar w:fldCharType="end"/>',
        ]
    ),
    lambda inner: st.builds(
        lambda tag, parts: f"<w:{tag}>{''.join(parts)}</w:{tag}>", TAGS, st.lists(inner, max_size=4)
    ),
    max_leaves=25,
)


@given(st.lists(TREES, max_size=4))
def test_any_nesting_of_elements_loads_or_is_refused(check: Check, trees: list[str]) -> None:
    try:
        loaded = read("".join(trees), numbering=numbering(level(0, "decimal", "%1.")))
    except UnreadableDocument:
        return
    check(loaded)
