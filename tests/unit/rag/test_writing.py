"""Answers sentence by sentence, from the extractive composer and from one that states false figures."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import islice

import pytest
from asked import QUESTIONS
from assembled import assistant_over, five, written

from corpus.model import Document, Kind, Span, Status
from corpus.notation.figures import Figure, FigureKind, figures
from index.model import Embedder
from rag.answer.content.plan import Plan, Quoted
from rag.answer.stream import Decided, Done, Part
from rag.answer.wording.composer import ExtractiveComposer
from rag.answer.wording.surrounding_text import Frame
from rag.answer.wording.writing import Composer, Writer
from rag.assistant import Assistant
from rag.model import Answer, Citation, Language, Marked, Outcome, Question, Reason, Refusal, Sentence
from rag.numbers.number_guard import figures_of_piece

_ASKED = "湖南首次获批的创新药奖多少钱？"


class Telling:
    """Writes `before` and a quote for each quoted clause, then `after` in one more sentence."""

    name = "telling"
    fingerprint = "telling:1"

    def __init__(self, *, before: str = "", after: str = "", quotes: bool = True) -> None:
        self._before, self._after, self._quotes = before, after, quotes

    def with_statuses(self, statuses: Mapping[str, Status]) -> Composer:
        return self

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


_QUOTED = written("quoted", "浙江省关于促进消费的意见\n一、鼓励消费。\n")
_NAMED = written("named", "关于发放5000万元消费券的通知\n一、发放消费券。\n")
_STATUSES = {"quoted": Status.DRAFT, "named": Status.IN_FORCE}


def _first_clause(document: Document) -> Quoted:
    clause = next(clause for clause in document.clauses if clause.path == ("一、",))
    return Quoted(document, clause, (clause.span,))


def _composed(plan: Plan, composer: Composer) -> tuple[list[Sentence], Answer | None]:
    """Returns the sentences that are sent for a plan, and the answer."""
    writer = Writer(composer=composer, frame=Frame(statuses=_STATUSES))
    work = writer.write(
        plan, question="", language=Language.CHINESE, passages=(), confidence=1.0, rewritten=""
    )
    sentences: list[Sentence] = []
    while True:
        try:
            sentences.append(next(work))
        except StopIteration as end:
            return sentences, end.value


def test_a_line_after_the_body_that_fails_is_left_out_alone(caplog: pytest.LogCaptureFixture) -> None:
    """A paper whose title no clause contains cannot be cited for the amount in it."""
    headless = replace(_NAMED, clauses=tuple(c for c in _NAMED.clauses if c.kind is not Kind.HEAD))
    plan = Plan(Outcome.ANSWERED, (_first_clause(_QUOTED),), in_force=(headless,), lacking=("北京",))
    with caplog.at_level(logging.ERROR, logger="zhengwen.answer"):
        sentences, answer = _composed(plan, ExtractiveComposer(statuses=_STATUSES))
    assert answer is not None
    assert answer.outcome is Outcome.PARTIAL
    assert "".join(sentence.text for sentence in sentences) == answer.text
    assert "5000万元" not in answer.text
    assert "北京：没有收录适用的文件。" in answer.text
    assert "为征求意见稿" in answer.text
    assert "5000万元" in caplog.text


def test_a_lead_that_fails_is_no_answer() -> None:
    plan = Plan(Outcome.ANSWERED, (_first_clause(_QUOTED),), lead="奖励8888万元。")
    assert _composed(plan, ExtractiveComposer(statuses=_STATUSES)) == ([], None)


def test_what_a_lead_rests_on_is_cited_even_if_the_body_does_not_quote_it() -> None:
    class First(ExtractiveComposer):
        def sentences(self, plan: Plan, *, question: str, language: Language) -> Iterator[Sentence]:
            yield from islice(super().sentences(plan, question=question, language=language), 1)

    lead = "见《关于发放5000万元消费券的通知》。"
    plan = Plan(Outcome.ANSWERED, (_first_clause(_QUOTED), _first_clause(_NAMED)), lead=lead)
    _, answer = _composed(plan, First(statuses=_STATUSES))
    assert answer is not None
    assert [marked.citation.document.id for marked in answer.citations] == ["quoted", "named"]
    assert answer.citations[1].answer_span is None


@pytest.mark.parametrize(("regions", "named", "more"), [(40, 40, False), (41, 40, True)])
def test_a_refusal_names_the_first_of_many_regions(regions: int, named: int, more: bool) -> None:
    refusal = Frame(statuses={}).refusal(
        Reason.CHITCHAT,
        language=Language.CHINESE,
        passages=(),
        nearest=(),
        confidence=0.0,
        rewritten="",
        regions=[f"甲{number}乙" for number in range(regions)],
    )
    assert refusal.text.count("甲") == named
    assert ("甲39乙…" in refusal.text) is more


def test_the_figures_of_a_text_are_read_once_for_all_its_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def counted(text: str, *, kinds: Collection[FigureKind]) -> list[Figure]:
        read.append(text)
        return figures(text, kinds=kinds)

    monkeypatch.setattr("rag.numbers.number_guard.figures", counted)
    figures_of_piece.cache_clear()
    plan = Plan(Outcome.ANSWERED, (_first_clause(_NAMED),))
    _, answer = _composed(plan, ExtractiveComposer(statuses=_STATUSES))
    assert answer is not None
    assert "".join(read)
    assert len(read) == len(set(read))


def test_what_a_text_rests_on_stays_in_order() -> None:
    cited = [
        Citation.of(document, clause, clause.span, status=Status.IN_FORCE)
        for document in five()
        for clause in document.clauses[:4]
    ]
    first, second = (Sentence("", rests_on=tuple(some)) for some in (cited[8:], cited[:12]))
    assert list(first.followed_by(second).rests_on) == [*cited[8:], *cited[:8]]
