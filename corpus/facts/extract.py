"""Reads the support facts of a paper: every kind from each sentence, then what is shared within a clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from corpus.facts import money
from corpus.facts.context.shared import with_shared
from corpus.facts.coverage import checked_sentences
from corpus.facts.kinds import benefits, rules, targets, time_limits
from corpus.facts.model import EXTRACTOR, Fact, FactKind, PaperFacts, RuleKind
from corpus.facts.parties import with_parties
from corpus.facts.quotes import Quotes
from corpus.facts.sentences import Sentence, clauses_of
from corpus.model import Document

_READERS: tuple[Callable[[Sentence], Iterator[Fact]], ...] = (
    time_limits.facts_in,
    targets.facts_in,
    rules.facts_in,
)


def facts_of(document: Document) -> PaperFacts:
    """Returns the facts of a paper in reading order. The same text gives the same facts.

    Takes time linear in the length of the text.
    """
    found, lead_ins = list[Fact](), money.LeadInsRead()
    for sentences in clauses_of(document):
        paid = list(money.facts_in(sentences, lead_ins))
        found += paid
        found += _others(sentences, paid)
    found.sort(key=lambda fact: (fact.quote.start, fact.quote.end))
    facts = tuple(_with_ids(with_shared(document, found)))
    return PaperFacts(document.id, EXTRACTOR, facts, checked_sentences(document, facts))


def _others(sentences: Sequence[Sentence], paid: Sequence[Fact]) -> Iterator[Fact]:
    """Yields the facts other than money of the sentences of a clause.

    A benefit that was read with its sum or promise of money is not read again.
    """
    quotes = Quotes(paid)
    for sentence in sentences:
        own = [with_parties(sentence, fact) for read in _READERS for fact in read(sentence)]
        pledged = any(fact.rule and fact.rule.kind is RuleKind.COMMITMENT for fact in own)
        # 承诺10年内不迁离: the years of a pledge are no time limit of the authorities
        yield from (fact for fact in own if not (pledged and fact.kind is FactKind.TIME_LIMIT))
        # A sentence that makes a rule (不享受本政策, 就高支持) gives nothing.
        is_rule = any(fact.kind is FactKind.RULE for fact in own)
        for fact in () if is_rule else benefits.facts_in(sentence):
            if fact.kind not in benefits.WITH_SUM or not quotes.touch(fact.quote):
                yield with_parties(sentence, fact)


def _with_ids(facts: Iterable[Fact]) -> Iterator[Fact]:
    numbers: Counter[tuple[str, str]] = Counter()
    for fact in facts:
        key = (fact.clause_id, fact.kind.value)
        numbers[key] += 1
        yield replace(fact, id=f"{fact.clause_id}.{fact.kind.value}.{numbers[key]}")
