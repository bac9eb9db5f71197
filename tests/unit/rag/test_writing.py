"""Answers sentence by sentence, from the extractive composer and from one that states false figures."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from asked import QUESTIONS
from assembled import assistant_over, five

from corpus.model import Span, Status
from index.model import Embedder
from rag.answer.plan import Plan
from rag.answer.stream import Decided, Done, Part
from rag.assistant import Assistant
from rag.model import Answer, Citation, Language, Marked, Outcome, Question, Refusal, Sentence

_ASKED = "湖南首次获批的创新药奖多少钱？"


class Telling:
    """Writes `before` and a quote for each quoted clause, then `after` in one more sentence."""

    name = "telling"
    fingerprint = "telling:1"

    def __init__(self, *, before: str = "", after: str = "", quotes: bool = True) -> None:
        self._before, self._after, self._quotes = before, after, quotes

    def sentences(self, plan: Plan, *, question: str, language: Language) -> Iterator[Sentence]:
        if self._before:
            yield Sentence(self._before)
        for quoted in plan.quoted if self._quotes else ():
            citation = Citation.of(quoted.document, quoted.clause, quoted.spans[0], status=Status.IN_FORCE)
            words = citation.words
            yield Sentence(f"文件写明：{words}", (Marked(citation, Span(5, 5 + len(words))),))
        if self._after:
            yield Sentence(self._after)
            yield Sentence("后面的话。")


def _asked(assistant: Assistant) -> tuple[list[Sentence], Answer | Refusal]:
    events = list(assistant.stream(Question(_ASKED)))
    (decided,) = [event for event in events if isinstance(event, Decided)]
    sentences = [event for event in events if isinstance(event, Sentence)]
    assert "".join(e.text for e in events if isinstance(e, Part)) == decided.reply.result.text
    assert isinstance(events[-1], Done)
    return sentences, decided.reply.result


@pytest.mark.parametrize("question", QUESTIONS[::9])
def test_sentences_joined_are_the_answer(assistant: Assistant, question: str) -> None:
    events = list(assistant.stream(Question(question)))
    sentences = [event for event in events if isinstance(event, Sentence)]
    (result,) = [event.reply.result for event in events if isinstance(event, Decided)]
    if isinstance(result, Refusal):
        assert sentences == []
    else:
        assert "".join(sentence.text for sentence in sentences) == result.text
        cited = [marked.citation for sentence in sentences for marked in sentence.citations]
        assert cited == [marked.citation for marked in result.citations]


def test_the_decision_comes_after_the_last_sentence(assistant: Assistant) -> None:
    kinds = [type(event) for event in assistant.stream(Question(_ASKED))]
    assert Sentence in kinds
    assert kinds.index(Decided) > max(i for i, kind in enumerate(kinds) if kind is Sentence)


def test_another_composer_writes_the_body(tiny_embedder: Embedder) -> None:
    assistant = assistant_over(five(), tiny_embedder, composer=Telling(before="查到了。"))
    sentences, result = _asked(assistant)
    assert sentences[0].text == "查到了。"
    assert isinstance(result, Answer)
    assert result.outcome is Outcome.ANSWERED
    assert result.text.startswith("查到了。文件写明：")
    assert (assistant.info().composer, assistant.info().composer_fingerprint) == ("telling", "telling:1")


@pytest.mark.parametrize(
    "after", ["可获奖励8888万元。", "截至2031年5月7日有效。", "见湘政办发〔2031〕99号。"]
)
def test_a_sentence_that_fails_its_check_never_leaves(
    tiny_embedder: Embedder, caplog: pytest.LogCaptureFixture, after: str
) -> None:
    assistant = assistant_over(five(), tiny_embedder, composer=Telling(after=after))
    with caplog.at_level(logging.ERROR, logger="zhengwen.answer"):
        sentences, result = _asked(assistant)
    assert isinstance(result, Answer)
    assert result.outcome is Outcome.PARTIAL
    assert sentences
    assert "".join(sentence.text for sentence in sentences) == result.text
    assert after not in result.text
    assert "后面的话" not in result.text
    assert "'telling'" in caplog.text


def test_a_figure_cut_over_two_sentences_is_found(tiny_embedder: Embedder) -> None:
    """ "奖励9" and "千亿元" state nothing alone and an amount together."""

    class Cutting(Telling):
        def sentences(self, plan: Plan, *, question: str, language: Language) -> Iterator[Sentence]:
            yield from super().sentences(plan, question=question, language=language)
            yield Sentence("奖励88")
            yield Sentence("88万元。")

    sentences, result = _asked(assistant_over(five(), tiny_embedder, composer=Cutting()))
    assert "8888万元" not in result.text
    assert sentences[-1].text == "奖励88"


def test_nothing_leaves_before_something_is_cited(tiny_embedder: Embedder) -> None:
    uncited = Telling(before="当然可以，", quotes=False)
    sentences, result = _asked(assistant_over(five(), tiny_embedder, composer=uncited))
    assert sentences == []
    assert isinstance(result, Refusal)
    assert result.nearest
