"""False premises: a figure, or a body in charge, that the question asserts and the paper contradicts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.model import Responsibility
from corpus.notation.characters import HAN
from rag.language.thesaurus import Synonyms, expand
from rag.numbers.figures import Figure, FigureKind, figures

# "听说…", "…，是不是？", "没错吧", "既然…": somebody says what the paper says
_ASSERTED = re.compile(
    r"听说|据说|听讲|都说|不是说|说是|是不是|是吧|是吗|对吧|对吗|对不对|没错|真的吗|[吧啦][?？。！!\s]*$|的吧|了吧|是否属实|属实|确实|既然|应该是"
    r"|按(?![^，。？?]{0,4}(?:什么|啥|哪))[^，。？?]{1,6}算|封顶[，,是]"
    r"|\b(?:isn't it|right\?|i heard|is it true|correct\?)",
    re.IGNORECASE,
)
# "能拿1000万元", "要培育5家", "定的是5000亿元", "只用开一次": what is said to be given or required
_GRANTED = re.compile(
    r"(?:拿到?|给予?|奖励?|补助?|补贴|能到|达到?|要求|规定|定的?(?:是|为)|要(?:培育|建|有|开)?|必须|得等?|只[用能要需]?|压缩到"
    r"|控制在|占|每|有效期)[^，。？?]{0,4}$"
)
# "我们一年卖8000万", "年销6000万": the asker's own figure
_OWN = re.compile(
    r"(?:我们?|我厂|我司|公司|企业|产品|品种|单品|[一每去今]年)[^，。？?]{0,8}(?:卖|销|收入|营收|投资|投了|花|有|注册资本|产值)[^，。？?]{0,4}$|年销[^，。？?]{0,3}$"
)
# "超500亿的企业", "10亿元大品种": names a class of things rather than what they get
_CLASS = re.compile(r"(?:超|过|达到?|以上|大于|不低于|年销售?(?:收入)?过?)\s*$")
# "从200个工作日压缩至80个工作日", "由60个工作日压缩至40个工作日"
_FROM = re.compile(r"[从由]\s*$")
_CHANGED = re.compile(
    r"[^，。；,;\d]{0,6}(?:压缩|缩短|缩减|减少|降低?|提高|提升|增加|调整|延长|改)(?:至|到|为)"
)
# "百亿级企业", "500亿元集群": the figure names the class
_OF_CLASS = re.compile(
    rf"\s{{0,9}}(?:以上|以下)?(?:级|规模)?的?(?:[{HAN}]{{0,4}})(?:企业|集群|产业|品种|单品|产品|园区|平台|基地|药企|公司)"
)
# "三年一共1500万", "两个项目最多能拿1600万元": reckoned by the asker, not said to stand in the paper
_RECKONED = re.compile(
    r"一共|总共|合计|共计|累计|加起来|合起来|[两二三四五六七八九十\d](?:年|个(?:项目|产品|品种|平台|月))[^，。？?]{0,6}(?:拿|得|领|给|共)"
)
_BEFORE = 60  # characters before a figure that the patterns above read, blanks included
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
# "几百万", "数十家", "多少万": asks, does not say
_OPEN = re.compile(r"[几数]\s*$|多少\s*$")
# "一家公司", "一年最多": one of something is an article, not a number
_ONE = re.compile(r"[一1]")
_ARTICLES = frozenset({FigureKind.COUNT, FigureKind.DURATION})
_AMOUNTS = frozenset({FigureKind.MONEY, FigureKind.COUNT})
_COUNT_UNIT = re.compile(r"[^\d.\-]+$")
# "是市财政局牵头的", "由省科技厅负责", "归药监局管"
_IN_CHARGE = re.compile(
    rf"(?:由|是|归|该|属于?)(?P<unit>[{HAN}]{{2,12}}?(?:厅|局|委员会|委|办公室|部门|部(?!门)|政府|中心|集团))"
    r"(?:来|在|去|一家|单独|独家)?(?P<role>牵头|负责|主管|主抓|管(?!委)|说了算)"
)
_ASKED = re.compile(r"哪|什么|啥|谁|几")  # 由哪个局负责: asks, does not assert
_PLACE = re.compile(rf"^(?:[省市县区]|[{HAN}]{{2,4}}[省市县区])")


def claims(question: str) -> list[Figure]:
    """The figures that the question asserts of the paper, not those of the asker's own business."""
    asserted = bool(_ASSERTED.search(question))
    reckoned = bool(_RECKONED.search(question))
    found = []
    for figure in figures(question):
        before = question[max(0, figure.span.start - _BEFORE) : figure.span.start]
        if _OPEN.search(before):
            continue
        if figure.kind not in _CLAIMABLE or _OWN.search(before) or (reckoned and figure.kind in _AMOUNTS):
            continue
        of_class = bool(_OF_CLASS.match(question[figure.span.end :]))
        # 超500亿的企业 names a class; 营业收入达到3000亿元，对吗 says what the paper says.
        if _CLASS.search(before) and (of_class or not asserted):
            continue
        if figure.kind is FigureKind.MONEY and of_class:
            continue
        granted = bool(_GRANTED.search(before))
        if figure.kind in _ARTICLES and _ONE.match(figure.span.of(question)) and not granted:
            continue
        if asserted or granted:
            found.append(figure)
    return found


def speaks_of(claim: Figure, text: str) -> bool:
    """Whether `text` states a figure of the kind that is claimed."""
    return any(_comparable(figure, claim) for figure in _in_force(text))


def contradicted(claim: Figure, stated_in: Iterable[str]) -> bool:
    """Whether the texts state another figure of that kind, and the claimed one nowhere."""
    stated = [figure for text in stated_in for figure in _in_force(text) if _comparable(figure, claim)]
    return bool(stated) and not any(_same(figure, claim) for figure in stated)


def _in_force(text: str) -> list[Figure]:
    """The figures that apply: of 从200个工作日压缩至80个工作日 only the second."""
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
    """A body that the question takes to be in charge; `leads` when it is said to lead."""

    unit: str
    leads: bool


def charge_claims(question: str) -> list[ChargeClaim]:
    """The bodies that the question says are in charge."""
    return [
        ChargeClaim(match["unit"], match["role"] == "牵头")
        for match in _IN_CHARGE.finditer(question)
        if not _ASKED.search(match["unit"])
    ]


def wrong_charge(claim: ChargeClaim, duty: Responsibility) -> bool:
    """Whether a clause's 责任单位 are others than the question says."""
    units = duty.lead if claim.leads and duty.lead else duty.units
    names = [
        claim.unit,
        *(term for found in expand(claim.unit).found for term in _renamed(claim.unit, found)),
    ]
    cores = {_PLACE.sub("", name) for name in names}
    return bool(units) and not any(core and core in unit for core in cores for unit in units)


def _renamed(unit: str, found: Synonyms) -> list[str]:
    """`unit` with one of its words said otherwise: 药监局 as 药品监管局."""
    return [unit[: found.span.start] + term + unit[found.span.end :] for term in found.terms]
