"""Reads facts about benefits other than money from a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from corpus.facts.context import receivers, strength
from corpus.facts.grants.words import GIVING
from corpus.facts.kinds.parts import Parts
from corpus.facts.model import Fact, FactKind
from corpus.facts.sentences import Sentence
from corpus.model import Kind, Span
from corpus.notation.phrase_table import PhraseTable
from corpus.notation.quantities import quantities_in

_TABLE = PhraseTable.read("corpus", "benefits.tsv")
# The more special kind first: 对重大创新项目开辟新增价格立项“绿色通道” is a matter of the price.
_KINDS = (
    FactKind.PRICE,
    FactKind.TALENT,
    FactKind.MARKET_ACCESS,
    FactKind.PROCUREMENT,
    FactKind.INSURANCE,
    FactKind.GUARANTEE,
    FactKind.TAX,
    FactKind.FEE,
    FactKind.EQUITY,
    FactKind.FUND,
    FactKind.LOAN,
    FactKind.HOUSING,
    FactKind.LAND,
    FactKind.PERMISSION,
    FactKind.FAST_TRACK,
    FactKind.PROJECT,
    FactKind.QUALIFICATION,
    FactKind.RECOGNITION,
    FactKind.SERVICE,
    FactKind.SUPPORT,
)
# Kinds that are read with their sum or rate where the part has one.
WITH_SUM = frozenset(
    {
        FactKind.LOAN,
        FactKind.GUARANTEE,
        FactKind.EQUITY,
        FactKind.FUND,
        FactKind.TAX,
        FactKind.FEE,
        FactKind.SUPPORT,
    }
)
_SUMS = frozenset({"元", "万元", "美元", "%", "个百分点", "个基点"})
_OPENS_CONDITION = re.compile("(?:^|[）)：:])(?:对|凡|经|如|被|已)")
_CLOSES_CONDITION = re.compile(rf"[^，,。；]{{0,20}}?的|[”\"]?{GIVING.alternation('entity')}[等”\"]*$")
# "租用办公用房的（不含附属用房）"
_IS_CONDITION = re.compile(r"的(?:[（(][^（）()]*[）)])?$")
_LONGEST_LEAD = 120  # characters of a sentence before a giving phrase that are quoted with it


@dataclass(frozen=True, slots=True)
class _Given:
    """A part of a sentence with a giving phrase, as offsets of the sentence."""

    kind: FactKind
    words: Span  # the phrase; of several parts in one fact, that of the last
    part: int
    first: int  # where the first phrase begins


def facts_in(sentence: Sentence) -> Iterator[Fact]:
    """Yields the facts about benefits other than money in a sentence."""
    text = sentence.text
    if sentence.clause.kind is Kind.PREAMBLE or _TABLE.has("task", text):
        return
    parts = Parts.of(text)
    free = 0  # end of the quote before
    for given in _merged(list(_given_in(parts))):
        quote = _quote(parts, given, free)
        free = quote.end
        yield _fact(sentence, given, quote)


def _given_in(parts: Parts) -> Iterator[_Given]:
    any_kind = _phrase_of_any_kind()
    named = [place for place, part in enumerate(parts.spans) if any_kind.search(part.of(parts.text))]
    sums = [one.span.start for one in quantities_in(parts.text) if one.unit in _SUMS] if named else []
    for number in named:
        part = parts.spans[number]
        has_sum = any(part.start <= at < part.end for at in sums)
        words = part.of(parts.text)
        for kind in _KINDS:
            spans = [span for span in _TABLE.spans(kind.value, words) if not _is_condition(words, span)]
            if spans and not (has_sum and kind in WITH_SUM):
                begin = part.start + spans[0].start
                yield _Given(kind, Span(begin, part.start + spans[0].end), number, begin)
                break


@cache
def _phrase_of_any_kind() -> re.Pattern[str]:
    """One search in place of twenty: most parts of sentences name no benefit."""
    return re.compile("|".join(_TABLE.alternation(kind.value) for kind in _KINDS))


def _is_condition(part: str, phrase: Span) -> bool:
    """Whether the phrase says who gets something: 对提供信用贷款的金融机构."""
    if _IS_CONDITION.search(part):
        return True
    opening = _OPENS_CONDITION.search(part, 0, phrase.start + 1)
    return opening is not None and _CLOSES_CONDITION.match(part, phrase.end) is not None


def _merged(found: list[_Given]) -> Iterator[_Given]:
    """One fact for neighbouring parts of one kind; 支持 beside a benefit that is named says nothing more."""
    special = [given for given in found if given.kind is not FactKind.SUPPORT]
    previous: _Given | None = None
    for given in special or found:
        if previous is not None and given.kind is previous.kind and given.part == previous.part + 1:
            previous = replace(given, first=previous.first)
            continue
        if previous is not None:
            yield previous
        previous = given
    if previous is not None:
        yield previous


def _quote(parts: Parts, given: _Given, free: int) -> Span:
    """The part with the phrase and what leads to it, up to the fact before."""
    first = parts.index(given.first)
    while (
        first > 0
        and parts.spans[first - 1].start >= free
        and (given.first - parts.spans[first - 1].start <= _LONGEST_LEAD)
    ):
        first -= 1
    return Span(parts.spans[first].start, max(parts.spans[given.part].end, given.words.end))


def _fact(sentence: Sentence, given: _Given, quote: Span) -> Fact:
    place = sentence.place(quote.start, quote.end)
    grade, grade_span = strength.read(sentence, place)
    who = receivers.of_benefit(sentence, quote, given.kind, given.words)
    forms = _TABLE.spans("form", quote.of(sentence.text))
    return Fact(
        id="",
        document_id=sentence.document.id,
        clause_id=sentence.clause.id,
        kind=given.kind,
        quote=place,
        strength=grade,
        strength_span=grade_span,
        beneficiaries=who.beneficiaries,
        conditions=who.conditions,
        thresholds=who.thresholds,
        must_act=who.must_act,
        form=sentence.place(quote.start + forms[0].start, quote.start + forms[0].end) if forms else None,
    )
