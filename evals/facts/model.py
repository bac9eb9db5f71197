"""Labelled and extracted facts as they are compared, the cases of a set, and the report of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from corpus.facts.model import FactKind
from corpus.model import Document
from evals.model import Provenance


class Group(StrEnum):
    """Kinds of facts that are measured together. Of OTHER only what is missing counts."""

    MONEY = "money"  # with interest
    FINANCE = "finance"  # loans, guarantees, stakes, funds
    POOL = "pool"  # careful readers call the budget of a fund money or fund
    TIME_LIMIT = "time_limit"
    TARGET = "target"
    RULE = "rule"
    OTHER = "other"  # labels name concrete benefits of these kinds, but not every one


class Field(StrEnum):
    """Fields of a fact that are compared by their words."""

    BENEFICIARY = "beneficiary"
    CONDITIONS = "conditions"
    DEPARTMENTS = "departments"
    SOURCE = "source"
    REGION = "region"


class Split(StrEnum):
    """The half of a set: what it gets wrong is listed for DEV and only counted for TEST."""

    DEV = "dev"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount of money or an area, with the word for its bound."""

    value: Decimal
    bound: str
    upper: Decimal | None = None
    role: str = "pay"


@dataclass(frozen=True, slots=True)
class Stated:
    """What a fact states, as a person labelled it or as it was extracted. Words are without white space."""

    id: str
    document: str
    place: str  # label or id of the clause
    kind: FactKind
    quote: str
    sums: tuple[Sum, ...] = ()
    rate: Decimal | None = None
    limit: tuple[Decimal, str] | None = None  # value and unit
    cut: Decimal | None = None
    target: tuple[Decimal | None, Decimal | None] | None = None  # value and upper end
    words: Mapping[Field, frozenset[str]] = field(default_factory=dict)
    frequency: frozenset[str] = frozenset()

    @property
    def cluster(self) -> tuple[str, str]:
        """Facts of one clause depend on each other."""
        return self.document, self.place


@dataclass(frozen=True, slots=True)
class LabelledPaper:
    """A paper with the facts that a reader found in it.

    `neutral` are those that two careful readers may or may not list. Facts of other groups than `groups` are
    only those that profiles and tables name, and are not scored.
    """

    document: Document
    facts: tuple[Stated, ...]
    neutral: tuple[Stated, ...] = ()
    split: Split = Split.DEV
    groups: frozenset[Group] = frozenset(Group)  # labelled in full

    @property
    def is_complete(self) -> bool:
        return self.groups == frozenset(Group)


@dataclass(frozen=True, slots=True)
class ProfileCase:
    """An enterprise, and the ids of the labelled facts that apply to it, may apply, or do not."""

    id: str
    text: str
    facets: Mapping[str, tuple[str, ...]]
    as_of: date
    applies: frozenset[str]
    may: frozenset[str]
    stale: frozenset[str]  # those of `may` that may be shown as applying with a warning
    wrong: frozenset[str]
    rules: frozenset[str]
    optional: frozenset[str]
    split: Split = Split.DEV


@dataclass(frozen=True, slots=True)
class TableCase:
    """A question for a table of facts; no fact is to be listed where `is_none`.

    `scope` are the papers that are asked; all of the set where it is empty.
    """

    id: str
    question: str
    facts: frozenset[str]
    optional: frozenset[str]
    is_none: bool
    scope: tuple[str, ...] = ()
    split: Split = Split.DEV


@dataclass(frozen=True, slots=True)
class FactSet:
    """A folder of labelled papers and cases."""

    papers: tuple[LabelledPaper, ...]
    profiles: tuple[ProfileCase, ...] = ()
    tables: tuple[TableCase, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What is shown to an enterprise: ids of extracted facts."""

    applies: frozenset[str]
    to_confirm: frozenset[str]
    rules: frozenset[str]


class Replies(Protocol):
    """What the program says about an enterprise, and lists in a table, from the papers of a set."""

    def verdicts(self, case: ProfileCase, *, with_facets: bool) -> Verdicts:
        """What is shown for the words alone, or also for the facets, as the form of the widget sends them."""
        ...

    def listed(self, case: TableCase) -> frozenset[str]:
        """The ids of the extracted facts in the table; empty where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Score:
    """One judged thing: a fact that was to be found, a field, a case. `value` is a share."""

    measure: str
    value: float
    split: Split
    cluster: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that is wrong, for people to look at."""

    measure: str
    id: str
    words: str
    split: Split


@dataclass(frozen=True, slots=True)
class FactReport:
    """The scores of a set and what is wrong."""

    name: str
    digest: str  # of the labels
    papers: int
    scores: tuple[Score, ...]
    misses: tuple[Miss, ...]
    provenance: Provenance
