"""What facts are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from corpus.facts.model import FactKind
from corpus.model import Status


@dataclass(frozen=True, slots=True)
class FactFilter:
    """Which facts are selected: those that meet every part. An empty part is met by all facts."""

    documents: tuple[str, ...] = ()  # ids, earlier ids or 文号; one that no paper has selects nothing
    # "益阳", "湖南省". A place has the papers of its city, of its province and of the nation.
    regions: tuple[str, ...] = ()
    regions_exactly: bool = False  # only the papers for these regions themselves
    kinds: frozenset[FactKind] = frozenset()
    # Each must occur in the words for who gets it: beneficiaries, conditions. Blanks do not count.
    beneficiary: tuple[str, ...] = ()
    # A sum of money of the fact must lie in this range, in yuan; of a sum from … to … any part.
    min_yuan: Decimal | None = None
    max_yuan: Decimal | None = None
    as_of: date | None = None  # day of the statuses; None: the day of the catalogue
    statuses: frozenset[Status] = frozenset()  # of the paper on that day

    @property
    def limits_sums(self) -> bool:
        return self.min_yuan is not None or self.max_yuan is not None


IN_FORCE = frozenset({Status.IN_FORCE})
