"""Papers by the region they are for, and which of them apply in a place."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.head.paper_head import PaperHead
from corpus.regions.divisions import NATION, Division
from corpus.regions.mentions import parse_region


@dataclass(frozen=True, slots=True)
class Applying:
    """The ids of the papers that apply in a place, those of the nearest level first."""

    ids: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()  # those of the nearest level with any paper
    codes: frozenset[str] = frozenset()  # of the divisions that these papers are for


_NONE = Applying()


class Places:
    """Ids of papers by the place they are for.

    Stored by the region as papers write it; divisions are looked up when papers are first asked for by place,
    because reading the table of divisions takes 0.05 s, which a list of papers does without.
    """

    def __init__(self) -> None:
        self._written: dict[str, list[str]] = {}  # ids by region as written, sorted
        self._coded: Mapping[str, Sequence[str]] | None = None
        self._applying: dict[str, Applying] = {}  # cache of `applying`, by code

    def copy(self) -> Places:
        """An independent copy."""
        other = Places()
        other._written = {region: ids.copy() for region, ids in self._written.items()}
        return other

    def add(self, head: PaperHead) -> None:
        insort(self._written.setdefault(head.region, []), head.id)
        self._forget()

    def remove(self, head: PaperHead) -> None:
        ids = self._written[head.region]
        del ids[bisect_left(ids, head.id)]
        self._forget()

    def _forget(self) -> None:
        self._coded, self._applying = None, {}

    @property
    def _ids(self) -> Mapping[str, Sequence[str]]:
        """By the code of the division, sorted; "" for papers that state no region."""
        if self._coded is None:
            ids: dict[str, list[str]] = {}
            for region, written in self._written.items():
                division = parse_region(region)
                ids.setdefault(division.code if division is not None else "", []).extend(written)
            self._coded = {code: sorted(found) for code, found in ids.items()}
        return self._coded

    @property
    def without_region(self) -> Collection[str]:
        """The papers that state no region."""
        return self._ids.get("", ())

    def applying(self, division: Division) -> Applying:
        """The papers of the division and those that contain it: in 益阳市 those of 湖南省, not of 长沙市."""
        found = self._applying.get(division.code)
        if found is None:
            found = self._applying[division.code] = self._found(division)
        return found

    def _found(self, division: Division) -> Applying:
        codes = dict.fromkeys((division.code, *reversed(division.parents), NATION.code))
        levels = [(code, ids) for code in codes if (ids := self._ids.get(code))]
        if not levels:
            return _NONE
        return Applying(
            ids=tuple(i for _, ids in levels for i in ids),
            nearest=tuple(levels[0][1]),
            codes=frozenset(code for code, _ in levels),
        )


class Either(Collection[str]):
    """The ids of two collections, without copying either."""

    def __init__(self, one: Collection[str], other: Collection[str]) -> None:
        self._one, self._other = frozenset(one), other

    def __contains__(self, document_id: object) -> bool:
        return document_id in self._one or document_id in self._other

    def __iter__(self) -> Iterator[str]:
        yield from self._one
        yield from (i for i in self._other if i not in self._one)

    def __len__(self) -> int:
        return sum(1 for _ in self)
