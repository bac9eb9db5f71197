"""Last days that facts state, and days that are none."""

from __future__ import annotations

from datetime import date

import pytest
from written_facts import fact

from corpus.facts.deadlines import deadlines_of
from corpus.facts.model import FactKind
from corpus.notation.phrase_table import PhraseTable


def _found(text: str, kind: FactKind = FactKind.MONEY) -> list[tuple[str, date]]:
    made = fact(text, text, kind=kind)
    found = list(deadlines_of(made, lambda span: span.of(text)))
    return [(one.span.of(text), one.value) for one in found]


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("对2026年9月30日前投产的企业奖励50万元", "2026年9月30日", date(2026, 9, 30)),
        ("请于２０２６年９月３０日之前申报", "２０２６年９月３０日", date(2026, 9, 30)),
        ("对2025年底前建成的项目给予补助", "2025年底", date(2025, 12, 31)),
        ("2020年3月底前完成的给予补助", "2020年3月底", date(2020, 3, 31)),
        ("申报截止时间为2026年9月30日", "2026年9月30日", date(2026, 9, 30)),
        ("补贴执行至2027年12月31日", "2027年12月31日", date(2027, 12, 31)),
        ("最迟 2026年10月1日 前报送", "2026年10月1日", date(2026, 10, 1)),
        ("二〇二六年九月三十日前申报", "二〇二六年九月三十日", date(2026, 9, 30)),
    ],
)
def test_a_last_day_is_found_with_its_words(text: str, words: str, day: date) -> None:
    assert _found(text) == [(words, day)]


@pytest.mark.parametrize(
    "text",
    [
        "对2026年9月30日后投产的企业奖励50万元",
        "自2026年1月1日起给予补助",
        "到2027年培育企业15家",
        "2026年6月前完成",  # its first day or its last
        "按2025年12月31日的汇率折算",
        "对当年投产的企业奖励50万元",
        "2026年2月30日前申报",
    ],
)
def test_other_days_are_no_deadlines(text: str) -> None:
    assert _found(text) == []


def test_days_of_the_paper_itself_are_no_deadlines_of_a_benefit() -> None:
    assert _found("本办法执行至2027年12月31日", FactKind.RULE) == []


def test_the_phrases_have_the_senses_of_their_examples() -> None:
    assert PhraseTable.read("corpus", "deadlines.tsv").mistakes() == []
