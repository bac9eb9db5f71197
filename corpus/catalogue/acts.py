"""Finds which papers repeal, extend, replace or contradict another one, on the day of the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from corpus.catalogue.names import Names
from corpus.catalogue.statuses import Statuses
from corpus.head.paper_head import NamedPaper, PaperHead
from corpus.head.paper_keys import contradicts, has_number_of, refers_to
from corpus.head.status import extension, last_day_of, repealed_articles, repeals, subject_keys, supersedes


@dataclass(frozen=True, slots=True)
class Acts:
    """What the papers of a catalogue do to each other.

    Every method that takes an id raises what `head` raises, such as UnknownDocument.
    """

    head: Callable[[str], PaperHead]  # by the id or another name of a paper
    heads: Mapping[str, PaperHead]
    names: Names
    statuses: Statuses
    day: date

    def repealers(self, document_id: str) -> list[PaperHead]:
        """The papers that repeal this one, by id."""
        head = self.head(document_id)
        return self._known(other for other in self.statuses.acting_on(head) if repeals(other, head))

    def repealed_articles(self, document_id: str) -> list[tuple[PaperHead, tuple[str, ...]]]:
        """The papers that repeal articles of this one, by id, each with these articles: 第八条."""
        head = self.head(document_id)
        others = self._known(self.statuses.acting_on(head))
        found = ((other, repealed_articles(other, head, today=self.day)) for other in others)
        return [(other, articles) for other, articles in found if articles]

    def extending(self, document_id: str) -> list[PaperHead]:
        """The papers that extend the term of this one, by id."""
        head = self.head(document_id)
        others = self.statuses.acting_on(head)
        return self._known(o for o in others if extension(o, head, today=self.day) is not None)

    def last_day(self, document_id: str) -> date | None:
        """The last day of the paper, extended by others or not; None when it has none."""
        head = self.head(document_id)
        return last_day_of(head, self.statuses.acting_on(head), today=self.day)

    def superseders(self, document_id: str) -> list[PaperHead]:
        """The papers that take the place of this one without repealing it, by id."""
        head = self.head(document_id)
        return self._known(o for o in self.statuses.later(head, self.names.candidates) if supersedes(o, head))

    def superseded(self, document_id: str) -> list[PaperHead]:
        """The papers whose place this one takes, by id."""
        head = self.head(document_id)
        keys = subject_keys(head)
        found = {other.id: other for key in keys for other in self.names.candidates(NamedPaper(key, ""))}
        found |= {other.id: other for other in self.statuses.drafts_of(head)}
        return [found[i] for i in sorted(found) if supersedes(head, found[i])]

    def named(self, reference: NamedPaper) -> list[PaperHead]:
        """The papers that a reference in another paper means, by id."""
        found = {o.id: o for o in self.names.candidates(reference) if refers_to(reference, o)}
        return [found[i] for i in sorted(found)]

    def contradicted(self, reference: NamedPaper) -> list[PaperHead]:
        """The papers with the number that a reference gives, and with another title than it gives, by id."""
        found = {o.id: o for o in self.names.candidates(reference) if has_number_of(reference, o)}
        return [found[i] for i in sorted(found) if contradicts(reference, found[i])]

    def _known(self, heads: Iterable[PaperHead]) -> list[PaperHead]:
        """Those of the papers that are not left out as damaged, by id."""
        return sorted((head for head in heads if head.id in self.heads), key=lambda head: head.id)
