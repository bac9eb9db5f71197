"""Reads facts about time limits and cuts of them from a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.facts.model import Fact
from corpus.facts.sentences import Sentence


def facts_in(sentence: Sentence) -> Iterator[Fact]:
    """Yields the facts about time limits and cuts of them in a sentence."""
    yield from ()
