"""Prints what an enterprise can apply for: every line with the words of the paper and their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from rich.console import Console

from api.cli.facts.views import CORRECTED
from api.pages.fact_words import CHINESE
from api.pages.words import words_for
from api.terminal import plain
from api.wire import match_schemas as wire
from corpus.head.paper_head import full_name
from corpus.model import Status
from rag.matching.model import Aspect, Why

_STATUSES = words_for("zh").statuses
_INDENT = 2
_WHY = {
    Why.REGION: "地区",
    Why.SCOPE: "适用范围",
    Why.DRAFT: "征求意见稿，尚未生效",
    Why.EXPIRED: "已失效",
    Why.NOT_YET: "尚未施行",
    Why.STALE: "是否仍在执行",
    Why.CLASS: "对象",
    Why.STAGE: "阶段",
    Why.THRESHOLD: "数额",
    Why.CONDITION: "条件",
}
_ASPECTS = {
    Aspect.PLACE: "地点",
    Aspect.TYPE: "单位类型",
    Aspect.INDUSTRY: "行业",
    Aspect.PRODUCT: "产品",
    Aspect.STAGE: "阶段",
    Aspect.SIZE: "规模",
}
_OTHERWISE = {"applies": "如生效则符合", "to_confirm": "如生效则需确认"}


def show_matches(console: Console, found: wire.MatchResponse) -> None:
    """Prints the groups one after the other; those that do not apply only if they are in the reply."""
    papers = {paper.document_id: paper for paper in found.papers}
    groups = [("符合", found.applies), ("需确认", found.to_confirm)]
    if found.does_not_apply:
        groups.append(("不符合", found.does_not_apply))
    for name, facts in groups:
        console.print(plain(f"{name}（{len(facts)} 项）", "bold"))
        _show_group(console, facts, papers)
    for draft in found.drafts:
        name = full_name(draft.title, draft.doc_number)
        told = (
            f"{name}：如生效，{draft.applies} 项符合，{draft.to_confirm} 项需确认（征求意见稿，尚未生效）。"
        )
        console.print(plain(told))
    for one in found.not_understood:
        console.print(plain(f"没有看懂{_ASPECTS[one.aspect]}“{one.text}”，未据此判断。"))
    totals = found.totals
    console.print(
        plain(
            f"截至 {found.as_of}：符合 {totals.applies} 项，需确认 {totals.to_confirm} 项，"
            f"不符合 {totals.does_not_apply} 项。引文均为原文，{found.note}。",
            "dim",
        )
    )


def _show_group(
    console: Console, facts: Sequence[wire.MatchedFact], papers: Mapping[str, wire.MatchPaper]
) -> None:
    for document_id, some in groupby(facts, key=lambda one: one.fact.document_id):
        paper, own = papers[document_id], list(some)
        name = full_name(paper.title, paper.doc_number)
        console.print(plain(f"{name}  {paper.region}  {_STATUSES[Status(paper.status)]}", "bold"))
        for one in own:
            _show_fact(console, one)
        for rule in paper.rules:
            _line(console, f"须一并遵守：{_quoted(rule.quote)}")


def _show_fact(console: Console, one: wire.MatchedFact) -> None:
    fact = one.fact
    for_whom = "、".join("".join(span.text.split()) for span in fact.beneficiaries)
    mark = CORRECTED if fact.corrections else ""
    console.print(plain(f"{fact.label} {CHINESE.kinds[fact.kind]}{mark} {for_whom}".rstrip()))
    _line(console, f"“{''.join(fact.quote.text.split())}”")
    _line(console, f"{fact.label} {fact.permalink}")
    for line in _lines(one):
        _line(console, line)


def _lines(one: wire.MatchedFact) -> Iterator[str]:
    if one.calculation is not None:
        yield f"测算：{one.calculation.expression}，{one.calculation.note}"
    for met in one.understood:
        yield f"您说的“{met.said}”按此理解：{_quoted(met.quote)}"
    for question in one.questions:
        yield f"需确认：{question.question}（{question.quote.label}）"
    for reason in one.reasons:
        yield f"不符合（{_WHY[reason.why]}）：{_quoted(reason.quote)}"
    if one.otherwise is not None:
        yield _OTHERWISE[one.otherwise]


def _quoted(proof: wire.Proof) -> str:
    return f"“{''.join(proof.text.split())}”（{proof.label or '标题'} {proof.permalink}）"


def _line(console: Console, text: str) -> None:
    # Not padded: where the output is no terminal, a line would be filled up to the width.
    console.print(plain(" " * _INDENT + text, "dim"), soft_wrap=True)
