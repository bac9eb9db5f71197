"""The clause tree of small papers of every structure."""

from __future__ import annotations

import pytest

from corpus.load import load
from corpus.model import Clause, Document, Kind
from corpus.parse import parse


def _paper(text: str) -> Document:
    return parse(load(text.encode(), name="paper.txt"), document_id="paper")


def _outline(document: Document) -> list[tuple[str, str]]:
    return [(clause.label, clause.heading) for clause in document.clauses]


def _clause(document: Document, label: str) -> Clause:
    return next(clause for clause in document.clauses if clause.label == label)


def test_contents_are_no_clauses() -> None:
    document = _paper(
        "国家应急预案\n目　录\n1　总则\n1.1　编制目的\n2　职责\n"
        "1　总则\n1.1　编制目的\n为了应对，制定本预案。\n2　职责\n2.1　办公室\n承担工作。\n"
    )
    assert [label for label, _ in _outline(document)] == ["标题", "1", "1.1", "2", "2.1"]
    assert [c.kind for c in document.clauses[1:]] == [Kind.CHAPTER, Kind.ARTICLE] * 2


def test_paragraph_behind_items_belongs_to_the_article() -> None:
    document = _paper(
        "第六条 应当提交：\n（一）申请书；\n（二）证明。\n申请人应当盖章。\n"
        "还应当签字。\n（一）再交一份；\n第七条 略。\n"
    )
    labels = [clause.label for clause in document.clauses]
    assert labels == ["第六条", "第六条（一）", "第六条（二）", "第六条", "第六条（一）", "第七条"]
    more = document.clauses[3]
    assert document.text_of(more) == "申请人应当盖章。\n还应当签字。"
    assert more.id == "第六条~2"
    assert more.parent == "第六条"
    assert document.clauses[0].tree_end == document.clauses[4].end


def test_several_labels_in_one_paragraph() -> None:
    document = _paper(
        "　第一章　总则　　第一条 　为规范管理，制定本办法。\n第二条 略第三条本办法自公布之日起施行。\n"
    )
    assert [clause.label for clause in document.clauses] == ["第一章", "第一条", "第二条", "第三条"]


def test_mentions_of_articles_are_no_clauses() -> None:
    document = _paper("第一条 依照本办法第三条第二款规定办理，适用第五条、第六条。\n第二条 略。\n")
    assert [clause.label for clause in document.clauses] == ["第一条", "第二条"]


def test_attachments_have_a_numbering_of_their_own() -> None:
    document = _paper(
        "关于办事的通知\n各单位：\n现将事项通知如下。\n一、受理\n按规定受理。\n附件：1.申请表\n2.流程\n某某市人民政府\n2024年3月1日\n"
        "附件1\n申请表\n一、姓名\n据实填写。\n附件2\n流程\n1.提交。\n2.审核。\n"
    )
    assert [clause.label for clause in document.clauses] == [
        "标题",
        "引言",
        "一、",
        "附件说明",
        "落款",
        "附件1",
        "附件1一、",
        "附件2",
        "附件2 1．",
        "附件2 2．",
    ]
    assert _clause(document, "附件1一、").path == ("附件1", "一、")


def test_the_only_attachment_may_be_the_paper_itself() -> None:
    document = _paper(
        "关于印发《登记管理办法（试行）》的通知\n各单位：\n现予印发。\n某某市商务局\n2024年3月1日\n"
        "附件\n登记管理办法（试行）\n第一条 制定本办法。\n第二条 略。\n"
    )
    assert [clause.label for clause in document.clauses][-3:] == ["方案标题", "第一条", "第二条"]
    assert document.head.inner_title is not None
    assert document.head.inner_title.value == "登记管理办法（试行）"


def test_closing_provisions_are_a_clause_of_their_own() -> None:
    document = _paper(
        "一、任务\n（一）加强领导。落实责任。\n（二）加强考核。按季考核。\n本意见适用于全市企业。\n本意见自印发之日起施行。\n某某市人民政府\n2024年3月1日\n"
    )
    assert [clause.label for clause in document.clauses] == ["一、", "（一）", "（二）", "附则", "落款"]
    closing = _clause(document, "附则")
    assert document.text_of(closing) == "本意见适用于全市企业。\n本意见自印发之日起施行。"
    assert document.text_of(_clause(document, "（二）")) == "（二）加强考核。按季考核。"


def test_last_article_of_a_statute_keeps_its_paragraphs() -> None:
    document = _paper(
        "第一条 略。\n第二条 本条例自2019年3月1日起施行。\n本条例施行前设立的机构，可以继续执业。\n"
    )
    assert [clause.label for clause in document.clauses] == ["第一条", "第二条"]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("（一）支持产品研发创新。加大科研投入。", "支持产品研发创新"),
        ("（一）加快创新,打造引擎。以需求为导向。", "加快创新,打造引擎"),
        ("（一）促进“互联网+医疗健康”发展。积极推动。", "促进“互联网+医疗健康”发展"),
        ("（一）评价对象：全市企业。", "评价对象"),
        ("（一）申请人应当提交书面材料。逾期不予受理。", ""),
        ("（一）具有独立法人资格的企业；", ""),
        ("（一）各单位要提高认识，加强领导，落实责任。按时完成。", ""),
        ("（一）本办法自印发之日起施行。原办法废止。", ""),
    ],
)
def test_headings_that_run_into_the_text(line: str, heading: str) -> None:
    document = _paper(f"一、总体要求\n{line}\n（二）其他任务。略。\n")
    assert _clause(document, "（一）").heading == heading


def test_body_begins_behind_the_heading() -> None:
    document = _paper("一、总体要求\n（一）支持创新。加大投入。\n（二）指导思想。\n坚持发展。\n")
    texts = {c.label: document.text[c.body_start : c.end] for c in document.clauses}
    assert texts == {"一、": "", "（一）": "加大投入。", "（二）": "坚持发展。"}


def test_running_numbers_are_no_gap_and_missing_ones_are() -> None:
    whole = _paper("一、甲\n（一）子。略。\n（二）丑。略。\n二、乙\n（三）寅。略。\n")
    assert whole.notices == ()
    assert _clause(whole, "（三）").path == ("二、", "（三）")
    torn = _paper("一、甲\n（一）子。略。\n（三）寅。略。\n三、丙\n三、丙\n")
    assert [notice.code for notice in torn.notices] == ["gap", "gap", "repeat"]
    assert [clause.id for clause in torn.clauses][-1] == "三、~2"


def test_a_number_at_the_beginning_of_a_line_is_no_label() -> None:
    document = _paper("一、目标\n到2027年，建成园区\n15．个，产值翻番。\n二、任务\n略。\n")
    assert [clause.label for clause in document.clauses] == ["一、", "二、"]


@pytest.mark.parametrize(
    ("words", "lead", "others"),
    [
        ("（责任单位：市发改委、市经信委牵头，市农业委参与）", ("市发改委", "市经信委"), ("市农业委",)),
        ("（省科技厅、省财政厅等按职责分工负责）", (), ("省科技厅", "省财政厅")),
        ("（省药监局牵头负责）", ("省药监局",), ()),
        (
            "（市委组织部牵头，市人社局、各县（市、区）人民政府配合）",
            ("市委组织部",),
            ("市人社局", "各县（市、区）人民政府"),
        ),
        (
            "（牵头单位：市委组织部；配合单位：市人社局、市财政局等部门）",
            ("市委组织部",),
            ("市人社局", "市财政局"),
        ),
        (
            "［责任单位：市经信委、各区县（市）人民政府按照职责分别负责］",
            (),
            ("市经信委", "各区县（市）人民政府"),
        ),
        (
            "(责 任单位: 省科技厅、省市场监管局〔知识产权局〕,长江产业集团)",
            (),
            ("省科技厅", "省市场监管局〔知识产权局〕", "长江产业集团"),
        ),
        ("\n责任单位：市发展改革委、市财政局", (), ("市发展改革委", "市财政局")),
    ],
)
def test_responsibility(words: str, lead: tuple[str, ...], others: tuple[str, ...]) -> None:
    document = _paper(f"一、甲\n（一）加强考核。按季考核。{words}\n（二）加强领导。略。\n")
    responsibility = _clause(document, "（一）").responsibility
    assert responsibility is not None
    assert (responsibility.lead, responsibility.participants) == (lead, others)
    # Loading removes blanks within Chinese text.
    stated = responsibility.span.of(document.text)
    assert stated == words.strip().replace(" ", "")
    assert stated in document.text_of(_clause(document, "（一）"))


@pytest.mark.parametrize("words", ["（由申请人负责）", "（见附件2）", "（以下简称甲方）", "（含药品、器械）"])
def test_remarks_are_no_responsibility(words: str) -> None:
    document = _paper(f"一、甲\n（一）加强考核。按季考核{words}。\n")
    assert _clause(document, "（一）").responsibility is None


def test_the_rule_that_the_first_unit_leads_applies_from_there_on() -> None:
    document = _paper(
        "一、甲\n（一）子。略。（责任单位：甲局、乙局）\n（二）丑。略。（责任单位：甲局、乙局，位列第一的为牵头单位，下同）\n（三）寅。略。（责任单位：丙局、乙局）\n"
    )
    leads = [c.responsibility.lead for c in document.clauses if c.responsibility is not None]
    assert leads == [(), ("甲局",), ("丙局",)]


def test_a_translation_after_the_text_is_an_attachment() -> None:
    english = "\n".join(f"Article {n}: The State shall protect rights and interests." for n in range(1, 15))
    document = _paper(f"保护法\n第一条 国家保护权益。\n第二条 略。\nLaw on Protection\n{english}\n")
    labels = [clause.label for clause in document.clauses]
    assert labels[:5] == ["标题", "第一条", "第二条", "英文译文", "英文译文 Article 1"]
    assert len(labels) == 18


def test_a_number_far_out_of_sequence_is_no_clause() -> None:
    """Five numbers may be left out, as where articles were repealed; more is a stray number."""
    text = "关于促进消费的办法\n一、发放消费券。\n二、补贴家电。\n{}、延长营业时间。\n"
    assert [clause.label for clause in _paper(text.format("七")).clauses][-1].startswith("七")
    far = "关于促进消费的办法\n1．发放消费券。\n2．补贴家电。\n{}．延长营业时间。\n"
    assert any(clause.path[-1:] == ("7．",) for clause in _paper(far.format("7")).clauses)
    assert not any(clause.path[-1:] == ("8．",) for clause in _paper(far.format("8")).clauses)
