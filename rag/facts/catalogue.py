"""The facts of all papers in use, selected by paper, region, kind, beneficiary, sum and day."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Protocol

from corpus.catalogue.catalogue import Catalogue
from corpus.errors import AmbiguousNumber, DamagedFacts
from corpus.facts.building import facts_in_force
from corpus.facts.in_force import FactsInForce, ReadFacts
from corpus.facts.model import PaperFacts
from corpus.model import Document
from corpus.regions.mentions import parse_region
from rag.facts.columns import Columns, matching
from rag.facts.fact_filter import FactFilter
from rag.facts.found import FactPaper, FoundFact

_DAYS = 8  # days besides today whose papers are kept

Key = tuple[str, str]  # id and content hash of a paper


class FactSource(Protocol):
    """Reads the facts of papers, such as `corpus.store.facts.reading.StoredFacts`."""

    def read(self, papers: Sequence[Key]) -> ReadFacts:
        """The facts of these papers; leaves out papers that no longer exist."""
        ...


class FactCatalogue:
    """The facts of the papers of a catalogue.

    Reads the facts when they are first asked for. Immutable and thread-safe.
    """

    def __init__(self, catalogue: Catalogue, source: FactSource) -> None:
        self._catalogue, self._source = catalogue, source
        self._read = _Read(source, _keys(catalogue))
        self._lock = Lock()
        self._days: OrderedDict[date, _Day] = OrderedDict()

    @classmethod
    def over(cls, catalogue: Catalogue, *, facts: Iterable[PaperFacts] = ()) -> FactCatalogue:
        """The facts as they are read from the texts of a catalogue; of some papers they are given."""
        return cls(catalogue, _FactsOfTexts(catalogue, {one.document_id: one for one in facts}))

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
        day = self._on(wanted.as_of)
        ids = self._papers(wanted, day)
        rows = matching(self._read.columns, wanted, (self._read.columns.places[i] for i in ids))
        return tuple(day.found[row] for row in rows)

    def matching_papers(self, wanted: FactFilter) -> tuple[FactPaper, ...]:
        """The papers that meet the parts of a filter on papers, by id, also those without facts."""
        day = self._on(wanted.as_of)
        return tuple(day.papers[i] for i in self._papers(wanted, day))

    def of_document(self, document_id: str, *, as_of: date | None = None) -> tuple[FoundFact, ...]:
        """All facts of one paper, by place. Raises UnknownDocument, and DamagedFacts."""
        own = self.paper(document_id, as_of=as_of).head.id
        place = self._read.columns.places[own]
        return tuple(self._on(as_of).found[place.start : place.stop])

    def paper(self, document_id: str, *, as_of: date | None = None) -> FactPaper:
        """A paper with its facts, its coverage and its status on a day. Raises as `of_document` does."""
        own = self._catalogue.head(document_id).id
        found = self._on(as_of).papers.get(own)
        if found is None:
            raise DamagedFacts(own)
        return found

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
        if wanted.regions:
            placed = self._placed(wanted.regions, exactly=wanted.regions_exactly)
            ids = [i for i in ids if i in placed]
        if wanted.as_of is not None and (later := day.catalogue.issued_later):
            ids = [i for i in ids if i not in later]
        if wanted.statuses:
            ids = [i for i in ids if day.papers[i].status in wanted.statuses]
        return ids

    def _named(self, names: Iterable[str]) -> set[str]:
        found = set()
        for name in names:
            try:
                if name in self._catalogue:
                    found.add(self._catalogue.head(name).id)
            except AmbiguousNumber:
                found.update(self._catalogue.with_number(name).ids)
        return found

    def _placed(self, regions: Iterable[str], *, exactly: bool) -> set[str]:
        found: set[str] = set()
        for region in regions:
            division = parse_region(region)
            if division is None:
                found.update(head.id for head in self._catalogue.heads if head.region == region)
            elif exactly:
                applying = self._catalogue.applying(division)
                found.update(applying.nearest if division.code in applying.codes else ())
            else:
                found.update(self._catalogue.applying(division).ids)
        return found


class _Day:
    """The papers with their statuses on a day, and their facts."""

    def __init__(self, catalogue: Catalogue, read: _Read) -> None:
        self.catalogue = catalogue
        self.papers = {
            i: FactPaper(catalogue.head(i), catalogue.status(i), own, catalogue, read.checked)
            for i, own in read.facts.items()
        }
        self.found = [FoundFact.of(one, paper) for paper in self.papers.values() for one in paper.facts.facts]


class _Read:
    """The facts of some papers, read when they are first asked for."""

    def __init__(
        self, source: FactSource, keys: Sequence[Key], *, known: Mapping[Key, FactsInForce] | None = None
    ) -> None:
        self._source, self._keys, self._known = source, keys, known or {}
        self.checked = set[str]()  # ids of the papers whose facts were compared with their text

    @cached_property
    def _all(self) -> ReadFacts:
        read = self._source.read([key for key in self._keys if key not in self._known])
        facts = dict(read.facts) | {key[0]: self._known[key] for key in self._keys if key in self._known}
        return ReadFacts({i: facts[i] for i, _ in self._keys if i in facts}, read.damaged)

    @property
    def facts(self) -> Mapping[str, FactsInForce]:
        """By id of the paper, in order."""
        return self._all.facts

    @property
    def damaged(self) -> Collection[str]:
        return self._all.damaged

    @cached_property
    def columns(self) -> Columns:
        return Columns.of(self.facts.values())

    def of(self, keys: Sequence[Key]) -> _Read:
        """The facts of other papers."""
        if keys == self._keys:
            return self
        facts = self.facts if "_all" in self.__dict__ else {}  # only if they were read
        known = {key: facts[key[0]] for key in self._keys if key[0] in facts}
        return _Read(self._source, keys, known=known)


def _keys(catalogue: Catalogue) -> Sequence[Key]:
    return [(head.id, head.content_sha256) for head in catalogue.heads]


class _FactsOfTexts:
    """Facts that are read from the texts of a catalogue, unless they are given."""

    def __init__(self, catalogue: Catalogue, facts: Mapping[str, PaperFacts]) -> None:
        self._catalogue, self._facts = catalogue, facts

    def read(self, papers: Sequence[Key]) -> ReadFacts:
        documents = self._catalogue.documents(document_id for document_id, _ in papers)
        return ReadFacts({one.id: facts_in_force(one, facts=self._facts.get(one.id)) for one in documents})
