"""Writes rows as CSV that a spreadsheet opens as text: no cell becomes a formula."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from io import StringIO

# A spreadsheet calculates a cell that begins with one of these, in half or full width: "=cmd|…", "＋1".
_FORMULA = tuple("=+-@")
_TEXT = "'"  # a cell that begins with it is text


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Returns the table with a byte order mark, without which Excel takes UTF-8 for the system's encoding."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([cell(text) for text in columns])
    writer.writerows([cell(text) for text in row] for row in rows)
    return "\N{BYTE ORDER MARK}" + written.getvalue()


def cell(text: str) -> str:
    """Returns the text in one line; one like a formula begins as text."""
    flat = one_line(text)
    return _TEXT + flat if would_calculate(flat) else flat


def one_line(text: str) -> str:
    """Returns the text in one line, without control characters."""
    if not text.isprintable():  # most texts are, and need no look at each character
        text = "".join(" " if _is_control(sign) else sign for sign in text)
    return " ".join(text.split())


def would_calculate(text: str) -> bool:
    """Whether a spreadsheet takes a cell with this text for a formula."""
    return unicodedata.normalize("NFKC", text[:1]).startswith(_FORMULA)


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp")
