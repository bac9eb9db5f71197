"""The table of words of giving, and expressions made of it."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from corpus.notation.phrase_table import PhraseTable

GIVING: Final = PhraseTable.read("corpus", "giving.tsv")


@cache
def pattern(*senses: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """Returns an expression that matches a phrase of any of the senses, with what stands around it."""
    words = "|".join(GIVING.alternation(sense) for sense in senses)
    return re.compile(f"{before}(?:{words}){after}")


def last_end(sense: str, text: str) -> int:
    """Returns where the last phrase of the sense ends in the text; -1 if there is none."""
    found = GIVING.spans(sense, text)
    return max((span.end for span in found), default=-1)
