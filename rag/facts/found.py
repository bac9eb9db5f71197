"""A fact together with its paper on a day, as it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.errors import DamagedFacts
from corpus.facts.in_force import FactCorrection, FactInForce, FactsInForce
from corpus.facts.model import Fact
from corpus.facts.proof import stored_faults
from corpus.head.paper_head import PaperHead
from corpus.model import Clause, Document, Span, Status

if TYPE_CHECKING:
    from corpus.catalogue.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class FactPaper:
    """A paper with its facts, and its status on the day asked about."""

    head: PaperHead
    status: Status
    facts: FactsInForce
    catalogue: Catalogue  # of that day
    checked: set[str] = field(default_factory=set, compare=False, repr=False)  # ids; shared by all papers

    @property
    def document(self) -> Document:
        """The paper with its text, read when needed.

        Raises UnknownDocument, DamagedDocument, and DamagedFacts where the text does not prove the facts.
        """
        document = self.catalogue.document(self.head.id)
        # Once is enough: neither the facts nor the text of this content change.
        if self.head.id not in self.checked:
            if next(stored_faults(document, self.facts), None) is not None:
                raise DamagedFacts(self.head.id)
            self.checked.add(self.head.id)
        return document


@dataclass(frozen=True, slots=True)
class FoundFact:
    """A fact that was selected. Its words come from the text of the paper."""

    fact: Fact
    paper: FactPaper
    corrections: tuple[FactCorrection, ...] = ()  # that the fact contains

    @classmethod
    def of(cls, one: FactInForce, paper: FactPaper) -> FoundFact:
        return cls(one.fact, paper, one.corrections)

    @property
    def head(self) -> PaperHead:
        return self.paper.head

    @property
    def status(self) -> Status:
        """The status of the paper on the day asked about."""
        return self.paper.status

    @property
    def key(self) -> str:
        """Unique among the facts of all papers."""
        return f"{self.fact.document_id}#{self.fact.id}"

    @property
    def is_corrected(self) -> bool:
        return bool(self.corrections)

    @property
    def clause_label(self) -> str:
        """The label of the clause, which needs no text of the paper."""
        return self.paper.facts.labels[self.fact.clause_id]

    @property
    def clause(self) -> Clause:
        """The clause of the fact. Reads the paper. Raises UnknownDocument and DamagedDocument."""
        return self.paper.catalogue.clause(f"{self.fact.document_id}#{self.fact.clause_id}")

    def words(self, span: Span) -> str:
        """The words of one of the fact's spans, as they stand in the paper. Raises LookupError for others."""
        return self.paper.facts.excerpts.words(span)

    @property
    def quote(self) -> str:
        return self.words(self.fact.quote)
