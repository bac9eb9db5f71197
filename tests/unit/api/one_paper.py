"""A small paper and an assistant that knows only it, for the endpoints alone."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from written_facts import fact

from corpus.catalogue.catalogue import Catalogue
from corpus.errors import UnknownDocument
from corpus.facts.model import EXTRACTOR, Checked, FactKind, PaperFacts, Rule, RuleKind
from corpus.model import (
    Clause,
    Document,
    HeadData,
    Kind,
    Level,
    Notice,
    PageStart,
    Reference,
    Responsibility,
    Segment,
    Source,
    SourceMap,
    Span,
    Stated,
    Status,
    Validity,
)
from index.errors import IndexStale
from rag.answer.stream import Decided, Done, Event, Working, parts
from rag.facts.catalogue import FactCatalogue
from rag.info import Info
from rag.matching.matcher import Matcher
from rag.model import (
    Answer,
    Citation,
    Highlight,
    Language,
    Marked,
    Outcome,
    Passage,
    Question,
    Reason,
    Refusal,
    Reply,
)

ORIGINAL = """关于支持[b]新药[/b]的通知\x1b[31m
青政办发〔2024〕3号
一、奖励
（一）首次获批。对首次获批的新药，奖补500万元。（省科技厅牵头）
（二）扩产。对扩产的企业，奖补20万元。
本通知自印发之日起施行，有效期5年。
"""


def _span(words: str, text: str = ORIGINAL) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def _clause(kind: Kind, path: tuple[str, ...], own: str, *, heading: str = "", branch: str = "") -> Clause:
    span = _span(own)
    return Clause(
        document_id="qing",
        id="/".join(path),
        kind=kind,
        path=path,
        label=path[-1],
        heading=heading,
        start=span.start,
        end=span.end,
        tree_end=_span(branch).end if branch else span.end,
        body_start=span.start,
        parent="/".join(path[:-1]) or None,
        responsibility=Responsibility(("省科技厅",), (), _span("（省科技厅牵头）"))
        if "省科技厅" in own
        else None,
    )


def build_paper() -> Document:
    second = "（二）扩产。对扩产的企业，奖补20万元。"
    return Document(
        id="qing",
        text=ORIGINAL,
        head=HeadData(
            title=Stated("关于支持[b]新药[/b]的通知", _span("关于支持[b]新药[/b]的通知")),
            status=Status.DRAFT,
            region="青海省",
            level=Level.PROVINCE,
            doc_number=Stated("青政办发〔2024〕3号", _span("青政办发〔2024〕3号")),
            date_issued=Stated(date(2024, 3, 1), _span("2024")),
            validity=Validity(
                _span("本通知自印发之日起施行，有效期5年。"), date(2024, 3, 1), date(2029, 2, 28), "5年", True
            ),
            repeals=(Reference("", "青政办发〔2024〕3号", _span("青政办发〔2024〕3号")),),
        ),
        clauses=(
            _clause(Kind.HEAD, ("标题",), "关于支持[b]新药[/b]的通知"),
            _clause(Kind.CHAPTER, ("一、",), "一、奖励", heading="奖励", branch=second),
            _clause(
                Kind.ARTICLE,
                ("一、", "（一）"),
                "（一）首次获批。对首次获批的新药，奖补500万元。（省科技厅牵头）",
                heading="首次获批",
            ),
            _clause(Kind.ARTICLE, ("一、", "（二）"), second, heading="扩产"),
            _clause(Kind.CLOSING, ("附则",), "本通知自印发之日起施行，有效期5年。"),
        ),
        source=Source(
            name="qing.txt",
            sha256=hashlib.sha256(ORIGINAL.encode()).hexdigest(),
            charset="utf-8",
            media_type="text/plain",
            original=ORIGINAL,
            map=SourceMap((Segment(0, 0, len(ORIGINAL)),), (PageStart(0, 1),)),
        ),
        notices=(Notice("gap", "（三） is missing", _span("（二）")),),
    )


def facts_of_paper(paper: Document) -> PaperFacts:
    """Two sums for two classes, and the rule on its validity."""
    text, id_ = paper.text, paper.id
    award = fact(
        text,
        "对首次获批的新药，奖补500万元",
        who=["新药"],
        on=["首次获批"],
        amounts=["500万元"],
        by="省科技厅",
        clause_id="一、/（一）",
        document_id=id_,
    )
    growth = fact(
        text,
        "对扩产的企业，奖补20万元",
        who=["扩产的企业"],
        amounts=["20万元"],
        clause_id="一、/（二）",
        document_id=id_,
    )
    term = fact(text, "有效期5年", kind=FactKind.RULE, clause_id="附则", document_id=id_)
    term = replace(term, rule=Rule(RuleKind.VALIDITY, None, date(2024, 3, 1), date(2029, 2, 28)))
    silent = Checked("一、", _span("一、奖励"), has_facts=False)
    told = (Checked(one.clause_id, one.quote, has_facts=True) for one in (award, growth))
    return PaperFacts(id_, EXTRACTOR, (award, growth, term), (silent, *told))


INFO = Info(
    "0f",
    "none",
    1,
    documents=1,
    clauses=5,
    chunks=5,
    calibration="c0",
    ranking="r0",
    composer="extractive",
    composer_fingerprint="extractive:0",
    threshold=0.22,
)

# To the type checker, a double of the assistant is one.
_Assistant: Any = object


class OnePaper(_Assistant):  # type: ignore[misc]
    """An assistant over the small paper; questions choose what comes of them."""

    def __init__(self) -> None:
        self.paper = build_paper()
        self.catalogue = Catalogue.of([self.paper], today=date(2026, 6, 1))
        self.read_facts: list[PaperFacts] = [facts_of_paper(self.paper)]
        self.asked: list[Question] = []
        self.running = 0
        self.most_running = 0
        self._lock = threading.Lock()
        self.gate = threading.Event()
        self.gate.set()

    def ask(self, question: Question) -> Reply:
        with self._lock:
            self.asked.append(question)
            self.running += 1
            self.most_running = max(self.most_running, self.running)
        self.gate.wait(timeout=600)
        with self._lock:
            self.running -= 1
        if "过期" in question.text:
            raise IndexStale("the index answers to another corpus. Run `zhengwen ingest --rebuild`")
        if "故障" in question.text:
            raise LookupError("a secret of the inner works")
        result = self._refusal() if "天气" in question.text else self._answer()
        return Reply(question, result, {"total": 1.23456})

    def gone(self) -> frozenset[str]:
        return frozenset()

    def stream(self, question: Question) -> Iterator[Event]:
        yield Working("understand")
        reply = self.ask(question)
        yield Decided(reply)
        yield from parts(reply.result.text)
        yield Done(reply)

    def _answer(self) -> Answer:
        words = "对首次获批的新药，奖补500万元。"
        citation = Citation.quote(self.paper, self.paper.clauses[2], words, status=Status.DRAFT)
        amount = Citation.quote(self.paper, self.paper.clauses[2], "500万元", status=Status.DRAFT)
        at = 2 + words.index(amount.words)
        return Answer(
            text=f"答：{words}",
            citations=(Marked(citation, Span(2, 2 + len(words))), Marked(citation)),
            outcome=Outcome.ANSWERED,
            language=Language.CHINESE,
            passages=tuple(self.search("", k=12)) * 4,
            confidence=0.9,
            warnings=("draft",),
            highlights=(Highlight(amount, Span(at, at + len(amount.words))),),
        )

    def _refusal(self) -> Refusal:
        nearest = Citation.quote(self.paper, self.paper.clauses[3], "奖补20万元", status=Status.DRAFT)
        return Refusal(
            text="文件没有写天气。",
            reason=Reason.OUT_OF_DOMAIN,
            language=Language.CHINESE,
            nearest=(nearest,),
            passages=tuple(self.search("", k=2)),
            confidence=0.1,
        )

    def search(
        self,
        query: str,
        *,
        k: int,
        documents: tuple[str, ...] = (),
        regions: tuple[str, ...] = (),
        as_of: date | None = None,
    ) -> list[Passage]:
        return [
            Passage(self.paper, clause, 0.98765, 0.5, 3.0, 1, None, Span(clause.start, clause.start + 3))
            for clause in self.paper.clauses[:k]
        ]

    @property
    def facts(self) -> FactCatalogue:
        return FactCatalogue.over(self.catalogue, facts=self.read_facts)

    @property
    def matcher(self) -> Matcher:
        return Matcher(self.facts)

    def documents(self) -> tuple[Document, ...]:
        return (self.paper,)

    def document(self, document_id: str) -> Document:
        if document_id not in self.catalogue:  # ids and numbers
            raise UnknownDocument(document_id)
        return self.paper

    def status(self, document: Document) -> Status:
        return document.head.status

    def info(self) -> Info:
        return INFO
