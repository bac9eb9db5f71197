"""Papers by the region they are for, and which of them apply in a place."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
# Places whose papers are cached, each with a tuple of the papers of its province and of the nation.
_REMEMBERED = 64


class Places:
    """Ids of papers by the place they are for.

    Stored by the region as papers write it; divisions are looked up when papers are first asked for by place,
    which a list of papers does without.
    """

    def __init__(self) -> None:
        self._written: dict[str, list[str]] = {}  # ids by region as written, sorted
        self._coded: Mapping[str, Sequence[str]] | None = None
        self._applying: dict[tuple[str, ...], Applying] = {}  # cache of `applying`, by codes with papers

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
                if written:
                    ids.setdefault(division.code if division is not None else "", []).extend(written)
            self._coded = {code: sorted(found) for code, found in ids.items()}
        return self._coded

    @property
    def without_region(self) -> Collection[str]:
        """The papers that state no region."""
        return self._ids.get("", ())

    def applying(self, division: Division) -> Applying:
        """The papers of the division and those that contain it: in 益阳市 those of 湖南省, not of 长沙市."""
        by_code = self._ids
        above = dict.fromkeys((division.code, *reversed(division.parents), NATION.code))
        codes = tuple(code for code in above if code in by_code)
        found = self._applying.get(codes)
        if found is None:
            if len(self._applying) >= _REMEMBERED:
                self._applying.clear()
            found = self._applying[codes] = _applying(by_code, codes)
        return found

    def applying_in_any(self, divisions: Iterable[Division]) -> frozenset[str]:
        """The ids of the papers that apply in any of the divisions; each paper is added once."""
        by_code = self._ids
        codes = {code for one in divisions for code in (one.code, *one.parents, NATION.code)}
        return frozenset(i for code in codes if code in by_code for i in by_code[code])


def _applying(ids: Mapping[str, Sequence[str]], codes: Sequence[str]) -> Applying:
    """The papers of the divisions `codes`, which all have some, the nearest division first."""
    if not codes:
        return _NONE
    return Applying(
        ids=tuple(i for code in codes for i in ids[code]),
        nearest=tuple(ids[codes[0]]),
        codes=frozenset(codes),
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
