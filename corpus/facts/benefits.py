"""Reads facts about benefits other than money from a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.facts.model import Fact
from corpus.facts.sentences import Sentence


def facts_in(sentence: Sentence) -> Iterator[Fact]:
    """Yields the facts about benefits other than money in a sentence."""
    yield from ()
