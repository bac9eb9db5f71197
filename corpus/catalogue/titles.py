"""Index of papers by title: whole titles, endings, and titles that occur in a text."""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from itertools import chain, takewhile
from operator import add

from corpus.catalogue.hash_index import HashIndex
from corpus.head.paper_head import PaperHead
from corpus.notation.paper_names import key_of
from corpus.regions.local_names import local_key
from corpus.text.script import simplify

_STEM = 4  # first characters of a name, searched for in a text
_SHORT_STEM = 2  # the same for names of fewer than four characters
_LAST = chr(0x10FFFF)
_BETWEEN = "\n"  # separates titles that are joined into one string


class Titles:
    """Finds papers by name without a scan of all papers, also where many titles are similar.

    A name is a title or the title of the paper that a notice forwards, with or without the region it begins
    with, in simplified characters and normalised by `key_of`. Only hashes of names are kept; matches are
    checked against the heads.
    """

    def __init__(self) -> None:
        self._heads: list[PaperHead | None] = []  # a paper is referred to by its index in this list
        self._by_name = HashIndex[int]()  # indexes by name
        self._lengths: dict[str, int] = {}  # first characters → bit set of the lengths of names that begin so
        self._pairs = Counter[str]()  # how often each pair of neighbouring characters occurs in titles
        self._by_end = array("q")  # 2 · index + (0 title, 1 inner title), sorted by the title read backwards

    def copy(self) -> Titles:
        """An independent copy."""
        other = Titles()
        other._heads = self._heads.copy()
        other._by_name, other._lengths = self._by_name.copy(), self._lengths.copy()
        other._pairs, other._by_end = self._pairs.copy(), self._by_end[:]
        return other

    def add_all(self, heads: Collection[PaperHead]) -> None:
        """Adds papers that are not contained yet; faster than `add` for each."""
        codes: list[tuple[str, int]] = []
        self._count_pairs(heads)
        for head in heads:
            keys = list(map(_key, head.titles))
            place = self._put(head, keys)
            codes += [(key[::-1], 2 * place + i) for i, key in enumerate(keys)]
        codes += [(self._backwards(code), code) for code in self._by_end]
        codes.sort()
        self._by_end = array("q", (code for _, code in codes))

    def add(self, head: PaperHead) -> None:
        """Adds a paper that is not contained yet."""
        self._count_pairs([head])
        place = self._put(head, list(map(_key, head.titles)))
        for i in range(len(head.titles)):
            insort(self._by_end, 2 * place + i, key=self._backwards)

    def remove(self, head: PaperHead) -> None:
        """Removes a paper."""
        keys = list(map(_key, head.titles))
        place = self._place(head, keys[0])
        for i in range(len(head.titles)):
            at = bisect_left(self._by_end, self._backwards(2 * place + i), key=self._backwards)
            while self._by_end[at] != 2 * place + i:
                at += 1
            del self._by_end[at]
        for name in _names(keys):
            self._by_name.remove(name, place)
        for pair in _pairs(head):
            self._pairs[pair] -= 1
            if not self._pairs[pair]:
                del self._pairs[pair]
        self._heads[place] = None

    @property
    def pairs(self) -> Container[str]:
        """All pairs of neighbouring characters in the titles."""
        return self._pairs

    def called(self, name: str, *, most: int) -> list[PaperHead] | None:
        """The papers with that name; None when there are more than `most`."""
        places = self._by_name.get(name)
        if len(places) > most:
            return None
        return [head for head in map(self._head, places) if name in _names(list(map(_key, head.titles)))]

    def ending(self, name: str, *, most: int) -> list[PaperHead] | None:
        """The papers with a title that ends with `name`; None when there are more than `most`."""
        if not name:
            return []
        backwards = name[::-1]
        first = bisect_left(self._by_end, backwards, key=self._backwards)
        last = bisect_left(self._by_end, backwards + _LAST, key=self._backwards)
        if last - first > 2 * most:
            return None
        places = dict.fromkeys(code // 2 for code in self._by_end[first:last])
        return [self._head(place) for place in places] if len(places) <= most else None

    def similar(self, title: str, *, most: int) -> list[PaperHead]:
        """Up to `most` papers whose titles share the longest ending with `title`."""
        at = bisect_left(self._by_end, _backwards(title), key=self._backwards)
        near = [code // 2 for code in self._by_end[max(0, at - most) : at + most]]
        heads = [self._head(place) for place in dict.fromkeys(near)]
        end = _backwards(title)
        return sorted(heads, key=lambda head: (-_shared(head, end), head.id))[:most]

    def in_text(self, text: str) -> Iterator[tuple[str, int]]:
        """Yields every name in `text` with the offset where it begins, in order of offset."""
        for at in range(len(text) - _SHORT_STEM + 1):
            for stem in (text[at : at + _SHORT_STEM], text[at : at + _STEM]):
                lengths = self._lengths.get(stem, 0)
                while lengths:
                    length = (lengths & -lengths).bit_length() - 1
                    lengths &= lengths - 1
                    if at + length <= len(text) and text[at : at + length] in self._by_name:
                        yield text[at : at + length], at

    def _count_pairs(self, heads: Iterable[PaperHead]) -> None:
        """Counts the pairs of characters in the titles of many papers in one pass."""
        titles = simplify(_BETWEEN.join(head.title for head in heads))
        counts = Counter(map(add, titles, titles[1:]))
        self._pairs.update({pair: count for pair, count in counts.items() if _BETWEEN not in pair})

    def _put(self, head: PaperHead, keys: Sequence[str]) -> int:
        place = len(self._heads)
        self._heads.append(head)
        for name in _names(keys):
            self._by_name.add(name, place)
            stem = name[:_STEM] if len(name) >= _STEM else name[:_SHORT_STEM]
            if len(stem) >= _SHORT_STEM:
                self._lengths[stem] = self._lengths.get(stem, 0) | 1 << len(name)
        return place

    def _head(self, place: int) -> PaperHead:
        head = self._heads[place]
        assert head is not None, "a place without a paper is in no index"
        return head

    def _place(self, head: PaperHead, key: str) -> int:
        """The index of a paper, from the key of its title, which no name may have (……)."""
        first = bisect_left(self._by_end, key[::-1], key=self._backwards)
        places = (self._by_end[at] // 2 for at in range(first, len(self._by_end)))
        return next(place for place in places if self._head(place).id == head.id)

    def _backwards(self, code: int) -> str:
        return _backwards(self._head(code // 2).titles[code % 2])


def _key(title: str) -> str:
    """The key of a title in simplified characters, in which questions are read."""
    return key_of(simplify(title))


def _names(keys: Sequence[str]) -> Collection[str]:
    """The names of a paper from the keys of its titles: each key, and each without its region.

    A title of punctuation only is no name: its key is empty, and would be in every text.
    """
    return dict.fromkeys(filter(None, chain(keys, map(local_key, keys))))


def _shared(head: PaperHead, end: str) -> int:
    """Length of the longest ending that a title shares with `end`, which is reversed."""
    return max(
        sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(_backwards(title), end, strict=False)))
        for title in head.titles
    )


def _pairs(head: PaperHead) -> Iterator[str]:
    title = simplify(head.title)
    return (pair for pair in map(add, title, title[1:]) if _BETWEEN not in pair)


def _backwards(title: str) -> str:
    return _key(title)[::-1]
