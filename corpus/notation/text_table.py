"""Text tables: the fixed texts of a report in several languages, a text per line.

A table is a UTF-8 file of columns separated by tabs. The first line names them: `key`, then a language each:

    key          zh              en
    questions    {count} 题       {count} questions

`#` begins a comment line. A text may have {places}, the same in every language; str.format fills them in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from types import MappingProxyType

from corpus.errors import BadTable

_COMMENT, _KEY = "#", "key"


@dataclass(frozen=True, slots=True)
class TextTable:
    """The texts of one table by language and key; every language has every key."""

    texts: Mapping[str, Mapping[str, str]]

    @classmethod
    @cache
    def read(cls, package: str, name: str) -> TextTable:
        """Reads the table data/`name` of `package`, once for all its readers.

        Raises BadTable, which names the line, when the file is not a valid table.
        """
        content = files(package).joinpath("data", name).read_text(encoding="utf-8")
        return cls.parse(content, place=f"{package}/data/{name}")

    @classmethod
    def parse(cls, content: str, *, place: str) -> TextTable:
        """Parses a table. Raises BadTable."""
        lines = _lines(content)
        number, columns = next(lines, (1, [""]))
        if columns[0] != _KEY or len(columns) < 2:
            raise BadTable(place, number, "the first line names no columns", f"Write {_KEY}, then languages")
        languages = columns[1:]
        texts: dict[str, dict[str, str]] = {language: {} for language in languages}
        for number, (key, *cells) in lines:
            if len(cells) != len(languages) or not all(cells):
                reason = f"{key!r} has not one text for each of {', '.join(languages)}"
                raise BadTable(place, number, reason, "Write all, with a tab between them")
            if key in texts[languages[0]]:
                raise BadTable(place, number, f"{key!r} stands above too", "Delete one")
            if len({_places(cell) for cell in cells}) > 1:
                raise BadTable(place, number, f"the texts of {key!r} differ in their places", "Use the same")
            for language, cell in zip(languages, cells, strict=True):
                texts[language][key] = cell
        return cls(MappingProxyType({name: MappingProxyType(some) for name, some in texts.items()}))

    def in_language(self, language: str) -> Mapping[str, str]:
        """Returns the texts by key. Raises KeyError for a language that the table lacks."""
        return self.texts[language]


def _lines(content: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip() and not line.startswith(_COMMENT):
            yield number, line.split("\t")


def _places(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)
