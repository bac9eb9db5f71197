"""Detects whether a reply states that the papers do not contain what was asked."""

from __future__ import annotations

from corpus.notation.phrase_table import PhraseTable
from corpus.text.script import simplify
from evals.model import Observed

# Any of these in a reply is such a statement; simplified characters, lower case.
UNSTATED = PhraseTable.read("evals", "replies.tsv").written("unstated")


def says_unstated(observed: Observed) -> bool:
    """Whether a reply, in either script, says in its own words that something is not stated or was not found.

    Its quotes do not count: a paper may say 未明确 of something else.
    """
    plain = simplify(_own_words(observed)).lower()
    return any(phrase in plain for phrase in UNSTATED)


def _own_words(observed: Observed) -> str:
    """Returns the text with a blank for each quote: at its place, or by its words where it has none."""
    placed = sorted(cited.answer_span for cited in observed.citations if cited.answer_span is not None)
    parts, at = [], 0
    for start, end in placed:
        parts.append(observed.text[at:start])
        at = max(at, end)
    own = " ".join((*parts, observed.text[at:]))
    for cited in observed.citations:
        if cited.answer_span is None and cited.quote:
            own = own.replace(cited.quote, " ")
    return own
