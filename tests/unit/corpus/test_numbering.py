"""Labels that only the numbers around them decide, lists and their paragraphs, and parts without marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.load import load
from corpus.model import Document, Kind
from corpus.notation.labels.reading import find_label
from corpus.parse import parse


def _paper(text: str, name: str = "paper.txt") -> Document:
    return parse(load(text.encode(), name=name), document_id="paper")


def _clauses(text: str, name: str = "paper.txt") -> list[tuple[str, str]]:
    """Path and own text of each numbered clause."""
    document = _paper(text, name)
    numbered = (Kind.CHAPTER, Kind.ARTICLE, Kind.ITEM)
    return [
        ("/".join(clause.path), document.text_of(clause).replace("\n", "|"))
        for clause in document.clauses
        if clause.kind in numbered
    ]


def _labels(text: str) -> list[str]:
    return [path.rpartition("/")[2] for path, _ in _clauses(text)]


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("第 一 条 为规范管理", "第一条"),
        ("第 1 2 条 每亩补助", "第12条"),
        ("第 4-1 條 攤位", "第4-1條"),
        ("第十五條之二 罰則", "第十五條之二"),
        ("（ 三 ）其他材料", "（三）"),
        ("二 、其他", "二、"),
        ("1O．支持研发", "10．"),
        ("2.2027年底前建成", "2．"),
        ("（一）项目管理", "（一）"),
        ("（二）款项拨付", "（二）"),
    ],
)
def test_a_label_as_sources_write_it(line: str, label: str) -> None:
    found = find_label(line)
    assert found is not None
    assert (found.text, found.doubtful) == (label, False)


_BLANKS = st.sampled_from(["", " ", "　", "\xa0"])


@given(_BLANKS, _BLANKS, _BLANKS, st.integers(1, 99))
def test_blanks_inside_a_label_change_nothing(a: str, b: str, c: str, number: int) -> None:
    plain = find_label(f"第{number}条 支持")
    spaced = find_label(f"第{a}{b.join(str(number))}{c}条 支持")
    assert plain is not None
    assert spaced is not None
    assert (plain.text, plain.number) == (spaced.text, spaced.number)


def test_a_heading_may_go_on_with_a_numeral() -> None:
    text = "一、二手房补贴\n每套2万元。\n二、一站式服务\n当日办结。\n三、三代社保卡\n免费换领。\n"
    assert _labels(text) == ["一、", "二、", "三、"]


def test_numbers_at_the_beginning_of_a_sentence_are_no_headings() -> None:
    text = "一、奖励\n一、二等奖由市级颁发。\n二、三等奖由县级颁发。\n二、处罚\n收回奖金。\n"
    assert _clauses(text) == [
        ("一、", "一、奖励|一、二等奖由市级颁发。|二、三等奖由县级颁发。"),
        ("二、", "二、处罚|收回奖金。"),
    ]


def test_an_amount_at_the_beginning_of_a_line_is_text() -> None:
    text = "一、标准\n1.甲类企业奖励\n2.5万元，分两年拨付。\n2.乙类企业奖励1万元。\n"
    assert _labels(text) == ["一、", "1．", "2．"]


def test_an_amount_may_stand_behind_a_number() -> None:
    text = "一、条件\n1.无不良记录。\n2.3年内无事故。\n3.5名以上技师。\n4.依法纳税。\n"
    assert _labels(text) == ["一、", "1．", "2．", "3．", "4．"]


def test_a_dash_that_a_scan_reads_for_one() -> None:
    text = "第一条 有下列情形的,不予受理:\n(—)材料不全的;\n(二)逾期提交的.\n第二条 其他.\n"
    assert [path for path, _ in _clauses(text)] == ["第一条", "第一条/（一）", "第一条/（二）", "第二条"]


def test_words_with_numbers_are_labels_when_the_paper_counts_them() -> None:
    text = (
        "一、对内\n任务一：建平台\n年内建成。\n任务二：通数据\n全部接入。\n"
        "二、对外\n任务三：优服务\n一窗办理。\n"
    )
    assert [path for path, _ in _clauses(text)] == [
        "一、",
        "一、/任务一",
        "一、/任务二",
        "二、",
        "二、/任务三",
    ]
    assert _labels("一、说明\n阶段一：只有这一个。\n二、其他\n无。\n") == ["一、", "二、"]


def test_a_box_has_a_numbering_of_its_own() -> None:
    text = (
        "一、工程\n1.建设泵站。\n2.疏浚河道。\n专栏1 重点泵站\n1.东闸泵站。\n2.西闸泵站。\n"
        "二、保障\n1.落实资金。\n专栏2 资金来源\n1.市级财政。\n"
    )
    assert [path for path, _ in _clauses(text)] == [
        "一、",
        "一、/1．",
        "一、/2．",
        "一、/2．/专栏1",
        "一、/2．/专栏1/1．",
        "一、/2．/专栏1/2．",
        "二、",
        "二、/1．",
        "二、/1．/专栏2",
        "二、/1．/专栏2/1．",
    ]


def test_a_paragraph_behind_a_list_belongs_to_the_clause_that_announces_it() -> None:
    text = (
        "一、申请\n（一）申请时提交以下材料：\n1.身份证明。\n2.租房合同。\n材料不全的，五日内补正。\n"
        "（二）审核\n审核期十日。\n"
    )
    assert _clauses(text)[1:5] == [
        ("一、/（一）", "（一）申请时提交以下材料："),
        ("一、/（一）/1．", "1.身份证明。"),
        ("一、/（一）/2．", "2.租房合同。"),
        ("一、/（一）", "材料不全的，五日内补正。"),
    ]


def test_paragraphs_below_titles_stay_with_them() -> None:
    text = "一、步骤\n1.报名\n网上报名。\n2.考试\n闭卷考试。\n现场公布成绩。\n"
    assert _clauses(text)[2] == ("一、/2．", "2.考试|闭卷考试。|现场公布成绩。")


def test_one_sentence_among_many_is_no_heading() -> None:
    text = (
        "一、各单位要落实值班制度，每日上报。\n二、公园暂停开放。恢复时间另行通知。\n"
        "三、各市场要做好消毒工作，每日两次。\n四、各学校要推迟开学，做好准备。\n"
    )
    assert [clause.heading for clause in _paper(text).clauses] == ["", "", "", ""]


def test_a_heading_and_its_first_item_in_one_line() -> None:
    text = "一、稳岗 1.返还保费。符合条件的返还。\n2.缓缴保费。可缓缴三个月。\n二、其他\n无。\n"
    assert _clauses(text)[:3] == [
        ("一、", "一、稳岗"),
        ("一、/1．", "1.返还保费。符合条件的返还。"),
        ("一、/2．", "2.缓缴保费。可缓缴三个月。"),
    ]


def test_an_attachment_whose_title_follows_without_a_mark() -> None:
    text = (
        "一、目标\n按附件1执行。\n附件1中的指标每年调整。\n二、其他\n无。\n"
        "附件1巡河质量指标\n1.水质达标率不低于80%。\n附件2河长分工表\n1.东河由张三负责。\n"
    )
    assert [path for path, _ in _clauses(text)] == ["一、", "二、", "附件1/1．", "附件2/1．"]
    assert _clauses(text)[0] == ("一、", "一、目标|按附件1执行。|附件1中的指标每年调整。")


def test_notes_at_the_end_are_clauses_of_their_own() -> None:
    text = (
        "第一条 技师补贴3千元①，学徒补贴1千元②。\n第二条 按年发放。\n————\n"
        "①技师指持证人员。\n②学徒指在册学员。\n"
    )
    assert _clauses(text) == [
        ("第一条", "第一条 技师补贴3千元①，学徒补贴1千元②。"),
        ("第二条", "第二条 按年发放。"),
        ("注①", "①技师指持证人员。"),
        ("注②", "②学徒指在册学员。"),
    ]


def test_items_with_signs_at_the_end_are_no_notes() -> None:
    text = "第一条 申请人应当：\n①年满18周岁；\n②有固定住所。\n"
    assert _labels(text) == ["第一条", "①", "②"]


def test_papers_forwarded_together_are_told_apart() -> None:
    text = (
        "某市人民政府关于印发停车收费和停车补贴两个办法的通知\n各区人民政府：\n"
        "现将《停车收费办法》和《停车补贴办法》印发给你们。\n某市人民政府\n2031年5月6日\n"
        "停车收费办法\n为规范收费，制定本办法。\n一、标准\n（一）每小时4元。\n（二）每日最多30元。\n以上办法自2031年6月1日起施行。\n"
        "停车补贴办法\n为支持建设，制定本办法。\n一、标准\n（一）每车位补贴5千元。\n"
    )
    assert [path for path, _ in _clauses(text)] == [
        "停车收费办法/一、",
        "停车收费办法/一、/（一）",
        "停车收费办法/一、/（二）",
        "停车补贴办法/一、",
        "停车补贴办法/一、/（一）",
    ]
    closing = [clause for clause in _paper(text).clauses if clause.kind is Kind.CLOSING]
    assert [_paper(text).text_of(clause) for clause in closing] == ["以上办法自2031年6月1日起施行。"]


def test_authorities_at_the_end_sign_without_a_date() -> None:
    document = _paper("关于防汛的通告\n一、汛期加强巡查，每日两次。\n二、发现险情立即报告。\n长沙市水利局\n")
    assert [c.path[-1] for c in document.clauses] == ["标题", "一、", "二、", "落款"]


def test_the_name_of_a_column_is_not_part_of_the_paper() -> None:
    page = (
        "<html><body><p>扶持养蜂产业意见</p><p>浏阳市人民政府</p><p>关于扶持养蜂产业若干政策的意见</p>"
        "<p>一、补贴</p><p>每箱补贴50元。</p></body></html>"
    )
    document = _paper(page, "page.html")
    assert "扶持养蜂产业意见" not in document.text.split("\n")
    assert document.clauses[0].kind is Kind.HEAD
    assert document.text.startswith("浏阳市人民政府")
