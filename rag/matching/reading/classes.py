"""Classes of things, bodies, events and recognitions that papers give for, from rag/data/classes.tsv.

A class is below others (创新药 is a 药品), and classes of one facet exclude each other: what is a 药品 is no
医疗器械, and a share that is listed on the 主板 is not listed on the 新三板.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from corpus.errors import BadTable
from index.terms.tokenize import fold

_COLUMNS = 7
_BODIES = ("enterprise",)  # 公司, 厂: what many words end with
_NONE, _COMMENT, _BETWEEN = "-", "#", "|"
_SHIELD = "!"  # begins a longer word that contains one of the class without meaning it: 裁判, 裁


class ClassKind(StrEnum):
    """What a class says about an enterprise."""

    PRODUCT = "product"
    INDUSTRY = "industry"
    BODY = "body"
    SIZE = "size"
    STAGE = "stage"  # how far a product has come
    EVENT = "event"
    TITLE = "title"
    LEVEL = "level"  # of a title or platform: 国家级


# What an enterprise is, makes or does, by the attribute of a profile that says it. Whoever asks names it, so
# another class of the same facet is excluded; events and titles are never complete.
OWN = MappingProxyType(
    {
        ClassKind.BODY: "type",
        ClassKind.INDUSTRY: "industry",
        ClassKind.PRODUCT: "product",
        ClassKind.SIZE: "size",
    }
)


@dataclass(frozen=True, slots=True)
class Class:
    """A line of the table."""

    name: str
    kind: ClassKind
    facets: tuple[str, ...]  # classes of one facet exclude each other
    above: tuple[str, ...]
    words: tuple[str, ...]
    example: str  # a text that names the class
    counter_example: str  # one that looks alike and does not


@dataclass(frozen=True)
class Classes:
    """The classes by name, and the words that name them."""

    by_name: Mapping[str, Class]
    upward: Mapping[str, frozenset[str]]  # of each class: itself and all classes above it
    by_word: Mapping[str, frozenset[str]]  # folded words
    lengths: Mapping[str, tuple[int, ...]]  # of the words that begin with a character, longest first

    @classmethod
    def of(cls, lines: Iterable[Class]) -> Classes:
        by_name = {one.name: one for one in lines}
        by_word: dict[str, set[str]] = defaultdict(set)
        lengths: dict[str, set[int]] = defaultdict(set)
        for one in by_name.values():
            for word in one.words:
                plain = fold(word.removeprefix(_SHIELD))
                lengths[plain[0]].add(len(plain))
                by_word[plain].update(() if word.startswith(_SHIELD) else (one.name,))
        for word, names in by_word.items():
            if all(by_name[name].kind is ClassKind.EVENT for name in names):
                continue  # 国有企业 is who lets a house, and not who asks
            names.update(_ends_with(word, by_name))
        return cls(
            by_name,
            {name: frozenset(_upward(name, by_name)) for name in by_name},
            {word: frozenset(names) for word, names in by_word.items()},
            {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()},
        )

    def names_of(self, classes: Iterable[str]) -> frozenset[str]:
        """The words for the classes and all above them."""
        upward = frozenset[str]().union(*(self.upward[name] for name in classes))
        return frozenset(w for name in upward for w in self.by_name[name].words if not w.startswith(_SHIELD))

    def kind(self, name: str) -> ClassKind:
        return self.by_name[name].kind

    def is_a(self, name: str, wanted: str) -> bool:
        """Whether what is in the class `name` is in the class `wanted` too."""
        return wanted in self.upward[name]

    def any_is_a(self, names: Collection[str], wanted: str) -> bool:
        return any(wanted in self.upward[name] for name in names)

    def excludes(self, names: Collection[str], wanted: str) -> bool:
        """Whether something in these classes is certainly not in `wanted`: another class of a facet."""
        return not self.any_is_a(names, wanted) and any(self._exclude(name, wanted) for name in names)

    def _exclude(self, one: str, other: str) -> bool:
        """Whether a class at or above `one` and one at or above `other` are different ones of a facet."""
        taken = {facet: up for up in self.upward[other] for facet in self.by_name[up].facets}
        return any(
            taken.get(facet, up) not in self.upward[one]
            for up in self.upward[one]
            for facet in self.by_name[up].facets
        )

    def word_at(self, text: str, at: int) -> str | None:
        """The longest word of a class that begins at `at` of a folded text; Latin ones as whole words."""
        for length in self.lengths.get(text[at], ()):
            word = text[at : at + length]
            if word in self.by_word and not (_is_inside(text, at) or _is_inside(text, at + length)):
                return word
        return None


@cache
def classes() -> Classes:
    """The classes of this package. Raises BadTable."""
    place = "rag/data/classes.tsv"
    content = files("rag").joinpath("data", "classes.tsv").read_text(encoding="utf-8")
    return Classes.of(
        _class(line, place, number)
        for number, line in enumerate(content.splitlines(), start=1)
        if line and not line.startswith(_COMMENT)
    )


def _class(line: str, place: str, number: int) -> Class:
    columns = line.split("\t")
    if len(columns) != _COLUMNS or columns[1] not in set(ClassKind):
        raise BadTable(place, number, f"not a class: {line!r}", "rag/data/SOURCE.md describes the columns")
    name, kind, facets, above, words, example, counter_example = columns
    return Class(
        name,
        ClassKind(kind),
        _names(facets),
        _names(above),
        tuple(words.split(_BETWEEN)),
        example,
        counter_example,
    )


def _ends_with(word: str, by_name: Mapping[str, Class]) -> Iterator[str]:
    """The class of the body that a longer word ends with: 生物医药企业 is an 企业 too."""
    for name in _BODIES:
        if name in by_name and any(word.endswith(fold(end)) for end in by_name[name].words):
            yield name


def _names(column: str) -> tuple[str, ...]:
    return () if column == _NONE else tuple(column.split(_BETWEEN))


def _upward(name: str, by_name: Mapping[str, Class]) -> set[str]:
    found, waiting = set[str](), [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += by_name[one].above
    return found


def _is_inside(text: str, at: int) -> bool:
    """Whether `at` is inside a word of Latin letters."""
    return 0 < at < len(text) and text[at - 1 : at + 1].isascii() and text[at - 1 : at + 1].isalpha()
