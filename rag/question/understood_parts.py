"""Parses each part of a question by itself, with the papers of the part before where it names none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from rag.model import Question, Turn
from rag.question.intent import Act, Breadth
from rag.question.parts import Part, asked_in_turn, parts_of
from rag.question.scope import Scope
from rag.question.understand import Understanding

# Parts that are answered. Each one takes a search of its own.
MOST_PARTS: Final = 4


@dataclass(frozen=True, slots=True)
class UnderstoodPart:
    """A part of a question, and what it asks."""

    part: Part
    understanding: Understanding


class Understand(Protocol):
    """Parses a question; `around` is the scope of one that names no paper and no region."""

    def __call__(self, question: Question, *, around: Scope | None = None) -> Understanding: ...


def understood_parts(
    question: Question, whole: Understanding, understand: Understand
) -> tuple[UnderstoodPart, ...]:
    """Returns the parts of a question about several matters, at most one more than are answered.

    Nothing for a question about one. `whole` is the question as a whole; its places stand for those of its
    first part, if that has none.
    """
    if whole.act is not Act.QUESTION or whole.addressed or whole.missing_address or whole.scope.excluded:
        return ()
    parts = parts_of(question.text, most=MOST_PARTS + 1)
    if len(parts) < 2 or whole.breadth is Breadth.WHICH:
        return ()
    around = whole.scope if whole.scope.subjects <= 1 else None
    found: list[UnderstoodPart] = []
    for part in parts:
        history = question.history if not found else ()
        asked = understand(replace(question, text=part.text, history=history), around=around)
        found.append(UnderstoodPart(part, replace(asked, language=whole.language)))
        around = asked.scope if asked.scope.named or asked.scope.uncovered else around
    return tuple(found) if _each_by_itself(whole, found) else ()


def understood_in_turn(
    question: Question, whole: Understanding, understand: Understand
) -> tuple[UnderstoodPart, ...]:
    """Returns the parts of a question about one matter that ask in turn, at most one more than are answered.

    Each has the ones before as its context. Nothing for a question that asks one thing.
    """
    if whole.act is not Act.QUESTION or whole.addressed or whole.missing_address or whole.scope.excluded:
        return ()
    parts = asked_in_turn(question.text)[: MOST_PARTS + 1]
    if len(parts) < 2 or whole.breadth is not Breadth.ONE:
        return ()
    found: list[UnderstoodPart] = []
    history = question.history
    for part in parts:
        asked = understand(replace(question, text=part.text, history=history), around=whole.scope)
        found.append(UnderstoodPart(part, replace(asked, language=whole.language)))
        if found[0] is found[-1] or not asked.only_fields:  # the term of a paper is not what goes on
            history = (*history, Turn("user", part.text))
    return tuple(found)


def asks_for_more_than_metadata(parts: Sequence[UnderstoodPart]) -> bool:
    """Whether some of the parts ask only for metadata of a paper, and some for none."""
    only = [one.understanding.only_fields for one in parts]
    none = [not one.understanding.fields for one in parts]
    return any(only) and any(none)


def _each_by_itself(whole: Understanding, parts: Sequence[UnderstoodPart]) -> bool:
    """Whether the parts of a question that names several places are about one place each."""
    return whole.breadth is Breadth.ONE or all(
        one.understanding.scope.named and one.understanding.breadth is Breadth.ONE for one in parts
    )
