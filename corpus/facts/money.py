"""Reads facts about money, interest and finance from a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.facts.model import Fact
from corpus.facts.sentences import Sentence


def facts_in(sentence: Sentence) -> Iterator[Fact]:
    """Yields the facts about money, interest and finance in a sentence."""
    yield from ()
