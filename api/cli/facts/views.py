"""Prints support facts, and how much of a paper became facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from api.exports.fact_table import said, who
from api.pages.fact_words import CHINESE
from api.pages.words import words_for
from api.terminal import plain
from api.wire import fact_schemas as wire
from corpus.head.paper_head import full_name
from rag.facts.coverage import Coverage
from rag.facts.found import FactPaper, FoundFact

_STATUSES = words_for("zh").statuses
_ANY_WIDTH = 10_000  # columns; more than any table needs
_INDENT = 2
CORRECTED = "（编辑已更正）"  # beside the kind of a fact


def show_facts(console: Console, found: Sequence[FoundFact]) -> None:
    """Prints the facts of each paper as a table, or as a few lines each where the width is not enough."""
    if not found:
        console.print(plain("没有符合条件的扶持事项。"))
        return
    for _, some in groupby(found, key=lambda one: one.head.id):
        own = list(some)
        _show_paper(console, own[0].paper)
        table = _table(own)
        if console.measure(table, options=console.options.update(width=_ANY_WIDTH)).maximum <= console.width:
            console.print(table)
        else:
            _show_lines(console, own)
    console.print(plain(f"共 {len(found)} 项。金额、条件均为原文，以主管部门审核为准。", "dim"))


def _show_paper(console: Console, paper: FactPaper) -> None:
    head, coverage = paper.head, Coverage.of(paper)
    console.print(plain(full_name(head.title, head.doc_number), "bold"))
    parts = [head.id, head.region, _STATUSES[paper.status], _covered(coverage.sentences, coverage.with_facts)]
    console.print(plain("  ".join(filter(None, parts)), "dim"))


def _covered(sentences: int, with_facts: int) -> str:
    return f"涉及金额、比例、时限或给予的句子 {sentences} 句，其中 {with_facts} 句已提取"


def _table(found: Iterable[FoundFact]) -> Table:
    table = Table(box=None, pad_edge=False)
    for column in ("条款", "类别", "对象", "内容", "原文", "编号"):
        table.add_column(column, overflow="fold")
    for one in found:
        table.add_row(
            plain(one.clause_label),
            _kind(one),
            plain(who(one)),
            plain(said(one)),
            _quote(one),
            plain(one.fact.id),
        )
    return table


def _show_lines(console: Console, found: Iterable[FoundFact]) -> None:
    for one in found:
        first = Text.assemble(plain(one.clause_label + " ", "bold"), _kind(one), plain("  " + said(one)))
        console.print(first, soft_wrap=False)
        for line in (who(one), _quote(one).plain, one.fact.id):
            if line:
                console.print(Padding(plain(line, "dim"), (0, 0, 0, _INDENT)), soft_wrap=False)


def _kind(one: FoundFact) -> Text:
    mark = CORRECTED if one.is_corrected else ""
    return plain(CHINESE.kinds[one.fact.kind] + mark, "yellow" if mark else "")


def _quote(one: FoundFact) -> Text:
    return plain(" ".join(one.quote.split()))


def show_coverage(console: Console, found: wire.CoverageList) -> None:
    """Prints for each paper how many sentences became facts, then the others with their clauses."""
    for paper in found.papers:
        console.print(plain(full_name(paper.title, paper.doc_number), "bold"))
        coverage = paper.coverage
        told = (
            f"{paper.document_id}  {_covered(coverage.sentences, coverage.with_facts)}，共 {paper.facts} 项"
        )
        console.print(plain(told, "dim"))
        for one in paper.unread:
            console.print(plain(f"{one.label}  {' '.join(one.span.text.split())}"))
        for line in paper.unproved:
            console.print(plain(f"未能证实，未采用：{line}", "yellow"))


def show_corrections(console: Console, found: wire.FactCorrectionList) -> None:
    """Prints the corrections in force of the facts of a paper."""
    if not found.corrections:
        console.print(plain("no fact of this paper is corrected"))
    for one in found.corrections:
        did = f"{one.field} = {'、'.join(one.words) or '-'}" if one.field else "called wrong"
        lost = "" if one.attached else "  (the paper no longer has the fact or the words)"
        console.print(
            plain(f"{one.number}  {one.fact_id}  {did}  ({one.reason}){lost}", "yellow" if lost else "")
        )
