"""Prints replies, papers and clauses in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from api.cli.views.tables import show_fact_table
from api.terminal import plain
from corpus.head.paper_head import full_name
from corpus.model import Clause, Document, HeadField, Status
from corpus.notation.paper_names import in_title_marks

if TYPE_CHECKING:
    from api.wire.document_schemas import DocumentRelations, DocumentSummary
    from api.wire.reply_schemas import AskResponse, Cited
    from corpus.report import Effect

_EXCERPT = 30  # characters of a clause without heading that represent it in the tree
_ANY_WIDTH = 10_000  # columns; more than any table needs
_QUOTED = 120  # characters shown of a clause that is only a suggestion; `zhengwen show` prints all


@dataclass(frozen=True, slots=True)
class _Frame:
    """The labels around a reply, in its language."""

    outcomes: dict[str, str]
    sources: str
    nearest: str
    statuses: dict[str, str]
    corrected: str  # mark of a fact


_SIMPLIFIED = _Frame(
    outcomes={
        "answered": "答复",
        "partial": "部分答复",
        "corrected": "更正",
        "refused": "无法答复",
        "chitchat": "",
    },
    sources="依据",
    nearest="最接近的条款",
    statuses={
        "draft": "征求意见稿",
        "repealed": "已被废止",
        "expired": "已过有效期",
        "superseded": "已被取代",
        "not_yet_in_force": "尚未施行",
    },
    corrected="编辑已更正",
)
_TRADITIONAL = _Frame(
    outcomes={
        "answered": "答覆",
        "partial": "部分答覆",
        "corrected": "更正",
        "refused": "無法答覆",
        "chitchat": "",
    },
    sources="依據",
    nearest="最接近的條款",
    statuses={
        "draft": "徵求意見稿",
        "repealed": "已被廢止",
        "expired": "已過有效期",
        "superseded": "已被取代",
        "not_yet_in_force": "尚未施行",
    },
    corrected="編輯已更正",
)
_ENGLISH = _Frame(
    outcomes={
        "answered": "Answer",
        "partial": "Partial answer",
        "corrected": "Correction",
        "refused": "No answer",
        "chitchat": "",
    },
    sources="Sources",
    nearest="Nearest clauses",
    statuses={
        "draft": "draft",
        "repealed": "repealed",
        "expired": "expired",
        "superseded": "superseded",
        "not_yet_in_force": "not yet in force",
    },
    corrected="corrected by an editor",
)
_FRAMES = {"zh": _SIMPLIFIED, "zh-Hant": _TRADITIONAL, "en": _ENGLISH}


def show_reply(console: Console, reply: AskResponse) -> None:
    """Prints outcome, card or table, text (with a remark behind the quote of a draft) and its sources."""
    frame = _FRAMES[reply.language]
    if outcome := frame.outcomes[reply.outcome]:
        console.print(plain(outcome, "bold"))
    for table in (reply.card, reply.table):
        if table is not None:
            show_fact_table(console, table, statuses=frame.statuses, corrected=frame.corrected)
    console.print(_highlighted(reply))
    if reply.citations:
        _show_cited(console, frame.sources, reply.citations, frame, answer=reply.text)
    elif reply.refusal is not None and reply.refusal.nearest:
        _show_cited(console, frame.nearest, reply.refusal.nearest, frame, answer=reply.text)


def _highlighted(reply: AskResponse) -> Text:
    """The text with what was asked in bold."""
    shown = plain(reply.text)  # character for character, so that offsets stay valid
    for words in reply.highlights:
        shown.stylize("bold", words.start, words.end)
    return shown


def _show_cited(
    console: Console, title: str, citations: Sequence[Cited], frame: _Frame, *, answer: str
) -> None:
    """Prints a line for each clause. Quotes that `answer` contains are not repeated."""
    console.print()
    console.print(plain(title, "bold"))
    for number, citation in enumerate(_one_a_clause(citations), 1):
        name = full_name(citation.title, citation.doc_number)
        line = plain(f"{number}. {name}{citation.label}")
        if citation.heading:
            line.append_text(plain(f" {citation.heading}"))
        status = frame.statuses.get(citation.status)
        if status and status not in answer:  # beside its quote
            line.append_text(plain(f" [{status}]", "yellow"))
        console.print(line)
        if citation.quote not in answer:
            console.print(plain(f"   {_shortened(citation.quote, _QUOTED)}", "dim"))
        if citation.url:
            console.print(plain(f"   {citation.url}", "dim"))


def _one_a_clause(citations: Sequence[Cited]) -> list[Cited]:
    """The first citation of every clause: a clause that is quoted twice is one source."""
    return list({(c.document_id, tuple(c.path), c.label): c for c in reversed(citations)}.values())[::-1]


def show_documents(console: Console, documents: Sequence[DocumentSummary]) -> None:
    """Prints one line a paper, or a few where the width is not enough for one."""
    table = Table(box=None, pad_edge=False)
    for column in ("id", "number", "status", "region", "issued", "clauses", "title"):
        table.add_column(column, overflow="fold")
    for document in documents:
        table.add_row(plain(document.document_id), *map(plain, _facts(document)), plain(document.title))
    if console.measure(table, options=console.options.update(width=_ANY_WIDTH)).maximum <= console.width:
        console.print(table)
        return
    for document in documents:
        console.print(plain(document.document_id, "bold"), soft_wrap=False)
        facts = "  ".join(_facts(document)) + " clauses"
        for line in (plain(document.title), plain(facts, "dim")):
            console.print(Padding(line, (0, 0, 0, 2)), soft_wrap=False)


def _facts(document: DocumentSummary) -> tuple[str, ...]:
    return (
        document.doc_number or "-",
        document.status + (" (corrected)" if document.status_corrected else ""),
        document.region or "-",
        document.date_issued.isoformat() if document.date_issued else "-",
        str(document.clauses),
    )


def show_relations(console: Console, found: DocumentRelations) -> None:
    """Prints the relations of a paper, each with the words that state it."""
    for name, edges in (("this paper", found.outgoing), ("other papers", found.incoming)):
        for edge in edges:
            paper = edge.paper
            title = full_name(paper.title, paper.doc_number) if paper.title else paper.doc_number
            stored = f"{paper.document_id}, {paper.status}" if paper.stored else "not stored"
            console.print(plain(f"{name} {edge.kind:<11}{title} ({stored})"))
            console.print(Padding(plain(_one_line(edge.quote), "dim"), (0, 0, 0, 2)))
    if not found.outgoing and not found.incoming:
        console.print(plain("No stored paper states a relation."))
    if not found.complete:
        console.print(plain("More papers refer to this one than were read.", "yellow"))


_SUFFERED = {
    "repeals": "repealed by",
    "repeals_parts": "articles repealed by",
    "extends": "extended by",
    "supersedes": "superseded by",
}


def show_document(
    console: Console, document: Document, status: Status, effects: Sequence[Effect] = ()
) -> None:
    """Prints metadata, what other papers do to this one, clause tree and notices."""
    head = document.head
    console.print(plain(head.title.value, "bold"))
    for name, value in (
        ("number", head.doc_number.value if head.doc_number else ""),
        ("issuer", head.issuer.value if head.issuer else ""),
        ("issued", head.date_issued.value.isoformat() if head.date_issued else ""),
        ("status", status.value + (" (corrected)" if _status_set(document) else "")),
        ("region", head.region),
        ("validity", head.validity.span.of(document.text) if head.validity else ""),
        ("source", document.source.url or document.source.name),
    ):
        if value:
            console.print(plain(f"{name:<9}{value}"))
    for one in effects:
        by = f"{_SUFFERED[one.kind]} {one.document_id} {full_name(one.title, one.doc_number)}"
        console.print(plain(f"{by}: “{_one_line(one.quote)}”", "yellow"))
    console.print(_tree(document))
    for correction in document.corrections:
        told = f"corrected: {correction.field.value} = {correction.value or '(none)'} ({correction.reason})"
        console.print(plain(told, "cyan"))
    for notice in document.notices:
        console.print(plain(f"{notice.code}: {notice.message}", "yellow"))


def _status_set(document: Document) -> bool:
    """Whether an editor has set the status."""
    return any(one.field is HeadField.STATUS for one in document.corrections)


def _tree(document: Document) -> Tree:
    root = Tree(plain(document.id, "bold"), highlight=False)
    branches: dict[str, Tree] = {}
    for clause in document.clauses:
        above = root if clause.parent is None else branches[clause.parent]
        branches[clause.id] = above.add(plain(_name(document, clause)))
    return root


def _name(document: Document, clause: Clause) -> str:
    own = clause.path[-1] if clause.path else clause.label
    begins = clause.heading or document.text[clause.body_start : clause.end].strip()
    return f"{own} {_shortened(begins, _EXCERPT)}"


def _shortened(text: str, most: int) -> str:
    """The beginning of `text`, on one line."""
    line = _one_line(text)
    return line if len(line) <= most else f"{line[:most]}…"


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def show_clause(console: Console, document: Document, clause: Clause) -> None:
    """Prints the clause and all below it verbatim."""
    console.print(plain(f"{in_title_marks(document.head.title.value)}{clause.label}", "bold"))
    console.print(plain(document.text[clause.start : clause.tree_end]))
