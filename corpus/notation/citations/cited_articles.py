"""Reads which articles of a paper are named behind its title: 第八条、第九条第二款, 第三至五条."""

from __future__ import annotations

import re

from corpus.notation.numerals import NUMERAL, number_of, numeral_of

# Possessive, so that digits and blanks can be split in one way only and the time stays linear.
_N = rf"[{NUMERAL}\d]{{1,5}}+(?![{NUMERAL}\d])"
_UNIT = "条|條|款|项|目|章|节|点|部分"
_NUMBER = rf"\s*+[（(]?+{_N}[）)]?+\s*+(?:{_UNIT})?+"
# "第一、二、三条", "中的第八条至第十条", "第三条第（二）项"
LIST = re.compile(
    rf"[的中内]{{0,2}}+(?P<list>第{_NUMBER}"
    rf"(?:\s*+(?:[、，,和及与至到]|以及|[—–\-~～]{{1,2}}+)?+\s*+第?+{_NUMBER}){{0,40}})(?<=[条條款项目章节点分])"
)
_PIECE = re.compile(
    rf"(?P<joint>[、，,和及与]|以及|(?P<to>[至到]|[—–\-~～]{{1,2}}))?\s*第?\s*[（(]?(?P<n>{_N})[）)]?\s*(?P<unit>{_UNIT})?"
)
_BELOW = ("款", "项", "目")  # units inside an article
_LONGEST_RANGE = 200  # articles; a longer one is misread


def articles_in(words: str) -> tuple[str, ...]:
    """The articles that a list names, in one spelling each: "第八条", "第九条第二款". `words` is a `LIST`."""
    pieces = list(_PIECE.finditer(words))
    units = [match["unit"] or "" for match in pieces]
    for at in range(len(units) - 2, -1, -1):  # 第一、二条: the unit of the next number
        units[at] = units[at] or units[at + 1]
    found: list[str] = []
    article, before = "", 0  # the article that 款 and 项 are of, and its number
    for match, unit in zip(pieces, units, strict=True):
        number, unit = number_of(match["n"]), unit.replace("條", "条")
        name = f"第{numeral_of(number)}{unit}"
        if unit in _BELOW and article:
            if match["joint"] is None:
                # 第九条第二款 names the article itself no longer.
                found[-1] += name
            else:
                found.append(article + name)
            continue
        if match["to"] is not None and 0 < number - before <= _LONGEST_RANGE:
            found += [f"第{numeral_of(n)}{unit}" for n in range(before + 1, number)]
        found.append(name)
        article, before = name, number
    return tuple(dict.fromkeys(found))
