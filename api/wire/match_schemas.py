"""Wire models of matching: the profile of an enterprise, and what the facts of the papers mean for it.

A profile is neither stored nor logged. Every quote is words of a paper with offsets in its `text`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from api.wire.fact_schemas import Number, SupportFact
from api.wire.fields import Day, Name, StatusName, Wire, Words
from corpus.facts.model import RuleKind
from rag.matching.model import Aspect, Source, Why

LONGEST_SENTENCE = 2000  # characters of the sentence
MOST_EVENTS = 50
MOST_MATCHES = 1000  # of one group
MATCHES = 100
NOTE = "以主管部门审核为准"

Yuan = Annotated[Decimal | None, Field(ge=0, le=10**15, allow_inf_nan=False)]


class ProfileEvent(Wire):
    """Something that has happened to the enterprise."""

    what: Annotated[Name, Field(description="首次获得药品注册批件")]
    on: Annotated[Day | None, Field(description="the day, if it is known")] = None


class MatchRequest(Wire):
    """What is known of an enterprise. Everything may be left out; what is left out is not known."""

    sentence: Annotated[
        Words, Field(max_length=LONGEST_SENTENCE, description="any of it in everyday words, in Chinese")
    ] = ""
    place: Annotated[Name | None, Field(description="where it is: 湖南省益阳市, 益阳")] = None
    type: Annotated[Name | None, Field(description="企业, 医疗机构, 融资担保公司")] = None
    industry: Annotated[Name | None, Field(description="生物医药")] = None
    product: Annotated[Name | None, Field(description="with its class: 第三类创新医疗器械")] = None
    stage: Annotated[Name | None, Field(description="how far the product is: 申报临床, 已上市")] = None
    events: Annotated[list[ProfileEvent], Field(default_factory=list, max_length=MOST_EVENTS, fail_fast=True)]
    size: Annotated[Name | None, Field(description="大型, 中型, 小型, 微型")] = None
    revenue: Annotated[Yuan, Field(description="of a year, in yuan")] = None
    investment: Annotated[Yuan, Field(description="in yuan")] = None
    titles: Annotated[
        list[Name],
        Field(default_factory=list, max_length=MOST_EVENTS, fail_fast=True, description="国家高新技术企业"),
    ]
    as_of: Annotated[Day | None, Field(description="the day whose papers count; today if it is left out")] = (
        None
    )
    with_others: Annotated[
        bool, Field(description="also return the facts that do not apply, with the reasons")
    ] = False
    limit: Annotated[int, Field(ge=1, le=MOST_MATCHES, description="most facts of each group")] = MATCHES


class Proof(Wire):
    """Words of the paper that decide something, and where they stand."""

    text: str
    start: int
    end: int
    label: Annotated[str, Field(description="of the clause; empty where they stand in no clause")]
    permalink: Annotated[str, Field(description="page of the paper on this service, with the words marked")]


class MatchQuestion(Wire):
    """A condition that is not known to hold, as a question."""

    why: Why
    question: str
    quote: Proof
    aspect: Annotated[
        Aspect | None,
        Field(description="what of the profile would answer it; null: the paper leaves it open"),
    ]


class MatchUnderstood(Wire):
    """A condition that the profile meets in other words than the paper's."""

    quote: Proof
    said: Annotated[str, Field(description="the words of the request that were taken for it")]


class MatchReason(Wire):
    """Why a fact does not apply."""

    why: Why
    quote: Proof


class CalculationTerm(Wire):
    """A number of an expression, in the words that state it."""

    text: str
    value: Annotated[Number, Field(description="yuan, a share, or a count")]
    source: Annotated[Source, Field(description="whether the words stand in the paper or in the request")]
    start: Annotated[int | None, Field(description="in the paper or the sentence; null for an attribute")]
    end: int | None


class MatchCalculation(Wire):
    """A sum: the factors multiplied, at most `cap`."""

    expression: str
    factors: list[CalculationTerm]
    cap: CalculationTerm | None
    result: Annotated[Number, Field(description="yuan")]
    is_limit: Annotated[bool, Field(description="the paper states an upper limit: it may be less")]
    note: str


class MatchRule(Wire):
    """A rule of the paper to be told with each of its sums."""

    kind: RuleKind
    quote: Proof


class MatchedFact(Wire):
    """A fact with what decides whether it is for the enterprise."""

    fact: SupportFact
    quotes: Annotated[list[Proof], Field(description="conditions that are known to hold")]
    understood: Annotated[
        list[MatchUnderstood], Field(description="those of `quotes` that are met in other words")
    ]
    questions: Annotated[list[MatchQuestion], Field(description="conditions that are not known to hold")]
    reasons: Annotated[list[MatchReason], Field(description="empty unless the fact does not apply")]
    otherwise: Annotated[
        Literal["applies", "to_confirm"] | None,
        Field(description="what would hold if the paper, such as a draft, were in force"),
    ]
    calculation: MatchCalculation | None


class MatchPaper(Wire):
    """A paper of the facts, with the rules over its sums."""

    document_id: str
    title: str
    doc_number: str
    issuer: str
    region: str
    status: StatusName
    valid_until: date | None
    permalink: str
    rules: list[MatchRule]


class MatchTotals(Wire):
    """How many facts each group has."""

    applies: int
    to_confirm: int
    does_not_apply: int


class MatchDraft(Wire):
    """A draft for the place of the enterprise, which gives nothing yet."""

    document_id: str
    title: str
    doc_number: str
    permalink: str
    applies: Annotated[int, Field(description="facts that would apply if it were issued as it is")]
    to_confirm: Annotated[int, Field(description="facts that would have to be confirmed")]


class MatchNotUnderstood(Wire):
    """An attribute of the request in which no place or class was found, so that it decides nothing."""

    aspect: Aspect
    text: str


class MatchResponse(Wire):
    """The facts in three groups, each by paper and place in it; to confirm: fewest open conditions first."""

    as_of: date
    applies: list[MatchedFact]
    to_confirm: list[MatchedFact]
    does_not_apply: Annotated[list[MatchedFact], Field(description="empty unless `with_others` is true")]
    totals: Annotated[MatchTotals, Field(description="of each group, also beyond `limit`")]
    papers: Annotated[list[MatchPaper], Field(description="of the facts in the reply")]
    drafts: Annotated[list[MatchDraft], Field(description="that would give something if they were issued")]
    not_understood: Annotated[
        list[MatchNotUnderstood], Field(description="attributes that decided nothing: no such place or class")
    ]
    note: str
