"""What holds for all facts of a paper: where it applies, whether it is in force, and its rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from corpus.facts.in_force import FactInForce
from corpus.facts.model import Fact, FactKind, RuleKind
from corpus.head.goals import past_goals
from corpus.model import Document, Span, Status
from index.terms.tokenize import fold
from rag.facts.found import FactPaper
from rag.matching.model import PaperRule, Quoted, Why
from rag.matching.preparing.compiled import CompiledFact, Part, gives_something
from rag.matching.preparing.compiling import compiled
from rag.matching.preparing.quoting import Quotes
from rag.matching.reading.conditions import is_of_classes, parse
from rag.matching.reading.places import Region

# Told with every sum of the paper.
_TOLD = frozenset((RuleKind.TOTAL_CAP, RuleKind.NO_STACK, RuleKind.STACK, RuleKind.VALIDITY, RuleKind.SCOPE))
# Years after which a term that ends with something (疫情防控期间) may have ended.
_OPEN_TERM_YEARS = 1
_PERIOD = "期间"
# "房地产企业（项目）不享受本政策全部条款"
_SHUT_OUT = re.compile(
    r"(?:\A|[，,。；;])(?P<who>[^，,。；;]{2,30}?)(?:均|一律|都)?(?:不得|不予|不能|不)(?:享受|适用)(?:于)?(?:本|以上|上述)"
    r"(?:政策|措施|办法|意见|细则|规定|若干措施)(?:的?(?:全部|所有|各项)?(?:条款|内容|政策|奖励|扶持)?)?(?=[，,。；;]|\Z)"
)

_ENDED = {
    Status.DRAFT: Why.DRAFT,
    Status.EXPIRED: Why.EXPIRED,
    Status.REPEALED: Why.EXPIRED,
    Status.SUPERSEDED: Why.EXPIRED,
    Status.NOT_YET: Why.NOT_YET,
}


@dataclass(frozen=True)
class CompiledPaper:
    """A paper with its facts, prepared for matching."""

    place: Region | None  # None: not known
    region: Quoted  # the words that say where it applies: its own rule, or its title
    title: Quoted
    validity: Quoted | None
    draft: Quoted | None  # the words that say that it is a draft
    goals: tuple[int, Quoted] | None  # the last year of its goals, if it states no end
    last_day: date | None  # that a rule of its states
    open_term: tuple[int, Quoted] | None  # the year of a paper whose term has no date
    rules: tuple[PaperRule, ...]
    shut_out: tuple[Part, ...]  # kinds of enterprises that get nothing of what the paper gives
    facts: tuple[tuple[FactInForce, CompiledFact], ...]

    @cached_property
    def all_given(self) -> tuple[FactInForce, ...]:
        return tuple(one for one, _ in self.facts)

    @cached_property
    def names_places_outside(self) -> bool:
        """Whether the beneficiaries of a fact may be outside of the paper's region."""
        return any(fact.outside for _, fact in self.facts)

    def ended(self, status: Status, day: date) -> tuple[Why, Quoted] | None:
        """Why a paper of this status gives nothing on that day, and where that stands."""
        why = _ENDED.get(status)
        if why is None and self.last_day is not None and self.last_day < day:
            why = Why.EXPIRED
        if why is None:
            return None
        quote = self.draft if why is Why.DRAFT else self.validity
        return why, quote or self.title

    def stale(self, day: date) -> Quoted | None:
        """The words for which the paper may no longer be carried out on that day, if any."""
        if self.goals is not None and self.goals[0] < day.year:
            return self.goals[1]
        if self.open_term is not None and self.open_term[0] + _OPEN_TERM_YEARS < day.year:
            return self.open_term[1]
        return None


def compile_paper(paper: FactPaper) -> CompiledPaper:
    """Reads the paper. Raises UnknownDocument and DamagedDocument."""
    document = paper.document
    quotes = Quotes(document)
    facts = [one.fact for one in paper.facts.facts]
    given = [one for one in paper.facts.facts if gives_something(one.fact)]
    head = document.head
    title = quotes.of(head.title.span)
    scope = next((fact for fact in facts if fact.rule is not None and fact.rule.kind is RuleKind.SCOPE), None)
    goals = past_goals(document, today=date.max)
    validity = quotes.of(head.validity.span) if head.validity is not None else None
    return CompiledPaper(
        place=Region.named(head.region, head.title.value, head.issuer.value if head.issuer else ""),
        region=quotes.of(scope.quote) if scope is not None else title,
        title=title,
        validity=validity,
        draft=quotes.of(head.status_span) if head.status_span is not None else None,
        goals=(goals.last_year, quotes.of(goals.span)) if goals is not None else None,
        last_day=_last_day(facts),
        open_term=_open_term(document, quotes, facts),
        rules=tuple(_rules(quotes, facts)),
        shut_out=tuple(_shut_out(quotes, facts)),
        facts=tuple(zip(given, compiled(document, quotes, [one.fact for one in given]), strict=True)),
    )


def _last_day(facts: list[Fact]) -> date | None:
    return max((fact.rule.until for fact in facts if fact.rule is not None and fact.rule.until), default=None)


def _rules(quotes: Quotes, facts: list[Fact]) -> list[PaperRule]:
    told = [fact for fact in facts if fact.rule is not None and fact.rule.kind in _TOLD]
    return [PaperRule(fact, quotes.of(fact.quote)) for fact in told]


def _shut_out(quotes: Quotes, facts: list[Fact]) -> Iterator[Part]:
    """Those whom a rule shuts out by what they are, and by nothing else that would have to be known."""
    for fact in facts:
        if fact.rule is None or fact.rule.kind is not RuleKind.SCOPE:
            continue
        for match in _SHUT_OUT.finditer(quotes.words(fact.quote)):
            who = Span(fact.quote.start + match.start("who"), fact.quote.start + match.end("who"))
            condition = parse(fold(quotes.words(who)), is_class=True)
            if is_of_classes(condition):
                yield Part(quotes.of(fact.quote), condition)


def _open_term(document: Document, quotes: Quotes, facts: list[Fact]) -> tuple[int, Quoted] | None:
    """The rule of a validity that names a period and no end: 有效期为疫情防控期间."""
    issued = document.head.date_issued or document.head.date_printed
    if issued is None:
        return None
    for fact in facts:
        if fact.kind is not FactKind.RULE or fact.rule is None or fact.rule.kind is not RuleKind.VALIDITY:
            continue
        quote = quotes.of(fact.quote)
        if fact.rule.until is None and _PERIOD in quote.words:
            return issued.value.year, quote
    return None
