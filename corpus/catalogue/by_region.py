"""Papers by the region they are for, and which of them apply in a place."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterator
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
    """Ids of papers by the code of their division."""

    def __init__(self) -> None:
        self._ids: dict[str, list[str]] = {}  # sorted; "" for papers that state no region
        self._applying: dict[str, Applying] = {}  # cache of `applying`, by code

    def copy(self) -> Places:
        """An independent copy."""
        other = Places()
        other._ids = {code: ids.copy() for code, ids in self._ids.items()}
        return other

    def add(self, head: PaperHead) -> None:
        insort(self._ids.setdefault(_code(head), []), head.id)
        self._applying = {}

    def remove(self, head: PaperHead) -> None:
        ids = self._ids[_code(head)]
        del ids[bisect_left(ids, head.id)]
        self._applying = {}

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


def _code(head: PaperHead) -> str:
    division = parse_region(head.region)
    return division.code if division is not None else ""
