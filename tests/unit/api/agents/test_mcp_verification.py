"""A citation is checked to the character, and what is wrong with it is said."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_paper import ORIGINAL, OnePaper
from pydantic import ValidationError

from api.agents.checking import verify
from api.agents.lookup import NoSuchClause, NoSuchPaper, clause_named, paper_named
from api.agents.tool_schemas import MAX_QUOTE, Verification, Verify
from api.agents.tools import TOOLS
from api.agents.verification import closest, likeness
from corpus.model import Clause, Document, Span

_QUOTE = "对首次获批的新药，奖补500万元。"
_DESK: Any = OnePaper()
_PAPER = _DESK.paper


def _verify(quote: str, *, document: str = "qing", label: str = "（一）", base: str = "") -> Verification:
    return verify(_DESK, document, label, quote, base=base)


def test_a_verbatim_quote_is_verified_with_its_place_and_status() -> None:
    found = _verify(_QUOTE, base="https://ask.example.gov.cn")
    assert found.verified
    assert found.reason == "verbatim"
    assert found.place is not None
    assert ORIGINAL[found.place.start : found.place.end] == found.place.quote == _QUOTE
    assert found.place.permalink.startswith("https://ask.example.gov.cn/d/qing/")
    assert found.place.status == "draft"
    assert found.warnings == ["draft"]
    assert "征求意见稿" in found.explanation


@pytest.mark.parametrize(
    "document", ["qing", "青政办发〔2024〕3号", "青政办发[2024]3号", _PAPER.head.title.value]
)
@pytest.mark.parametrize("label", ["（一）", "(一)", "一、/（一）", "一、（一）", "第（一）条", " （一） "])
def test_paper_and_clause_go_by_several_names(document: str, label: str) -> None:
    assert _verify(_QUOTE, document=document, label=label).verified


def test_a_chapter_holds_what_the_clauses_below_it_say() -> None:
    assert _verify("奖补20万元", label="一、").verified


@pytest.mark.parametrize(
    ("quote", "differences"),
    [
        ("对首次获批的新药， 奖补 500 万元。", ["whitespace"]),
        ("对首次获批的\n新药，奖补500万元。", ["whitespace"]),
        ("對首次獲批的新藥，獎補500萬元。", ["traditional_characters"]),
        ("对首次获批的新药,奖补５００万元。", ["full_width_or_case"]),
        ("“对首次获批的新药，奖补500万元。”", ["punctuation"]),
        ("奖补五百万元", ["numerals"]),
        ("對首次獲批的新藥，獎補 500 萬元。", ["whitespace", "traditional_characters"]),
    ],
)
def test_the_same_words_written_otherwise_are_not_verified_but_shown(
    quote: str, differences: list[str]
) -> None:
    found = _verify(quote)
    assert not found.verified
    assert found.reason == "differs_in_form"
    assert [str(difference) for difference in found.differences] == differences
    assert found.place is not None
    assert ORIGINAL[found.place.start : found.place.end] == found.place.quote
    assert found.place.quote in found.explanation
    assert _verify(found.place.quote).verified


def test_words_of_another_clause_are_told_where_they_stand() -> None:
    found = _verify("奖补20万元", label="（一）")
    assert (found.verified, found.reason, found.place) == (False, "elsewhere", None)
    assert [place.label for place in found.elsewhere] == ["（二）"]
    assert "（二）" in found.explanation


def test_words_over_the_border_of_clauses_stand_in_none() -> None:
    found = _verify("（省科技厅牵头）\n（二）扩产", label="（一）")
    assert not found.verified
    assert found.reason == "elsewhere"
    assert [place.label for place in found.elsewhere] == ["一、"]
    across = _verify("奖补20万元。\n本通知", label="（一）")
    assert across.elsewhere == []
    assert "across several clauses" in across.explanation


def test_a_changed_figure_is_not_found_and_the_true_sentence_is_shown() -> None:
    found = _verify("对首次获批的新药，奖补600万元。")
    assert (found.verified, found.reason, found.place, found.elsewhere) == (False, "not_found", None, [])
    assert found.closest == _QUOTE
    assert _QUOTE in found.explanation


def test_an_unknown_paper_or_clause_is_said_as_such() -> None:
    paper = _verify(_QUOTE, document="gansu")
    assert (paper.verified, paper.reason) == (False, "unknown_document")
    assert [place.label for place in paper.elsewhere] == ["（一）"]
    clause = _verify(_QUOTE, label="（九）")
    assert (clause.verified, clause.reason) == (False, "unknown_clause")
    assert "（一）" in clause.explanation
    assert [place.label for place in clause.elsewhere] == ["（一）"]
    assert _verify("没有的话", document="gansu").elsewhere == []


@pytest.mark.parametrize("quote", ["", " \n", "，。", "”"])
def test_a_quote_without_words_is_not_verified(quote: str) -> None:
    found = _verify(quote)
    assert (found.verified, found.reason) == (False, "empty_quote")


@given(st.integers(0, len(ORIGINAL)), st.integers(0, len(ORIGINAL)), st.sampled_from(_PAPER.clauses))
def test_what_is_verified_stands_in_the_clause_and_nothing_else_is(a: int, b: int, clause: Any) -> None:
    start, end = sorted((a, b))
    quote = ORIGINAL[start:end]
    found = _verify(quote, label=clause.id)
    stands = any(map(str.isalnum, quote)) and quote in ORIGINAL[clause.start : clause.tree_end]
    assert found.verified == stands
    if found.place is not None:
        assert clause.start <= found.place.start < found.place.end <= clause.tree_end
        assert ORIGINAL[found.place.start : found.place.end] == found.place.quote
        assert (found.place.quote == quote) == found.verified


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_nothing_that_is_sent_raises(quote: str, document: str, label: str) -> None:
    own = _PAPER.text_of(_PAPER.clauses[2])
    assert _verify(quote).verified == (any(map(str.isalnum, quote)) and quote in own)
    assert not _verify(quote, document=document or "x", label=label or "x").verified


def test_a_paper_is_found_by_the_short_name_that_answers_give_it() -> None:
    assert paper_named(_DESK, "《青海关于支持[b]新药[/b]的通知》") is _PAPER


def test_lookup_says_what_there_is() -> None:
    with pytest.raises(NoSuchPaper, match="list_documents"):
        paper_named(_DESK, "gansu")
    with pytest.raises(NoSuchClause, match="标题 一、 （一） （二） 附则"):
        clause_named(_PAPER, "（九）")


def _of_one_clause(text: str) -> tuple[Document, Clause]:
    """A paper that is one long clause."""
    clause = replace(_PAPER.clauses[4], start=0, end=len(text), tree_end=len(text), body_start=0)
    return replace(_PAPER, text=text, clauses=(clause,)), clause


def _words(length: int, *, seed: int) -> str:
    return "".join(random.Random(seed).choices("对首次获批的新药奖补企业单位项目支持", k=length))


def test_the_sentence_most_like_a_quote_is_sought_among_short_ones() -> None:
    short, long = _words(40, seed=1), _words(4_000, seed=2)
    paper, clause = _of_one_clause(f"{short}。\n{long}。")
    assert closest(paper, clause, short[:20] + "X" + short[21:]) == f"{short}。"
    assert closest(paper, clause, long[:2_500] + "X" + long[2_501:]) == ""


def test_how_a_long_quote_is_written_otherwise_is_still_told() -> None:
    text = "\n".join(f"对第{number}类的新药，奖补{number}万元。" for number in range(1, 250))
    paper, clause = _of_one_clause(text)
    alike = likeness(paper, clause, text.replace("万元", " 萬元"))
    assert alike is not None
    assert alike.span == Span(0, len(text))
    assert [str(difference) for difference in alike.differences] == ["whitespace", "traditional_characters"]


def test_a_quote_of_pages_is_refused_with_what_to_do() -> None:
    arguments = {"document": "qing", "label": "（一）"}
    Verify.model_validate(arguments | {"quote": "长" * MAX_QUOTE})
    with pytest.raises(ValidationError, match="Check it in parts"):
        Verify.model_validate(arguments | {"quote": "长" * (MAX_QUOTE + 1)})


def test_what_compares_waits_for_its_turn() -> None:
    heavy = {tool.name for tool in TOOLS if tool.heavy}
    assert heavy == {"ask", "match", "search_clauses", "verify_citation"}
