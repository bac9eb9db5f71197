"""The facts of all papers in use, selected by paper, region, kind, beneficiary, sum and day."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from threading import Lock

from corpus.catalogue.catalogue import Catalogue
from corpus.errors import AmbiguousNumber, DamagedFacts, UnknownPlace
from corpus.facts.in_force import FactsInForce
from corpus.facts.model import PaperFacts
from corpus.head.paper_head import PaperHead
from corpus.model import Document
from corpus.regions.mentions import parse_region
from rag.facts.columns import Columns, matching
from rag.facts.fact_filter import FactFilter
from rag.facts.found import FactPaper, FoundFact
from rag.facts.reading import FactReading, FactsOfTexts, FactSource, Key

_DAYS = 8  # days besides today whose papers are kept
_FEW = 200  # papers whose facts are read by themselves: those of all of many papers take long


class FactCatalogue:
    """The facts of the papers of a catalogue.

    Reads the facts when they are first asked for. Immutable and thread-safe.
    """

    def __init__(self, catalogue: Catalogue, source: FactSource) -> None:
        self._catalogue, self._source = catalogue, source
        self._read = FactReading(source, _keys(catalogue))
        self._lock = Lock()
        self._days: OrderedDict[date, _Day] = OrderedDict()

    @classmethod
    def over(cls, catalogue: Catalogue, *, facts: Iterable[PaperFacts] = ()) -> FactCatalogue:
        """The facts as they are read from the texts of a catalogue; of some papers they are given."""
        return cls(catalogue, FactsOfTexts(catalogue, {one.document_id: one for one in facts}))

    @classmethod
    def of(
        cls, documents: Iterable[Document], *, today: date, facts: Iterable[PaperFacts] = ()
    ) -> FactCatalogue:
        """The facts of papers that are in memory."""
        return cls.over(Catalogue.of(documents, today=today), facts=facts)

    def among(self, catalogue: Catalogue) -> FactCatalogue:
        """The facts of another state of the papers. What both have in common is not read again."""
        other = FactCatalogue(catalogue, self._source)
        other._read = self._read.of(_keys(catalogue))
        return other

    @property
    def today(self) -> date:
        return self._catalogue.today

    def select(self, wanted: FactFilter) -> tuple[FoundFact, ...]:
        """The facts that meet the filter, by id of the paper and by their place in it."""
        if (few := self._few(wanted)) is not None:
            return self._selected(few, wanted)
        day = self._on(wanted.as_of)
        ids = self._papers(wanted, day)
        rows = matching(self._read.columns, wanted, (self._read.columns.places[i] for i in ids))
        return tuple(day.found[row] for row in rows)

    def _few(self, wanted: FactFilter) -> list[str] | None:
        """The ids of the papers that a filter names, in order; None if they are many or all were read."""
        if not wanted.documents or len(wanted.documents) > _FEW or self._read.is_done:
            return None
        named = self._named(wanted.documents)
        return sorted(named) if len(named) <= _FEW else None

    def _selected(self, ids: Sequence[str], wanted: FactFilter) -> tuple[FoundFact, ...]:
        """The facts of these papers that meet the filter, read without those of the other papers."""
        catalogue = self._catalogue.on(wanted.as_of or self.today)
        heads = [self._catalogue.head(i) for i in self._meeting(ids, wanted, catalogue)]
        facts = self._read.some([(head.id, head.content_sha256) for head in heads])
        found = [
            FoundFact.of(one, paper)
            for head in heads
            if head.id in facts
            for paper in [self._paper(head, facts[head.id], catalogue)]
            for one in paper.facts.facts
        ]
        columns = Columns.of(facts.values())
        return tuple(found[row] for row in matching(columns, wanted, columns.places.values()))

    def matching_papers(self, wanted: FactFilter) -> tuple[FactPaper, ...]:
        """The papers that meet the parts of a filter on papers, by id, also those without facts."""
        day = self._on(wanted.as_of)
        return tuple(day.papers[i] for i in self._papers(wanted, day))

    def check_named(self, wanted: FactFilter) -> None:
        """Raises UnknownDocument for a paper of the filter that does not exist, and UnknownPlace."""
        for name in wanted.documents:
            try:
                self._catalogue.head(name)
            except AmbiguousNumber:
                continue  # all papers with that number are meant
        for region in wanted.regions:
            if region not in self._catalogue.regions and parse_region(region) is None:
                raise UnknownPlace(region)

    def of_document(self, document_id: str, *, as_of: date | None = None) -> tuple[FoundFact, ...]:
        """All facts of one paper, by place. Raises UnknownDocument, and DamagedFacts."""
        paper = self.paper(document_id, as_of=as_of)
        if not self._read.is_done:
            return tuple(FoundFact.of(one, paper) for one in paper.facts.facts)
        place = self._read.columns.places[paper.head.id]
        return tuple(self._on(as_of).found[place.start : place.stop])

    def paper(self, document_id: str, *, as_of: date | None = None) -> FactPaper:
        """A paper with its facts, its coverage and its status on a day. Raises as `of_document` does."""
        own = self._catalogue.head(document_id)
        found = self._on(as_of).papers.get(own.id) if self._read.is_done else self._alone(own, as_of)
        if found is None:
            raise DamagedFacts(own.id)
        return found

    def _alone(self, head: PaperHead, day: date | None) -> FactPaper | None:
        """The paper, read without the others: all of them take long. None where its facts are damaged."""
        facts = self._read.one((head.id, head.content_sha256))
        if facts is None:
            return None
        return self._paper(head, facts, self._catalogue.on(day or self.today))

    def _paper(self, head: PaperHead, facts: FactsInForce, catalogue: Catalogue) -> FactPaper:
        return FactPaper(head, catalogue.status(head.id), facts, catalogue, self._read.checked)

    @property
    def damaged(self) -> Collection[str]:
        """The ids of the papers whose facts are damaged, and which have none here."""
        return self._read.damaged

    def papers(self, *, as_of: date | None = None) -> tuple[FactPaper, ...]:
        """All papers, by id, also those without facts."""
        return tuple(self._on(as_of).papers.values())

    def _on(self, day: date | None) -> _Day:
        wanted = day or self.today
        with self._lock:
            found = self._days.get(wanted)
            if found is None:
                found = self._days[wanted] = _Day(self._catalogue.on(wanted), self._read)
                if len(self._days) > _DAYS:
                    del self._days[next(one for one in self._days if one != self.today)]
            self._days.move_to_end(wanted)
            return found

    def _papers(self, wanted: FactFilter, day: _Day) -> Iterable[str]:
        """The ids of the papers that meet the filter, in order."""
        ids: Iterable[str] = self._read.facts.keys()
        if wanted.documents:
            named = self._named(wanted.documents)
            ids = [i for i in ids if i in named]
        return self._meeting(ids, wanted, day.catalogue)

    def _meeting(self, ids: Iterable[str], wanted: FactFilter, catalogue: Catalogue) -> Iterable[str]:
        """Those of the papers that meet the parts of a filter on region, day and status."""
        if wanted.regions:
            placed = self._placed(wanted.regions, exactly=wanted.regions_exactly)
            ids = [i for i in ids if i in placed]
        if wanted.as_of is not None and (later := catalogue.issued_later):
            ids = [i for i in ids if i not in later]
        if wanted.statuses:
            ids = [i for i in ids if catalogue.status(i) in wanted.statuses]
        return ids

    def _named(self, names: Iterable[str]) -> set[str]:
        found = set()
        for name in names:
            try:
                if name in self._catalogue:
                    found.add(self._catalogue.head(name).id)
            except AmbiguousNumber:
                found.update(self._catalogue.names.with_number(name).ids)
        return found

    def _placed(self, regions: Iterable[str], *, exactly: bool) -> set[str]:
        found: set[str] = set()
        for region in regions:
            division = parse_region(region)
            if division is None:
                found.update(head.id for head in self._catalogue.heads if head.region == region)
            elif exactly:
                applying = self._catalogue.places.applying(division)
                found.update(applying.nearest if division.code in applying.codes else ())
            else:
                found.update(self._catalogue.places.applying(division).ids)
        return found


class _Day:
    """The papers with their statuses on a day, and their facts."""

    def __init__(self, catalogue: Catalogue, read: FactReading) -> None:
        self.catalogue = catalogue
        self.papers = {
            i: FactPaper(catalogue.head(i), catalogue.status(i), own, catalogue, read.checked)
            for i, own in read.facts.items()
        }
        self.found = [FoundFact.of(one, paper) for paper in self.papers.values() for one in paper.facts.facts]


def _keys(catalogue: Catalogue) -> Sequence[Key]:
    return [(head.id, head.content_sha256) for head in catalogue.heads]
