"""The content of an answer, decided before any of it is written."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.model import Clause, Document, Span
from corpus.structure.unread_attachments import UnreadAttachment
from rag.model import AsOf, FactTable, Outcome
from rag.question.kinds import FactKind
from rag.question.metadata_fields import MetadataField


@dataclass(frozen=True, slots=True)
class Quoted:
    """The quotes from one clause."""

    document: Document
    clause: Clause
    spans: tuple[Span, ...]  # in order, inside the clause
    fields: tuple[MetadataField, ...] = ()  # for metadata: the field that each span states


@dataclass(frozen=True, slots=True)
class Token:
    """Words of a quote that state what was asked. `values` tell whether two state the same."""

    document: Document
    clause: Clause
    span: Span
    asked: FactKind | MetadataField
    values: tuple[str, ...]
    limit: Span | None = None  # words that limit it too and stand before others: 不超过500万元、100万元

    @property
    def spans(self) -> tuple[Span, ...]:
        return (self.span,) if self.limit is None else (self.limit, self.span)


@dataclass(frozen=True, slots=True)
class AskedWords:
    """The words of the quotes that state what was asked, and those of them that the answer begins with."""

    tokens: tuple[Token, ...] = ()
    first: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The content of an answer, decided before any of it is written."""

    outcome: Outcome
    quoted: tuple[Quoted, ...]
    lead: str = ""  # a phrase before the quotes
    missing: tuple[Document, ...] = ()  # papers that were asked about and contain no answer
    unstated: tuple[tuple[Document, MetadataField], ...] = ()
    by_region: bool = False  # each line begins with the region
    # Attachments that would answer, and of which the paper contains only the name.
    unread: tuple[tuple[Document, UnreadAttachment], ...] = ()
    in_force: tuple[Document, ...] = ()  # papers in force whose status was asked about
    lacking: tuple[str, ...] = ()  # regions that were asked about and have no paper
    more: int = 0  # clauses and items that belong to the answer and are not quoted
    then: tuple[Plan, ...] = ()  # what answers further parts of the question, in their order
    not_found: tuple[str, ...] = ()  # parts of the question, in its words, that no paper answers
    too_many: bool = False  # the question has more parts than are answered
    sure: bool = False  # metadata, whatever the confidence of the search
    asked: AskedWords = AskedWords()
    as_of: AsOf | None = None  # the day of the whole answer; None for today
    table: FactTable | None = None  # what the quotes state, in rows

    @property
    def all_quoted(self) -> tuple[Quoted, ...]:
        """Returns the quotes for all parts of the question."""
        return self.quoted + tuple(quoted for plan in self.then for quoted in plan.all_quoted)

    @property
    def all_tokens(self) -> tuple[Token, ...]:
        """Returns the words of the quotes that state what was asked, for all parts of the question."""
        return self.asked.tokens + tuple(token for plan in self.then for token in plan.all_tokens)
