"""Compares the facts on a question with the answer to it from clauses, which tells more of what is meant."""

from __future__ import annotations

from collections.abc import Sequence

from index.terms.tokenize import fold
from rag.answer.content.plan import Plan
from rag.answer.tables.matter import Matter
from rag.facts.found import FoundFact
from rag.model import Reason, Refusal

# Share of the matter in a quote from which it is about that.
_QUOTES_IT = 0.6


def is_elsewhere(otherwise: Plan | Refusal) -> bool:
    """Whether the question is about something else than the papers."""
    return isinstance(otherwise, Refusal) and otherwise.reason is Reason.OUT_OF_DOMAIN


def _covers(found: Sequence[FoundFact], otherwise: Plan | Refusal) -> bool:
    """Whether every paper that the answer from clauses quotes has a fact."""
    quoted = set() if isinstance(otherwise, Refusal) else {one.document.id for one in otherwise.quoted}
    return quoted <= {one.head.id for one in found}


def says_more(
    otherwise: Plan | Refusal, found: Sequence[FoundFact], matter: Matter, *, by_clause: bool
) -> bool:
    """Whether the answer from clauses quotes the matter from a paper, or clause, that has no fact."""
    if isinstance(otherwise, Refusal):
        return False
    has_fact = {(one.head.id, one.fact.clause_id if by_clause else "") for one in found}
    others = [
        one
        for one in otherwise.quoted
        if (one.document.id, one.clause.id if by_clause else "") not in has_fact
    ]
    texts = ("\n".join(span.of(one.document.text) for span in one.spans) for one in others)
    return any(matter.share_in(fold(text)) >= _QUOTES_IT for text in texts)


def misses(otherwise: Plan | Refusal, matter: Matter) -> bool:
    """Whether the answer from clauses quotes something else than a matter that the papers do not know.

    Such an answer quotes whatever is of the kind: grants, for 哪些省对养猪有补助.
    """
    if isinstance(otherwise, Refusal) or not matter.is_unknown:
        return False
    texts = ("\n".join(span.of(one.document.text) for span in one.spans) for one in otherwise.quoted)
    return not any(matter.is_named_in(fold(text)) for text in texts)


def as_widely(found: list[FoundFact], otherwise: Plan | Refusal, *, by_words: bool) -> list[FoundFact]:
    """Returns the facts of the papers that the answer from clauses quotes, if each of these has one.

    Facts that contain the words in quotation marks are kept whatever their paper.
    """
    if isinstance(otherwise, Refusal) or not _covers(found, otherwise):
        return []
    quoted = {one.document.id for one in otherwise.quoted}
    return found if by_words else [one for one in found if one.head.id in quoted]
