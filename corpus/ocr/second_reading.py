"""Compares two readings of a line where it states figures: numbers, amounts, dates, shares."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from corpus.model import Span

# "500万元", "3年", "〔2026〕15号", "百分之三十", "第十二条", "1.5%"
FIGURE = re.compile(
    r"[\d零〇○一二三四五六七八九十百千万亿两]"
    r"(?:[\d零〇○一二三四五六七八九十百千万亿两.,．，:：/／~～\-—–－]*[\d零〇○一二三四五六七八九十百千万亿两])?"
    r"[%％‰]?[年月日号元]?"
    r"|[IVXⅠ-Ⅻ]+"  # "III期", "Ⅱ类"
)
_DIGIT = re.compile(r"[\dIVXⅠ-Ⅻ]")
_AMOUNT = re.compile(
    r"[零〇一二三四五六七八九十百千万亿两]{2,}|[零〇一二三四五六七八九十百千万亿两][年月日%％元倍成]"
)
_IN_FIGURES = ".,:/%‰-"  # marks that two readings must agree about
_DASHES = dict.fromkeys(map(ord, "—–－−―~～"), "-")


def states_figures(text: str) -> bool:
    """Whether a line has to be read twice."""
    return bool(_DIGIT.search(text) or _AMOUNT.search(text))


def disagreements(first: str, second: str) -> tuple[Span, ...]:
    """The figures of `first` that `second` reads otherwise, as spans of `first`.

    Punctuation, blanks and words without figures are not compared. Where the second reading is empty,
    every figure is uncertain.
    """
    figures = [Span(*match.span()) for match in FIGURE.finditer(first) if _matters(match[0])]
    if not figures:
        return ()
    ours, places = _comparable(first)
    theirs, _ = _comparable(second)
    changed: list[Span] = []
    for tag, start, end, other, other_end in SequenceMatcher(
        None, ours, theirs, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            continue
        if start < end:
            changed.append(Span(places[start], places[end - 1] + 1))
        elif _DIGIT.search(theirs[other:other_end]) and places:
            # A figure that only the second reading has belongs to what stands beside it.
            at = places[min(start, len(places) - 1)]
            changed.append(Span(max(0, at - 1), at + 1))
    return tuple(
        figure
        for figure in figures
        if any(change.start < figure.end and figure.start < change.end for change in changed)
    )


def _matters(figure: str) -> bool:
    return bool(_DIGIT.search(figure) or _AMOUNT.search(figure))


def _comparable(text: str) -> tuple[str, list[int]]:
    """The characters that are compared, and the offset of each in `text`.

    Marks count inside figures only: "1.5" is not "15", but a comma may be read as a stop.
    """
    folded = [
        (folded, at)
        for at, character in enumerate(text)
        for folded in unicodedata.normalize("NFKC", character).translate(_DASHES)
    ]
    kept = [
        (character, at)
        for index, (character, at) in enumerate(folded)
        if character.isalnum() or (character in _IN_FIGURES and _is_inside(folded, index))
    ]
    return "".join(character for character, _ in kept), [at for _, at in kept]


def _is_inside(folded: list[tuple[str, int]], index: int) -> bool:
    """Whether a mark is between two digits, or a sign behind one."""
    if not index or not folded[index - 1][0].isdigit():
        return False
    return folded[index][0] in "%‰" or (index + 1 < len(folded) and folded[index + 1][0].isdigit())
