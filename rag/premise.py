"""False premises: a figure that the question asserts and the paper contradicts."""

from __future__ import annotations

import re

from corpus.model import Document
from rag.evidence import Evidence
from rag.figures import Figure, FigureKind, figures
from rag.headfacts import HeadFact

# "听说…", "…，是不是？", "没错吧", "…是3000万元封顶", "规定要…": somebody says what the paper says
_ASSERTED = re.compile(
    r"听说|据说|听讲|都说|不是说|说是|是不是|是吧|对吧|对吗|对不对|没错吧|没错吗|真的吗|的吧|了吧|是否属实|确实|既然|应该是|按[^，。？?]{1,6}算|只(?:能|用|要|需)|最多能|最高能|能到|能拿到|规定|要求|要培育|封顶[，,是]"
    r"|\b(?:isn't it|right\?|i heard|is it true)\b",
    re.IGNORECASE,
)
# "我们一年卖8000万", "年销6000万": the asker's own figure
_OWN = re.compile(
    r"(?:我们?|我厂|我司|公司|企业|产品|品种|单品|一年|年)[^，。？?]{0,8}(?:卖|销|收入|营收|投资|投了|花|有|注册资本|产值)[^，。？?]{0,4}$|年销[^，。？?]{0,3}$"
)
# "超500亿的企业", "10亿元大品种": names a class of things rather than what they get
_CLASS = re.compile(r"(?:超|过|达到?|以上|大于|不低于|年销售?(?:收入)?过?)\s*$")
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
_COUNT_UNIT = re.compile(r"[^\d.\-]+$")


def claims(question: str) -> list[Figure]:
    """The figures that the question asserts of the paper; none unless it asserts anything."""
    if not _ASSERTED.search(question):
        return []
    found = []
    for figure in figures(question):
        before = question[: figure.span.start]
        if figure.kind in _CLAIMABLE and not _OWN.search(before) and not _CLASS.search(before):
            found.append(figure)
    return found


def contradicted(claim: Figure, document: Document, quoted: list[Evidence]) -> bool:
    """Whether the quoted sentences state another figure of that kind and the claimed one nowhere."""
    stated = [f for found in quoted for f in figures(found.text) if _comparable(f, claim)]
    return bool(stated) and all(figure.key != claim.key for figure in stated)


def contradicted_by_head(claim: Figure, document: Document, facts: list[HeadFact]) -> bool:
    """Whether the head data state another date than the one claimed."""
    if claim.kind is not FigureKind.DATE:
        return False
    stated = [f for fact in facts for f in figures(fact.span.of(document.text)) if f.kind is FigureKind.DATE]
    return bool(stated) and not any(f.value.startswith(claim.value) for f in stated)


def _comparable(stated: Figure, claim: Figure) -> bool:
    if stated.kind is not claim.kind:
        return False
    if claim.kind in (FigureKind.COUNT, FigureKind.DURATION):
        one, other = _COUNT_UNIT.search(stated.value), _COUNT_UNIT.search(claim.value)
        return one is not None and other is not None and one[0] == other[0]
    return True
