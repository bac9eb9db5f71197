"""Replaces characters that only look like ordinary Chinese characters by the ordinary ones.

Many PDF files give ⼈ (U+2F08, a Kangxi radical) where the page shows 人 (U+4EBA): a search for 人 would
not find it, and nobody can type it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from corpus.notation.text_table import TextTable
from corpus.text.source_text import Line, SourceText

# Kangxi radicals, compatibility ideographs and their supplement: Unicode itself names the ordinary character.
_DECOMPOSED = (range(0x2F00, 0x2FE0), range(0xF900, 0xFB00), range(0x2F800, 0x2FA20))


def folded(line: Line) -> Line:
    """The line with ordinary characters, each with the offset of the one that it replaces."""
    text = line.text.translate(_ordinary())
    if text == line.text:
        return line
    return replace(line, source=SourceText(text, line.source.origins))


@cache
def _ordinary() -> dict[int, str]:
    """Code point → the ordinary character, always exactly one."""
    supplement = TextTable.read("corpus", "radicals.tsv").texts["ordinary"]
    return {ord(radical): ordinary for radical, ordinary in supplement.items()} | dict(_decomposed())


def _decomposed() -> Iterator[tuple[int, str]]:
    for block in _DECOMPOSED:
        for point in block:
            ordinary = unicodedata.normalize("NFKC", chr(point))
            if len(ordinary) == 1 and ordinary != chr(point):
                yield point, ordinary
