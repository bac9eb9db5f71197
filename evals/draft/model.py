"""A proposed question before it is checked and numbered."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.model import Clause, Span


@dataclass(frozen=True, slots=True)
class Idea:
    """A question with the words that answer it. `must` is `answer_must` of docs/evaluation.md."""

    type: str
    question: str
    clause: Clause
    quotes: tuple[Span, ...]  # in Document.text
    must: tuple[tuple[str, ...], ...]
