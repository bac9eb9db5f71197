"""An oracle that replies with the gold of every question, over the five parsed papers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from corpus.load import load
from corpus.model import Clause, Document, Span
from corpus.parse import parse
from evals.measures.matching import normal
from evals.model import Case, Evidence, Expect, Item
from rag.answer.wording.phrases import phrases_for
from rag.model import Answer, Citation, Language, Marked, Outcome, Passage, Question, Reason, Refusal, Reply

PAPERS = Path(__file__).resolve().parents[3] / "corpus/documents"
# The name of the paper in questions and answers.
PLACES = {"hunan": "湖南", "hubei": "湖北", "yiyang": "益阳", "zhejiang": "浙江", "guangdong": "广东"}


@cache
def papers_by_id() -> dict[str, Document]:
    files = sorted(PAPERS.glob("*.txt"))
    return {
        path.stem: parse(load(path.read_bytes(), name=path.name), document_id=path.stem) for path in files
    }


def oracle(cases: Iterable[Case]) -> Callable[[Question], Reply]:
    """Returns a function that replies to the questions of `cases`, asked in order, with their gold."""
    items = (item for case in cases for item in case.items)
    return lambda question: Reply(question, _result(next(items)))


def _result(item: Item) -> Answer | Refusal:
    if item.expect in (Expect.REFUSE, Expect.SMALLTALK):
        reason = Reason.CHITCHAT if item.expect is Expect.SMALLTALK else Reason.NO_EVIDENCE
        return Refusal("文件中没有规定。", reason, Language.CHINESE, (), (), 0.0)
    citations = [citation for entry in item.evidence for citation in _citations(entry)]
    passages = tuple(
        Passage(cited.document, cited.clause, 1.0, 1.0, 1.0, 1, 1, cited.clause.span) for cited in citations
    )
    outcome = Outcome.CORRECTED if item.expect is Expect.CORRECT else Outcome.ANSWERED
    text = "、".join(PLACES[document] for document in item.documents)
    text += "。" + phrases_for(Language.CHINESE).not_found.format(region="其余") if item.missing else ""
    marked = tuple(Marked(citation) for citation in citations)
    return Answer(text, marked, outcome, Language.CHINESE, passages, 1.0)


def _citations(entry: Evidence) -> list[Citation]:
    """Returns a citation for every quote in a clause of a gold label, and for every label without a quote."""
    document = papers_by_id()[entry.document]
    clauses = [clause for clause in document.clauses if _labelled(clause, entry.articles)]
    found = [cite for quote in entry.quotes for cite in _quotes(document, clauses, quote)]
    bare = [clause for clause in clauses if clause.label not in {cite.clause.label for cite in found}]
    return found + [
        Citation.of(document, clause, clause.span, status=document.head.status) for clause in bare
    ]


def _labelled(clause: Clause, labels: Iterable[str]) -> bool:
    return normal(clause.label) in {normal(label) for label in labels}


def _quotes(document: Document, clauses: Iterable[Clause], quote: str) -> list[Citation]:
    spans = ((clause, _find(document, clause, quote)) for clause in clauses)
    status = document.head.status
    return [Citation.of(document, clause, span, status=status) for clause, span in spans if span is not None][
        :1
    ]


def _find(document: Document, clause: Clause, quote: str) -> Span | None:
    """Returns the shortest part of the clause that equals `quote` after normalisation."""
    sought = normal(quote)
    if sought not in normal(document.text_of(clause)):
        return None
    starts = [
        at for at in range(clause.start, clause.end) if sought in normal(document.text[at : clause.end])
    ]
    start = starts[-1]
    ends = (end for end in range(start + 1, clause.end + 1) if sought in normal(document.text[start:end]))
    return Span(start, next(ends))
