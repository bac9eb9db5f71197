"""Shows the values of a worksheet as their number format does: dates, percentages, decimals.

Formats are those of SpreadsheetML (ECMA-376 part 1, 18.8.30 and 18.8.31).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation, localcontext
from functools import lru_cache
from typing import Final

# Built-in formats with an id of their own, as the Chinese version displays them.
BUILT_IN: Final = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy",
    16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0", 38: "#,##0", 39: "#,##0.00",
    40: "#,##0.00", 45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_LAST_DAY: Final = 2_958_465  # 9999-12-31
_LONGEST: Final = 40  # characters of a number; a longer one is shown as written
_LONGEST_FORMAT: Final = 200
# Digits before the decimal point of the largest number, as a percentage, and after it of the longest format.
_EXACT: Final = Context(prec=_LONGEST + _LONGEST_FORMAT + 10)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Literal text, a colour or locale in brackets, a space or fill, runs of letters and digits
_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|(?P<pad>[_*].)'
    r"|(?P<part>AM/PM|上午/下午|y+|m+|d+|h+|s+|[#0?][#0?,]*(?:\.[#0?]+)?|\.0+|%|General|G/通用格式|@)|(?P<sign>.)",
    re.I | re.S,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "text", "number", "percent", or a letter of a date: y m d h s
    text: str


def shown(written: str, number_format: str, *, from_1904: bool) -> str:
    """The number `written` in the file as the format shows it; as written where the format is not known."""
    if len(written) > _LONGEST or (not number_format and written.isdecimal()):
        return written
    try:
        value = Decimal(written)
    except InvalidOperation:
        return written
    if not value.is_finite() or abs(value.adjusted()) > _LONGEST:
        return written
    with localcontext(_EXACT):
        return _formatted(value, number_format, from_1904=from_1904)


def _formatted(value: Decimal, number_format: str, *, from_1904: bool) -> str:
    tokens = _tokens(number_format.partition(";")[0][:_LONGEST_FORMAT])
    kinds = {token.kind for token in tokens}
    if kinds & set("ymdhs") and 0 <= value <= _LAST_DAY:
        return _as_date(value, tokens, from_1904=from_1904)
    numbers = [token for token in tokens if token.kind == "number"]
    if len(numbers) != 1 or kinds & set("ymdhs"):
        return _general(value)
    return _as_number(value, tokens)


@lru_cache(maxsize=500)
def _tokens(number_format: str) -> tuple[_Token, ...]:
    result = []
    for match in _TOKEN.finditer(number_format):
        part, bracket = match["part"], match["bracket"]
        if match["quoted"] is not None:
            result.append(_Token("text", match["quoted"]))
        elif part is not None and part[0].lower() in "ymdhs":
            result.append(_Token(part[0].lower(), part.lower()))
        elif part is not None and part[0] in "#0?":
            result.append(_Token("number", part))
        elif part == "%":
            result.append(_Token("percent", "%"))
        elif (
            bracket is not None and bracket[:1].lower() in ("h", "m", "s") and len(set(bracket.lower())) == 1
        ):
            result.append(_Token(bracket[0].lower(), bracket.lower()))
        elif bracket is not None and bracket.startswith("$"):  # [$¥-804]
            result.append(_Token("text", bracket[1:].partition("-")[0]))
        elif (text := match["escaped"] or match["sign"]) is not None:
            result.append(_Token("text", text))
    return tuple(_with_minutes(result))


def _with_minutes(tokens: list[_Token]) -> list[_Token]:
    """m after h or before s counts minutes, not months."""
    letters = [at for at, token in enumerate(tokens) if token.kind in "ymdhs" and len(token.kind) == 1]
    for here, at in enumerate(letters):
        before = tokens[letters[here - 1]].kind if here else ""
        after = tokens[letters[here + 1]].kind if here + 1 < len(letters) else ""
        if tokens[at].kind == "m" and (before == "h" or after == "s"):
            tokens[at] = _Token("minute", tokens[at].text)
    return tokens


def _as_date(value: Decimal, tokens: tuple[_Token, ...], *, from_1904: bool) -> str:
    seconds = int((value * 86_400).quantize(Decimal(1), ROUND_HALF_UP))
    days, rest = divmod(seconds, 86_400)
    # 1900 counts a 29 February that did not exist.
    origin = date(1904, 1, 1) if from_1904 else date(1899, 12, 31 if days < 60 else 30)
    try:
        day = origin + timedelta(days)
    except OverflowError:
        return _general(value)
    return "".join(_date_part(token, day, rest) for token in tokens).strip()


def _date_part(token: _Token, day: date, seconds: int) -> str:
    width = min(len(token.text), 2)
    match token.kind:
        case "y":
            return f"{day.year:04d}" if len(token.text) > 2 else f"{day.year % 100:02d}"
        case "m":
            return _MONTHS[day.month - 1] if len(token.text) > 2 else f"{day.month:0{width}d}"
        case "d":
            return f"{day.day:0{width}d}"
        case "h":
            return f"{seconds // 3600:0{width}d}"
        case "minute":
            return f"{seconds // 60 % 60:0{width}d}"
        case "s":
            return f"{seconds % 60:0{width}d}"
        case "text":
            return token.text
        case _:
            return ""


def _as_number(value: Decimal, tokens: tuple[_Token, ...]) -> str:
    pattern = next(token.text for token in tokens if token.kind == "number")
    whole, _, fraction = pattern.partition(".")
    scaled = value
    if any(token.kind == "percent" for token in tokens):
        scaled *= 100
    scaled /= Decimal(1000) ** (len(whole) - len(whole.rstrip(",")))
    rounded = scaled.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    text = f"{abs(rounded):,f}" if "," in whole.rstrip(",") else f"{abs(rounded):f}"
    optional = len(fraction) - len(fraction.rstrip("#?"))
    for _ in range(optional):
        text = text.removesuffix("0")
    text = text.removesuffix(".").rjust(whole.count("0"), "0")
    sign = "-" if rounded < 0 else ""
    return sign + "".join(text if token.kind == "number" else token.text for token in tokens).strip()


def _general(value: Decimal) -> str:
    """With at most 11 significant digits of a fraction, without the error of its binary form."""
    if value == value.to_integral_value():
        return f"{value:.0f}"
    digits = max(1, 11 - max(0, value.adjusted() + 1))
    return f"{value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP):f}".rstrip("0").rstrip(".")
