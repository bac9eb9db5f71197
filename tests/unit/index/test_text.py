"""Folding texts to one form for matching."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms.tokenize import fold, fold_map, terms

PAPERS = sorted((Path(__file__).resolve().parents[3] / "corpus" / "documents").glob("*.txt"))
NUMERALS = st.text(
    alphabet="零〇一二三四五六七八九十百千万亿两点分之第至、0123456789,.%元年个条次性 \n", max_size=25
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("最高不超过五百万元", "最高不超过500万元"),
        ("两千五百万元", "2500万元"),
        ("一亿二千万元", "1.2亿元"),
        ("三点五万元", "3.5万元"),
        ("1,000万元", "1000万元"),
        ("５，０００，０００元", "500万元"),
        ("3千万元", "3000万元"),
        ("百分之二十", "20%"),
        ("百分之零点五", "0.5%"),
        ("百分之百", "100%"),
        ("２０％", "20%"),
        ("三年", "3年"),
        ("三至五年", "3至5年"),
        ("第二、三类医疗器械", "第2、3类医疗器械"),
        ("至少一次", "至少1次"),
        ("三十多家", "30多家"),
        ("第二十八条", "第28条"),
        ("二〇二六年二月十四日", "2026年2月14日"),
        ("到 2027 年,全省", "到2027年,全省"),
        ("廣東省創新藥", "广东省创新药"),
        ("“一站式”——〔2024〕", '"一站式"--(2024)'),
        ("CAR-T  Cell\nTherapy", "car-t cell therapy"),
    ],
)
def test_what_means_the_same_meets(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    "word",
    [
        "一次性奖补",
        "一致性评价",
        "三医联动",
        "万一",
        "统一项目",
        "进一步",
        "一体化",
        "一条龙",
        "第三方",
        "两三家",
        "十四五规划",
        "千方百计",
    ],
)
def test_words_with_a_numeral_stay(word: str) -> None:
    assert fold(word) == word


@given(st.integers(1, 9_999))
def test_amounts_in_numerals_meet_those_in_digits(number: int) -> None:
    assert fold(f"补助{_numeral(number)}万元") == fold(f"补助{number}万元") == fold(f"补助{number:,}万元")


@given(st.one_of(st.text(max_size=60), NUMERALS))
def test_the_map_and_the_fold_agree(text: str) -> None:
    folded = fold_map(text)
    assert folded.text == fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert all(0 <= a < b <= len(text) for a, b in zip(folded.starts, folded.ends, strict=True))


@pytest.mark.parametrize("path", PAPERS, ids=lambda p: p.stem)
def test_folding_twice_is_folding_once(path: Path) -> None:
    folded = fold(path.read_text("utf-8"))
    assert fold(folded) == folded


def test_the_way_back_to_the_original() -> None:
    text = "奖补  五百万元。"
    folded = fold_map(text)
    start = folded.text.index("500万")
    assert folded.origin(start, start + 4).of(text) == "五百万"
    with pytest.raises(ValueError, match="not a piece"):
        folded.origin(3, 3)


def test_terms() -> None:
    assert terms("奖补500万元，2.5% CAR-T") == (
        ["奖", "补", "奖补", "500", "万", "元", "万元", "2.5%", "car", "t"]
    )
    assert terms("，。 ") == []


def test_an_amount_without_end_stays_as_it_is() -> None:
    assert fold("9" * 5000 + "元") == "9" * 5000 + "元"


@given(st.text(max_size=60))
def test_terms_of_a_folded_text_are_those_of_the_text(text: str) -> None:
    assert all(term and not term.isspace() for term in terms(text))


def _numeral(number: int) -> str:
    """3205 → 三千二百零五"""
    digits = "零一二三四五六七八九"
    written = ""
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            written += digits[digit] + unit
        elif written and number % power:
            written += "零"
    return written.replace("零零", "零")
