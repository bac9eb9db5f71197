"""Detects whether a reply states that the papers do not contain what was asked."""

from __future__ import annotations

from corpus.text.script import simplify
from evals.model import Observed

# Any of these in a reply is such a statement; simplified characters, lower case.
UNSTATED = (
    "没有写明",
    "没有载明",
    "没有规定",
    "没有提到",
    "没有提及",
    "没有找到",
    "没有收录",
    "没有明确",
    "没有说明",
    "未写明",
    "未载明",
    "未规定",
    "未提及",
    "未找到",
    "未检索到",
    "未收录",
    "未明确",
    "未作规定",
    "未说明",
    "does not state",
    "do not state",
    "does not say",
    "do not say",
    "does not specify",
    "do not specify",
    "does not mention",
    "do not mention",
    "not found",
    "no provision",
    "no such provision",
    "found no",
    "on file applies",
)


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
