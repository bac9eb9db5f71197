"""The lines of a set of facts, as pydantic models. docs/facts.md describes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from corpus.facts.model import FactKind
from evals.facts import model
from evals.facts.extracted import squeezed
from evals.facts.model import ProfileCase, Split, Stated, Sum, TableCase


def _as_list(value: object) -> object:
    """One phrase, or none, may stand where a list is expected."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


Words = Annotated[list[str], BeforeValidator(_as_list)]
_T = TypeVar("_T")
_Some = Annotated[list[_T], BeforeValidator(_as_list)]


class _Line(BaseModel):
    """Annotators add notes of their own, so other keys are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Amount(_Line):
    value: Decimal | None = None
    value2: Decimal | None = None
    bound: str = "exact"
    role: str = "pay"


class _Rate(_Line):
    value: Decimal | None = None


class _Limit(_Line):
    value: Decimal | None = None
    unit: str | None = None


class _Reduction(_Line):
    value: Decimal | None = None


class _Target(_Line):
    value: Decimal | None = None
    value2: Decimal | None = None


class _Frequency(_Line):
    kind: str


class FactLine(_Line):
    """A labelled fact. Of the keys those are read that are compared."""

    id: str = Field(min_length=1)
    doc: str = Field(min_length=1)
    kind: FactKind
    quote: str = Field(min_length=1)
    article: str = ""
    split: Split = Split.DEV
    beneficiary: Words = []
    conditions: Words = []
    departments: Words = []
    source: Words = []
    region: Words = []
    amounts: _Some[_Amount] = []
    rate: _Rate | None = None
    limit: _Limit | None = None
    reduction: _Reduction | None = None
    target: _Target | None = None
    frequency: _Some[_Frequency] = []

    def fact(self) -> Stated:
        """Returns what the fact states."""
        limit, target = self.limit, self.target
        return Stated(
            id=self.id,
            document=self.doc,
            place=self.article,
            kind=self.kind,
            quote=squeezed(self.quote),
            sums=tuple(
                Sum(one.value, one.bound, one.value2, one.role)
                for one in self.amounts
                if one.value is not None
            ),
            rate=self.rate.value if self.rate is not None else None,
            limit=(limit.value, limit.unit or "") if limit is not None and limit.value is not None else None,
            cut=self.reduction.value if self.reduction is not None else None,
            target=(target.value, target.value2) if target is not None else None,
            words={
                name: frozenset(squeezed(words) for words in given)
                for name, given in (
                    (model.Field.BENEFICIARY, self.beneficiary),
                    (model.Field.CONDITIONS, self.conditions),
                    (model.Field.DEPARTMENTS, self.departments),
                    (model.Field.SOURCE, self.source),
                    (model.Field.REGION, self.region),
                )
            },
            frequency=frozenset(one.kind for one in self.frequency),
        )


class _Named(_Line):
    """A fact with the reason why it may apply, or does not."""

    id: str
    type: str = ""


class _ProfileGold(_Line):
    applies: list[str] = []
    may: list[_Named] = []
    wrong: list[_Named] = Field(default=[], alias="not")
    rules: list[str] = []
    optional: list[str] = []


class ProfileLine(_Line):
    """An enterprise in everyday words."""

    id: str = Field(min_length=1)
    as_of: date
    text: str = Field(min_length=1)
    facets: dict[str, Words] = {}
    gold: _ProfileGold
    split: Split = Split.DEV

    def case(self) -> ProfileCase:
        gold = self.gold
        return ProfileCase(
            id=self.id,
            text=self.text,
            facets={name: tuple(values) for name, values in self.facets.items()},
            as_of=self.as_of,
            applies=frozenset(gold.applies),
            may=frozenset(one.id for one in gold.may),
            stale=frozenset(one.id for one in gold.may if one.type == "stale"),
            wrong=frozenset(one.id for one in gold.wrong),
            rules=frozenset(gold.rules),
            optional=frozenset(gold.optional),
            split=self.split,
        )


class _TableGold(_Line):
    facts: list[str] = []
    optional: list[str] = []
    none: bool = False


class TableLine(_Line):
    """A question that a table of facts answers."""

    id: str = Field(min_length=1)
    question: str = Field(min_length=1)
    scope: list[str] = []
    gold: _TableGold
    split: Split = Split.DEV

    def case(self) -> TableCase:
        gold = self.gold
        facts, optional = frozenset(gold.facts), frozenset(gold.optional)
        return TableCase(self.id, self.question, facts, optional, gold.none, tuple(self.scope), self.split)
