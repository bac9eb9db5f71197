"""Detects the language and script that a question is written in."""

from __future__ import annotations

import re

from corpus.notation.characters import HAN_CHARACTER
from corpus.text.script import simplify
from rag.model import Language

_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def language_of(text: str) -> Language:
    """Returns English for a question with next to no Han characters; traditional by its characters."""
    han = len(HAN_CHARACTER.findall(text))
    if not han or len(_LATIN_WORD.findall(text)) > 2 * han:
        return Language.ENGLISH if _LATIN_WORD.search(text) else Language.CHINESE
    changed = sum(a != b for a, b in zip(text, simplify(text), strict=True))
    return Language.TRADITIONAL if changed >= 2 or changed * 4 >= han else Language.CHINESE
