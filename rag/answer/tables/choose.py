"""Chooses the facts that a table contains."""

from __future__ import annotations

from collections.abc import Iterable

from corpus.facts.model import Fact, FactKind, Role, TargetKind
from index.terms.tokenize import fold
from rag.answer.tables.asked import TableAsked, names_kind
from rag.answer.tables.matter import Matter
from rag.facts.found import FoundFact

# Share of the matter that a provision says, and what share of that of the provision which says most.
_ABOUT = 0.45
_BESIDE = 0.6
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


def choose(asked: TableAsked, facts: Iterable[FoundFact], *, matter: Matter) -> list[FoundFact]:
    """Returns the facts asked for, in the order given."""
    of_kind = _of_year(asked.year, [found for found in facts if _is_asked(asked, found)])
    if asked.literals or not matter:
        return of_kind
    about = [matter.share_in(_folded(found)) for found in of_kind]
    least = max(_ABOUT, _BESIDE * max(about, default=0.0))
    return _meant([found for found, share in zip(of_kind, about, strict=True) if share >= least], matter)


def _meant(facts: list[FoundFact], matter: Matter) -> list[FoundFact]:
    """Returns the facts without those of a list (分别给予…) that the question does not name.

    Facts of a list have one quote. Those with a word of the matter in their own parts are meant, if it is not
    in the parts of all of them.
    """
    lists: dict[tuple[str, int, int], list[FoundFact]] = {}
    for found in facts:
        quote = found.fact.quote
        lists.setdefault((found.head.id, quote.start, quote.end), []).append(found)
    meant: set[str] = set()
    for own in lists.values():
        said = [[concept.is_in(_parts(found)) for found in own] for concept in matter.concepts]
        tells = [row for row in said if any(row) and not all(row)]
        meant |= {one.key for i, one in enumerate(own) if not tells or any(row[i] for row in tells)}
    return [found for found in facts if found.key in meant]


def _parts(found: FoundFact) -> str:
    spans = (span for span in found.fact.spans() if span != found.fact.quote)
    return fold("\n".join(map(found.words, spans)))


def _of_year(year: int | None, facts: list[FoundFact]) -> list[FoundFact]:
    """Returns the facts without targets of other years; those of no year only where no other is left."""
    if year is None:
        return facts
    years = [found.fact.target.year if found.fact.target else year for found in facts]
    of_year = [found for found, own in zip(facts, years, strict=True) if own == year]
    return of_year or [found for found, own in zip(facts, years, strict=True) if own is None]


def _is_asked(asked: TableAsked, found: FoundFact) -> bool:
    fact = found.fact
    if asked.literals:
        quote = fold(found.quote)
        return all(words in quote for words in asked.literals)
    if fact.kind is FactKind.RULE:
        return fact.rule is not None and fact.rule.kind in asked.rules
    if asked.is_of_rules or not _has_kind(asked, found):
        return False
    if asked.with_sum and not _states_sum(fact):
        return False
    if asked.named and fact.target is not None and fact.target.kind is TargetKind.DUTY:
        return False
    return not (_GIVEN & asked.kinds and _is_budget(fact))


def _has_kind(asked: TableAsked, found: FoundFact) -> bool:
    """Whether the fact is of a kind asked for, or is called so by the paper."""
    fact = found.fact
    if not asked.kinds:
        return fact.kind not in _NO_BENEFIT
    if fact.kind in asked.kinds or any(fact.kind in _ALSO.get(kind, ()) for kind in asked.kinds):
        return True
    if not asked.named or fact.kind in _NO_BENEFIT:
        return False
    called = [fact.form] if fact.form is not None else []
    return any(names_kind(asked.kinds, found.words(span)) for span in (*called, *fact.beneficiaries))


def _states_sum(fact: Fact) -> bool:
    paid = any(amount.role not in _NOT_PAID for amount in fact.amounts)
    return paid or (fact.rate is not None and fact.rate.value is not None)


def _is_budget(fact: Fact) -> bool:
    """Whether the only sums are those of a fund or of a year for all, of which nobody gets them."""
    return bool(fact.amounts) and fact.rate is None and all(a.role in _NOT_PAID for a in fact.amounts)


def _folded(found: FoundFact) -> str:
    return fold("\n".join(map(found.words, found.fact.spans())))
