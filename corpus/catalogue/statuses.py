"""Status of each paper, kept up to date as papers are added and removed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from itertools import chain

from corpus.catalogue.hash_index import HashIndex
from corpus.head.paper_head import NamedPaper, PaperHead
from corpus.head.paper_keys import all_keys, repealed_by
from corpus.head.status import effective, subject_keys
from corpus.model import Status

OUT_OF_FORCE = (Status.REPEALED, Status.EXPIRED, Status.SUPERSEDED, Status.NOT_YET)

# Returns the papers that a reference may refer to; it may return too many, never too few.
Candidates = Callable[[NamedPaper], Iterable[PaperHead]]


class Statuses:
    """The status of every paper on one day.

    Adding or removing a paper changes at most its own status and that of the papers it names.
    """

    def __init__(self, *, today: date) -> None:
        self._today = today
        self._heads: dict[str, PaperHead] = {}
        self._acting = HashIndex[str]()  # key → ids of the papers that repeal or extend one with that key
        self._drafts = HashIndex[
            str
        ]()  # key → ids of the drafts that may be issued under a title with that key
        self._amended = HashIndex[str]()  # key → ids of the papers with that title that were amended
        self._of: dict[str, Status] = {}
        self._ended: set[str] = set()

    def copy(self) -> Statuses:
        """An independent copy."""
        other = Statuses(today=self._today)
        other._heads, other._of, other._ended = self._heads.copy(), self._of.copy(), self._ended.copy()
        other._acting = self._acting.copy()
        other._drafts, other._amended = self._drafts.copy(), self._amended.copy()
        return other

    @property
    def of(self) -> Mapping[str, Status]:
        """The status of every paper by its id."""
        return self._of

    @property
    def out_of_force(self) -> Collection[str]:
        """Ids of the papers that are repealed, expired, superseded or not yet in force."""
        return self._ended

    def change(
        self, *, added: Collection[PaperHead], removed: Collection[PaperHead], candidates: Candidates
    ) -> None:
        """Removes papers and then adds others; computes each status that this can affect once.

        `candidates` must find the papers as they are after the change.
        """
        for head in removed:
            for index, keys in self._indexes(head):
                for key in keys:
                    index.remove(key, head.id)
            del self._heads[head.id], self._of[head.id]
            self._ended.discard(head.id)
        repealed_before = bool(self._heads)
        self._heads |= {head.id: head for head in added}
        for head in added:
            for index, keys in self._indexes(head):
                for key in keys:
                    index.add(key, head.id)
        named = dict.fromkeys(reference for head in chain(removed, added) for reference in head.acts_on)
        touched = {head.id: head for reference in named for head in candidates(reference)}
        touched |= self._superseded_by((*removed, *added), candidates)
        for head in (touched | {head.id: head for head in added}).values():
            # In an empty index only papers that one of the added papers names can be repealed.
            alone = head.id not in touched and not repealed_before
            self._compute(head, () if alone else self.acting_on(head), self.later(head, candidates))

    def acting_on(self, head: PaperHead) -> list[PaperHead]:
        """The papers that may repeal this one, whole or in part, or extend its term, each once."""
        ids = dict.fromkeys(i for key in repealed_by(head) for i in self._acting.get(key))
        return [self._heads[i] for i in ids]

    def later(self, head: PaperHead, candidates: Candidates) -> list[PaperHead]:
        """The papers that may supersede this one, each once."""
        if head.status is Status.DRAFT:
            found = (other for key in subject_keys(head) for other in candidates(NamedPaper(key, "")))
            return list({other.id: other for other in found if other.id in self._heads}.values())
        return self._having(head, self._amended)

    def drafts_of(self, head: PaperHead) -> list[PaperHead]:
        """The drafts that may have been issued as this paper, each once."""
        return self._having(head, self._drafts)

    def _having(self, head: PaperHead, index: HashIndex[str]) -> list[PaperHead]:
        """The papers that an index has under a subject of this one, each once."""
        if not index:  # before the keys, which take a third of the time of opening many papers
            return []
        return [self._heads[i] for i in dict.fromkeys(i for k in subject_keys(head) for i in index.get(k))]

    def on(self, head: PaperHead, day: date, candidates: Candidates) -> Status:
        """The status of a paper on another day."""
        return effective(head, self.acting_on(head), today=day, later=self.later(head, candidates))

    def _superseded_by(self, changed: Iterable[PaperHead], candidates: Candidates) -> dict[str, PaperHead]:
        """The papers whose status may depend on one of the changed papers, besides those it repeals."""
        touched: dict[str, PaperHead] = {}
        for head in changed:
            if head.status is not Status.DRAFT:
                touched |= {draft.id: draft for draft in self.drafts_of(head)}
            for key in subject_keys(head) if head.amended is not None else ():
                found = candidates(NamedPaper(key, ""))
                touched |= {other.id: other for other in found if other.id in self._heads}
        return touched

    def _indexes(self, head: PaperHead) -> tuple[tuple[HashIndex[str], tuple[str, ...]], ...]:
        """The indexes that the paper is in, with its keys."""
        drafts = subject_keys(head) if head.status is Status.DRAFT else ()
        amended = subject_keys(head) if head.amended is not None and head.status is not Status.DRAFT else ()
        return (self._acting, _acts_on(head)), (self._drafts, drafts), (self._amended, amended)

    def _compute(self, head: PaperHead, others: Iterable[PaperHead], later: Iterable[PaperHead]) -> None:
        status = effective(head, others, today=self._today, later=later)
        self._of[head.id] = status
        (self._ended.add if status in OUT_OF_FORCE else self._ended.discard)(head.id)


def _acts_on(head: PaperHead) -> tuple[str, ...]:
    """The keys of the papers that a paper repeals or extends, each once."""
    return tuple(dict.fromkeys(key for named in head.acts_on for key in all_keys(named)))
