"""The constructors enforce the promises of the product."""

from __future__ import annotations

import pytest
from assembled import clause_named, five, paper
from hypothesis import assume, given
from hypothesis import strategies as st

from corpus.model import Clause, Document, Span, Status
from rag.errors import QuoteNotInSource, Uncited, UngroundedFigure
from rag.model import Answer, Citation, Language, Marked, Outcome, Reason, Refusal
from rag.numbers.number_guard import ungrounded

_CLAUSES = [(document, clause) for document in five() for clause in document.clauses]
_HUNAN = paper("hunan")
_REWARD = clause_named(_HUNAN, "一、（四）")  # 不超过500万元、100万元、50万元

_clauses = st.sampled_from(_CLAUSES)


def _cited(document: Document, clause: Clause, words: str) -> Citation:
    return Citation.quote(document, clause, words, status=Status.IN_FORCE)


def _answer(text: str, *marked: Marked) -> Answer:
    return Answer(
        text=text,
        citations=marked,
        outcome=Outcome.ANSWERED,
        language=Language.CHINESE,
        passages=(),
        confidence=1.0,
    )


def _stating(words: str) -> Answer:
    """Returns an answer that states `words` and cites the clause on rewards."""
    return _answer(words, Marked(_cited(_HUNAN, _REWARD, "不超过500万元、100万元、50万元一次性奖补")))


@given(_clauses, st.data())
def test_offsets_inside_the_clause_quote_its_words(
    place: tuple[Document, Clause], data: st.DataObject
) -> None:
    document, clause = place
    start = data.draw(st.integers(clause.start, clause.tree_end - 1))
    end = data.draw(st.integers(start + 1, clause.tree_end))
    citation = Citation.of(document, clause, Span(start, end), status=Status.IN_FORCE)
    assert citation.words == document.text[start:end]
    assert _cited(document, clause, citation.words).words == citation.words


@given(_clauses, st.data())
def test_offsets_that_leave_the_clause_are_no_citation(
    place: tuple[Document, Clause], data: st.DataObject
) -> None:
    document, clause = place
    start = data.draw(st.integers(0, len(document.text)))
    end = data.draw(st.integers(start, len(document.text) + 5))
    assume(not clause.start <= start < end <= clause.tree_end)
    with pytest.raises(QuoteNotInSource):
        Citation.of(document, clause, Span(start, end), status=Status.IN_FORCE)


@given(_clauses, st.text(min_size=1))
def test_words_are_quoted_from_the_clause_or_not_at_all(place: tuple[Document, Clause], words: str) -> None:
    document, clause = place
    if words in document.text[clause.start : clause.tree_end]:
        assert _cited(document, clause, words).words == words
    else:
        with pytest.raises(QuoteNotInSource):
            _cited(document, clause, words)


@pytest.mark.parametrize("words", ["", "不超过600万元", "发展改革委员会第七百次会议"])
def test_words_of_another_place_are_no_quote(words: str) -> None:
    with pytest.raises(QuoteNotInSource):
        _cited(_HUNAN, _REWARD, words)


def test_a_clause_of_another_paper_is_no_source() -> None:
    with pytest.raises(QuoteNotInSource):
        Citation.of(paper("hubei"), _REWARD, _REWARD.span, status=Status.IN_FORCE)


def test_an_answer_needs_a_citation() -> None:
    with pytest.raises(Uncited):
        _answer("不超过500万元")


def test_a_marked_place_contains_the_words() -> None:
    citation = _cited(_HUNAN, _REWARD, "一次性奖补")
    text = "原文：“一次性奖补”。"
    assert _answer(text, Marked(citation, Span(4, 9))).text == text


@given(st.integers(0, 12), st.integers(0, 12))
def test_a_marked_place_with_other_words_is_refused(start: int, length: int) -> None:
    citation = _cited(_HUNAN, _REWARD, "一次性奖补")
    assume((start, length) != (4, 5))
    with pytest.raises(QuoteNotInSource):
        _answer("原文：“一次性奖补”。", Marked(citation, Span(start, start + length)))


@pytest.mark.parametrize(
    "stated",
    [
        "500万元",
        "500 万元",
        "５００万元",
        "五百万元",
        "5,000,000元",
        "5000000元",
        "0.05亿元",
        "一百万元",
        "50万",
        "五十万元",
        "湘政办发〔2026〕15号",
        "湘政办发[2026]15号",
        "湘政办发（2026）第15号",
        "没有数字",
    ],
)
def test_a_figure_that_is_cited_may_be_said_in_any_notation(stated: str) -> None:
    assert _stating(stated).text == stated


@pytest.mark.parametrize(
    "stated",
    [
        "501万元",
        "５０１万元",
        "五百零一万元",
        "六百万元",
        "5,000,001元",
        "500亿元",
        "500元",
        "二千万",
        "1.5亿",
        "20%",
        "20％",
        "百分之二十",
        "2026年2月14日",
        "2026-02-14",
        "2027年",
        "湘政办发〔2026〕16号",
        "国办发〔2024〕53号",
        "奖补500万元，其中三成为首付，另有30%",
    ],
)
def test_a_figure_that_is_not_cited_is_refused(stated: str) -> None:
    with pytest.raises(UngroundedFigure):
        _stating(stated)


def test_the_guard_names_what_is_loose() -> None:
    assert ungrounded("先给500万元，再给700万元，合计20%", [(_HUNAN, _REWARD)]) == ["700万元", "20%"]


@given(_clauses)
def test_a_clause_guards_its_own_figures(place: tuple[Document, Clause]) -> None:
    document, clause = place
    assert ungrounded(document.text[clause.start : clause.tree_end], [place]) == []


@given(st.text(), _clauses)
def test_the_guard_takes_any_text(text: str, place: tuple[Document, Clause]) -> None:
    assert all(words in text for words in ungrounded(text, [place]))


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [(Reason.CHITCHAT, Outcome.CHITCHAT), (Reason.EMPTY, Outcome.CHITCHAT)]
    + [(r, Outcome.REFUSED) for r in Reason if r not in (Reason.CHITCHAT, Reason.EMPTY)],
)
def test_a_refusal_says_what_kind_it_is(reason: Reason, outcome: Outcome) -> None:
    refusal = Refusal("…", reason, Language.CHINESE, nearest=(), passages=(), confidence=0.0)
    assert refusal.outcome is outcome
