"""Tells which facts are of the kind that a table asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from corpus.facts.model import Fact, FactKind, Role, TargetKind
from corpus.head.paper_head import PaperHead
from index.terms.tokenize import fold
from rag.answer.tables.asked import TableAsked, names_kind
from rag.answer.tables.stated import STATED, of_office, states_sum
from rag.answer.tables.sums import sums_in
from rag.facts.found import FoundFact
from rag.question.intent import Want

# Kinds that a reader counts among those asked for.
_ALSO = {
    FactKind.MONEY: frozenset({FactKind.INTEREST}),
    FactKind.FUND: frozenset({FactKind.EQUITY}),
    FactKind.EQUITY: frozenset({FactKind.FUND}),
}
_GIVEN = frozenset({FactKind.MONEY, FactKind.INTEREST})
# Facts that give nothing by themselves.
_NO_BENEFIT = frozenset({FactKind.RULE, FactKind.TARGET, FactKind.TIME_LIMIT})
_NOT_PAID = frozenset({Role.POOL, Role.TOTAL})
# "最高不超过", both words of which limit one sum
_LIMIT = re.compile("(?P<most>最[高多低少大])(?P<bound>不(?:超过|高于|多于|大于|低于|少于))")
_APART = 6  # characters between the two: 最高给予企业补助不超过


def of_year(year: int | None, facts: list[FoundFact]) -> list[FoundFact]:
    """Returns the facts without targets of other years; those of no year only where no other is left."""
    if year is None:
        return facts
    years = [found.fact.target.year if found.fact.target else year for found in facts]
    of_year = [found for found, own in zip(facts, years, strict=True) if own == year]
    return of_year or [found for found, own in zip(facts, years, strict=True) if own is None]


def applying_in(year: int | None, facts: list[FoundFact]) -> list[FoundFact]:
    """Returns the facts without those of papers issued after the year, unless they name it themselves."""
    if year is None:
        return facts
    return [found for found in facts if _first_year(found.head) <= year or str(year) in found.quote]


def _first_year(head: PaperHead) -> int:
    """Returns the year from which the paper applies; 0 where it states none."""
    first = head.valid_since or head.date_issued
    return first.year if first is not None else 0


def stating(wanted: frozenset[str], facts: list[FoundFact]) -> list[FoundFact]:
    """Returns the facts that state all of it; all facts where none does."""
    found = [one for one in facts if all(STATED[sense](one.fact) for sense in wanted)]
    return found or facts


def is_asked(asked: TableAsked, found: FoundFact) -> bool:
    """Whether the fact is what the question asks for, whatever its matter."""
    fact = found.fact
    if asked.literals:
        quote = fold(found.quote)
        return all(_says(quote, words) for words in asked.literals)
    if fact.kind is FactKind.RULE:
        return fact.rule is not None and fact.rule.kind in asked.rules
    if (asked.rules and not asked.kinds) or not _has_kind(asked, found):
        return False
    if asked.with_sum and not states_sum(fact):
        return False
    if not of_office(found, asked.office):
        return False
    if asked.sums and not asked.sums.met_by(_sums(found)):
        return False
    if asked.kinds and fact.target is not None and fact.target.kind is TargetKind.DUTY:
        return False
    return not (_GIVEN & asked.kinds and _is_budget(fact))


def _says(quote: str, words: str) -> bool:
    """Whether a folded quote has the words; those of a limit may stand apart: 最高奖励不超过50万元."""
    limit = _LIMIT.fullmatch(words)
    if limit is None:
        return words in quote
    return re.search(f"{limit['most']}[^，。；]{{0,{_APART}}}{limit['bound']}", quote) is not None


def _has_kind(asked: TableAsked, found: FoundFact) -> bool:
    """Whether the fact is of a kind asked for, or is called so by the paper."""
    fact = found.fact
    if asked.implying:
        return any(_IMPLIED[want](fact) for want in asked.implying)
    if not asked.kinds:
        return fact.kind not in _NO_BENEFIT
    if fact.kind in asked.kinds or any(fact.kind in _ALSO.get(kind, ()) for kind in asked.kinds):
        return True
    if fact.kind in _NO_BENEFIT:
        return False
    called = [fact.form] if fact.form is not None else []
    benefits = asked.kinds - _NO_BENEFIT
    return any(names_kind(benefits, found.words(span)) for span in (*called, *fact.beneficiaries))


def _is_counted(fact: Fact) -> bool:
    return fact.kind is FactKind.TARGET


def _is_timed(fact: Fact) -> bool:
    """Whether the fact says how long something takes, or how often somebody has to do it."""
    duty = fact.target is not None and fact.target.kind is TargetKind.DUTY
    return fact.kind is FactKind.TIME_LIMIT or duty


def _is_share(fact: Fact) -> bool:
    return fact.rate is not None or (fact.target is not None and "%" in fact.target.unit)


def _pays(fact: Fact) -> bool:
    return fact.kind in _GIVEN


# What a fact has to state that answers a question for one of these.
_IMPLIED: Mapping[Want, Callable[[Fact], bool]] = {
    Want.PERIOD: _is_timed,
    Want.PERCENT: _is_share,
    Want.COUNT: _is_counted,
    Want.MONEY: _pays,
    Want.FUND: _pays,
}


def _sums(found: FoundFact) -> set[Decimal]:
    """Returns the sums of the fact in yuan."""
    return {one for amount in found.fact.amounts for one in sums_in(found.words(amount.span))}


def _is_budget(fact: Fact) -> bool:
    """Whether the only sums are those of a fund or of a year for all, of which nobody gets them."""
    return bool(fact.amounts) and fact.rate is None and all(a.role in _NOT_PAID for a in fact.amounts)
