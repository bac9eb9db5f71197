"""Phrase tables: syntax, matches, and errors for invalid lines."""

from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import BadTable
from corpus.model import Span
from corpus.notation.phrase_table import PhraseTable
from corpus.text.stated_fields import fields_by_key


def _table(*lines: str, **slots: str) -> PhraseTable:
    return PhraseTable.parse("\n".join(lines), place="test.tsv", slots=slots)


@pytest.mark.parametrize(
    ("phrase", "found", "not_found"),
    [
        ("打印[本页/此页]", ["打印", "打印本页", "请打印此页"], ["印本页"]),
        ("{打印/关闭}窗口", ["打印窗口", "关闭窗口"], ["窗口", "打印"]),
        ("补贴…多少", ["补贴多少", "补贴一般是多少"], ["补贴。多少", "补贴" + "字" * 13 + "多少"]),
        ("补贴……多少", ["补贴" + "字" * 40 + "多少"], ["补贴" + "字" * 41 + "多少"]),
        ("第{n}条", ["第12条", "第１２条", "第十二条"], ["第条", "第某条"]),
        ("补{…3}多少", ["补多少", "补一二三多少"], ["补一二三四多少", "补，多少"]),
        ("{han}资金", ["省资金"], ["A资金", "资金"]),
        ("省{name}厅", ["省科技厅"], ["省厅", "省一二三四五六七八九厅"]),
        ("how many {word} yuan", ["How many million yuan"], ["how many yuan", "how many 3 yuan"]),
        ("文{end}", ["这个文，何时", "发文", "文 号"], ["文化"]),
        ("好{marks}$", ["好", "好！！", "好 。"], ["好的"]),
        ("回答{quoted}", ["回答“可以”", '回答"可以"'], ["回答可以"]),
        ("{serial}文", ["〔2026〕15号文", "(2026)15号文"], ["15号文"]),
        ("{AI/人工}客服", ["AI客服", "人工客服"], ["XAI客服"]),
        ("{date}前", ["2026年前", "2026年2月14日前"], ["今年前"]),
        ("{region}的", ["益阳市的", "湖南省的"], ["市的"]),
        ("来源：", ["来源：", "来源:"], ["来源"]),
        ("how much", ["How  much?", "补贴how much"], ["howmuch", "how muchness", "show much"]),
        ("{cap/ceiling}", ["the cap", "补贴ceiling"], ["capital", "recap"]),
        ("^你好$", ["你好"], ["你好吗", "说你好"]),
        (r"\[打印\]", ["[打印]"], ["打印"]),
    ],
)
def test_a_phrase_finds_what_it_says(phrase: str, found: list[str], not_found: list[str]) -> None:
    table = _table(f"sense\t{phrase}\t{'|'.join(found)}\t{'|'.join(not_found)}")
    assert table.mistakes() == []
    assert all(table.has("sense", text) for text in found)
    assert not any(table.has("sense", text) for text in not_found)


def test_matches_gives_the_places_of_each_sense() -> None:
    table = _table("money\t多少钱\t-\t-", "money\t钱\t-\t-", "date\t何时\t-\t-", "person\t谁\t-\t-")
    assert table.matches("何时给多少钱") == {"date": (Span(0, 2),), "money": (Span(3, 6),)}
    assert table.senses == ("money", "date", "person")


def test_an_exception_covers_the_phrases_inside_it() -> None:
    table = _table("listing\t上市\t公司上市\t-", "listing\t!上市许可\t上市许可持有人\t上市许可之外的上市")
    assert table.mistakes() == []
    assert table.spans("listing", "上市许可与上市") == (Span(5, 7),)


def test_exceptions_may_overlap() -> None:
    """不超 covers 不, and 超过 covers 过, though both contain 超."""
    table = _table("p\t不\t-\t-", "p\t过\t-\t-", "p\t!不超\t-\t-", "p\t!超过\t-\t-")
    assert table.mistakes() == []
    assert table.spans("p", "不超过三天不说过") == (Span(5, 6), Span(7, 8))


def test_a_phrase_names_a_sense_above_it() -> None:
    table = _table("paper\t文件\t-\t-", "paper\t方案\t-\t-", "title\t{paper}叫什么\t方案叫什么\t药品叫什么")
    assert table.mistakes() == []
    with pytest.raises(BadTable, match=r"line 1 of test\.tsv"):
        _table("title\t{paper}叫什么\t方案叫什么\t-", "paper\t方案\t-\t-")


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("p\t{那/那么/还有/然后/和/的/在}\t那\t-", "p\t{这边/那边}\t那边\t-"), "那边"),
        (("p\t{浏览/点击}[次数/量]\t浏览量\t-", "p\t浏览字号\t-\t-"), "浏览字号"),
        (("p\t提[到/及]\t提到\t-", "p\t提了\t-\t-"), "提了"),
    ],
)
def test_the_longer_of_two_phrases_at_one_place_is_found(lines: tuple[str, ...], text: str) -> None:
    table = _table(*lines)
    assert table.mistakes() == []
    assert table.spans("p", text) == (Span(0, len(text)),)


def test_a_phrase_that_a_shorter_one_hides_is_a_mistake() -> None:
    table = _table("p\t那{…3}的\t那个的\t-", "p\t那边的厅\t-\t-")
    assert table.mistakes() == [
        "line 2 of test.tsv: a shorter phrase finds only '那边的' of '那边的厅' in the example '那边的厅'"
    ]


def test_without_leaves_a_blank_for_each_phrase() -> None:
    table = _table("stop\t请问\t-\t-", "stop\tthe\t-\t-", "stop\t!请问题\t申请问题\t-")
    assert table.without("stop", "请问，申请问题 The rate") == " ，申请问题   rate"
    assert table.without("stop", "费率") == "费率"


@given(st.text(alphabet="不超过可能才 aA，", max_size=60))
def test_spans_are_in_order_apart_and_outside_exceptions(text: str) -> None:
    table = _table(
        "p\t不\t-\t-", "p\t可[能]\t可能\t-", "p\ta\t-\t-", "p\t!不超\t-\t-", "p\t!超过{…2}不\t超过不\t-"
    )
    spans = table.spans("p", text)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert not any(text[span.start : span.end + 1] == "不超" for span in spans)
    assert table.has("p", text) is bool(spans)
    assert table.without("p", text).count("不超") == text.count("不超")


def test_lines_for_names_the_lines_that_give_a_sense() -> None:
    table = _table("money\t多少钱\t-\t-", "money\t钱\t-\t-", "money\t!钱包\t-\t-", "date\t何时\t-\t-")
    assert [phrase.written for phrase in table.lines_for("money", "多少钱")] == ["多少钱", "钱"]
    assert table.lines_for("money", "钱包") == table.lines_for("date", "多少钱") == ()


def test_a_caller_adds_slots_of_its_own_grammar() -> None:
    assert _table("cites\t依据{paper}\t依据《办法》\t依据办法", paper="《[^》]{1,80}》").mistakes() == []


def test_mistakes_name_line_and_text() -> None:
    table = _table("# two wrong lines", "money\t多少钱\t几元\t-", "date\t何时\t何时\t何时来")
    first, second = table.mistakes()
    assert first.startswith("line 2 of test.tsv: '多少钱' is not found in its example '几元'")
    assert second.startswith("line 3 of test.tsv: the counter-example '何时来'")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("money\t多少钱\t-", "3 columns instead of 4"),
        ("钱\t多少钱\t-\t-", "not a lower-case word"),
        ("money\t\t-\t-", "is empty"),
        ("money\t{unknown}元\t3元\t-", "{unknown} is not one of date, day, end, han"),
        ("money\t多少[钱\t-\t-", "unmatched bracket"),
        ("money\t[多/]少\t少\t-", "empty choice"),
        ("money\t{多/几}少\t-\t-", "needs an example"),
        ("money\t多少\t多少||几多\t-", "empty example"),
        ("money\t…a…b…c…d\t-\t-", "more than 3 gaps"),
    ],
)
def test_a_wrong_line_is_named(line: str, reason: str) -> None:
    with pytest.raises(BadTable) as caught:
        _table("money\t几元\t-\t-", line)
    assert str(caught.value).startswith("line 2 of test.tsv: ")
    assert reason in str(caught.value)


def test_a_phrase_written_twice_is_named() -> None:
    with pytest.raises(BadTable, match=r"line 2 of test\.tsv: '多少钱' is on line 1 too"):
        _table("money\t多少钱\t-\t-", "money\t多少钱\t-\t-")


def test_a_sense_continued_after_another_is_named() -> None:
    # {paper} in the second line would not have meant the third.
    with pytest.raises(BadTable, match=r"line 3 of test\.tsv: the sense 'paper' was ended"):
        _table("paper\t文件\t-\t-", "title\t{paper}名\t文件名\t-", "paper\t方案\t-\t-")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("number\t[发文]字号\t字号\t-", "'[发文]字号' is not plain words"),
        ("number\t!字号\t字号\t-", "'字号' is not plain words"),
        ("maker\t作者\t-\t-", "'maker' is not one of title, number,"),
    ],
)
def test_a_stated_field_in_another_syntax_or_sense_is_named(line: str, reason: str) -> None:
    with pytest.raises(BadTable) as caught:
        fields_by_key(_table("title\t标题\t-\t-", line))
    assert str(caught.value).startswith("line 2 of test.tsv: ")
    assert reason in str(caught.value)


_NO_PHRASES = ("divisions.tsv", "radicals.tsv")  # of other forms: corpus/data/SOURCE.md
_TABLES = sorted(
    file.name for file in files("corpus").joinpath("data").iterdir() if file.name.endswith(".tsv")
)


@pytest.mark.parametrize("name", [name for name in _TABLES if name not in _NO_PHRASES])
def test_the_tables_of_corpus_agree_with_their_examples(name: str) -> None:
    table = PhraseTable.read("corpus", name)
    assert table.phrases
    assert table.mistakes() == []
