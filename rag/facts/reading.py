"""Reads the facts of papers when they are first asked for: those of one paper, or of all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import islice
from threading import Lock
from typing import Protocol

from corpus.catalogue.catalogue import Catalogue
from corpus.facts.building import facts_in_force
from corpus.facts.in_force import FactsInForce, ReadFacts
from corpus.facts.model import PaperFacts
from rag.facts.columns import Columns

Key = tuple[str, str]  # id and content hash of a paper
_KEPT = 1000  # papers whose facts are kept, some 20 kB each, while those of all papers are not needed


class FactSource(Protocol):
    """Reads the facts of papers, such as `corpus.store.facts.reading.StoredFacts`."""

    def read(self, papers: Sequence[Key]) -> ReadFacts:
        """The facts of these papers; leaves out papers that no longer exist."""
        ...


class FactReading:
    """The facts of some papers, read when they are first asked for."""

    def __init__(
        self, source: FactSource, keys: Sequence[Key], *, known: Mapping[Key, FactsInForce] | None = None
    ) -> None:
        self._source, self._keys, self._known = source, keys, dict(known or {})
        self._lock = Lock()
        self.checked = set[str]()  # ids of the papers whose facts were compared with their text

    @cached_property
    def _all(self) -> ReadFacts:
        with self._lock:
            known = dict(self._known)
        read = self._source.read([key for key in self._keys if key not in known])
        facts = dict(read.facts) | {key[0]: known[key] for key in self._keys if key in known}
        return ReadFacts({i: facts[i] for i, _ in self._keys if i in facts}, read.damaged)

    @property
    def is_done(self) -> bool:
        """Whether the facts of all papers were read."""
        return "_all" in self.__dict__

    def one(self, key: Key) -> FactsInForce | None:
        """The facts of one paper, read without the others; None for damaged ones."""
        return self.some([key]).get(key[0])

    def some(self, keys: Sequence[Key]) -> Mapping[str, FactsInForce]:
        """The facts of these papers by id, in order, read without the others; without damaged ones."""
        if self.is_done:
            return {i: self.facts[i] for i, _ in keys if i in self.facts}
        with self._lock:
            found = {key: self._known[key] for key in keys if key in self._known}
        missing = [key for key in keys if key not in found]
        if missing:
            read = self._source.read(missing).facts
            found |= {key: read[key[0]] for key in missing if key[0] in read}
            self._keep(found)
        return {key[0]: found[key] for key in keys if key in found}

    def _keep(self, found: Mapping[Key, FactsInForce]) -> None:
        """Keeps what was read, and forgets what was read first where it is too much."""
        with self._lock:
            self._known.update(found)
            for key in list(islice(self._known, max(0, len(self._known) - _KEPT))):
                del self._known[key]

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

    def of(self, keys: Sequence[Key]) -> FactReading:
        """The facts of other papers."""
        if keys == self._keys:
            return self
        facts = self.facts if self.is_done else {}  # only if they were read
        known = {key: facts[key[0]] for key in self._keys if key[0] in facts}
        with self._lock:
            known = dict(self._known) | known
        return FactReading(self._source, keys, known=known)


class FactsOfTexts:
    """Facts that are read from the texts of a catalogue, unless they are given."""

    def __init__(self, catalogue: Catalogue, facts: Mapping[str, PaperFacts]) -> None:
        self._catalogue, self._facts = catalogue, facts

    def read(self, papers: Sequence[Key]) -> ReadFacts:
        documents = self._catalogue.documents(document_id for document_id, _ in papers)
        return ReadFacts({one.id: facts_in_force(one, facts=self._facts.get(one.id)) for one in documents})
