"""Reads one alternative of a condition: classes, words, quantities and places, and what must not be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from corpus.notation.characters import HAN
from corpus.regions.divisions import NATION_CODE
from rag.matching.reading.bounds import Bounds, bounds_in
from rag.matching.reading.classes import ClassKind, classes
from rag.matching.reading.places import codes_in, place_spans
from rag.matching.reading.words import TABLE, Word, words_in

# 发布方, 承接方: who plays which part is not told by the word for the deed alone
_PARTY = re.compile(rf"[{HAN}]{{1,4}}方")
# "新认定的", "首次评为"
_RECOGNISED = re.compile(
    r"\A(?:首次|首批|初次|新近|新|当年度?|[上本]?年度|成功|被|经|由|获|已|企业|通过)*"
    r"(?:认定|评定|评选|评|授予|获批|入选|列入|纳入)(?:为|成为|的)?"
)
_AWARD = "奖"
_GRANTED_BY = (0, 1, 2)  # characters before the name of an award, or in it
# 经国家、省级认定为…: by whom it is recognised
_BY = re.compile(r"\A(?:经|由|被|获)")
# 省级以上, 市级及以上
_FLOOR = re.compile("级(?:及|或)?以上")
_LEVELS = tuple(name for name, one in classes().by_name.items() if one.kind is ClassKind.LEVEL)


@dataclass(frozen=True, slots=True)
class Need:
    """What one alternative asks for. All of it has to hold."""

    own: frozenset[str] = frozenset()  # classes the enterprise or its product has to be in
    said: frozenset[str] = frozenset()  # classes that have to be named
    words: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()  # those of `words` that must all be said: 信用 of 信用贷款
    is_name: bool = False  # whether `fixed` are words of a name: 认定为“独角兽”企业
    absent: frozenset[str] = frozenset()  # classes that must not be: 不裁员
    absent_words: tuple[str, ...] = ()
    bounds: tuple[Bounds, ...] = ()
    places: frozenset[str] = frozenset()  # codes of the divisions that are named
    vague: tuple[str, ...] | None = None  # 符合…条件: the words between; () where there are none
    is_floor: bool = False  # a higher level will do too: 省级以上


def need_of(text: str, *, is_own: bool) -> Need:
    """Reads a folded text. `is_own`: it names what the enterprise is or makes, not what happened."""
    vague, text = _vague_in(text)
    level = _level(text)
    bounds, text = bounds_in(text)
    places, text = _places_in(text)
    text, absent = _negated_in(text)
    found = words_in(text)
    party = text.strip() if is_own and _PARTY.fullmatch(text.strip()) and not _named(found) else ""
    names = frozenset(name for word in found for name in word.classes) | level | levels_of_awards(text, found)
    absent_words = words_in(absent)
    is_name = not is_own and TABLE.has("named", text)
    return Need(
        own=names if is_own else frozenset(),
        said=frozenset() if is_own else names,
        words=(party,) if party else tuple(dict.fromkeys(word.text for word in found if not word.classes)),
        fixed=(party,) if party else () if is_own else tuple(_fixed(found, is_name=is_name)),
        is_name=bool(party) or (is_name and bool(found)),
        absent=frozenset(name for word in absent_words for name in word.classes),
        absent_words=tuple(word.text for word in absent_words if not word.classes),
        bounds=bounds,
        places=places,
        vague=vague,
        is_floor=_FLOOR.search(text) is not None,
    )


def _named(words: Sequence[Word]) -> bool:
    return any(word.classes for word in words)


def _fixed(words: Sequence[Word], *, is_name: bool) -> Iterator[str]:
    """The words that are part of a name, or stand directly before the word of a class, which they narrow."""
    for word, following in zip_longest(words, words[1:]):
        is_part = following is not None and following.start == word.start + len(word.text)
        is_number = word.text[0].isdecimal()  # 8 of 小于8米: a figure in a unit that is not compared
        if not word.classes and (is_name or is_number or (is_part and following.classes)):
            yield word.text


def _places_in(text: str) -> tuple[frozenset[str], str]:
    codes = codes_in(text)
    if not codes:
        return codes, text
    characters = list(text)
    for span in place_spans(text):
        characters[span.start : span.end] = " " * (span.end - span.start)
    return codes - {NATION_CODE}, "".join(characters)


def levels_of_awards(text: str, words: Sequence[Word]) -> frozenset[str]:
    """The level that an award has by whoever grants it: 区政府质量奖, 中国质量奖, 省科技进步奖."""
    found = set[str]()
    for word in words:
        if word.text.endswith(_AWARD) and word.classes:
            whole = [text[max(0, word.start - more) : word.start] + word.text for more in _GRANTED_BY]
            found.update(name for name in _LEVELS if any(TABLE.has(_granted(name), one) for one in whole))
    return frozenset(found)


def _granted(level: str) -> str:
    return f"granted_{level.removeprefix('level_')}"


def _level(text: str) -> frozenset[str]:
    """The level that a word alone says, also after how it came about: 国家、省级企业技术中心, 新认定的省."""
    alone = _BY.sub("", without_recognition(text.strip()))
    return frozenset(name for name in _LEVELS if TABLE.has(name, alone))


def without_recognition(text: str) -> str:
    """What is recognised, without the words for it at the beginning: 新认定的, 首次入选."""
    return _RECOGNISED.sub("", text)


def _vague_in(text: str) -> tuple[tuple[str, ...] | None, str]:
    spans = TABLE.spans("vague", text)
    if not spans:
        return None, text
    inside = dict.fromkeys(word.text for span in spans for word in words_in(span.of(text)))
    return tuple(inside), TABLE.without("vague", text)


def _negated_in(text: str) -> tuple[str, str]:
    spans = TABLE.spans("negation", text)
    if not spans:
        return text, ""
    return text[: spans[0].start], text[spans[0].end :]
