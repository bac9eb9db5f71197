"""Checks a citation that a program sends, and describes the result in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from api.agents.addresses import absolute
from api.agents.lookup import NoSuchClause, NoSuchPaper, clause_named, paper_named
from api.agents.tool_schemas import Verification
from api.agents.verification import (
    Difference,
    Elsewhere,
    Finding,
    closest,
    elsewhere,
    has_words,
    likeness,
)
from api.wire import replies
from corpus.model import Clause, Document, Status
from corpus.notation.paper_names import in_title_marks
from rag.assistant import Assistant
from rag.errors import QuoteNotInSource
from rag.model import Citation

_NAMES = {
    Difference.WHITESPACE: "blanks or line breaks",
    Difference.TRADITIONAL: "traditional or simplified characters",
    Difference.WIDTH: "full or half width, or upper and lower case",
    Difference.PUNCTUATION: "punctuation or quotation marks",
    Difference.NUMERALS: "the way figures are written",
}
_STATUSES = {
    Status.DRAFT: "Note that the paper is a draft for comment (征求意见稿), not in force.",
    Status.REPEALED: "Note that the paper has been repealed (已废止).",
    Status.EXPIRED: "Note that the paper is past its validity (已过有效期).",
    Status.SUPERSEDED: "Note that a later text takes the place of this paper (已被取代).",
    Status.NOT_YET: "Note that the paper is not yet in force (尚未施行).",
}
_MOST_READ = 50  # papers read to find a quote
_MOST_CHARS = 200  # characters of the quote that are searched for
_NOWHERE = Elsewhere((), ())


@dataclass(frozen=True, slots=True)
class _Verdict:
    """The result of a check. `explanation` is complete but for the remark on the paper's status."""

    finding: Finding
    explanation: str
    status: Status = Status.IN_FORCE  # of the cited paper, where it is known
    place: Citation | None = None
    differences: tuple[Difference, ...] = ()
    elsewhere: Elsewhere = _NOWHERE
    closest: str = ""


def verify(assistant: Assistant, document: str, label: str, quote: str, *, base: str) -> Verification:
    """Checks whether `quote` occurs verbatim in that clause. A wrong quote is a result, not an error."""
    verdict = _verdict(assistant, document, label, quote)
    binding = verdict.status not in _STATUSES
    return Verification(
        verified=verdict.finding is Finding.VERBATIM,
        reason=verdict.finding,
        explanation=verdict.explanation if binding else f"{verdict.explanation} {_STATUSES[verdict.status]}",
        place=absolute(replies.cited(verdict.place), base) if verdict.place else None,
        differences=list(verdict.differences),
        elsewhere=[absolute(replies.cited(citation), base) for citation in verdict.elsewhere.citations],
        closest=verdict.closest,
        warnings=[] if binding else [verdict.status.value],
    )


def _verdict(assistant: Assistant, document: str, label: str, quote: str) -> _Verdict:
    if not has_words(quote):
        return _Verdict(Finding.EMPTY_QUOTE, "The quote has no words that could be searched for.")
    try:
        paper = paper_named(assistant, document)
    except NoSuchPaper as error:
        found = _search(assistant, quote, beside="")
        return _Verdict(Finding.UNKNOWN_DOCUMENT, f"{error}.{_named_places(found)}", elsewhere=found)
    status = assistant.status(paper)
    try:
        clause = clause_named(paper, label)
    except NoSuchClause as error:
        found = elsewhere(paper, quote, assistant, outside=None)
        return _Verdict(Finding.UNKNOWN_CLAUSE, f"{error}.{_named_places(found)}", status, elsewhere=found)
    try:
        citation = Citation.quote(paper, clause, quote, status=status)
    except QuoteNotInSource:
        return _not_verbatim(assistant, paper, clause, quote)
    start, end = citation.span.start, citation.span.end
    text = (
        f"Verified: the words occur verbatim in {_name(citation)}, characters {start} to {end} of the paper."
    )
    return _Verdict(Finding.VERBATIM, text, status, citation)


def _not_verbatim(assistant: Assistant, paper: Document, clause: Clause, quote: str) -> _Verdict:
    """The result for a known paper and clause that do not contain the quote as it is written."""
    status = assistant.status(paper)
    where = _name(Citation.of(paper, clause, clause.span, status=status))
    others = elsewhere(paper, quote, assistant, outside=clause)
    alike = likeness(paper, clause, quote)
    if alike is not None:
        place = Citation.of(paper, clause, alike.span, status=status)
        ways = ", ".join(_NAMES[difference] for difference in alike.differences)
        text = (
            f"Not verbatim: {where} says the same but differs in {ways}. "
            f"Quote the paper's words: “{place.words}”."
        )
        return _Verdict(Finding.DIFFERS_IN_FORM, text, status, place, alike.differences, others)
    near = closest(paper, clause, quote)
    if others:
        text = f"Not in {where}.{_named_places(others)}"
        return _Verdict(Finding.ELSEWHERE, text, status, elsewhere=others, closest=near)
    found = _search(assistant, quote, beside=paper.id)
    text = f"The words do not occur in {where}, nor elsewhere in this paper.{_named_places(found)}"
    if near:
        text += f" The clause's sentence most like them: “{near}”."
    return _Verdict(Finding.NOT_FOUND, text, status, elsewhere=found, closest=near)


def _search(assistant: Assistant, quote: str, *, beside: str) -> Elsewhere:
    """The first of the papers, except the named one, that contains the quote verbatim.

    With many papers, only those that a search for the quote finds are read.
    """
    catalogue = assistant.catalogue
    ids: Iterable[str] = catalogue.ids
    if len(catalogue) > _MOST_READ:
        found_in = (passage.document.id for passage in assistant.search(quote[:_MOST_CHARS], k=_MOST_READ))
        ids = dict.fromkeys(found_in)
    documents = catalogue.documents(i for i in ids if i != beside)
    found = (elsewhere(document, quote, assistant, outside=None) for document in documents)
    return next(filter(None, found), _NOWHERE)


def _named_places(found: Elsewhere) -> str:
    """A sentence that says where the words occur, to append to the explanation; "" when nowhere."""
    places = [_name(citation) for citation in found.citations]
    # Words across the border of two clauses are verbatim in the paper and in no clause.
    places += [f"across several clauses (characters {span.start} to {span.end})" for span in found.across]
    return f" They occur verbatim in: {'; '.join(places)}." if places else ""


def _name(citation: Citation) -> str:
    return f"{in_title_marks(citation.document.head.title.value)}{citation.clause.label}"
