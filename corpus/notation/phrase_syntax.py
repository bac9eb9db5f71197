"""How a phrase of a table is written, and the regular expression it means.

Every character is itself, but for

    …              up to 12 characters of the same sentence; …… up to 40
    [本/此]        one of these, or nothing
    {打印/关闭}    one of these
    {n}            a number of digits or a Chinese numeral; {date}, {region}: a day, a place
    a blank        white space; a full-width ：，？！（） also matches its half-width form
    ^ and $        at the beginning and the end of a phrase: the text begins, ends here
    \\             before one of these signs: the sign itself

Letters match in either case and as whole words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# The parts of a phrase: "\[", "……", "…", "[本/此]", "{n}", a blank, one character
_PART = re.compile(
    r"\\(?P<literal>.)|(?P<gap>…{1,2})|\[(?P<optional>[^\[\]{}]+)\]|\{(?P<group>[^\[\]{}]+)\}|(?P<blank>\s+)"
    r"|(?P<character>[^\[\]{}\\])"
)
_GAP = re.compile("…{1,2}")
_MOST_GAPS = 3  # in a phrase: each multiplies the time that a search takes
# Bounded, so that the time of a search grows with the length of the text and no faster.
SLOTS = {
    "n": r"(?:[0-9０-９][0-9０-９.,，]{0,15}|[〇零一二两三四五六七八九十百千万亿]{1,12})",
    "date": r"(?:[0-9０-９]{4}年(?:[0-9０-９]{1,2}月(?:[0-9０-９]{1,2}[日号])?)?)",
    "region": r"(?:[^\W\d_a-zA-Z]{1,8}?(?:自治区|自治州|省|市|县|区|州|旗))",
}
_LETTER = re.compile("[a-zA-Z]")
# Letters are found as whole words; Han characters and digits may touch anything.
_BEFORE_WORD = r"(?:(?<![a-zA-Z0-9])|(?![a-zA-Z]))"
_BEHIND_WORD = r"(?:(?![a-zA-Z0-9])|(?<![a-zA-Z]))"
_HALF_WIDTH = {"：": ":", "，": ",", "？": "?", "！": "!", "（": "(", "）": ")", "；": ";"}


def expression_of(written: str, slots: Mapping[str, str]) -> str:
    """The regular expression that a phrase means. Raises ValueError."""
    opens, closes = written.startswith("^"), written.endswith("$") and not written.endswith("\\$")
    inner = written[opens : len(written) - closes]
    if not inner.strip() or len(_GAP.findall(inner)) > _MOST_GAPS:
        raise ValueError(f"the phrase {written!r} is empty or has more than {_MOST_GAPS} gaps")
    parts, at = [], 0
    while at < len(inner):
        match = _PART.match(inner, at)
        if match is None:
            raise ValueError(f"a bracket without its other half in {written!r}")
        parts.append(_part(match, slots))
        at = match.end()
    whole = _LETTER.search(inner) is not None
    before = r"\A" if opens else _BEFORE_WORD * whole
    behind = r"\Z" if closes else _BEHIND_WORD * whole
    return before + "".join(parts) + behind


def _part(match: re.Match[str], slots: Mapping[str, str]) -> str:
    match match.lastgroup:
        case "gap":
            return rf"[^。！？!?；\n]{{0,{12 if len(match['gap']) == 1 else 40}}}?"
        case "optional":
            return f"(?:{_choice(match['optional'])})?"
        case "group" if "/" in match["group"]:
            return f"(?:{_choice(match['group'])})"
        case "group" if match["group"] in slots:
            return slots[match["group"]]
        case "group":
            raise ValueError(
                f"{{{match['group']}}} is none of {', '.join(sorted(slots))} and offers no choice"
            )
        case "blank":
            return r"\s+"
    return _literal(match[match.lastgroup or 0])


def _choice(written: str) -> str:
    words = sorted(written.split("/"), key=len, reverse=True)
    if not all(words):
        raise ValueError(f"an empty choice in {written!r}")
    return "|".join("".join(map(_literal, word)) for word in words)


def _literal(character: str) -> str:
    half = _HALF_WIDTH.get(character)
    if half is not None:
        return f"[{character}{re.escape(half)}]"
    return r"\s+" if character.isspace() else re.escape(character)
