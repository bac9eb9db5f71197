"""Labels: found, distinguished from mentions, parsed, normalised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.notation.labels.reading import find_bare_number, find_label, opens_clause
from corpus.notation.labels.types import Style
from corpus.notation.numerals import number_of, numeral_of


@pytest.mark.parametrize(
    ("line", "style", "number", "text"),
    [
        ("一、加大研发创新支持力度", Style.HAN_COMMA, (1,), "一、"),
        (" - 三、打造特色优势产业链", Style.HAN_COMMA, (3,), "三、"),
        ("**十二、提升创新药械技术服务能力。**与", Style.HAN_COMMA, (12,), "十二、"),
        ("#### 四、加快审评审批改革", Style.HAN_COMMA, (4,), "四、"),
        ("（十七）加大金融支持。", Style.HAN_PAREN, (17,), "（十七）"),
        ("- (三)强化创新研究能力建设。", Style.HAN_PAREN, (3,), "（三）"),
        ("(二十一) 加强多层次人才引育", Style.HAN_PAREN, (21,), "（二十一）"),
        ("一)加强师资建设", Style.HAN_PAREN, (1,), "（一）"),
        ("㈢建立机制", Style.HAN_PAREN, (3,), "（三）"),
        ("1．加快推进中药现代化", Style.ARABIC_DOT, (1,), "1．"),
        ("１２．支持重点技改项目", Style.ARABIC_DOT, (12,), "12．"),
        ("10. 车辆故障情况", Style.ARABIC_DOT, (10,), "10．"),
        ("3、标记", Style.ARABIC_COMMA, (3,), "3、"),
        ("（1）建立制度", Style.ARABIC_PAREN, (1,), "（1）"),
        ("2）建立制度", Style.ARABIC_HALF_PAREN, (2,), "2）"),
        ("③建立制度", Style.CIRCLED, (3,), "③"),
        ("⑵建立制度", Style.ARABIC_PAREN, (2,), "（2）"),
        ("第三编 合同", Style.PART, (3,), "第三编"),
        ("第二部分 任务", Style.PART, (2,), "第二部分"),
        ("第 三 章　附　则", Style.CHAPTER, (3,), "第三章"),
        ("第二节 申请", Style.SECTION, (2,), "第二节"),
        ("第三十八条 本规范自公布之日起施行", Style.ARTICLE, (38,), "第三十八条"),
        ("第15条 本办法", Style.ARTICLE, (15,), "第15条"),
        ("第十五条之一 本办法", Style.ARTICLE, (15, 1), "第十五条之一"),
        ("第二十-条 对弄虚作假", Style.ARTICLE, (21,), "第二十一条"),
        ("1.1　编制目的", Style.DECIMAL, (1, 1), "1.1"),
        ("2.4.4.1 数据", Style.DECIMAL, (2, 4, 4, 1), "2.4.4.1"),
        ("Article 26: The operators", Style.ENGLISH_ARTICLE, (26,), "Article 26"),
        ("Chapter IV: Rights", Style.ENGLISH_CHAPTER, (4,), "Chapter 4"),
    ],
)
def test_label(line: str, style: Style, number: tuple[int, ...], text: str) -> None:
    label = find_label(line)
    assert label is not None
    assert (label.style, label.number, label.text) == (style, number, text)
    assert opens_clause(line)


@pytest.mark.parametrize(
    "line",
    [
        "一是加强领导",
        "一、二、三类新药证书",
        "（一）项规定的材料",
        "（一）至（三）项",
        "第三条第二款规定的情形",
        "第六条所称收入",
        "第十二条、第十三条的规定",
        "1.5亿元以上的企业",
        "2.8%左右",
        "2024.3.1",
        "1、2、3项",
        "2024年11月17日",
        "Article 12 of this Law",
        "100万元",
        "",
        "　",
    ],
)
def test_no_label(line: str) -> None:
    assert not opens_clause(line)


def test_an_article_before_a_comma_is_doubtful() -> None:
    label = find_label("第十七条，培训机构不得跨地区开展培训")
    assert label is not None
    assert label.doubtful
    assert not opens_clause("第十七条，培训机构不得跨地区开展培训")


def test_bare_number() -> None:
    label = find_bare_number("2　组织指挥体系")
    assert label is not None
    assert (label.style, label.number) == (Style.ARABIC_BARE, (2,))
    assert find_bare_number("2 个工作日内") is not None  # distinguished by the paper's other labels
    assert find_bare_number("2024 年底前") is None


@given(st.integers(1, 9999))
def test_numerals_round_trip(number: int) -> None:
    assert number_of(numeral_of(number)) == number
    assert number_of(str(number)) == number


@given(st.integers(1, 99), st.sampled_from(["{}、", "（{}）", "第{}条 ", "第{}章 "]))
def test_every_number_of_a_style_is_found(number: int, form: str) -> None:
    label = find_label(form.format(numeral_of(number)) + "支持产品研发创新")
    assert label is not None
    assert label.number == (number,)


@given(st.text(max_size=60))
def test_any_line_is_read(line: str) -> None:
    label = find_label(line)
    assert label is None or 0 < label.end <= len(line)
