"""Syntax of the phrases in phrase tables, and their translation to regular expressions.

Every character matches itself, except

    …              up to 12 characters of the same sentence; …… up to 40
    {…6}           up to 6 characters without a comma or the end of a sentence between them
    [本/此]        one of these, or nothing
    {打印/关闭}    one of these
    {n}            a number of digits or a Chinese numeral; {date}, {region}: a day, a place
    {day}          a day, month or year as a question names it, also in English
    {han}          one Chinese character; {name}: up to 8 of them; {word}: a word in Latin letters
    {serial}       the number of a paper: 〔2026〕15号
    {quoted}       up to 40 characters in quotation marks
    {marks}        marks of punctuation and blanks, or nothing
    {end}          nothing, where a mark or a blank follows, or the text ends
    {paper}        a phrase of the sense paper, which must be defined earlier in the table
    a blank        white space; a full-width ：，？！（） also matches its half-width form
    ^ and $        at the beginning and the end of a phrase: the beginning and the end of the text
    \\             before one of these characters: the character itself

Latin letters match case-insensitively and as whole words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from corpus.notation.days.named_days import NAMED_DAY

# The parts of a phrase: "\[", "……", "…", "{…6}", "[本/此]", "{n}", a blank, literal characters
_PART = re.compile(
    r"\\(?P<literal>.)|(?P<gap>…{1,2})|\{…(?P<up_to>[1-9][0-9]?)\}|\[(?P<optional>[^\[\]{}]+)\]"
    r"|\{(?P<group>[^\[\]{}]+)\}|(?P<blank>\s+)|(?P<plain>[^\[\]{}\\…\s]+)"
)
_GAP = re.compile("…{1,2}")
_GAP_LENGTHS = {"…": 12, "……": 40}
# "{这边/那边}", "{a lot/so much}"
_CHOICE = re.compile(r"\{([\w ]+(?:/[\w ]+)+)\}")
# "{hi/hello}" at the beginning or end of a phrase: not optional, so its letters decide about word boundaries
_OUTERMOST = {0: re.compile(r"\A\{([^{}]*/[^{}]*)\}"), -1: re.compile(r"\{([^{}]*/[^{}]*)\}\Z")}
_SLOT = re.compile(r"\{[a-z0-9_]+\}")
_BLANK = re.compile(r"\s+")
_MOST_GAPS = 3  # per phrase: each gap multiplies the time of a search
_HAN = r"[^\W\d_a-zA-Z]"
# Bounded, so that the time of a search is linear in the length of the text.
SLOTS = {
    "n": r"(?:[0-9０-９][0-9０-９.,，]{0,15}|[〇零一二两三四五六七八九十百千万亿]{1,12})",
    "date": r"(?:[0-9０-９]{4}年(?:[0-9０-９]{1,2}月(?:[0-9０-９]{1,2}[日号])?)?)",
    "day": NAMED_DAY,
    "han": _HAN,
    "name": rf"(?:{_HAN}{{1,8}}?)",
    "word": "[a-zA-Z]{1,20}",
    "serial": r"(?:[〔\[(（][0-9]{4}[〕\])）][0-9]{1,6}号)",
    "quoted": r"(?:[“\"‘'][^”\"’']{1,40}[”\"’'])",
    "marks": r"[\s，。；？！,.;?!]{0,20}",
    "end": r"(?=[\s，。；？！,.;?!]|\Z)",
    "region": rf"(?:{_HAN}{{1,8}}?(?:自治区|自治州|省|市|县|区|州|旗))",
}
# Characters of what a slot usually matches, to tell the longer of two phrases
_SLOT_LENGTHS = {"end": 0, "marks": 1, "han": 1}
_SLOT_LENGTH = 6
_LETTER = re.compile("[a-zA-Z]")
# Latin letters match as whole words; Han characters and digits may touch anything.
_BEFORE_LETTER, _BEHIND_LETTER = r"(?<![a-zA-Z0-9])", r"(?![a-zA-Z0-9])"
_BEFORE_WORD = rf"(?:{_BEFORE_LETTER}|(?![a-zA-Z]))"
_BEHIND_WORD = rf"(?:{_BEHIND_LETTER}|(?<![a-zA-Z]))"
_WORDS = re.compile("[a-zA-Z]+(?: [a-zA-Z]+)*")
_SPECIAL = re.compile(r"[\[{…\\]")
_EITHER_WIDTH = str.maketrans(
    {wide: f"[{wide}{half}]" for wide, half in ("：:", "，,", "？?", "！!", "（(", "）)", "；;")}
)


def expression_of(written: str, slots: Mapping[str, str]) -> str:
    """Translates a phrase to a regular expression. Raises ValueError."""
    opens, closes = written.startswith("^"), written.endswith("$") and not written.endswith("\\$")
    inner = written[opens : len(written) - closes]
    if not inner.strip() or len(_GAP.findall(inner)) > _MOST_GAPS:
        raise ValueError(f"the phrase {written!r} is empty or has more than {_MOST_GAPS} gaps")
    parts, at = [], 0
    while at < len(inner):
        match = _PART.match(inner, at)
        if match is None:
            raise ValueError(f"an unmatched bracket in {written!r}")
        parts.append(_part(match, slots))
        at = match.end()
    before, behind = r"\A", r"\Z"
    if not opens:
        before = _edge(inner, at=0, of_choice=_BEFORE_WORD, of_letter=_BEFORE_LETTER)
    if not closes:
        behind = _edge(inner, at=-1, of_choice=_BEHIND_WORD, of_letter=_BEHIND_LETTER)
    expression = before + "".join(parts) + behind
    return f"(?i:{expression})" if _LETTER.search(inner) else expression


def alternatives_of(written: str) -> tuple[str, ...]:
    """The words of a phrase that is only a choice of plain words, {这边/那边}; else the phrase itself."""
    choice = _CHOICE.fullmatch(written)
    return tuple(choice[1].split("/")) if choice is not None else (written,)


def lengths_of(written: str) -> tuple[int, int]:
    """The most and the fewest characters that a phrase matches, about: a slot counts as some characters."""
    parts = [_lengths(match) for match in _PART.finditer(written.strip("^$"))]
    return sum(most for most, _ in parts), sum(fewest for _, fewest in parts)


def _lengths(match: re.Match[str]) -> tuple[int, int]:
    words = sorted(map(len, match[match.lastgroup or 0].split("/")))
    match match.lastgroup:
        case "gap":
            return _GAP_LENGTHS[match["gap"]], 0
        case "up_to":
            return int(match["up_to"]), 0
        case "optional":
            return words[-1], 0
        case "group" if len(words) == 1:
            length = _SLOT_LENGTHS.get(match["group"], _SLOT_LENGTH)
            return length, length
        case "blank":
            return 1, 1
    return words[-1], words[0]


def is_words(written: str) -> bool:
    """Whether a phrase consists of words in Latin letters only."""
    return _WORDS.fullmatch(written) is not None


def words_of(written: Iterable[str]) -> str:
    """One expression for phrases of Latin words only, which tests for a word boundary once."""
    alternatives = "|".join(re.escape(words).replace(r"\ ", r"\s+") for words in written)
    return f"(?i:{_BEFORE_LETTER}(?:{alternatives}){_BEHIND_LETTER})"


def needs_example(written: str) -> bool:
    """Whether a phrase contains choices or gaps, so that its text is not an example of a match."""
    return _SPECIAL.search(written) is not None


def _edge(inner: str, *, at: int, of_choice: str, of_letter: str) -> str:
    """The word boundary needed at the beginning (`at` 0) or the end (-1) of a phrase."""
    group = _OUTERMOST[at].search(inner)
    if group is not None:
        letters = [_LETTER.match(word[at]) is not None for word in group[1].split("/") if word]
        if all(letters):
            return of_letter
        return of_choice if any(letters) else ""
    if inner[at] in "[]{}":
        return of_choice if _LETTER.search(_SLOT.sub("", inner)) else ""
    return of_letter if _LETTER.match(inner[at]) else ""


def _part(match: re.Match[str], slots: Mapping[str, str]) -> str:
    match match.lastgroup:
        case "gap":
            return rf"[^。！？!?；\n]{{0,{_GAP_LENGTHS[match['gap']]}}}?"
        case "up_to":
            return rf"[^，。？?]{{0,{match['up_to']}}}?"
        case "optional":
            return f"(?:{_choice(match['optional'])})?"
        case "group" if "/" in match["group"]:
            return f"(?:{_choice(match['group'])})"
        case "group" if match["group"] in slots:
            return slots[match["group"]]
        case "group":
            raise ValueError(
                f"{{{match['group']}}} is not one of {', '.join(sorted(slots))} and contains no choice"
            )
        case "blank":
            return r"\s+"
    return _literal(match[match.lastgroup or 0])


def _choice(written: str) -> str:
    words = sorted(written.split("/"), key=len, reverse=True)
    if not all(words):
        raise ValueError(f"an empty choice in {written!r}")
    return "|".join(r"\s+".join(map(_literal, _BLANK.split(word))) for word in words)


def _literal(plain: str) -> str:
    return plain if plain.isalnum() else re.escape(plain).translate(_EITHER_WIDTH)
