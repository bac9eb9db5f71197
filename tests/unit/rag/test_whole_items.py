"""Quotes that can be read by themselves: items with lead-ins, rows with heads, remarks with their text."""

from __future__ import annotations

import pytest
from assembled import assistant_over, clause_named, five, written
from constructed import evidence, passage

from corpus.load import load
from corpus.model import Clause, Document
from corpus.parse import parse
from corpus.structure.lead_ins import lead_ins
from corpus.structure.units import is_remark, units
from index.model import Embedder
from rag.answer.content.completion import completed
from rag.answer.content.selection import quote_clause
from rag.evidence.sentences import EvidenceList
from rag.model import Answer, Question
from rag.ranking import Ranking

_MARKET = """\
云溪市农贸市场摊位管理办法
第一条 为规范农贸市场摊位管理，制定本办法。
第二条 摊主有下列行为之一的，一次扣8分：
（一）短斤少两的；
（二）占用消防通道的。
第三条 摊主有下列行为之一的，一次扣3分。扣满12分的，收回摊位。
（一）未公示价目的；
（二）闭市后不清理垃圾的。
前款规定的扣分每年清零一次。
第四条 摊位费按下面的办法收：
（一）固定摊位
固定摊位的摊位费由市场按月收取。
1.市场减免的比例为摊位费的10%。
2.摊主按面积交：
（1）不足6平方米的每月交400元；
（2）6平方米以上的每月交700元。
（二）流动摊位
流动摊位按日收费，每日交15元。
第五条 本办法自2031年3月1日起施行。
"""
_ROWS = "".join(
    f"<tr><td>{n}层</td><td>{n}层加装电梯，由区住建局每台补贴{money}万元；分两次付清</td></tr>"
    for n, money in (("五", 18), ("六", 22), ("七", 25), ("八", 28), ("九", 30))
)
_TABLE = f"""\
<html><body><h1>云溪市老旧小区加装电梯补贴标准的通知</h1><p>一、补贴标准见下表。</p>
<table><tr><td>楼层</td><td>每台补贴</td></tr>{_ROWS}</table><p>二、补贴由区住建局发放。</p></body></html>
"""
_DUTIES = """\
云溪市人民政府办公室关于促进夜间消费若干措施的通知
云政办发〔2031〕7号
一、丰富供给
（一）夜市摊主凭健康证即可经营小吃。（负责部门：市商务局）
（二）年内新增夜间公交线路6条，总数达到15条。（全年推进，主办单位：市交通局）
云溪市人民政府办公室
2031年4月2日
"""


def _asked(embedder: Embedder, document: Document, question: str) -> list[tuple[tuple[str, ...], str]]:
    """Returns path and words of every citation of the answer."""
    result = assistant_over([document], embedder, threshold=0.0).ask(Question(question)).result
    assert isinstance(result, Answer), result.text
    return [(marked.citation.clause.path, marked.citation.words) for marked in result.citations]


@pytest.mark.parametrize(
    ("question", "lead", "item"),
    [
        ("短斤少两扣几分？", "摊主有下列行为之一的，一次扣8分：", "短斤少两的；"),
        ("闭市后不清理垃圾扣几分？", "摊主有下列行为之一的，一次扣3分。", "闭市后不清理垃圾的。"),
    ],
)
def test_an_item_is_quoted_after_what_it_hangs_on(
    tiny_embedder: Embedder, question: str, lead: str, item: str
) -> None:
    words = [words for _, words in _asked(tiny_embedder, written("market", _MARKET), question)]
    assert words.index(lead) + 1 == words.index(item), words


def test_a_lead_in_is_quoted_once_for_two_items(tiny_embedder: Embedder) -> None:
    cited = _asked(tiny_embedder, written("market", _MARKET), "短斤少两、占用消防通道分别扣几分？")
    assert [path for path, _ in cited].count(("第二条",)) == 1


def test_an_item_below_an_item_hangs_on_both() -> None:
    document = written("market", _MARKET)
    above = lead_ins(document, clause_named(document, "第四条（一）2．（2）"))
    assert [lead.span.of(document.text) for lead in above] == ["摊主按面积交："]


def test_a_paragraph_after_the_items_hangs_on_nothing() -> None:
    document = written("market", _MARKET)
    after = next(c for c in document.clauses if document.text_of(c).startswith("前款规定"))
    assert lead_ins(document, after) == []


def test_the_text_below_a_title_belongs_to_the_item() -> None:
    document = written("market", _MARKET)
    for label, heading in (("第四条（一）", "固定摊位"), ("第四条（二）", "流动摊位")):
        clause = clause_named(document, label)
        assert clause.heading == heading
        assert f"{heading}\n{heading}" in document.text_of(clause)


def test_a_row_is_quoted_with_the_heads_of_its_columns() -> None:
    document = parse(load(_TABLE.encode(), name="table.html"), document_id="table")
    found = passage(document, "一、")
    own = EvidenceList(evidence(found, [0.1] * 8 + [1.0]))
    spans = quote_clause(document, found.clause, own, (), ranking=Ranking().quoting).spans
    words = [span.of(document.text) for span in spans]
    assert words[0] == "楼层\t每台补贴"
    assert any("八层\t八层加装电梯，由区住建局每台补贴28万元；分两次付清" in quote for quote in words)
    assert not any("六层" in quote for quote in words)


def test_a_remark_is_quoted_with_its_sentence(tiny_embedder: Embedder) -> None:
    document = written("duties", _DUTIES)
    assert {clause.heading for clause in document.clauses if clause.path[-1] in ("（一）", "（二）")} == {""}
    for question, words in (
        ("夜市摊主卖小吃要办什么证？", "凭健康证即可经营小吃"),
        ("夜间公交线路总数达到几条？", "总数达到15条"),
        ("夜市摊主经营小吃由谁负责？", "（负责部门：市商务局）"),
    ):
        cited = _asked(tiny_embedder, document, question)
        assert any(words in quote for _, quote in cited), question
        assert not any(is_remark(quote) for _, quote in cited), question


def _clauses() -> list[tuple[Document, Clause]]:
    return [(document, clause) for document in five() for clause in document.clauses]


def test_no_quote_of_the_five_papers_is_a_remark_alone() -> None:
    for document, clause in _clauses():
        for unit in units(document, clause)[1:]:
            (first, *_) = completed(document, clause, [unit.span])
            assert not is_remark(first.of(document.text)), (clause.key, first)
            assert first.start <= unit.span.start


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("（负责部门：市商务局）", True),
        ("［责任单位：市财政局］", True),
        ("（一）申请。（二）", False),
        ("公布。（负责部门：市商务局）", False),
        ("（未完", False),
        ("", False),
    ],
)
def test_a_remark_is_one_bracket(text: str, remark: bool) -> None:
    assert is_remark(text) is remark


def test_an_item_within_a_line_is_quoted_with_the_words_before_the_first() -> None:
    items = "".join(f"（{n}）第{n}种材料，须加盖公章并注明日期和用途，一式三份；" for n in "一二三四五")
    document = written("one", f"关于促进消费的通知\n第一条 申请人提交下列材料：{items}\n第二条 略。\n")
    found = passage(document, "第一条")
    own = EvidenceList(evidence(found, [0.1, 0.1, 0.1, 1.0]))
    ranking = Ranking().quoting
    quoted = quote_clause(document, found.clause, own, (), ranking=ranking)
    first, *others = (span.of(document.text) for span in quoted.spans)
    assert first == "申请人提交下列材料："
    assert any(words.startswith("（四）第四种材料") for words in others)


def test_a_list_ends_before_the_paragraph_that_follows_it() -> None:
    document = written("market", _MARKET.replace("一次扣3分。扣满12分的，收回摊位。", "一次扣3分："))
    found = passage(document, "第三条")
    quoted = quote_clause(
        document, found.clause, EvidenceList(evidence(found, [1.0])), (), ranking=Ranking().quoting
    )
    assert quoted.spans[-1].of(document.text).endswith("闭市后不清理垃圾的。")
