"""Statuses on another day than that of the catalogue, each computed when it is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from corpus.catalogue.statuses import OUT_OF_FORCE, Candidates, Statuses
from corpus.head.paper_head import PaperHead
from corpus.model import Status


class StatusesOnDay(Mapping[str, Status]):
    """The status of every paper on a day.

    A question looks at the statuses of some dozen papers, so that computing those of all of them would take
    longer than to answer it. Thread-safe: two threads at most compute the same.
    """

    def __init__(
        self, day: date, *, heads: Mapping[str, PaperHead], statuses: Statuses, candidates: Candidates
    ) -> None:
        self._day, self._heads = day, heads
        self._statuses, self._candidates = statuses, candidates
        self._known: dict[str, Status] = {}

    def __getitem__(self, document_id: str) -> Status:
        known = self._known.get(document_id)
        if known is None:
            known = self._statuses.on(self._heads[document_id], self._day, self._candidates)
            self._known[document_id] = known
        return known

    def __iter__(self) -> Iterator[str]:
        return iter(self._heads)

    def __len__(self) -> int:
        return len(self._heads)

    @property
    def out_of_force(self) -> Collection[str]:
        """Ids of the papers that are repealed, expired, superseded or not yet in force."""
        return _OutOfForce(self)


class _OutOfForce(Collection[str]):
    """The ids of papers with such a status."""

    def __init__(self, statuses: StatusesOnDay) -> None:
        self._statuses = statuses

    def __contains__(self, document_id: object) -> bool:
        return document_id in self._statuses and self._statuses[str(document_id)] in OUT_OF_FORCE

    def __iter__(self) -> Iterator[str]:
        return (i for i, status in self._statuses.items() if status in OUT_OF_FORCE)

    def __len__(self) -> int:
        return sum(1 for _ in self)
