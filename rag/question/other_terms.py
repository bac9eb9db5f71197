"""Tells the term of a thing that a paper regulates, such as a permit, from the term of the paper itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus.head.validity import periods_in
from corpus.model import Clause, Document
from corpus.notation.phrase_table import PhraseTable
from corpus.structure.units import units

_QUESTIONS = PhraseTable.read("rag", "metadata_questions.tsv")
_FEWEST, _MOST = 2, 4  # characters at the end of a name that are compared: 证书, 可证书
_BETWEEN = " 　的"


def is_term_of_thing(question: str, clauses: Iterable[tuple[Document, Clause]]) -> bool:
    """Whether a question after a term names a thing whose term one of `clauses` states.

    采砂许可证有效期多久 asks for the term of the permit where a clause says 采砂许可证有效期不超过十个月.
    """
    asked = _QUESTIONS.spans("validity", question)
    thing = question[: asked[0].start].rstrip(_BETWEEN)[-_MOST:] if asked else ""
    if len(thing) < _FEWEST or _QUESTIONS.has("paper", thing[-_FEWEST:]):
        return False
    ends = tuple(thing[-length:] for length in range(_FEWEST, len(thing) + 1))
    return any(said.endswith(ends) for document, clause in clauses for said in other_terms(document, clause))


def other_terms(document: Document, clause: Clause) -> Iterator[str]:
    """Yields what a clause says before 有效期, of anything but the paper itself."""
    own = document.head.validity
    for unit in units(document, clause):
        if own is not None and unit.span.start < own.span.end and own.span.start < unit.span.end:
            continue
        text = unit.span.of(document.text)
        for period in periods_in(text):
            yield text[: period.start].rstrip(_BETWEEN)
