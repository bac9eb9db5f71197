"""Catalogue of the papers in use: their heads by id, their statuses on a day, their texts on demand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from corpus.catalogue.acts import Acts
from corpus.catalogue.by_region import Places
from corpus.catalogue.names import Names
from corpus.catalogue.statuses import Statuses
from corpus.catalogue.statuses_on_day import StatusesOnDay
from corpus.catalogue.texts import PapersInMemory, Texts
from corpus.corpus_hash import corpus_hash
from corpus.errors import AmbiguousNumber, DamagedDocument, UnknownDocument
from corpus.head.paper_head import PaperHead
from corpus.head.status import (
    issued_after,
)
from corpus.model import Clause, Document, Status

if TYPE_CHECKING:
    from corpus.store.versions import Version

# With more changed papers than this, and more than this share of all, building a catalogue afresh is faster.
_FEW, _FEW_SHARE = 100, 0.1


class PaperSource(Protocol):
    """Lists the papers in use and their heads, such as `corpus.store.papers.Store`."""

    def in_use(self) -> Mapping[str, str]:
        """Content hashes of the papers in use, by id."""
        ...

    def heads(self, document_ids: Collection[str] | None = None) -> Sequence[PaperHead]:
        """The heads of all papers in use, or of those named."""
        ...

    def last_change(self) -> str:
        """Names the state of the papers."""
        ...

    def changed_since(self, change: str) -> set[str] | None:
        """The ids of the papers of which anything has changed since a `last_change`; None if not known."""
        ...

    def aliases(self) -> Mapping[str, str]:
        """The ids of papers by their other names."""
        ...

    def open_conflicts(self) -> Collection[tuple[str, str]]:
        """The ids of each two papers with one number and different texts."""
        ...


class Catalogue:
    """Papers by id, number, title, region and status on a day.

    Immutable. Texts are read with the content that the catalogue was built from, so that every answer comes
    from one state of the papers, even when the store changes meanwhile. Thread-safe.
    """

    def __init__(
        self,
        heads: Sequence[PaperHead],
        *,
        texts: Texts,
        today: date,
        aliases: Mapping[str, str] | None = None,
        conflicts: Collection[tuple[str, str]] = (),
        change: str = "",
    ) -> None:
        """`change` names the state of the source before `heads` were read, for `refreshed`."""
        self.today, self._change = today, change
        self._aliases, self._conflicts = aliases or {}, conflicts
        self._on: StatusesOnDay | None = None
        self._texts = texts
        self._heads = {head.id: head for head in sorted(heads, key=lambda head: head.id)}
        self._names = Names(self._heads, texts=texts)
        self._places, self._statuses = Places(), Statuses(today=today)
        self._damaged: Mapping[str, PaperHead] = {}
        self._names.add_all(heads)
        for head in heads:
            self._places.add(head)
        self._statuses.change(added=heads, removed=(), candidates=self._names.candidates)

    @classmethod
    def of(cls, documents: Iterable[Document], *, today: date) -> Catalogue:
        """Returns a catalogue of papers that are already in memory."""
        papers = {document.id: document for document in documents}
        heads = [PaperHead.of(document) for document in papers.values()]
        return cls(heads, texts=Texts(PapersInMemory(papers.values())), today=today)

    def changed(self, heads: Iterable[PaperHead], *, removed: Collection[str] = ()) -> Catalogue:
        """Returns a copy with the papers of `heads` added or replaced, and the `removed` ones left out.

        Recomputes only what depends on the changed papers, unless there are many. Keeps the cached texts.
        """
        put = {head.id: head for head in heads}
        gone = (self._heads.keys() & set(removed)) - put.keys()
        kept = {i: head for i, head in self._heads.items() if i not in gone} | put
        if self._on is not None or len(put) + len(gone) > max(_FEW, len(kept) * _FEW_SHARE):
            return self._of(list(kept.values()))
        other = self._of(())
        other._heads = dict(sorted(kept.items())) if put.keys() - self._heads.keys() else kept
        other._names, other._places = self._names.copy(other._heads), self._places.copy()
        other._statuses = self._statuses.copy()
        old = [self._heads[i] for i in self._heads.keys() & {*put, *gone}]
        for head in old:
            other._names.remove(head)
            other._places.remove(head)
        for head in put.values():
            other._names.add(head)
            other._places.add(head)
        other._statuses.change(added=put.values(), removed=old, candidates=other._names.candidates)
        return other

    def on(self, day: date) -> Catalogue:
        """Returns the same papers with their statuses on another day. Takes no time: nothing is copied."""
        if day == self.today:
            return self
        other = copy(self)
        other.__dict__.pop("issued_later", None)
        other.today = day
        # Nothing of the catalogue itself: that would keep it alive in a cycle.
        other._on = StatusesOnDay(
            day, heads=self._heads, statuses=self._statuses, candidates=self._names.candidates
        )
        return other

    def refreshed(self, source: PaperSource) -> Catalogue:
        """Returns a catalogue of the papers in use in `source`; reads only heads of changed papers."""
        change = source.last_change()  # before all else: what changes meanwhile is read again the next time
        if change and change == self._change:
            return self
        touched = source.changed_since(self._change)
        if touched is None:
            touched = self._differing(source.in_use())
        heads = source.heads(touched)
        gone = touched - {head.id for head in heads}
        put = [head for head in heads if head != self._heads.get(head.id)]
        other = self.changed(put, removed=gone) if put or self._heads.keys() & gone else copy(self)
        other._aliases, other._conflicts = source.aliases(), source.open_conflicts()
        other._change = change
        return other

    def _differing(self, in_use: Mapping[str, str]) -> set[str]:
        """The ids of the papers that are only here, only in `in_use`, or there with another content hash."""
        return {document_id for document_id, _ in in_use.items() ^ self.contents.items()}

    @property
    def contents(self) -> Mapping[str, str]:
        """Content hashes of the papers by id, as `Store.in_use` returns them."""
        return {head.id: head.content_sha256 for head in self._heads.values()}

    def _of(self, heads: Sequence[PaperHead]) -> Catalogue:
        """Returns a catalogue of other papers that is like this one otherwise."""
        return Catalogue(
            heads, texts=self._texts, today=self.today, aliases=self._aliases, conflicts=self._conflicts
        )

    def without(self, document_ids: Collection[str]) -> Catalogue:
        """Returns a copy without papers that are not in use any more, and without what they state."""
        other = self.changed((), removed=document_ids)
        other._damaged = {i: head for i, head in self._damaged.items() if i not in document_ids}
        return other

    def without_damaged(self, document_ids: Collection[str]) -> Catalogue:
        """Returns a copy without papers whose texts are damaged: nothing finds or reads them.

        What they state about others holds: a paper that one of them repeals stays repealed.
        """
        other = self.changed((), removed=document_ids)
        other._statuses = self._statuses
        damaged = {i: self._heads[i] for i in document_ids if i in self._heads}
        other._damaged = dict(sorted((dict(self._damaged) | damaged).items()))
        return other

    @property
    def damaged(self) -> Mapping[str, PaperHead]:
        """The papers that were left out because their texts are damaged, by id."""
        return self._damaged

    def any_repaired(self) -> bool:
        """Whether a paper that was left out as damaged can be read again."""
        for head in self._damaged.values():
            try:
                self._texts.document((head.id, head.content_sha256))
            except (DamagedDocument, UnknownDocument):
                continue
            return True
        return False

    def __len__(self) -> int:
        return len(self._heads)

    def __contains__(self, document_id: object) -> bool:
        """Whether a paper has that id, or had it earlier, or is the only one with that 文号."""
        try:
            return self._own_id(str(document_id)) in self._heads
        except AmbiguousNumber:
            return False

    def _own_id(self, name: str) -> str:
        """The id of the paper with that id, earlier id or 文号; the name itself if there is none.

        Raises AmbiguousNumber.
        """
        if name in self._heads:
            return name
        if (own := self._aliases.get(name)) in self._heads:
            return str(own)
        if name in self._damaged or not any(char.isdigit() for char in name):
            return own or name
        found = self._names.with_number(name).ids
        if len(found) > 1:
            raise AmbiguousNumber(name, found)
        return found[0] if found else own or name

    @property
    def ids(self) -> Collection[str]:
        """The ids of all papers, in order."""
        return self._heads.keys()

    @property
    def heads(self) -> Collection[PaperHead]:
        """All papers, by id."""
        return self._heads.values()

    def following(self, document_id: str) -> Iterator[PaperHead]:
        """Yields the papers after `document_id` by id; all for "". That paper may have been removed since."""
        ids = self._ordered
        return (self._heads[i] for i in islice(ids, bisect_right(ids, document_id), None))

    @cached_property
    def _ordered(self) -> list[str]:
        return list(self._heads)

    def corpus_hash(self, *, last_correction: int) -> str:
        """The hash of the papers as they are here, see `corpus.corpus_hash`. Reads nothing."""
        papers = ((head.id, head.content_sha256) for head in self._heads.values())
        return corpus_hash(papers, conflicts=self._conflicts, last_correction=last_correction)

    @property
    def in_conflict(self) -> Collection[str]:
        """The ids of papers of which another one has the number, and a different text."""
        return {i for pair in self._conflicts for i in pair if i in self._heads}

    def conflicting(self, document_id: str) -> list[PaperHead]:
        """The other papers with the number of this one and a different text, by id."""
        own = self.head(document_id).id
        others = {other for pair in self._conflicts if own in pair for other in pair} - {own}
        return [self._heads[i] for i in sorted(others) if i in self._heads]

    def head(self, document_id: str) -> PaperHead:
        """The head of the paper with that id, with that earlier id, or with that 文号.

        Raises UnknownDocument, AmbiguousNumber, and DamagedDocument for one that was left out.
        """
        own = self._own_id(document_id)
        try:
            return self._heads[own]
        except KeyError:
            if own in self._damaged:
                raise DamagedDocument([own]) from None
            raise UnknownDocument(document_id) from None

    def document(self, document_id: str) -> Document:
        """The paper with its text. Raises UnknownDocument."""
        return self._texts.document(self._key(document_id))

    def original(self, document: Document) -> bytes:
        """The file of a paper as received; empty when it was not kept. Raises UnknownDocument."""
        return self._texts.original(document)

    def versions(self, document_id: str) -> Sequence[Version]:
        """Every stored version of a paper in use, oldest first. Raises UnknownDocument."""
        return self._texts.versions(self.head(document_id).id)

    def latest_versions(self, *, most: int) -> list[Version]:
        """The versions of papers in use that were stored last, newest first; `most` or fewer."""
        return [one for one in self._texts.latest_versions(most=most) if one.document_id in self._heads]

    def version(self, document_id: str, number: int) -> Document:
        """A stored version of a paper in use. Raises UnknownDocument, and UnknownVersion."""
        return self._texts.version(self.head(document_id).id, number)

    def documents(self, document_ids: Iterable[str]) -> list[Document]:
        """Several papers with their texts, in the order of `document_ids`. Raises UnknownDocument."""
        keys = [self._key(document_id) for document_id in document_ids]
        read = self._texts.documents(keys)
        return [read[key] for key in keys]

    def clause(self, key: str) -> Clause:
        """The clause with that `Clause.key`. Raises UnknownDocument where no paper has it."""
        at = key.find("#")
        while at >= 0:
            if key[:at] in self._heads:
                clause = self._texts.clauses(self._key(key[:at])).get(key)
                if clause is not None:
                    return clause
            at = key.find("#", at + 1)
        raise UnknownDocument(key)

    @property
    def statuses(self) -> Mapping[str, Status]:
        """The status of every paper by its id."""
        return self._statuses.of if self._on is None else self._on

    @property
    def out_of_force(self) -> Collection[str]:
        """Ids of the papers that are repealed, expired, superseded or not yet in force."""
        return self._statuses.out_of_force if self._on is None else self._on.out_of_force

    @cached_property
    def issued_later(self) -> Collection[str]:
        """Ids of the papers that were issued after the day of the catalogue, and do not apply to it."""
        return frozenset(i for i, head in self._heads.items() if issued_after(head, self.today))

    def status(self, document_id: str) -> Status:
        """Status of the paper on the day of the catalogue. Raises UnknownDocument."""
        return self.statuses[self.head(document_id).id]

    @property
    def names(self) -> Names:
        """Finds papers by number, title and citation."""
        return self._names

    @property
    def places(self) -> Places:
        """Finds papers by the place that they apply in."""
        return self._places

    @property
    def acts(self) -> Acts:
        """Finds the papers that repeal, extend or replace another one, on the day of the catalogue."""
        # Made when it is asked for: one that is kept would hold its owner, which then is not freed at once.
        return Acts(self.head, heads=self._heads, names=self._names, statuses=self._statuses, day=self.today)

    @cached_property
    def regions(self) -> Collection[str]:
        """The distinct regions of the papers, in the order of the papers."""
        return dict.fromkeys(head.region for head in self._heads.values() if head.region).keys()

    def _key(self, document_id: str) -> tuple[str, str]:
        head = self.head(document_id)
        return head.id, head.content_sha256
