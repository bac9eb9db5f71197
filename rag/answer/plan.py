"""What a reply is to say, decided before a word of it is written."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.model import Clause, Document, Span
from rag.model import Outcome
from rag.question.metadata_fields import MetadataField


@dataclass(frozen=True, slots=True)
class Quoted:
    """What is quoted from one clause."""

    document: Document
    clause: Clause
    spans: tuple[Span, ...]  # in order, inside the clause
    fields: tuple[MetadataField, ...] = ()  # for facts about the paper: what each span states


@dataclass(frozen=True, slots=True)
class Plan:
    """What a reply is to say, decided before a word of it is written."""

    outcome: Outcome
    quoted: tuple[Quoted, ...]
    lead: str = ""  # a phrase before the quotes
    missing: tuple[Document, ...] = ()  # papers that were asked about and hold nothing
    unstated: tuple[tuple[Document, MetadataField], ...] = ()
    by_region: bool = False  # each line opens with the region
    in_force: tuple[Document, ...] = ()  # papers that were asked about and are not said to be anything else
    lacking: tuple[str, ...] = ()  # regions that were asked about and have no paper
    sure: bool = False  # read from the head of the paper, whatever the confidence of the search
