"""Selects the pieces of the vocabulary that Chinese and English text can need.

The model has 250,002 pieces of a hundred languages, three quarters of its weights. A piece is kept if
all its characters can occur in a Chinese or English paper; text in those languages is then tokenised
exactly as with the whole vocabulary. `index.embedding.bundled.VOCABULARY` is the version of this rule.
"""

from __future__ import annotations

from collections.abc import Sequence

METASPACE = "\u2581"  # represents the blank before a word
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")

_ACCENTED_END = 0x250  # ASCII, Latin-1 and Latin Extended end here
_RANGES = (
    (0x0370, 0x03FF),  # Greek: units and formulas
    (0x2000, 0x2BFF),  # punctuation, circled numbers, arrows, mathematics, shapes
    (0x2E80, 0x2FDF),  # radicals
    (0x3000, 0x303F),  # Chinese punctuation
    (0x3100, 0x312F),  # bopomofo
    (0x31A0, 0x33FF),  # strokes, enclosed letters, units
    (0x3400, 0x9FFF),  # ideographs and extension A
    (0xF900, 0xFAFF),  # compatibility ideographs
    (0xFE30, 0xFE6F),  # vertical and small forms
    (0xFF00, 0xFFEF),  # full and half width
    (0x20000, 0x3FFFF),  # further extensions
)


def kept(pieces: Sequence[str]) -> list[int]:
    """Indices of the pieces to keep, ascending, including the special ones."""
    return [i for i, piece in enumerate(pieces) if piece in SPECIAL or _needed(piece)]


def _needed(piece: str) -> bool:
    word = piece.lstrip(METASPACE)
    if not all(map(_in_script, word)):
        return False
    # Words with accented letters belong to other languages; single letters are kept, for names.
    return len(word) <= 1 or not any(_accented(ch) for ch in word)


def _in_script(ch: str) -> bool:
    code = ord(ch)
    return code < _ACCENTED_END or ch == METASPACE or any(a <= code <= b for a, b in _RANGES)


def _accented(ch: str) -> bool:
    return "\x7f" < ch < "\u2000" and ch.isalpha()
