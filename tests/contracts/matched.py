"""Small papers with facts, for tests of matching: an invented city measure, and the papers of the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

from facts_by_words import Words, paper

from corpus.facts.model import Fact, FactKind, PaperFacts, Role, RuleKind
from corpus.model import Document
from rag.facts.catalogue import FactCatalogue
from rag.matching.matcher import Matcher
from rag.matching.model import DoesNotApply, Match, Matches, ToConfirm
from rag.matching.profile import Profile

TODAY = date(2026, 11, 30)

_CITY = """益阳市人民政府关于促进工业发展的若干措施
益政发〔2026〕3号
各区县人民政府：
为促进工业发展，制定本措施。
第一条 对首次认定为国家级、省级企业技术中心的企业，分别给予100万元、30万元奖励。
第二条 对主营业务收入首次突破10亿元的企业，给予50万元奖励。
第三条 对符合条件的技术改造项目，按设备投资的10%给予补助，最高不超过500万元。
第四条 对承租国有企业经营性房产的中小微企业，减免三个月租金。
第五条 对新发展的500亩以上的中药材种植基地，按200元/亩给予奖励。
第六条 对在新三板挂牌的企业给予100万元奖励，在主板上市的企业给予500万元奖励。
第七条 对纳入加快审批程序的创新药，审批时限压缩至30个工作日。
第八条 有条件的县对科技企业孵化器给予资金支持。
第九条 安化县的企业奖励上浮，给予60万元奖励；其他区县的企业给予40万元奖励。
第十条 对年销售额达到1亿元、5亿元、10亿元的批发企业，分别给予5万元、15万元、25万元奖励。
第十一条 医疗机构应当在5个工作日内完成备案。
第十二条 同一企业每年获得的奖励总额不超过1000万元。
第十三条 本措施适用于在益阳市登记注册的企业，自2026年1月1日起施行，有效期至2028年12月31日。
益阳市人民政府
2026年1月1日
"""


@cache
def city() -> Words:
    return Words(paper(_CITY, document_id="city"))


@cache
def city_facts() -> PaperFacts:
    w = city()
    centre = "对首次认定为国家级、省级企业技术中心的企业，分别给予100万元、30万元奖励"
    return w.facts(
        w.fact(
            centre,
            for_=["首次认定为国家级、省级企业技术中心的企业"],
            conditions=["首次认定为国家级"],
            amounts=[w.sum("100万元", 1_000_000)],
        ),
        w.fact(
            centre,
            for_=["首次认定为国家级、省级企业技术中心的企业"],
            conditions=["省级企业技术中心"],
            amounts=[w.sum("30万元", 300_000)],
        ),
        w.fact(
            "对主营业务收入首次突破10亿元的企业，给予50万元奖励",
            for_=["主营业务收入首次突破10亿元的企业"],
            amounts=[w.sum("50万元", 500_000)],
        ),
        w.fact(
            "对符合条件的技术改造项目，按设备投资的10%给予补助，最高不超过500万元",
            for_=["符合条件的技术改造项目"],
            conditions=["符合条件"],
            rate=w.rate("10%", "0.1", base="设备投资"),
            amounts=[w.sum("500万元", 5_000_000, role=Role.CAP)],
        ),
        w.fact(
            "对承租国有企业经营性房产的中小微企业，减免三个月租金",
            kind=FactKind.FEE,
            for_=["承租国有企业经营性房产的中小微企业"],
        ),
        w.fact(
            "对新发展的500亩以上的中药材种植基地，按200元/亩给予奖励",
            for_=["新发展的500亩以上的中药材种植基地"],
            amounts=[w.sum("200元", 200, per="/亩")],
        ),
        w.fact("对在新三板挂牌的企业给予100万元奖励", for_=["在新三板挂牌的企业"]),
        w.fact("在主板上市的企业给予500万元奖励", for_=["在主板上市的企业"]),
        w.fact(
            "对纳入加快审批程序的创新药，审批时限压缩至30个工作日",
            kind=FactKind.TIME_LIMIT,
            for_=["纳入加快审批程序的创新药"],
            limit="审批时限",
        ),
        w.fact("有条件的县对科技企业孵化器给予资金支持", for_=["科技企业孵化器"], must_act="有条件的县"),
        w.fact("安化县的企业奖励上浮，给予60万元奖励", for_=["企业"], region="安化县"),
        *_steps(w),
        w.fact("医疗机构应当在5个工作日内完成备案", kind=FactKind.TIME_LIMIT, must_act="医疗机构"),
        w.fact("同一企业每年获得的奖励总额不超过1000万元", kind=FactKind.RULE, rule=RuleKind.TOTAL_CAP),
        w.fact("本措施适用于在益阳市登记注册的企业", kind=FactKind.RULE, rule=RuleKind.SCOPE),
        w.fact(
            "自2026年1月1日起施行，有效期至2028年12月31日",
            kind=FactKind.RULE,
            rule=RuleKind.VALIDITY,
            until=date(2028, 12, 31),
        ),
    )


def _steps(w: Words) -> list[Fact]:
    """Three facts of one sentence, each with its step."""
    quote = "对年销售额达到1亿元、5亿元、10亿元的批发企业，分别给予5万元、15万元、25万元奖励"
    steps = (("1亿元", "5万元", 50_000), ("5亿元", "15万元", 150_000), ("10亿元", "25万元", 250_000))
    return [
        w.fact(
            quote,
            for_=["年销售额达到1亿元、5亿元、10亿元的批发企业"],
            conditions=[step],
            amounts=[w.sum(words, value)],
        )
        for step, words, value in steps
    ]


def matcher_over(facts: Mapping[str, tuple[Document, PaperFacts]] | None = None) -> Matcher:
    """A matcher over the city's paper and others, by id."""
    papers: Sequence[tuple[Document, PaperFacts]] = (
        (city().document, city_facts()),
        *(facts or {}).values(),
    )
    documents = [document for document, _ in papers]
    return Matcher(FactCatalogue.of(documents, today=TODAY, facts=[own for _, own in papers]))


@cache
def city_matcher() -> Matcher:
    return matcher_over()


def group_of(matches: Matches, quote: str) -> tuple[str, Match]:
    """The group of the first fact whose quote contains the words, and its match."""
    groups = (
        ("applies", matches.applies),
        ("to_confirm", matches.to_confirm),
        ("does_not_apply", tuple(matches.does_not_apply())),
    )
    for name, found in groups:
        for match in found:
            if quote in match.found.quote:
                return name, match
    raise LookupError(f"no fact with {quote!r}")


def why(match: Match) -> set[str]:
    """The reasons or open questions of a match."""
    match match.verdict:
        case ToConfirm(questions):
            return {one.why.value for one in questions}
        case DoesNotApply(reasons):
            return {one.why.value for one in reasons}
    return set()


def said(sentence: str, *, as_of: date = TODAY) -> Matches:
    return city_matcher().match(Profile(sentence=sentence), as_of=as_of)
