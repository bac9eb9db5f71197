"""Wire models of support facts: who can get what, on what condition, from whom and until when.

Offsets point into `text` of the paper. A value beside a span is what its words say, for comparing and
computing; what a reader is shown are the words.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from api.wire.fields import StatusName, Wire
from corpus.facts.model import Bound, FactKind, Recurrence, Role, RuleKind, Strength, TargetKind

PAGE = 100  # facts in a list, unless the request has another number
LARGEST_PAGE = 1000
LONGEST_CURSOR = 1000  # characters
MOST_NAMED = 100  # values of one filter
LONGEST_WORDS = 200  # characters of one value

Number = Annotated[float, Field(allow_inf_nan=False)]


class FactSpan(Wire):
    """Words of the paper and their offsets."""

    text: str
    start: int
    end: int


class FactStrength(Wire):
    """How binding the promise is; `span` is null where no word weakens it."""

    value: Strength
    span: FactSpan | None


class FactAmount(Wire):
    """A sum of money, or an area."""

    span: FactSpan
    value: Annotated[Number, Field(description="in `unit`; the lower end of a range")]
    upper: Annotated[Number | None, Field(description="the other end of a range")]
    unit: Annotated[str, Field(description="元 or 平方米")]
    bound: Bound
    bound_span: Annotated[
        FactSpan | None, Field(description="不超过; it may stand before the first sum of a list")
    ]
    role: Annotated[Role, Field(description="`pay` is what one gets; `line` and `pool` are not")]
    per: FactSpan | None


class FactRate(Wire):
    """A share of a base."""

    span: FactSpan
    value: Annotated[Number | None, Field(description="0.2 for 20%; null for 一定比例")]
    upper: Number | None
    bound: Bound
    bound_span: FactSpan | None
    base: FactSpan | None


class FactThreshold(Wire):
    """A figure that the beneficiary must reach."""

    span: FactSpan
    value: Number
    unit: str
    comparison: Annotated[str, Field(description=">=, >, <=, < or =")]


class FactFrequency(Wire):
    """How often a benefit is given."""

    span: FactSpan
    kind: Recurrence
    count: Annotated[int | None, Field(description="of years or months")]


class FactPeriod(Wire):
    """A length of time in the unit that the paper uses."""

    span: FactSpan
    value: Number
    unit: str


class FactTimeLimit(Wire):
    """Within what time something is done."""

    what: FactSpan | None
    period: Annotated[FactPeriod | None, Field(description="null where only a cut is stated")]
    bound: Bound
    bound_span: FactSpan | None
    before: Annotated[FactPeriod | None, Field(description="the time it took before")]
    start: FactSpan | None


class FactReduction(Wire):
    """By how much a time is cut."""

    span: FactSpan
    value: Annotated[Number, Field(description="0.5 for 50%, with the unit %")]
    unit: str
    relative_to: FactSpan | None
    bound_span: FactSpan | None


class FactTarget(Wire):
    """A figure to be reached."""

    indicator: FactSpan
    span: FactSpan
    value: Number
    upper: Number | None
    unit: str
    bound: Bound
    bound_span: FactSpan | None
    kind: TargetKind
    deadline: FactSpan | None
    year: int | None


class FactRule(Wire):
    """A rule over the facts of the paper; the days are those of a validity."""

    kind: RuleKind
    span: FactSpan | None
    since: date | None
    until: date | None


class FactDepartments(Wire):
    """Units in charge. `lead` is empty where the paper names none as leading."""

    span: FactSpan
    units: list[FactSpan]
    lead: list[FactSpan]


class FactCorrected(Wire):
    """A field of the fact for which an editor has chosen other words of the paper."""

    field: str
    reason: str
    at: datetime


class SupportFact(Wire):
    """One thing that one class of beneficiary can get, one time limit, target or rule."""

    id: Annotated[str, Field(description="unique in the paper, for this version of it")]
    document_id: str
    clause_id: str
    label: Annotated[str, Field(description="of the clause, as in citations")]
    permalink: Annotated[str, Field(description="page of the clause on this service, with the quote marked")]
    kind: FactKind
    quote: FactSpan
    strength: FactStrength
    form: Annotated[FactSpan | None, Field(description="the paper's own word: 奖补, 绿色通道")]
    beneficiaries: list[FactSpan]
    conditions: list[FactSpan]
    thresholds: list[FactThreshold]
    amounts: list[FactAmount]
    amount_unstated: Annotated[bool, Field(description="money is promised and no sum or rate is written")]
    amount_reference: Annotated[FactSpan | None, Field(description="where the sum is written instead")]
    rate: FactRate | None
    frequency: list[FactFrequency]
    source: FactSpan | None
    source_condition: FactSpan | None
    departments: FactDepartments | None
    limit: FactTimeLimit | None
    reduction: FactReduction | None
    must_act: FactSpan | None
    region: Annotated[FactSpan | None, Field(description="only where the clause itself divides by place")]
    target: FactTarget | None
    rule: FactRule | None
    refers_to: list[FactSpan]
    is_whole: Annotated[bool, Field(description="a list that could not be divided with certainty")]
    corrections: list[FactCorrected]


class FactCoverage(Wire):
    """Of the sentences with an amount, rate, time limit or word of giving, those that became facts."""

    sentences: int
    with_facts: int


class FactPaper(Wire):
    """The paper of a fact, without which it is half an answer."""

    document_id: str
    title: str
    doc_number: str
    issuer: str
    region: str
    date_issued: date | None
    status: Annotated[StatusName, Field(description="on the day asked about, else today")]
    valid_since: date | None
    valid_until: Annotated[
        date | None, Field(description="stated, computed from a stated period, or extended")
    ]
    permalink: Annotated[str, Field(description="page with all facts of the paper on this service")]
    coverage: FactCoverage
    rules: Annotated[
        list[SupportFact], Field(description="scope, validity, total caps, and what may be had together")
    ]


class FactList(Wire):
    """A page of the facts that meet the filters, by paper and place, with their papers."""

    facts: list[SupportFact]
    papers: Annotated[list[FactPaper], Field(description="of the facts on this page")]
    total: Annotated[int, Field(description="number of all facts that meet the filters")]
    as_of: Annotated[date, Field(description="day of the statuses")]
    next: Annotated[str | None, Field(description="`after` of the following page; null on the last one")]


class UnreadSentence(Wire):
    """A sentence with an amount, a rate, a time limit or a word of giving that no fact was read from."""

    clause_id: str
    label: str
    span: FactSpan


class PaperCoverage(Wire):
    """What was read of one paper, and what was not."""

    document_id: str
    title: str
    doc_number: str
    facts: int
    coverage: FactCoverage
    unread: Annotated[list[UnreadSentence], Field(description="the sentences without a fact")]
    unproved: Annotated[
        list[str], Field(description="what was read and left out, because the text does not prove it")
    ]


class CoverageList(Wire):
    """The coverage of papers, by id."""

    papers: list[PaperCoverage]
    damaged: Annotated[list[str], Field(description="papers whose stored facts are damaged")]


class FactCorrectionLine(Wire):
    """A correction of a fact that an editor has made."""

    number: Annotated[int, Field(description="by which it is undone")]
    fact_id: Annotated[str, Field(description="that the fact had when it was corrected")]
    quote: Annotated[str, Field(description="of the fact when it was corrected")]
    field: Annotated[str, Field(description="empty: the whole fact was called wrong, and is hidden")]
    words: Annotated[list[str], Field(description="chosen; none: the fact does not have the field")]
    reason: str
    at: datetime
    attached: Annotated[bool, Field(description="false: the paper no longer has the fact, or the words")]


class FactCorrectionList(Wire):
    """The corrections in force of the facts of a paper, oldest first."""

    document_id: str
    corrections: list[FactCorrectionLine]
