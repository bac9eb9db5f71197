"""What a paragraph or run gets from its style: outline level, numbering, bold, hidden."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from xml.etree.ElementTree import Element

from corpus.formats.office.word.names import number_of, switch_of, value_of, w

_LONGEST_CHAIN: Final = 50  # styles based on one another; a longer chain is a circle
# "heading 1", "Title", "标题 2"
_HEADING_NAME: Final = re.compile(r"(?:heading|标题)\s*(?P<level>[1-9])", re.I)
_TITLES: Final = ("title", "标题")
_BODY: Final = 9  # the outline level of body text


@dataclass(frozen=True, slots=True)
class Style:
    """Resolved properties of a style; None where neither it nor a style it is based on gives them."""

    chain: tuple[str, ...] = ()  # its id and those of the styles it is based on
    outline: int | None = None  # 0 is the highest level
    list_id: str | None = None
    level: int | None = None  # of the list, from 0
    bold: bool | None = None
    hidden: bool | None = None
    indented: bool | None = None


PLAIN: Final = Style()


class Styles:
    """The styles of a document, each resolved when first used."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._resolved: dict[str, Style] = {}
        self.default = ""  # id of the paragraph style of paragraphs that name none
        for element in root.iterfind(w("style")) if root is not None else ():
            name = element.get(w("styleId"), "")
            self._elements.setdefault(name, element)
            if element.get(w("type")) == "paragraph" and element.get(w("default")) in ("1", "true", "on"):
                self.default = name

    def of(self, name: str | None) -> Style:
        """The properties of a style by its id; those of none for an unknown id."""
        if name is None or name not in self._elements:
            return PLAIN
        if name not in self._resolved:
            self._resolved[name] = _combined(self._chain(name))
        return self._resolved[name]

    def _chain(self, name: str) -> list[tuple[str, Element]]:
        chain: dict[str, Element] = {}
        at: str | None = name
        while at is not None and at in self._elements and at not in chain and len(chain) < _LONGEST_CHAIN:
            chain[at] = self._elements[at]
            at = value_of(self._elements[at], "basedOn")
        return list(chain.items())


def _combined(chain: Iterable[tuple[str, Element]]) -> Style:
    """Takes each property from the nearest style that gives it."""
    result = PLAIN
    for name, element in chain:
        own = _own(element)
        result = Style(
            (*result.chain, name),
            own.outline if result.outline is None else result.outline,
            own.list_id if result.list_id is None else result.list_id,
            own.level if result.level is None else result.level,
            own.bold if result.bold is None else result.bold,
            own.hidden if result.hidden is None else result.hidden,
            own.indented if result.indented is None else result.indented,
        )
    return replace(result, outline=None) if result.outline == _BODY else result


def _own(element: Element) -> Style:
    paragraph, run = element.find(w("pPr")), element.find(w("rPr"))
    numbering = paragraph.find(w("numPr")) if paragraph is not None else None
    outline = number_of(paragraph, "outlineLvl")
    if outline is None and element.get(w("type")) == "paragraph":
        outline = _outline_of(value_of(element, "name") or "")
    return Style(
        outline=outline,
        list_id=value_of(numbering, "numId"),
        level=number_of(numbering, "ilvl"),
        bold=switch_of(run, "b"),
        hidden=switch_of(run, "vanish"),
        indented=first_line_indent(paragraph),
    )


def _outline_of(name: str) -> int | None:
    match = _HEADING_NAME.fullmatch(name.strip())
    if match is not None:
        return int(match["level"]) - 1
    return 0 if name.strip().lower() in _TITLES else None


def first_line_indent(paragraph: Element | None) -> bool | None:
    """Whether the properties of a paragraph indent its first line; None where they do not say."""
    indent = paragraph.find(w("ind")) if paragraph is not None else None
    if indent is None:
        return None
    given = [indent.get(w(name)) for name in ("firstLine", "firstLineChars")]
    return any(value not in (None, "0") for value in given) if any(given) else None
