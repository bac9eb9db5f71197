"""What the facts of the papers mean for an enterprise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from corpus.facts.in_force import FactInForce
from corpus.facts.model import Fact
from corpus.model import Span, Status
from rag.facts.found import FactPaper, FoundFact


class Aspect(StrEnum):
    """What of a profile a condition depends on."""

    PLACE = "place"
    TYPE = "type"
    INDUSTRY = "industry"
    PRODUCT = "product"
    STAGE = "stage"
    SIZE = "size"
    REVENUE = "revenue"
    INVESTMENT = "investment"
    FIGURES = "figures"  # other quantities, which only a sentence, an event or a title tells
    HISTORY = "history"  # events, titles and whatever else is said


class Why(StrEnum):
    """Why a fact does not apply, or may not."""

    REGION = "region"
    SCOPE = "scope"  # the paper says itself for whom it is
    DRAFT = "draft"
    EXPIRED = "expired"  # or repealed, or replaced
    NOT_YET = "not_yet"
    STALE = "stale"  # the goals of the paper are of years gone, and it states no end
    CLASS = "class"
    STAGE = "stage"
    THRESHOLD = "threshold"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of the paper of a fact."""

    document_id: str
    span: Span
    words: str
    clause_id: str  # empty where the words stand in no clause
    label: str  # of the clause


@dataclass(frozen=True, slots=True)
class Question:
    """A condition that is not known to hold."""

    why: Why
    text: str
    quote: Quoted
    aspect: Aspect | None  # whose value would answer it; None: the paper leaves it open
    aspects: frozenset[Aspect] = frozenset()  # all that may change the answer


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a fact does not apply, in the words of the paper."""

    why: Why
    quote: Quoted
    aspect: Aspect | None = None  # None: it is the same for every enterprise
    aspects: frozenset[Aspect] = frozenset()  # all that may change it


class Source(StrEnum):
    """Where a number of an expression stands."""

    PAPER = "paper"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Term:
    """A number of an expression: the words that state it, and its value."""

    words: str
    value: Decimal  # yuan, a share, or a count of years
    source: Source
    span: Span | None  # in the paper or the sentence of the request; None for an attribute


@dataclass(frozen=True, slots=True)
class Calculation:
    """A sum that the reader can check: 20% × 6000万元, at most 1500万元.

    `factors` are multiplied; `cap` limits the product. The result is an upper limit where `is_limit`.
    """

    factors: tuple[Term, ...]
    result: Decimal  # yuan
    cap: Term | None = None
    is_limit: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """A condition that the profile meets in other words: 新获得“四证” by 去年拿到军工四证."""

    quote: Quoted
    said: str  # verbatim in the profile


@dataclass(frozen=True, slots=True)
class Applies:
    """All conditions of the fact are known to hold; `quotes` are those conditions."""

    quotes: tuple[Quoted, ...]
    understood: tuple[Understood, ...] = ()  # those of them that are met in other words


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """Nothing speaks against the fact, but something is not known."""

    questions: tuple[Question, ...]
    quotes: tuple[Quoted, ...] = ()  # conditions that are known to hold
    understood: tuple[Understood, ...] = ()  # those of them that are met in other words


@dataclass(frozen=True, slots=True)
class DoesNotApply:
    """The fact is for others. `otherwise` is the verdict if the draft were issued."""

    reasons: tuple[Reason, ...]
    otherwise: Applies | ToConfirm | None = None


Verdict = Applies | ToConfirm | DoesNotApply


@dataclass(frozen=True, slots=True)
class PaperRule:
    """A rule of the paper that holds for all its sums: a total cap, no stacking, the validity."""

    fact: Fact
    quote: Quoted


@dataclass(frozen=True, slots=True)
class Match:
    """A fact with its verdict, and what has to be told with it."""

    found: FoundFact
    verdict: Verdict
    rules: tuple[PaperRule, ...] = ()
    calculation: Calculation | None = None

    @property
    def status(self) -> Status:
        return self.found.status


@dataclass(frozen=True, slots=True)
class Outside:
    """Facts of a paper that applies elsewhere. They share one verdict."""

    paper: FactPaper
    facts: tuple[FactInForce, ...]
    verdict: DoesNotApply
    rules: tuple[PaperRule, ...]

    def matches(self) -> Iterator[Match]:
        for one in self.facts:
            yield Match(FoundFact.of(one, self.paper), self.verdict, self.rules)


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """An attribute of the profile in which no place or class was found, so that it decides nothing."""

    aspect: Aspect
    words: str  # as they were given


@dataclass(frozen=True, slots=True)
class DraftOutlook:
    """A draft for the place of the enterprise: how many facts would apply, or be to confirm, if issued."""

    paper: FactPaper
    applies: int
    to_confirm: int


@dataclass(frozen=True, slots=True)
class Matches:
    """All facts that could be for the enterprise, in three groups; in each by paper and place in it.

    Of those to confirm, the ones with the fewest open conditions come first.
    """

    as_of: date
    applies: Sequence[Match]
    to_confirm: Sequence[Match]
    declined: Sequence[Match]  # of papers that apply where the enterprise is
    outside: tuple[Outside, ...]  # papers that apply elsewhere
    drafts: tuple[DraftOutlook, ...] = ()
    not_understood: tuple[NotUnderstood, ...] = ()

    @property
    def others_total(self) -> int:
        """How many facts do not apply."""
        return len(self.declined) + sum(len(one.facts) for one in self.outside)

    def does_not_apply(self) -> Iterator[Match]:
        """The third group: facts for others, each with the reason, first those of papers that apply here."""
        yield from self.declined
        for one in self.outside:
            yield from one.matches()
