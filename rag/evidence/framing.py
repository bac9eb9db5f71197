"""Tells clauses that say something from those that only frame a paper or name others.

Title, sign-off, 现将有关事项通知如下 and the items of a list of repealed papers repeat the matter of a paper
and rule nothing, so that search ranks them above the clauses that do, which need not repeat it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from corpus.model import Clause, Document, Kind
from corpus.notation.citations.references import references_in
from corpus.structure.units import UnitKind, units
from rag.evidence.sentences import Evidence
from rag.model import Passage
from rag.question.understand import Understanding

_FRAMES: Final = (Kind.HEAD, Kind.INNER_TITLE)
_SAYS_MORE: Final = ("：", ":", "（", "(", "。")  # a sign-off with 抄送：…… or （此件公开发布）
_ANNOUNCES = re.compile(r"如下[：:。.]?\s*\Z")
_LEFT: Final = 4  # characters besides names of papers that an item of a list of papers has: a mark, 和, 等
_WORDS = re.compile(r"\w")


def frames_last(passages: Sequence[Passage]) -> list[Passage]:
    """Returns the passages with those last that only frame a paper."""
    return sorted(passages, key=lambda passage: is_frame(passage.document, passage.clause))


def to_be_judged(asked: Understanding, evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    """Returns the sentences, best first, that may answer: without frames for a question about content."""
    if not asks_for_content(asked):
        return evidence
    frames: dict[str, bool] = {}
    for one in evidence:
        clause = one.passage.clause
        if clause.key not in frames:
            frames[clause.key] = is_frame(one.passage.document, clause)
    return [one for one in evidence if not frames[one.passage.clause.key]] or evidence


def asks_for_content(asked: Understanding) -> bool:
    """Whether a question is about what papers rule, and not about a paper, a number or certain words."""
    return not (asked.fields or asked.addressed or asked.literals)


def is_frame(document: Document, clause: Clause) -> bool:
    """Whether a clause rules nothing: it frames its paper, or only names other papers."""
    if clause.kind in _FRAMES:
        return True
    if clause.kind is Kind.SIGN_OFF:
        return not any(mark in document.text_of(clause) for mark in _SAYS_MORE)
    if clause.kind is Kind.PREAMBLE:
        sentences = [unit for unit in units(document, clause) if unit.kind is UnitKind.SENTENCE]
        text = document.text_of(clause).rstrip()
        announces = len(sentences) <= 2 and _ANNOUNCES.search(text) is not None
        return announces or (len(sentences) <= 1 and text.endswith(("：", ":")))  # addressees alone
    return clause.kind in (Kind.ITEM, Kind.ARTICLE) and _only_names_papers(document, clause)


def _only_names_papers(document: Document, clause: Clause) -> bool:
    text = document.text[clause.body_start : clause.end]
    at, left = 0, 0
    references = references_in(text)
    for reference in references:
        left += len(_WORDS.findall(text[at : reference.span.start]))
        at = reference.span.end
    return bool(references) and left + len(_WORDS.findall(text[at:])) <= _LEFT
