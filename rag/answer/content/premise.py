"""Detects false premises: figures or bodies in charge that the question asserts and the paper contradicts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.model import Responsibility
from corpus.notation.characters import HAN
from corpus.notation.figures import Figure, FigureKind, figures
from corpus.notation.phrase_table import PhraseTable
from rag.language.thesaurus import Synonyms, expand

_PHRASES = PhraseTable.read("rag", "claims.tsv")
# "从200个工作日压缩至80个工作日", "由60个工作日压缩至40个工作日"
_FROM = re.compile(r"[从由]\s*$")
_CHANGED = re.compile(rf"[^，。；,;\d]{{0,6}}{_PHRASES.alternation('changed')}(?:至|到|为)")
_BEFORE = 60  # characters before a figure that the phrases read, blanks included
_CLAIMABLE = frozenset(
    {
        FigureKind.MONEY,
        FigureKind.PERCENT,
        FigureKind.COUNT,
        FigureKind.DURATION,
        FigureKind.FREQUENCY,
        FigureKind.DATE,
    }
)
# "几百万", "数十家", "多少万": asks, does not assert
_OPEN = re.compile(r"[几数]\s*$|多少\s*$")
# "一家公司", "一年最多": one of something is an article, not a number
_ONE = re.compile(r"[一1]")
_ARTICLES = frozenset({FigureKind.COUNT, FigureKind.DURATION})
_AMOUNTS = frozenset({FigureKind.MONEY, FigureKind.COUNT})
_COUNT_UNIT = re.compile(r"[^\d.\-]+$")
# "是市财政局牵头的", "由省科技厅负责", "归药监局管"
_IN_CHARGE = re.compile(
    rf"(?:由|是|归|该|属于?)(?P<unit>[{HAN}]{{2,12}}?(?:{_PHRASES.alternation('unit')}|[厅局委部]))"
    rf"{_PHRASES.alternation('alone')}?(?P<role>{_PHRASES.alternation('role')}|管(?!委))"
)
_PLACE = re.compile(rf"^(?:[省市县区]|[{HAN}]{{2,4}}[省市县区])")


def claims(question: str) -> list[Figure]:
    """Returns the figures that the question asserts about the paper, not those about the user's business."""
    asserted = _PHRASES.has("asserted", question)
    calculated = _PHRASES.has("calculated", question)
    found = []
    for figure in in_force(question):
        before = question[max(0, figure.span.start - _BEFORE) : figure.span.start]
        behind = question[figure.span.end :].lstrip()
        if _OPEN.search(before) or _PHRASES.has("or", behind) or _PHRASES.has("or_before", before):
            continue
        if (
            figure.kind not in _CLAIMABLE
            or _PHRASES.has("own", before)
            or (calculated and figure.kind in _AMOUNTS)
        ):
            continue
        of_class = _PHRASES.has("of_class", question[figure.span.end :].lstrip())
        # 超500亿的企业 names a class; 营业收入达到3000亿元，对吗 asserts what the paper states.
        if _PHRASES.has("class", before.rstrip()) and (of_class or not asserted):
            continue
        if figure.kind is FigureKind.MONEY and of_class:
            continue
        granted = _PHRASES.has("granted", before)
        if figure.kind in _ARTICLES and _ONE.match(figure.span.of(question)) and not granted:
            continue
        if asserted or granted:
            found.append(figure)
    return found


def asserts_in_force(question: str) -> bool:
    """Whether the question says that a paper is in force, and does not only ask it."""
    return _PHRASES.has("in_force", question) and not _PHRASES.has("asks_in_force", question)


def speaks_of(claim: Figure, text: str) -> bool:
    """Whether `text` states a figure of the claimed kind."""
    return any(_comparable(figure, claim) for figure in in_force(text))


def contradicted(claim: Figure, stated_in: Iterable[str]) -> bool:
    """Whether the texts state another figure of that kind, and none states the claimed one."""
    stated = [figure for text in stated_in for figure in in_force(text) if _comparable(figure, claim)]
    return bool(stated) and not any(_same(figure, claim) for figure in stated)


def in_force(text: str) -> list[Figure]:
    """Returns the figures in force: of 从200个工作日压缩至80个工作日 only the second."""
    return [
        figure
        for figure in figures(text)
        if not (_FROM.search(text[: figure.span.start]) and _CHANGED.match(text[figure.span.end :]))
    ]


def _same(stated: Figure, claim: Figure) -> bool:
    if claim.kind is FigureKind.DATE:
        # 2017年 agrees with 2017年12月10日.
        return stated.value.startswith(claim.value) or claim.value.startswith(stated.value)
    return stated.key == claim.key


def _comparable(stated: Figure, claim: Figure) -> bool:
    if stated.kind is not claim.kind:
        return False
    if claim.kind in (FigureKind.COUNT, FigureKind.DURATION):
        one, other = _COUNT_UNIT.search(stated.value), _COUNT_UNIT.search(claim.value)
        return one is not None and other is not None and one[0] == other[0]
    return True


@dataclass(frozen=True, slots=True)
class ChargeClaim:
    """A body that the question asserts to be in charge; `leads` when asserted to lead."""

    unit: str
    leads: bool


def charge_claims(question: str) -> list[ChargeClaim]:
    """Returns the bodies that the question asserts to be in charge."""
    return [
        ChargeClaim(match["unit"], match["role"] == "牵头")
        for match in _IN_CHARGE.finditer(question)
        if not _PHRASES.has("asks_who", match["unit"])
    ]


def wrong_charge(claim: ChargeClaim, duty: Responsibility) -> bool:
    """Whether the 责任单位 of a clause differ from what the question asserts."""
    units = duty.lead if claim.leads and duty.lead else duty.units
    names = [
        claim.unit,
        *(term for found in expand(claim.unit).found for term in _renamed(claim.unit, found)),
    ]
    cores = {_PLACE.sub("", name) for name in names}
    return bool(units) and not any(core and core in unit for core in cores for unit in units)


def _renamed(unit: str, found: Synonyms) -> list[str]:
    """Returns variants of `unit` with one word replaced: 药监局 as 药品监管局."""
    return [unit[: found.span.start] + term + unit[found.span.end :] for term in found.terms]
