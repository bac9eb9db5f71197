from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from evals_catalogue import Papers

from evals.compare.baseline import Baseline, Trend, Verdict, baseline_of, judge, read_baseline, write_baseline
from evals.errors import BaselineFault, BaselineStale
from evals.model import Case, Item, Provenance, Report, Result
from evals.report.markdown import as_markdown, changed
from evals.report.wording import ReportLanguage, wording_in
from evals.run.runner import evaluate

EN = ReportLanguage.ENGLISH
Make = Callable[..., Item]
COUNT = 40


@pytest.fixture
def make(item: Make, papers: Papers) -> Callable[[int], Report]:
    """Returns a function that makes a run on 40 questions with the given number of false refusals first."""

    def run(refused: int) -> Report:
        cases = [Case(f"q-{n}", "s", (item(),)) for n in range(COUNT)]
        good = papers.answer(
            papers.cite("province", "（一）", "每年一次性奖补500万元"), hits=[("province", "（一）")]
        )
        bad = papers.refusal()
        replies = iter([bad] * refused + [good] * (COUNT - refused))
        made = Provenance(corpus="c", model="m")
        return evaluate(cases, lambda _: next(replies), documents=papers.documents, provenance=made)

    return run


def trends(verdict: Verdict) -> dict[str, Trend]:
    return {change.name: change.trend for change in verdict.changes}


def test_a_run_passes_its_own_baseline(make: Callable[[int], Report]) -> None:
    verdict = judge(make(4), baseline_of(make(4)), place="own.json")
    assert set(trends(verdict).values()) == {Trend.SAME}
    assert (verdict.fallen, verdict.notes) == ((), ())
    assert {"facts", "false refusal", "all three (s)"} <= trends(verdict).keys()


def test_a_figure_falls_when_it_is_worse_than_its_interval(make: Callable[[int], Report]) -> None:
    known = baseline_of(make(4))
    allowed = round((1 - known.figures["facts"].low) * COUNT)  # questions that may be wrong
    assert allowed > 5
    within, below = judge(make(allowed), known, place=""), judge(make(allowed + 1), known, place="")
    assert trends(within)["facts"] is Trend.WORSE
    assert trends(below)["facts"] is Trend.FELL
    # Lower is better, so the upper limit of the interval counts.
    assert trends(within)["false refusal"] is Trend.WORSE
    assert trends(below)["false refusal"] is Trend.FELL
    assert {change.name for change in below.fallen} >= {
        "facts",
        "false refusal",
        "all three",
        "all three (s)",
    }


def test_a_better_run_does_not_fall(make: Callable[[int], Report]) -> None:
    found = trends(judge(make(0), baseline_of(make(20)), place=""))
    assert found["facts"] is found["false refusal"] is Trend.BETTER
    assert found["refusal precision"] is Trend.GONE  # refusing nothing is not an error by itself
    assert Trend.FELL not in found.values()


def test_where_all_was_right_one_question_may_still_be_lost(make: Callable[[int], Report]) -> None:
    known = baseline_of(make(0))
    assert known.figures["facts"].low == pytest.approx(0.025 ** (1 / COUNT), abs=1e-6)
    assert trends(judge(make(1), known, place=""))["facts"] is Trend.WORSE
    assert trends(judge(make(8), known, place=""))["facts"] is Trend.FELL


@pytest.mark.parametrize("promise", ["quotes verbatim", "number guard"])
def test_a_promise_that_is_broken_once_has_fallen(promise: str, make: Callable[[int], Report]) -> None:
    known, report = baseline_of(make(0)), make(0)
    last = report.results[-1]
    worse = replace(last, scores={**last.scores, promise: 0.5})
    verdict = judge(with_results(report, [*report.results[:-1], worse]), known, place="")
    assert [change.name for change in verdict.fallen] == [promise]


def test_a_figure_that_is_gone_has_fallen(make: Callable[[int], Report]) -> None:
    known, report = baseline_of(make(0)), make(0)
    bare = [replace(r, scores={n: v for n, v in r.scores.items() if n != "facts"}) for r in report.results]
    verdict = judge(with_results(report, bare), known, place="")
    assert [(change.name, change.now) for change in verdict.fallen] == [("facts", None)]


def test_other_questions_need_another_baseline(make: Callable[[int], Report], papers: Papers) -> None:
    known, report = baseline_of(make(0)), make(0)
    with pytest.raises(BaselineStale, match=r"own.json.*--write-baseline"):
        judge(with_results(report, report.results[1:]), known, place="own.json")


def test_other_papers_are_noted(make: Callable[[int], Report]) -> None:
    report = replace(make(0), provenance=Provenance(corpus="other", model="m"))
    (note,) = judge(report, baseline_of(make(0)), place="").notes
    assert wording_in(EN).note(note) == "The papers changed since the baseline."


def test_a_baseline_is_read_back(make: Callable[[int], Report], tmp_path: Path) -> None:
    file = tmp_path / "baselines" / "own.json"
    write_baseline(baseline_of(make(3)), file)
    assert read_baseline(file) == baseline_of(make(3))


def test_what_is_no_baseline_is_named(make: Callable[[int], Report], tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    with pytest.raises(BaselineFault, match="cannot be read"):
        read_baseline(file)
    file.write_text(baseline_of(make(0)).model_dump_json().replace('"figures"', '"figure"'), encoding="utf-8")
    with pytest.raises(BaselineFault, match=r"own.json: .*figure.*--write-baseline"):
        read_baseline(file)


def test_the_shipped_baseline_is_one() -> None:
    shipped = Path(__file__).resolve().parents[3] / "evals" / "baselines"
    for file in sorted(shipped.glob("*.json")):
        known = read_baseline(file)
        assert isinstance(known, Baseline)
        assert all(figure.low <= figure.value <= figure.high for figure in known.figures.values())
    assert (shipped / "own.json").is_file()


def test_markdown_names_what_fell(make: Callable[[int], Report]) -> None:
    report = make(20)
    verdict = judge(report, baseline_of(make(0)), place="")
    text = as_markdown(report, verdict, language=EN)
    assert "**Fell below the baseline: " in text
    assert "| facts | 0.500 |" in text
    assert "-0.500 ❌ fell" in text
    table = changed(verdict, wording_in(EN))
    assert {len(row) for row in table.rows} == {len(table.columns)}
    same = judge(make(0), baseline_of(make(0)), place="")
    assert "No figure fell" in as_markdown(make(0), same, language=EN)


def with_results(report: Report, results: Sequence[Result]) -> Report:
    return replace(report, results=tuple(results))
