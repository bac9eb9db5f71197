import pytest

from evals.compare.paired import Comparison, Row, compare
from evals.compare.saved import SavedQuestion, SavedRun, SavedSet
from evals.errors import NothingShared
from evals.model import Expect, Provenance
from evals.report.markdown import compared, comparison_as_markdown
from evals.report.wording import ReportLanguage, wording_in

EN = ReportLanguage.ENGLISH


def question(number: int, *, milliseconds: float = 10.0, **keys: object) -> SavedQuestion:
    made: dict[str, object] = {
        "id": f"q-{number}",
        "gold": "1",
        "cluster": f"q-{number}",
        "set": "s",
        "type": "number",
        "difficulty": "easy",
        "style": "plain",
        "turn": 1,
        "question": f"第{number}个问题？",
        "expect": Expect.ANSWER,
        "outcome": "answered",
        "confidence": 0.5,
        "scores": {"facts": 1.0, "false refusal": 0.0},
        "milliseconds": milliseconds,
    }
    return SavedQuestion.model_validate(made | keys)


def run(*questions: SavedQuestion, corpus: str = "c") -> SavedRun:
    asked = SavedSet(hash="h", questions=len(questions))
    return SavedRun(format=1, provenance=Provenance(corpus=corpus), test_set=asked, questions=list(questions))


def row(found: Comparison, measure: str) -> Row:
    return next(row for row in found.rows if row.measure == measure)


RIGHT, WRONG = {"facts": 1.0, "false refusal": 0.0}, {"facts": 0.0, "false refusal": 1.0}


def test_a_run_against_itself_differs_in_nothing() -> None:
    same = run(question(1), question(2, scores=WRONG))
    found = compare(same, same)
    assert (found.won, found.lost, found.notes, found.questions) == ((), (), (), 2)
    for one in found.rows:
        assert (one.difference, one.p, one.won, one.lost, one.ties) == (0.0, 1.0, 0, 0, 2)
        assert (one.interval.low, one.interval.high) == (0.0, 0.0)


def test_wins_and_losses_are_counted_by_question() -> None:
    a = run(*(question(n, scores=WRONG if n < 3 else RIGHT) for n in range(10)))
    b = run(*(question(n, scores=WRONG if n == 9 else RIGHT) for n in range(10)))
    found = compare(a, b)
    facts = row(found, "facts")
    assert (facts.a, facts.b, facts.difference) == pytest.approx((0.7, 0.9, 0.2))
    assert (facts.won, facts.lost, facts.ties, facts.questions) == (3, 1, 6, 10)
    # 4 questions differ, 3 of them one way: 10 of the 16 ways to swap them are as extreme.
    assert facts.p == pytest.approx(10 / 16, abs=0.02)
    assert facts.interval.low < 0 < facts.interval.high
    assert [turned.question.id for turned in found.won] == ["q-0", "q-1", "q-2"]
    assert [(turned.question.id, turned.failed) for turned in found.lost] == [
        ("q-9", ("facts", "false refusal"))
    ]


def test_to_have_less_of_what_is_bad_is_to_win() -> None:
    found = compare(run(question(1, scores=WRONG)), run(question(1, scores=RIGHT)))
    refusals = row(found, "false refusal")
    assert (refusals.difference, refusals.won, refusals.lost) == (-1.0, 1, 0)


def test_a_dialogue_is_one_observation() -> None:
    turns = [question(n, cluster="d", scores=WRONG) for n in range(8)]
    alone = [question(n, scores=WRONG) for n in range(8)]
    better = [one.model_copy(update={"scores": RIGHT}) for one in turns]
    apart = [one.model_copy(update={"scores": RIGHT}) for one in alone]
    assert row(compare(run(*turns), run(*better)), "facts").p == 1.0
    assert row(compare(run(*alone), run(*apart)), "facts").p < 0.02


def test_what_only_one_run_can_judge_counts_nowhere() -> None:
    found = compare(run(question(1, scores={"facts": 1.0})), run(question(1, scores={"article": 1.0})))
    assert found.rows == ()
    outline = question(1, type="structure")
    assert compare(run(outline), run(outline)).rows == ()


def test_other_questions_and_other_papers_are_said() -> None:
    a, b = run(question(1), question(2), question(3)), run(question(1), question(4), corpus="d")
    b.questions.append(question(3, gold="2"))
    notes = "\n".join(map(wording_in(EN).note, compare(a, b).notes))
    assert "2 were asked in both, 1 only in A, 1 only in B" in notes
    assert "1 questions changed their words or their gold" in notes
    assert "Different corpora: c in A, d in B" in notes
    assert compare(a, b).questions == 1


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (run(question(2)), r"no question in common\. Ask"),
        (run(question(1, gold="2")), "; 1 questions changed their words or their gold"),
        (run(), "no question in common"),
    ],
)
def test_runs_without_a_question_in_common_are_not_compared(other: SavedRun, said: str) -> None:
    with pytest.raises(NothingShared, match=said):
        compare(run(question(1)), other)


def test_the_comparison_is_written_for_people() -> None:
    a = run(question(1, scores=WRONG, milliseconds=10.0), question(2, milliseconds=20.0))
    lost = question(2, scores=WRONG, milliseconds=40.0, question="第2个<b>|问题")
    found = compare(a, run(question(1, milliseconds=30.0), lost))
    table = compared(found, wording_in(EN))
    assert {len(cells) for cells in table.rows} == {len(table.columns)}
    assert table.rows[-1][:4] == ("milliseconds p95", "20.0", "40.0", "+20.0")
    text = comparison_as_markdown(found, a="old", b="new", language=EN)
    assert "Lost by B (1)" in text
    assert "**q-2** 第2个&lt;b&gt;\\|问题 (facts, false refusal)" in text
