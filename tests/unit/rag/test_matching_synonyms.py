"""Conditions of many fields in the words of papers, against what people say of their enterprise."""

from __future__ import annotations

from functools import cache

import pytest
from facts_by_words import Words, paper
from matched import TODAY

from rag.facts.catalogue import FactCatalogue
from rag.matching.matcher import Matcher
from rag.matching.profile import Profile

_MET = (
    ("首次认定为国家高新技术企业的企业", "去年头一回评上高企"),
    ("获得发明专利授权的企业", "去年授权了3件发明专利"),
    ("完成股份制改造的企业", "今年刚完成股改"),
    ("年度研发投入500万元以上的企业", "去年研发花了六百万"),
    ("招用应届高校毕业生并签订1年以上劳动合同的企业", "今年招了10个应届毕业生，签了两年劳动合同"),
    ("参加境外展会的外贸企业", "做外贸的，去年去德国参加展会"),
    ("受疫情影响还款困难的企业", "受疫情影响，贷款快还不上了"),
    ("年营业收入首次突破1亿元的企业", "去年营收首次破亿，达到1.2亿"),
    ("纳入规模以上统计的工业企业", "去年刚上规的工厂"),
    ("取得绿色工厂称号的企业", "评上了国家级绿色工厂"),
    ("投保出口信用保险的企业", "出口业务买了信保"),
    ("年纳税100万元以上的企业", "去年交税150万"),
    ("职工人数300人以上的企业", "我们厂有三百五十人"),
)
_NOT_MET = (
    ("首次认定为国家高新技术企业的企业", "早就是高企了"),
    ("获得发明专利授权的企业", "有3件实用新型"),
    ("完成股份制改造的企业", "正在做股改"),
    ("年度研发投入500万元以上的企业", "去年研发费用300万"),
    ("招用应届高校毕业生并签订1年以上劳动合同的企业", "今年招了10个应届毕业生，还没签合同"),
    ("年营业收入首次突破1亿元的企业", "去年营收1.2亿，前年就过亿了"),
    ("主导制定国际标准的企业", "参与制定了一项国家标准"),
    ("建设数字化车间的企业", "打算建一个数字化车间"),
    ("承租国有房产的小微企业", "租的是私人的铺子，小微企业"),
    ("引进博士的企业", "设了博士后工作站"),
    ("取得绿色工厂称号的企业", "绿色工厂的材料报上去了，还在审"),
)
_CONDITIONS = tuple(dict.fromkeys(condition for condition, _ in (*_MET, *_NOT_MET)))


@cache
def _matcher() -> Matcher:
    clauses = (f"第{number}条 对{one}，给予奖励。" for number, one in enumerate(_CONDITIONS, start=1))
    head = "温州市人民政府关于促进经济发展的若干措施\n温政发〔2026〕9号\n各县（市、区）人民政府：\n"
    text = head + "\n".join(clauses) + "\n温州市人民政府\n2026年1月1日\n"
    w = Words(paper(text, document_id="synonyms"))
    facts = w.facts(*(w.fact(f"对{one}，给予奖励", for_=[one]) for one in _CONDITIONS))
    return Matcher(FactCatalogue.of([w.document], today=TODAY, facts=[facts]))


def _applies(condition: str, sentence: str) -> bool:
    matches = _matcher().match(Profile(sentence=f"温州的一家企业，{sentence}"))
    return any(f"对{condition}，" in one.found.quote for one in matches.applies)


@pytest.mark.parametrize(("condition", "sentence"), _MET)
def test_what_people_say_meets_what_papers_write(condition: str, sentence: str) -> None:
    assert _applies(condition, sentence)


@pytest.mark.parametrize(("condition", "sentence"), _NOT_MET)
def test_what_is_similar_does_not_meet_it(condition: str, sentence: str) -> None:
    assert not _applies(condition, sentence)
