"""Questions after the meaning of a term, and the clauses that define it.

A clause that defines a term may use it once, and others many times, so that search ranks it below them. The
phrases are in rag/data/definitions.tsv.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from corpus.notation.phrase_table import PhraseTable
from corpus.text.script import simplify
from rag.language.stopwords import content
from rag.model import Passage

_PHRASES = PhraseTable.read("rag", "definitions.tsv")
_QUOTED = re.compile(r"[“\"‘「『]([^”\"’」』\n]{1,30})[”\"’」』]")
_LONGEST: Final = 20  # characters of a term
_FOLLOWS: Final = 40  # characters after a term that show whether it is defined there
# A defined term begins a sentence or a quotation; 所称 announces it.
_OPENS: Final = '。；;：:\n\t 　“"‘「『、）)．.'
_ANNOUNCED: Final = ("所称", "所称的", "所指", "所指的")


def defined_term(question: str) -> str:
    """Returns the term whose meaning a question asks for; empty for any other question."""
    text = simplify(question)
    asking = _PHRASES.spans("asks", text)
    begins = _PHRASES.spans("begins", text)
    if not asking and not begins:
        return ""
    if (quoted := _QUOTED.search(text)) is not None:
        return quoted[1].strip()
    around = text[begins[0].end :] if begins else text[: asking[0].start]
    words = content(around).split()
    found = (words[0] if begins else words[-1]) if words else ""
    return found if 1 < len(found) <= _LONGEST else ""


def defines(term: str, text: str) -> bool:
    """Whether `text` defines `term`: “安全库存：……”, “本办法所称中小企业，是指……”."""
    plain = simplify(text)
    at = plain.find(term) if term else -1
    while at >= 0:
        before, after = plain[:at], plain[at + len(term) : at + len(term) + _FOLLOWS]
        opens = not before or before[-1] in _OPENS or before.endswith(_ANNOUNCED)
        if opens and _PHRASES.has("defines", after):
            return True
        at = plain.find(term, at + 1)
    return False


def defining_first(question: str, passages: Sequence[Passage]) -> list[Passage]:
    """Returns the passages with those first that define the term a question asks for; else as they are."""
    term = defined_term(question)
    if not term:
        return list(passages)
    return sorted(passages, key=lambda passage: not defines(term, passage.text))
