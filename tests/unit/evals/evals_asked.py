"""A small run with right and wrong answers, for tests of its report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

from evals_catalogue import Papers, paper

from evals.model import Case, Evidence, Expect, Item, Provenance, Report
from evals.run.runner import evaluate
from rag.model import Question, Reason, Reply

QUOTE = "每年一次性奖补500万元"
MADE = Provenance(date="2026-03-01", corpus="c0ffee", model="e5", settings={"ZHENGWEN_K": "10"})
_PROVINCE = (
    (("一、", "（一）"), "（一）每个平台每年一次性奖补500万元，连续支持3年。"),
    (("一、", "（二）"), "（二）支持医疗机构制剂医保支付。最高不超过3000万元。"),
    (("附则",), "本意见自印发之日起实施，有效期5年。"),
)
_CITY = (
    (("二、", "（一）", "1．"), "1．支持沅江枳壳（实）、安化黄精等道地中药种植。"),
    (("二、", "（二）", "1．"), "1．支持企业牵头组建产学研用协同创新平台。"),
)
PAPERS = Papers(
    (
        paper("province", "湖南省关于促进生物医药产业创新发展的若干意见", "湘政办发〔2026〕15号", _PROVINCE),
        paper("city", "益阳市关于促进医药产业健康发展的实施意见", "益政办发〔2017〕29号", _CITY),
    )
)


def item(
    *,
    evidence: Sequence[Evidence] = (Evidence("province", ("（一）",), (QUOTE,)),),
    must: Sequence[Sequence[str]] = (("500万",),),
    type: str = "number",
) -> Item:
    """Returns a question on the province's first article; arguments replace its fields."""
    groups = tuple(tuple(group) for group in must)
    return Item("？", type, "easy", Expect.ANSWER, tuple(evidence), answer_must=groups)


_WRONG = item(
    evidence=[Evidence("city", ("二、（一）1．",), ("沅江枳壳(实)、 安化 黄精",))],
    must=[["黄精", "枳壳"], ["500万"]],
)
CASES = (
    Case("a-1", "a", (item(),)),
    Case("a-2", "a", (_WRONG,)),
    Case("d-1", "dialogue", (item(), replace(_WRONG, question="那里呢？", standalone="益阳呢？"))),
    Case("r-1", "refusal", (Item("红烧肉怎么做？", "out_of_domain", "", Expect.REFUSE),)),
    Case("r-2", "refusal", (Item("补贴几元？", "missing_fact", "", Expect.REFUSE),)),
)


def ask(question: Question) -> Reply:
    """Quotes the first article of the province for any question; refuses to give a recipe."""
    cited = PAPERS.cite("province", "（一）", QUOTE)
    if "怎么做" in question.text:
        return PAPERS.refusal(Reason.OUT_OF_DOMAIN, cited)
    return PAPERS.answer(cited, hits=[("province", "（二）"), ("province", "附则"), ("province", "（一）")])


def run(
    cases: Sequence[Case],
    reader: Callable[[Question], Reply] = ask,
    papers: Papers = PAPERS,
    *,
    made: Provenance | None = None,
) -> Report:
    """Asks and scores the cases; every question takes 10 ms."""
    ticks = count()
    return evaluate(
        cases, reader, documents=papers.documents, provenance=made, clock=lambda: next(ticks) / 100
    )
