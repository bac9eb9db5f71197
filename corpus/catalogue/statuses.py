"""What became of each paper, kept up to date as papers come and go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from corpus.catalogue.hash_index import HashIndex
from corpus.head.paper_head import NamedPaper, PaperHead
from corpus.head.status import all_keys, effective, repealed_by
from corpus.model import Status

_OUT_OF_FORCE = (Status.REPEALED, Status.EXPIRED)

# Finds the papers that a reference may mean; more than it means do no harm.
Bearers = Callable[[NamedPaper], Iterable[PaperHead]]


class Statuses:
    """The status of every paper on one day.

    A paper that is added or removed can change its own status and that of the papers it names, no other.
    """

    def __init__(self, *, today: date) -> None:
        self._today = today
        self._heads: dict[str, PaperHead] = {}
        self._repealing = HashIndex[str]()  # ids of papers that repeal what has the key
        self._of: dict[str, Status] = {}
        self._ended: set[str] = set()

    def copy(self) -> Statuses:
        """One that changes for itself."""
        other = Statuses(today=self._today)
        other._heads, other._of, other._ended = self._heads.copy(), self._of.copy(), self._ended.copy()
        other._repealing = self._repealing.copy()
        return other

    @property
    def of(self) -> Mapping[str, Status]:
        """The status of every paper by its id."""
        return self._of

    @property
    def out_of_force(self) -> Collection[str]:
        """Ids of the papers that are repealed or expired."""
        return self._ended

    def add_all(self, heads: Iterable[PaperHead], *, bearers: Bearers) -> None:
        """Papers none of which is here yet; `bearers` finds them already."""
        fresh = {head.id: head for head in heads}
        repealed_before = bool(self._heads)
        self._heads |= fresh
        for head in fresh.values():
            for key in _repeals(head):
                self._repealing.add(key, head.id)
        named = dict.fromkeys(reference for head in fresh.values() for reference in head.repeals)
        touched = {head.id: head for reference in named for head in bearers(reference)}
        for head in (touched | fresh).values():
            # Of the first papers only those that one of them names need a look at who repeals them.
            alone = head.id not in touched and not repealed_before
            self._compute(head, () if alone else self.repealers(head))

    def remove(self, head: PaperHead, *, bearers: Bearers) -> None:
        """A paper that is here; `bearers` finds it no more."""
        for key in _repeals(head):
            self._repealing.remove(key, head.id)
        del self._heads[head.id], self._of[head.id]
        self._ended.discard(head.id)
        for other in {o.id: o for reference in head.repeals for o in bearers(reference)}.values():
            self._compute(other, self.repealers(other))

    def repealers(self, head: PaperHead) -> list[PaperHead]:
        """The papers that may repeal this one, each once."""
        ids = dict.fromkeys(i for key in repealed_by(head) for i in self._repealing.get(key))
        return [self._heads[i] for i in ids]

    def _compute(self, head: PaperHead, others: Iterable[PaperHead]) -> None:
        status = effective(head, others, today=self._today)
        self._of[head.id] = status
        (self._ended.add if status in _OUT_OF_FORCE else self._ended.discard)(head.id)


def _repeals(head: PaperHead) -> tuple[str, ...]:
    """The keys of what a paper repeals, each once."""
    return tuple(dict.fromkeys(key for named in head.repeals for key in all_keys(named)))
