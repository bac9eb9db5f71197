"""The grammar of numerals and 文号 that every package shares: a table of cases, and properties."""

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.notation.characters import HAN_CHARACTER
from corpus.notation.doc_numbers import coded_numbers, key_of_number, numbers_in, same_number
from corpus.notation.figures import FigureKind, figures
from corpus.notation.numerals import decimal_of, number_of, numeral_of, power_of, value_of
from index.terms.tokenize import fold
from rag.question.literals import literals

_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_BRACKETS = ("〔〕", "［］", "【】", "[]", "()", "（）", "﹝﹞")
_NUMBERS = st.tuples(
    st.sampled_from(["国办发", "湘政办发", "京经信发", "人社部函", "穗府办规"]),
    st.integers(1949, 2099),
    st.integers(1, 999_999),
)


def _numeral(number: int) -> str:
    """The standard Chinese numeral of a number."""
    for unit, size in (("亿", 100_000_000), ("万", 10_000)):
        if number >= size:
            above, rest = divmod(number, size)
            gap = "零" if 0 < rest < size // 10 else ""
            return _numeral(above) + unit + (gap + _numeral(rest) if rest else "")
    written, skipped = "", False
    for unit, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // size % 10
        if digit:
            written += ("零" if skipped and written else "") + "零一二三四五六七八九"[digit] + unit
        skipped = not digit
    return written


@pytest.mark.parametrize(
    ("numeral", "of_a_label", "of_an_amount"),
    [
        ("十", 10, 10),
        ("十五", 15, 15),
        ("二十八", 28, 28),
        ("两百", 200, 200),
        ("一百零三", 103, 103),
        ("一千零五十", 1050, 1050),
        ("二〇二六", 2026, 2026),
        ("二零二六", 2026, 2026),
        ("五百万", 5_000_000, 5_000_000),
        ("三亿", 300_000_000, 300_000_000),
        ("一亿二千万零三百", 120_000_300, 120_000_300),
        ("二千万亿", 2 * 10**15, 2 * 10**15),
        ("12", 12, 12),
        ("１２", 12, 12),
        ("两三", 23, None),  # an estimate is no amount
        ("二三十", 30, None),
        ("五六百", 600, None),
    ],
)
def test_what_a_numeral_is_worth(numeral: str, of_a_label: int, of_an_amount: int | None) -> None:
    assert number_of(numeral) == of_a_label
    assert value_of(numeral) == of_an_amount


@pytest.mark.parametrize(
    "text", ["", "万", "万元", "多", "三个", "第三", "一二三", "3个", "一" * 31, "9" * 5000]
)
def test_what_is_no_number_has_no_value(text: str) -> None:
    assert value_of(text) is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("三点五", "3.5"),
        ("零点零五", "0.05"),
        ("1,000.5", "1000.5"),
        ("５００", "500"),
        ("五百万", "5000000"),
        ("三点", None),
        ("点五", None),
        ("1.2.3", None),
    ],
)
def test_what_an_amount_is_worth(written: str, value: str | None) -> None:
    assert decimal_of(written) == (None if value is None else Decimal(value))


@given(st.integers(1, 9999))
def test_a_label_numeral_is_read_as_it_is_written(number: int) -> None:
    assert number_of(numeral_of(number)) == value_of(numeral_of(number)) == number


@given(st.integers(1, 999_999_999_999))
def test_an_amount_numeral_is_read_as_it_is_taught(number: int) -> None:
    assert value_of(_numeral(number)) == number


@given(st.text("〇零一二两兩三四五六七八九十百千万萬亿億", min_size=1, max_size=40))
def test_every_run_of_numerals_is_read_without_an_error(numeral: str) -> None:
    assert number_of(numeral) >= 0
    value = value_of(numeral)
    assert value is None or value == number_of(numeral)


def test_a_scale_multiplies() -> None:
    assert [power_of(scale) for scale in ("", "百万", "万亿")] == [1, 1_000_000, 10**12]


@pytest.mark.parametrize("char", ["国", "〇", "㐀", "豈", "𠀀", "𰻝"])
def test_han_characters_of_every_block_count(char: str) -> None:
    assert HAN_CHARACTER.fullmatch(char)


@pytest.mark.parametrize("char", ["a", "1", "，", "ａ", "が", "한"])
def test_no_other_character_counts_as_han(char: str) -> None:
    assert HAN_CHARACTER.fullmatch(char) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("根据湘政办发〔2026〕15号", ["湘政办发〔2026〕15号"]),
        ("国发〔2018〕1号和国办发〔2019〕4号", ["国发〔2018〕1号", "国办发〔2019〕4号"]),
        ("行动方案是粤府〔2024〕11号", ["粤府〔2024〕11号"]),
        ("济政办发 〔2018〕９号", ["济政办发〔2018〕9号"]),
        ("人社部发〔2021)第73号", ["人社部发〔2021〕第73号"]),
        ("国令第707号", ["国令第707号"]),
        ("财政部公告2020年第6号", ["财政部公告2020年第6号"]),
        ("住房城乡建设部令第十一号", ["住房城乡建设部令第十一号"]),
        ("湘政办发〔2026〕号", []),
        ("〔2026〕15号", []),
        ("湘政办发〔1826〕15号", []),
    ],
)
def test_the_numbers_of_papers(text: str, numbers: list[str]) -> None:
    assert [number.value for number in numbers_in(text)] == numbers


@given(_NUMBERS, st.sampled_from(_BRACKETS), st.booleans(), st.sampled_from(["", " ", "\u3000"]))
def test_a_number_is_found_at_every_width_by_every_reader(
    number: tuple[str, int, int], brackets: str, wide: bool, gap: str
) -> None:
    code, year, serial = number
    written = f"{code}{gap}{brackets[0]}{year}{brackets[1]}{gap}{serial}号"
    written = written.translate(_WIDE) if wide else written
    (found,) = coded_numbers(f"《意见》（{written}）")
    assert found.value == f"{code}〔{year}〕{serial}号"
    assert found.span.of(f"《意见》（{written}）") == written
    assert same_number(written, found.value)
    assert [(f.kind, f.value) for f in figures(written)] == [(FigureKind.DOC_NUMBER, f"({year}){serial}")]
    assert literals(written) == (fold(written.removeprefix(code)),)


@given(_NUMBERS, _NUMBERS)
def test_only_one_number_has_a_key(one: tuple[str, int, int], other: tuple[str, int, int]) -> None:
    keys = [key_of_number(f"{code}〔{year}〕{serial}号") for code, year, serial in (one, other)]
    assert (keys[0] == keys[1]) is (one == other)


def _seconds(text: str) -> float:
    """The least of three times, because other processes can only add to a time."""
    times = []
    for _ in range(3):
        started = time.process_time()
        numbers_in(text)
        times.append(time.process_time() - started)
    return min(times)


@pytest.mark.parametrize("piece", ["国", "湘政办发〔", "湘政办发〔2026〕", "令第 ", "国和", "1"])
def test_ten_times_the_text_is_no_hundred_times_the_work(piece: str) -> None:
    short, long = (piece * (length // len(piece)) + "号" for length in (200, 2000))
    assert _seconds(long) <= 40 * _seconds(short)
