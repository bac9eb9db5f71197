"""Follows the fields of a Word document, of which only the results are displayed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from corpus.formats.office.word.names import ALTERNATIVES, DELETED, chosen, w
from corpus.formats.office.word.symbols import raised

_LONGEST_INSTRUCTION: Final = 200  # characters of the instruction of a field that is looked at
# 'eq \o\ac(○,1)': Word's enclosed characters
_ENCLOSED: Final = re.compile(r"\s*eq\s*\\o\s*\\ac\s*\(\s*○\s*[,;，]\s*(\d{1,2}|\w)\s*\)\s*", re.I)


@dataclass(slots=True)
class Fields:
    """The fields that are open. In the instruction of one, nothing is displayed.

    `unclosed` are the begins of fields without an end, which are ignored as Word does.
    """

    unclosed: frozenset[Element]
    _open: list[bool] = field(default_factory=list)  # whether in the instruction of the field
    _instructions: int = 0  # how many of them are
    _written: list[str] = field(default_factory=list)

    @property
    def displayed(self) -> bool:
        return not self._instructions

    def write(self, text: str) -> None:
        """Adds to the instruction of the innermost field."""
        if self._written and len(self._written[-1]) < _LONGEST_INSTRUCTION:
            self._written[-1] += text[:_LONGEST_INSTRUCTION]

    def mark(self, element: Element) -> str:
        """Follows a mark of a field; returns the characters that the field itself stands for."""
        kind = element.get(w("fldCharType"))
        if kind == "begin" and element not in self.unclosed:
            self._open.append(True)
            self._written.append("")
            self._instructions += 1
        elif kind in ("separate", "end") and self._open:
            self._instructions -= self._open[-1]
            self._open[-1] = False
            if kind == "end":
                self._open.pop()
                match = _ENCLOSED.fullmatch(self._written.pop())
                return raised(match[1], "circle") if match is not None else ""
        return ""


def unclosed_fields(story: Element) -> frozenset[Element]:
    """The begins of fields that have no end in the story (body, note, header)."""
    begun: list[Element] = []
    if next(story.iter(w("fldChar")), None) is None:
        return frozenset()
    waiting = [story]
    while waiting:  # in reading order, without what is not read
        element = waiting.pop()
        if element.tag == w("fldChar"):
            kind = element.get(w("fldCharType"))
            if kind == "begin":
                begun.append(element)
            elif kind == "end" and begun:
                begun.pop()
        elif element.tag == ALTERNATIVES:
            form = chosen(element)
            waiting += [form] if form is not None else []
        elif element.tag not in DELETED:
            waiting += reversed(element)
    return frozenset(begun)
