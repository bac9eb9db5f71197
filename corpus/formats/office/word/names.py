"""Names of WordprocessingML, and how its properties are read."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element

_SPACE: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COMPATIBILITY: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OFF: Final = ("0", "false", "off")
ALTERNATIVES: Final = f"{_COMPATIBILITY}AlternateContent"
CHOICE: Final = f"{_COMPATIBILITY}Choice"


def w(name: str) -> str:
    """The qualified name of an element or attribute of WordprocessingML."""
    return _SPACE + name


_VAL: Final = w("val")
# Content that tracked changes took away.
DELETED: Final = frozenset(map(w, ("del", "moveFrom")))


def value_of(properties: Element | None, name: str) -> str | None:
    """`w:val` of the property `name`; None where it is not given."""
    found = properties.find(w(name)) if properties is not None else None
    return found.get(_VAL) if found is not None else None


def number_of(properties: Element | None, name: str) -> int | None:
    """`w:val` of the property as a number; None where it is not given or is no number of sensible size."""
    written = value_of(properties, name) or ""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 8 else None


def switch_of(properties: Element | None, name: str) -> bool | None:
    """Whether the property is on or off; None where it is not given."""
    found = properties.find(w(name)) if properties is not None else None
    return None if found is None else found.get(_VAL, "1").lower() not in _OFF


def has(properties: Element | None, *names: str) -> bool:
    """Whether one of the properties is given."""
    return properties is not None and any(properties.find(w(name)) is not None for name in names)


def chosen(alternatives: Element) -> Element | None:
    """The one of several forms of the same content that is read: the first."""
    found = alternatives.find(CHOICE)
    if found is None or not len(found):
        found = alternatives.find(f"{_COMPATIBILITY}Fallback")
    return found
