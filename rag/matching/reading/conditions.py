"""Reads the words of a condition: which classes, words and quantities an enterprise has to have.

首次获得药品注册批件的创新药、创新医疗器械 is read as what stands before the last 的, all of which has to
hold, and the things after it, one of which has to be meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from corpus.model import Span
from rag.matching.reading.bounds import bare_figure, last_clause, like, listed_bounds, measuring
from rag.matching.reading.classes import OWN, ClassKind, classes
from rag.matching.reading.needs import Need, need_of
from rag.matching.reading.quantities import quantities_in, without_last_measure
from rag.matching.reading.shared_names import with_shared_name
from rag.matching.reading.words import TABLE, words_in

# （合同研发组织）, (含中药提取物): explanations, which are no further conditions
_IN_BRACKETS = re.compile(r"\((?!套\))[^()]{0,60}\)")
_OF = "的"
_FIELD = "领域"
_AMONG = "等"  # ends a list of examples
# "世界500强""中国500强": folded marks of quotation, which stand side by side between two names
_LIST = re.compile('、|(?<=")(?=")')
_AND = re.compile(r"[,，;；]")
_FIRST = frozenset(("first",))
_NEWNESS = frozenset(("first", "new"))
# 全国、全省中小企业: two levels, and not the place of the paper
_ALL = re.compile("全国(?P<mark>[、和或及])全(?P<level>[省市])")
# 工业、农业、服务业等领域获得驰名商标的单位: in what fields somebody has to be, before what they have done
_IN_FIELDS = re.compile(
    r"\A(?P<fields>[^,，;；的、]{2,12}(?:、[^,，;；的、]{2,12}?)+?)(?P<among>等)?(?:重点)?(?:领域|行业)(?=[^的,，;；、]{3})"
)
# （含50人）: the figure itself is enough
_INCLUDED = re.compile(r"\(含")


@dataclass(frozen=True, slots=True)
class Group:
    """Alternatives. `is_open`: a list of examples, which others may be among (等)."""

    needs: tuple[Need, ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """Groups of alternatives; each group has to hold."""

    groups: tuple[Group, ...]


@lru_cache(maxsize=65536)
def parse(text: str, *, is_class: bool) -> Condition:
    """Parses a folded condition. `is_class`: its last noun says who or what the benefit is for."""
    is_included = _INCLUDED.search(text) is not None
    text = _ALL.sub(r"国家级\g<mark>\g<level>级", text)
    plain = _without_places(_IN_BRACKETS.sub("", text))
    fields, plain = _fields(plain)
    before, head = _divided(plain) if is_class else (plain, "")
    groups = [*fields, *_before(before), *([_head(head)] if head.strip() else [])]
    said = tuple(_without_empty(group) for group in groups if any(map(_says_something, group.needs)))
    return Condition(tuple(map(_inclusive, said)) if is_included else said)


def is_of_classes(condition: Condition) -> bool:
    """Whether a condition only names what somebody is, more than that it is an enterprise or a body."""
    needs = [need for group in condition.groups for need in group.needs]
    is_plain = all(need == Need(own=need.own) and need.own == _complete(need) for need in needs)
    kinds = {classes().kind(name) for need in needs for name in need.own}
    return is_plain and not kinds <= {ClassKind.BODY}


@lru_cache(maxsize=65536)
def without_words(condition: Condition) -> Condition:
    """The condition without its plain words: only what is in a class, or compared."""
    return _without(condition, lambda need: replace(need, words=(), fixed=(), is_name=False))


@lru_cache(maxsize=65536)
def without_free_words(condition: Condition) -> Condition | None:
    """The condition without the words that may be said in other words; None where there are none.

    What stays has to be said as it is: classes, levels, figures, places and denials, words of names, years.
    """
    needs = [need for group in condition.groups for need in group.needs]
    if not any(need.words and need.words != _literal(need) for need in needs):
        return None
    return _without(condition, lambda need: replace(need, words=_literal(need), fixed=_literal(need)))


@lru_cache(maxsize=65536)
def without_events(condition: Condition) -> Condition | None:
    """What `without_free_words` keeps, without what has happened; None where nothing has.

    How far something has come, what is excluded by something else, and that it is new stays.
    """
    needs = [need for group in condition.groups for need in group.needs]
    if not any(map(_is_event, (name for need in needs for name in need.own | need.said))):
        return None
    return _without(
        condition,
        lambda need: replace(
            need,
            own=frozenset(name for name in need.own if not _is_event(name)),
            said=frozenset(name for name in need.said if not _is_event(name)),
            words=_literal(need),
            fixed=_literal(need),
        ),
    )


def _is_event(name: str) -> bool:
    one = classes().by_name[name]
    return one.kind is ClassKind.EVENT and not one.facets and not one.above and name not in _NEWNESS


def _literal(need: Need) -> tuple[str, ...]:
    """The words that have to be said as they are: those of a name, and those with a digit."""
    if need.is_name:
        return need.fixed
    return tuple(word for word in need.words if any(map(str.isdecimal, word)))


def _without(condition: Condition, change: Callable[[Need], Need]) -> Condition:
    groups = (replace(group, needs=tuple(map(change, group.needs))) for group in condition.groups)
    return Condition(
        tuple(_without_empty(group) for group in groups if any(map(_says_something, group.needs)))
    )


def _inclusive(group: Group) -> Group:
    needs = (
        replace(need, bounds=tuple(replace(one, is_over=False) for one in need.bounds))
        for need in group.needs
    )
    return replace(group, needs=tuple(needs))


def _says_something(need: Need) -> bool:
    return need != Need()


def _without_empty(group: Group) -> Group:
    return replace(group, needs=tuple(filter(_says_something, group.needs)))


def _without_places(text: str) -> str:
    """The text without 我省, 在疫情期间: place and time of the paper, which are compared by themselves."""
    return TABLE.without("own_period", TABLE.without("here", text))


def _fields(text: str) -> tuple[list[Group], str]:
    """The fields of business that a text begins with, one of which is meant, and the text without them."""
    found = _IN_FIELDS.match(text)
    if found is None:
        return [], text
    needs = tuple(need_of(one, is_own=True) for one in _listed(found["fields"]))
    if any(need != Need(own=need.own) or not _complete(need) for need in needs):
        return [], text
    return [Group(needs, is_open=found["among"] is not None)], text[found.end() :]


def _divided(text: str) -> tuple[str, str]:
    """What stands before the last 的, and what stands after it."""
    text = text.removesuffix(_OF) if text.count(_OF) == 1 and text.endswith(_OF) else text
    if text.endswith(_OF):
        return text[:-1], ""
    before, of, head = text.rpartition(_OF)
    return (before, head) if of else ("", text)


def _before(text: str) -> Iterator[Group]:
    for part in _AND.split(text if quantities_in(text) else without_last_measure(text)):
        for piece in _cut(part, "joins_all"):
            yield from _coordinated(piece)


def _coordinated(text: str) -> Iterator[Group]:
    """A list of things is a group of alternatives, a list of deeds a group for each."""
    pieces = _with_shared_end(_listed(text))
    if len(pieces) > 1 and not TABLE.has("joins_any", text) and TABLE.has("verb", pieces[-1]):
        for piece in pieces:
            yield Group((need_of(piece, is_own=False),))
        return
    alternatives = [one for piece in pieces for one in _cut(piece, "joins_any")]
    if any(TABLE.has("verb", one) for one in alternatives[1:]) and not _has_or(text):
        for one in alternatives:
            yield Group((need_of(one, is_own=False),))
        return
    yield Group(tuple(with_shared_name(list(_with_bounds(alternatives)), only_levels=True)))


def _with_shared_end(pieces: list[str]) -> list[str]:
    """Fields with what they are fields of: 工业软件、人工智能领域重点实验室 are two kinds of laboratories."""
    last = next((at for at, one in enumerate(pieces) if _FIELD in one.removesuffix(_FIELD)), 0)
    end = pieces[last][pieces[last].find(_FIELD) :] if last else ""
    return [*(one + end for one in pieces[:last]), *pieces[last:]]


def _with_bounds(alternatives: list[str]) -> Iterator[Need]:
    """The needs of a list. A bare figure is compared like the first: 突破10亿元、5亿元."""
    first: Need | None = None
    for text in alternatives:
        need = need_of(text, is_own=False)
        if first is not None and first.bounds and (figure := bare_figure(text)) is not None:
            need = replace(first, bounds=(like(first.bounds[-1], figure),))
        elif first is not None and first.bounds and need.bounds and need == Need(bounds=need.bounds):
            # 500家以上、1000家以上: what is measured is said once
            need = replace(first, bounds=tuple(measuring(one, first.bounds[-1]) for one in need.bounds))
        first = first or need
        yield need


def _has_or(text: str) -> bool:
    return "或" in text


def _head(text: str) -> Group:
    """The things after the last 的: one of them is meant. A last noun they share counts for each."""
    listed, among, rest = without_last_measure(text).partition(_AMONG)
    if not words_in(listed):
        listed, among = rest, ""
    pieces = _with_shared_end([one for piece in _listed(listed) for one in _cut(piece, "joins_any")])
    needs = [need_of(piece, is_own=True) for piece in pieces]
    shared = _complete(needs[-1]) if needs else frozenset[str]()
    needs = [
        need if _complete(need) else _with(need, shared)
        for need in with_shared_name(needs, only_levels=False)
    ]
    if needs and needs[-1].bounds:  # 新引进企业和新注册企业实缴资本5000万元以上的
        needs = [need if need.bounds else replace(need, bounds=needs[-1].bounds) for need in needs]
    kind = _complete(need_of(rest, is_own=True)) if among else frozenset[str]()
    if kind:
        needs.append(Need(own=kind))
    return Group(tuple(needs), is_open=bool(among) and not kind)


def _complete(need: Need) -> frozenset[str]:
    """The classes that say what somebody or something is, and not only what happened to it."""
    return frozenset(name for name in need.own if classes().kind(name) in OWN)


def _with(need: Need, own: frozenset[str]) -> Need:
    return replace(need, own=need.own | own)


def _listed(text: str) -> list[str]:
    return _between(text, [Span(match.start(), match.end()) for match in _LIST.finditer(text)])


def _cut(text: str, sense: str) -> list[str]:
    return _between(text, TABLE.spans(sense, text))


def _between(text: str, marks: Sequence[Span]) -> list[str]:
    """The parts of a text between marks, but those inside the word of a class (第二、三类医疗器械)."""
    inside = [Span(word.start, word.start + len(word.text)) for word in words_in(text) if word.classes]
    pieces, at = [], 0
    for mark in marks:
        if not any(word.start < mark.start and mark.end < word.end for word in inside):
            pieces.append(text[at : mark.start])
            at = mark.end
    pieces.append(text[at:])
    return [piece for piece in pieces if piece.strip()]


@lru_cache(maxsize=65536)
def threshold(
    words: str, sentence: str, comparison: str, below: Decimal | None = None, after: str = ""
) -> Condition:
    """The condition of a figure that stands in a list or after its measure: 年销售额达到1亿元、5亿元、10亿元.

    `sentence` is the folded text of the same sentence up to the figure, `below` the next step of the list,
    `after` what follows the list in its clause.
    """
    bounds = listed_bounds(words, sentence, comparison, below=below, after=after)
    if bounds is None:
        return Condition(())
    named = (name for word in words_in(last_clause(sentence)) for name in word.classes)
    return Condition((Group((Need(said=frozenset(named) & _FIRST, bounds=(bounds,)),)),))
