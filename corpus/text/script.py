"""Converts between traditional and simplified Chinese characters."""

from __future__ import annotations

from functools import cache

from opencc import OpenCC

_FIRST, _LAST = 0x3400, 0x2FFFF  # 㐀 and the end of the planes with Han characters


class _Simplified(dict[int, int]):
    """A table for `str.translate` that converts each character with OpenCC at first use."""

    def __init__(self) -> None:
        super().__init__()
        self._converter = OpenCC("t2s")

    def __missing__(self, code: int) -> int:
        simplified = self._converter.convert(chr(code)) if _FIRST <= code <= _LAST else ""
        self[code] = ord(simplified) if len(simplified) == 1 else code
        return self[code]


@cache
def _table() -> _Simplified:
    return _Simplified()


def simplify(text: str) -> str:
    """Converts to simplified characters one by one, so that length and offsets stay the same."""
    return text.translate(_table())


@cache
def _to_taiwan() -> OpenCC:
    return OpenCC("s2tw")


def to_traditional(text: str) -> str:
    """Converts to the traditional characters of Taiwan; for the program's own phrases, never for quotes."""
    converted: str = _to_taiwan().convert(text)
    return converted
