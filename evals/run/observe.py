"""Reduces a reply to what is scored: the fields that the HTTP API returns."""

from evals.measures.names import HITS
from evals.model import Observed, Quoted, Shown
from rag.model import Citation, Refusal, Reply


def observe(reply: Reply) -> Observed:
    """Returns the scored part of `reply`."""
    result = reply.result
    hits = tuple(
        Shown(passage.document.id, passage.clause.label, passage.text) for passage in result.passages[:HITS]
    )
    if isinstance(result, Refusal):
        nearest = tuple(_quoted(citation) for citation in result.nearest)
        return Observed(
            result.outcome,
            result.text,
            (),
            hits,
            nearest=nearest,
            reason=result.reason.value,
            understood=result.rewritten,
            confidence=result.confidence,
        )
    cited = []
    for marked in result.citations:
        span = marked.answer_span
        cited.append(_quoted(marked.citation, (span.start, span.end) if span is not None else None))
    return Observed(
        result.outcome,
        result.text,
        tuple(cited),
        hits,
        understood=result.rewritten,
        confidence=result.confidence,
    )


def _quoted(citation: Citation, answer_span: tuple[int, int] | None = None) -> Quoted:
    head = citation.document.head
    return Quoted(
        citation.document.id,
        head.title.value,
        head.doc_number.value if head.doc_number is not None else "",
        citation.clause.label,
        citation.clause.path,
        citation.words,
        citation.span.start,
        citation.span.end,
        answer_span,
    )
