"""What other papers do to the paper of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from corpus.catalogue.catalogue import Catalogue
from corpus.head.paper_head import PaperHead


@dataclass(frozen=True, slots=True)
class ActsOn:
    """The papers that end, change or contradict a paper."""

    repealers: Sequence[PaperHead] = ()  # where none repeals it, those that supersede it
    articles: Sequence[tuple[PaperHead, tuple[str, ...]]] = ()  # those that repeal articles of it, with these
    extending: Sequence[PaperHead] = ()  # those that extend its term
    until: date | None = None  # its last day, extended or not; None when it has none
    conflicting: Sequence[PaperHead] = ()  # those with its number, as long as no editor has decided


def acts_on(document_id: str, catalogue: Catalogue) -> ActsOn:
    """Returns what the papers of a catalogue do to one of them. Raises UnknownDocument."""
    acts = catalogue.acts
    return ActsOn(
        repealers=acts.repealers(document_id) or acts.superseders(document_id),
        articles=acts.repealed_articles(document_id),
        extending=acts.extending(document_id),
        until=acts.last_day(document_id),
        conflicting=catalogue.conflicting(document_id),
    )
