"""The words around a sentence that tell what it is about: the subject of its paper and its nearest heading.

The reader gets them before the sentence, in training and when it judges: "对床位给予补贴" alone does not say
whose beds are meant.
"""

from __future__ import annotations

from typing import Final

from corpus.model import Clause, Document

# Characters of a subject and of a heading; the longest ones repeat themselves at the end.
_LONGEST_SUBJECT: Final = 28
_LONGEST_HEADING: Final = 24
_ABOUT: Final = "关于"


def context_of(title: str, heading: str) -> str:
    """Returns subject and heading in one line, empty without both.

    The subject of a title is what follows its last 关于; the issuer before it says nothing about the matter.
    """
    subject = title.rpartition(_ABOUT)[2].strip()[:_LONGEST_SUBJECT]
    return " ".join(part for part in (subject, heading.strip()[:_LONGEST_HEADING]) if part)


def in_context(context: str, sentence: str) -> str:
    """Returns what the reader reads of a sentence."""
    return f"{context}：{sentence}" if context else sentence


def clause_context(document: Document, clause: Clause) -> str:
    """Returns the context of the sentences of a clause."""
    return context_of(document.head.title.value, _nearest_heading(document, clause))


def _nearest_heading(document: Document, clause: Clause) -> str:
    by_id = {one.id: one for one in document.clauses}
    above: Clause | None = clause
    while above is not None and not above.heading:
        above = by_id.get(above.parent) if above.parent else None
    return "" if above is None else above.heading
