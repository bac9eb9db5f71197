"""Whether a sentence is about another of several things than the question: 第二类, and not 第三类."""

from __future__ import annotations

from functools import cache

from corpus.notation.phrase_table import PhraseTable

_CONTRASTS = PhraseTable.read("rag", "contrasts.tsv")


def excluded(question: str, text: str) -> bool:
    """Whether the text names members of a group, and none of those that the question names."""
    asked = _members(question)
    if not asked:
        return False
    named = _members(text)
    groups = {sense.partition("_")[0] for sense in asked}
    return any(
        (own := {s for s in named if s.startswith(f"{group}_")}) and not own & asked for group in groups
    )


def _members(text: str) -> set[str]:
    return {sense for sense in _senses() if _CONTRASTS.has(sense, text)}


@cache
def _senses() -> tuple[str, ...]:
    return tuple(_CONTRASTS.senses)
