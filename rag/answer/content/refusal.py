"""Decides when to refuse, and with which reason."""

from __future__ import annotations

from corpus.model import Kind
from corpus.notation.figures import FigureKind, figures
from rag.answer.content.findings import Findings
from rag.answer.content.premise import claims
from rag.answer.content.selection import of_clause
from rag.model import Reason
from rag.question.intent import Act, Want

# Parts of a paper that state when it was issued and until when it applies.
_FRAMES = (Kind.HEAD, Kind.INNER_TITLE, Kind.PREAMBLE, Kind.SIGN_OFF, Kind.CLOSING)


def unasked(act: Act) -> Reason | None:
    """Returns the reason to refuse a message that is not a question, or None."""
    match act:
        case Act.EMPTY:
            return Reason.EMPTY
        case Act.CHITCHAT:
            return Reason.CHITCHAT
        case Act.INSTRUCTION:
            return Reason.INSTRUCTION
        case Act.QUESTION:
            return None


def out_of_reach(findings: Findings) -> tuple[Reason, str] | None:
    """Returns reason and name of a region or document without a paper, when the question names no other."""
    scope = findings.understanding.scope
    if scope.named:
        return None
    if scope.uncovered:
        return Reason.UNCOVERED_REGION, "、".join(scope.uncovered)
    return (Reason.UNKNOWN_DOCUMENT, "、".join(scope.unknown)) if scope.unknown else None


def weak(findings: Findings, *, threshold: float, related: float) -> Reason | None:
    """Returns the reason why the findings are no answer, or None when they are.

    A question is about the papers when it names one, or when a clause covers the share `related` of it.
    """
    asked = findings.understanding
    if asked.missing_address or _cannot_say(findings):
        return Reason.NO_EVIDENCE
    if asked.addressed or findings.confidence >= threshold:
        return None
    on_matter = asked.scope.named or findings.signals.coverage >= related
    return Reason.NO_EVIDENCE if on_matter else Reason.OUT_OF_DOMAIN


def is_open(findings: Findings, *, threshold: float, related: float) -> bool:
    """Whether the reply depends on what the best sentences are to the question.

    It does not where a rule refuses, for several papers, for a clause asked for by its number, or metadata.
    """
    asked = findings.understanding
    if unasked(asked.act) is not None or out_of_reach(findings) is not None or asked.scope.excluded:
        return False
    if asked.spans_papers or asked.addressed or asked.fields:
        return False
    return weak(findings, threshold=threshold, related=related) is None


def _cannot_say(findings: Findings) -> bool:
    """Whether the question asks for what this paper does not contain: a person, an address, another year."""
    asked = findings.understanding
    if not findings.ranked:
        return True
    best = findings.ranked[0]
    met = {want for found in of_clause(best.clause, findings.evidence) for want in found.satisfies}
    if any(want in (Want.CONTACT, Want.PERSON) and want not in met for want in asked.wants):
        return True
    if asked.spans_papers or claims(asked.text):
        return False
    own = asked.words.replace(asked.carried, " ") if asked.carried else asked.words
    years = {figure.value[:4] for figure in figures(own) if figure.kind is FigureKind.DATE}
    document = best.document
    frame = "".join(document.text_of(clause) for clause in document.clauses if clause.kind in _FRAMES)
    return any(year not in best.text and year not in frame for year in years)
