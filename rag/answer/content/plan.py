"""The content of an answer, decided before any of it is written."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.model import Clause, Document, Span
from rag.model import Outcome
from rag.question.metadata_fields import MetadataField


@dataclass(frozen=True, slots=True)
class Quoted:
    """The quotes from one clause."""

    document: Document
    clause: Clause
    spans: tuple[Span, ...]  # in order, inside the clause
    fields: tuple[MetadataField, ...] = ()  # for metadata: the field that each span states


@dataclass(frozen=True, slots=True)
class Plan:
    """The content of an answer, decided before any of it is written."""

    outcome: Outcome
    quoted: tuple[Quoted, ...]
    lead: str = ""  # a phrase before the quotes
    missing: tuple[Document, ...] = ()  # papers that were asked about and contain no answer
    unstated: tuple[tuple[Document, MetadataField], ...] = ()
    by_region: bool = False  # each line begins with the region
    in_force: tuple[Document, ...] = ()  # papers in force whose status was asked about
    lacking: tuple[str, ...] = ()  # regions that were asked about and have no paper
    sure: bool = False  # metadata, whatever the confidence of the search
