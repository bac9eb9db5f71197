"""Reads the support facts of a paper: every kind from each sentence, then what is shared within a clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from corpus.facts import money
from corpus.facts.context.shared import with_shared
from corpus.facts.coverage import checked_sentences
from corpus.facts.kinds import benefits, rules, targets, time_limits
from corpus.facts.model import EXTRACTOR, Fact, PaperFacts
from corpus.facts.parties import with_parties
from corpus.facts.sentences import Sentence, clauses_of
from corpus.model import Document

_READERS: tuple[Callable[[Sentence], Iterator[Fact]], ...] = (
    time_limits.facts_in,
    targets.facts_in,
    rules.facts_in,
    benefits.facts_in,
)


def facts_of(document: Document) -> PaperFacts:
    """Returns the facts of a paper in reading order. The same text gives the same facts.

    Takes time linear in the length of the text.
    """
    found: list[Fact] = []
    for sentences in clauses_of(document):
        given = list(money.facts_in(sentences))
        read = [with_parties(one, fact) for one in sentences for reader in _READERS for fact in reader(one)]
        found += given
        found += (fact for fact in read if not _is_repeat(fact, given))
    found.sort(key=lambda fact: (fact.quote.start, fact.quote.end))
    facts = tuple(_with_ids(with_shared(document, found)))
    return PaperFacts(document.id, EXTRACTOR, facts, checked_sentences(document, facts))


def _is_repeat(fact: Fact, given: Sequence[Fact]) -> bool:
    """Whether a fact of credit, taxes or fees was read with its sums already."""
    return any(
        one.kind is fact.kind and one.quote.start < fact.quote.end and fact.quote.start < one.quote.end
        for one in given
    )


def _with_ids(facts: Iterable[Fact]) -> Iterator[Fact]:
    numbers: Counter[tuple[str, str]] = Counter()
    for fact in facts:
        key = (fact.clause_id, fact.kind.value)
        numbers[key] += 1
        yield replace(fact, id=f"{fact.clause_id}.{fact.kind.value}.{numbers[key]}")
