"""Reads facts about numeric targets and duties from a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.facts.model import Fact
from corpus.facts.sentences import Sentence


def facts_in(sentence: Sentence) -> Iterator[Fact]:
    """Yields the facts about numeric targets and duties in a sentence."""
    yield from ()
