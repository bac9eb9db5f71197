"""Characters of symbol fonts, and of raised, lowered and enclosed text, in Unicode."""

from __future__ import annotations

from typing import Final

_SUPERSCRIPT: Final = dict(zip("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True))
_SUBSCRIPT: Final = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_CIRCLED: Final = {str(number): chr(ord("①") + number - 1) for number in range(1, 21)}
# Code → character. The codes are those of the fonts; Word adds 0xF000.
_WINGDINGS: Final = {
    0x6C: "●", 0x6D: "○", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x75: "◆", 0x77: "◆", 0x9F: "•",
    0xA1: "○", 0xA7: "▪", 0xA8: "□", 0xAB: "★", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓",
    0xE8: "➔", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    **{0x81 + at: chr(ord("①") + at) for at in range(10)},
    **{0x8C + at: chr(ord("❶") + at) for at in range(10)},
}  # fmt: skip
_WINGDINGS_2: Final = {
    0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0xA3: "□", 0x98: "●",
    **{0x6A + at: chr(ord("①") + at) for at in range(10)},
}  # fmt: skip
_SYMBOL: Final = {
    **dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)),
    **dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True)),
    0xA2: "′", 0xA3: "≤", 0xA5: "∞", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±",
    0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB7: "·", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…",
    0xCE: "∈", 0xD6: "√", 0xE5: "∑", 0xF2: "∫",
}  # fmt: skip
_FONTS: Final = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}


def symbol_of(font: str, code: str) -> str:
    """The character of `w:sym`: a hexadecimal code in a font; empty where it is not known."""
    try:
        number = int(code[:8], 16)
    except ValueError:
        return ""
    own = _FONTS.get(font.strip().lower())
    low = number - 0xF000 if 0xF000 <= number <= 0xF0FF else number
    if own is not None and low <= 0xFF:
        return own.get(low, chr(low) if own is _SYMBOL and 0x20 <= low < 0x40 else "")
    if own is None and 0x20 <= number <= 0xD7FF:
        return chr(number)
    return chr(low) if own is None and 0x20 < low < 0x7F else ""


def raised(text: str, position: str) -> str:
    """Digits in "superscript", "subscript" or a "circle", so that 10⁴ does not become 104.

    Text in which another character stands, which Unicode does not have so, is returned as it is.
    """
    if position == "circle":
        return _CIRCLED.get(text, text)
    signs = _SUPERSCRIPT if position == "superscript" else _SUBSCRIPT
    return "".join(signs[char] for char in text) if all(char in signs for char in text) else text
