"""Reads the facts of papers when they are first asked for: those of one paper, or of all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Protocol

from corpus.catalogue.catalogue import Catalogue
from corpus.facts.building import facts_in_force
from corpus.facts.in_force import FactsInForce, ReadFacts
from corpus.facts.model import PaperFacts
from rag.facts.columns import Columns

Key = tuple[str, str]  # id and content hash of a paper


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
        self.checked = set[str]()  # ids of the papers whose facts were compared with their text

    @cached_property
    def _all(self) -> ReadFacts:
        read = self._source.read([key for key in self._keys if key not in self._known])
        facts = dict(read.facts) | {key[0]: self._known[key] for key in self._keys if key in self._known}
        return ReadFacts({i: facts[i] for i, _ in self._keys if i in facts}, read.damaged)

    @property
    def is_done(self) -> bool:
        """Whether the facts of all papers were read."""
        return "_all" in self.__dict__

    def one(self, key: Key) -> FactsInForce | None:
        """The facts of one paper, which are not read again with the others; None for damaged ones."""
        if key not in self._known:
            self._known.update((key, one) for one in self._source.read([key]).facts.values())
        return self._known.get(key)

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
        return FactReading(self._source, keys, known=dict(self._known) | known)


class FactsOfTexts:
    """Facts that are read from the texts of a catalogue, unless they are given."""

    def __init__(self, catalogue: Catalogue, facts: Mapping[str, PaperFacts]) -> None:
        self._catalogue, self._facts = catalogue, facts

    def read(self, papers: Sequence[Key]) -> ReadFacts:
        documents = self._catalogue.documents(document_id for document_id, _ in papers)
        return ReadFacts({one.id: facts_in_force(one, facts=self._facts.get(one.id)) for one in documents})
