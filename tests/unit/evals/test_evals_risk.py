from collections.abc import Callable

import pytest
from evals_catalogue import Papers
from hypothesis import given
from hypothesis import strategies as st

from evals.measures.risk import risk_coverage, selective
from evals.model import Case, Expect, Item, Report
from evals.run.runner import evaluate
from rag.model import Outcome, Question, Reason, Reply

POINTS = st.lists(st.tuples(st.sampled_from([0.1, 0.3, 0.5, 0.9]), st.booleans()), min_size=1, max_size=20)


def test_a_curve_by_hand() -> None:
    found = risk_coverage([(0.9, True), (0.8, False), (0.7, True), (0.6, True)])
    assert found.threshold == (0.9, 0.8, 0.7, 0.6)
    assert found.coverage == (0.25, 0.5, 0.75, 1.0)
    assert found.risk == pytest.approx((0.0, 1 / 2, 1 / 3, 1 / 4))
    assert found.area == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 4) / 4)


def test_errors_spread_evenly_over_answers_that_are_equally_sure() -> None:
    found = risk_coverage([(0.9, True), (0.5, False), (0.5, True)])
    assert found.threshold == (0.9, 0.5)
    assert found.coverage == pytest.approx((1 / 3, 1.0))
    assert found.risk == pytest.approx((0.0, 1 / 3))
    assert found.area == pytest.approx((0 + 0.5 / 2 + 1 / 3) / 3)


@given(POINTS, st.randoms())
def test_the_order_of_the_questions_says_nothing(points: list[tuple[float, bool]], random: object) -> None:
    shuffled = list(points)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found, other = risk_coverage(points), risk_coverage(shuffled)
    assert found.threshold == other.threshold
    assert found.risk == pytest.approx(other.risk)
    assert found.area == pytest.approx(other.area)


@given(POINTS)
def test_a_curve_ends_with_every_question_and_the_share_of_errors(points: list[tuple[float, bool]]) -> None:
    found = risk_coverage(points)
    assert list(found.threshold) == sorted({confidence for confidence, _ in points}, reverse=True)
    assert found.coverage[-1] == 1.0
    assert found.risk[-1] == pytest.approx(sum(not right for _, right in points) / len(points))
    assert 0.0 <= found.area <= 1.0


def test_to_be_sure_of_what_is_right_makes_the_area_small() -> None:
    knows = risk_coverage([(0.9, True)] * 8 + [(0.1, False)] * 2)
    does_not = risk_coverage([(0.1, True)] * 8 + [(0.9, False)] * 2)
    assert knows.area < risk_coverage([(0.5, True)] * 8 + [(0.5, False)] * 2).area < does_not.area


def test_nothing_has_no_curve() -> None:
    with pytest.raises(ValueError, match="at least one question"):
        risk_coverage([])
    assert selective(Report(())) is None


def test_the_operating_point_is_where_the_answers_end(item: Callable[..., Item], papers: Papers) -> None:
    """One right answer, one wrong, one false refusal, two questions to refuse of which one is refused."""
    refuse = Item("？", "missing_fact", "", Expect.REFUSE)
    cases = [Case(str(n), "s", (it,)) for n, it in enumerate([item(), item(), item(), refuse, refuse])]
    right = papers.answer(papers.cite("province", "（一）", "每年一次性奖补500万元"))
    wrong = papers.answer(papers.cite("province", "（二）", "支持医疗机构"))
    replies = iter([right, wrong, papers.refusal(), papers.refusal(), right])

    def ask(question: Question) -> Reply:
        return next(replies)

    found = selective(evaluate(cases, ask, documents=papers.documents))
    assert found is not None
    assert found.questions == 5
    assert found.operating == pytest.approx((3 / 5, 2 / 3))
    # All answers have confidence 1, both refusals 0, which is -1 below any answer.
    assert found.curve.threshold == (1.0, -1.0)
    assert found.curve.risk == pytest.approx((2 / 3, 4 / 5))
    assert found.interval.low <= found.curve.area <= found.interval.high


def test_small_talk_is_no_risk_and_a_correction_can_be_right(
    item: Callable[..., Item], papers: Papers
) -> None:
    cases = [
        Case("c", "s", (item(expect=Expect.CORRECT),)),
        Case("t", "s", (Item("你好", "smalltalk", "", Expect.SMALLTALK),)),
    ]
    cited = papers.cite("province", "（一）", "每年一次性奖补500万元")
    replies = iter([papers.answer(cited, outcome=Outcome.CORRECTED), papers.refusal(Reason.CHITCHAT)])
    found = selective(evaluate(cases, lambda question: next(replies), documents=papers.documents))
    assert found is not None
    assert (found.questions, found.operating) == (1, (1.0, 0.0))
