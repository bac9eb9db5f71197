"""Word's automatic numbering: the label of each paragraph of a list (ECMA-376 part 1, 17.9)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from corpus.formats.office.word.names import ALTERNATIVES, chosen, number_of, switch_of, value_of, w
from corpus.formats.office.word.number_formats import formatted
from corpus.formats.office.word.styles import Styles

_LEVELS: Final = 9  # Word has no more
_PLACE: Final = re.compile(r"%([1-9])")  # "第%1条", "%1.%2"
_LONGEST_LABEL: Final = 60  # characters of the pattern of a label; a longer one is a defect
# A label that ends so needs no blank before the words: "一、", "（一）"
_CLOSED: Final = "、）】〕：。．"


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    style: str  # of the number: "decimal", "chineseCounting"
    pattern: str  # "%1、", "第%1条"
    restart: int | None  # number of the level after which it begins again; 0 for never, None for any above
    legal: bool  # all numbers of the label in digits
    paragraph_style: str


@dataclass(frozen=True, slots=True)
class _List:
    """What a paragraph refers to: the definition whose counters it shares, and changes to it."""

    definition: str
    levels: Mapping[int, _Level]
    starts: Mapping[int, int]  # level → number with which this list begins it


@dataclass(slots=True)
class _Counters:
    numbers: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


class Numbering:
    """The lists of a document. `label` counts: call it once for each paragraph, in reading order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._lists = _lists_of(root, styles) if root is not None else {}
        self._counters: dict[str, _Counters] = {}
        self._begun: set[tuple[str, int]] = set()

    def level_of_style(self, list_id: str, names: tuple[str, ...]) -> int | None:
        """The level that the list gives to the first of some paragraph styles; None if to none of them."""
        found = self._lists.get(list_id)
        by_style = {level.paragraph_style: at for at, level in found.levels.items()} if found else {}
        return next((by_style[name] for name in names if name in by_style), None)

    def label(self, list_id: str, at: int) -> str:
        """Counts a paragraph and returns its label, with a blank where one separates it from the words.

        Empty for bullets, which name nothing, and for lists that are not defined.
        """
        found = self._lists.get(list_id)
        if found is None or at not in found.levels:
            return ""
        numbers = self._counters.setdefault(found.definition, _Counters()).numbers
        _count(numbers, found, at, first=(list_id, at) not in self._begun)
        self._begun.add((list_id, at))
        return _written(found.levels, numbers, at)


def _count(numbers: list[int | None], found: _List, at: int, *, first: bool) -> None:
    for above in range(at):  # a level that was skipped counts as begun
        if numbers[above] is None and above in found.levels:
            numbers[above] = found.starts.get(above, found.levels[above].start)
    number = numbers[at]
    if first and at in found.starts:
        numbers[at] = found.starts[at]
    elif number is None:
        numbers[at] = found.starts.get(at, found.levels[at].start)
    else:
        numbers[at] = number + 1
    for below in range(at + 1, _LEVELS):
        level = found.levels.get(below)
        if level is None or level.restart is None or at < level.restart:
            numbers[below] = None


def _written(levels: Mapping[int, _Level], numbers: list[int | None], at: int) -> str:
    own = levels[at]
    if own.style == "bullet":
        return ""

    def number(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        level = levels.get(place)
        if level is None or level.style in ("none", "bullet"):
            return ""
        value = numbers[place]
        return formatted(level.start if value is None else value, "decimal" if own.legal else level.style)

    label = _PLACE.sub(number, own.pattern).strip()
    # "1." before "5G网络" would read as 1.5 even where Word puts nothing between them.
    return label if not label or label.endswith(tuple(_CLOSED)) else f"{label} "


def _lists_of(root: Element, styles: Styles) -> dict[str, _List]:
    definitions = {
        element.get(w("abstractNumId"), ""): element for element in root.iterfind(w("abstractNum"))
    }
    instances = {element.get(w("numId"), ""): element for element in root.iterfind(w("num"))}
    levels = {name: _levels_of(element) for name, element in definitions.items()}
    result = {}
    for name, element in instances.items():
        definition = _defined(value_of(element, "abstractNumId") or "", definitions, instances, styles)
        own, starts = dict(levels.get(definition, {})), {}
        for override in element.iterfind(w("lvlOverride")):
            at = _index(override)
            replaced = override.find(w("lvl"))
            if replaced is not None:
                own[at] = _level_of(replaced)
            start = number_of(override, "startOverride")
            if start is not None:
                starts[at] = start
        result[name] = _List(definition, own, starts)
    return result


def _defined(
    definition: str, definitions: Mapping[str, Element], instances: Mapping[str, Element], styles: Styles
) -> str:
    """The definition itself, or the one of the list style that it stands for."""
    linked = value_of(definitions.get(definition), "numStyleLink")
    instance = instances.get(styles.of(linked).list_id or "") if linked is not None else None
    target = value_of(instance, "abstractNumId")
    return target if target is not None and target in definitions else definition


def _levels_of(definition: Element) -> dict[int, _Level]:
    return {_index(element): _level_of(element) for element in definition.iterfind(w("lvl"))}


def _index(element: Element) -> int:
    written = element.get(w("ilvl"), "0")
    return int(written) if written in "012345678" and written else 0


def _level_of(element: Element) -> _Level:
    start = number_of(element, "start")
    style = value_of(element, "numFmt")
    if style is None and (alternatives := element.find(ALTERNATIVES)) is not None:
        style = _alternative_style(alternatives)
    return _Level(
        start=0 if start is None else start,
        style=style or "decimal",
        pattern=(value_of(element, "lvlText") or "")[:_LONGEST_LABEL],
        restart=number_of(element, "lvlRestart"),
        legal=bool(switch_of(element, "isLgl")),
        paragraph_style=value_of(element, "pStyle") or "",
    )


def _alternative_style(alternatives: Element) -> str | None:
    """The style of a level that is given in two forms: a pattern of digits ("001, 002"), and one by name."""
    custom = value_of(chosen(alternatives), "numFmt")
    named = [value_of(child, "numFmt") for child in alternatives]
    return next((style for style in named if style not in (None, "custom")), custom)
