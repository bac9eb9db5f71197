"""Words of a question that the paper must contain verbatim: quoted terms, document numbers and titles."""

from __future__ import annotations

import re

from corpus.notation.characters import HAN_CHARACTER
from corpus.notation.doc_numbers import YEAR_AND_SERIAL
from index.terms.tokenize import fold

# “一事一议”, "白名单", 「链长」, 《进口药品通关单》
_QUOTED = re.compile(r"[“\"「『‘《](?P<words>[^“”\"「」『』‘’《》]{2,40})[”\"」』’》]")
_NUMBER = re.compile(YEAR_AND_SERIAL)
# CDMO, CVC: a Latin abbreviation in a Chinese text occurs in the papers as such
_ABBREVIATION = re.compile(r"(?<![A-Za-z])[A-Z]{2,}[A-Z0-9]*(?![A-Za-z])")


def abbreviations(text: str) -> tuple[str, ...]:
    """Returns the Latin abbreviations in a Chinese text, folded; none for an English one."""
    if not HAN_CHARACTER.search(text):
        return ()
    return tuple(dict.fromkeys(fold(match[0]) for match in _ABBREVIATION.finditer(text)))


def literals(text: str) -> tuple[str, ...]:
    """Returns the quoted terms and document numbers of `text`, folded for matching."""
    found = [fold(match["words"]) for match in _QUOTED.finditer(text)]
    found += [fold(match[0]) for match in _NUMBER.finditer(text)]
    return tuple(dict.fromkeys(words for words in found if len(words) >= 2))
