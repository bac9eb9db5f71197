import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from evals_catalogue import Papers

from evals.compare.saved import as_json, read_run, set_hash
from evals.errors import RunFault
from evals.measures.summary import overall
from evals.model import Case, Expect, Item, Observed, Provenance, Report, Result
from evals.report.writer import write
from evals.run.cases import load_sets
from evals.run.runner import evaluate
from rag.model import Outcome

Make = Callable[..., Item]


@pytest.fixture
def cases(item: Make) -> list[Case]:
    refuse = Item("红烧肉怎么做？", "out_of_domain", "", Expect.REFUSE)
    return [
        Case("a-1", "a", (item(),), group="twins"),
        Case("d-1", "d", (item(), item(must=[["900万"]]))),
        Case("r-1", "r", (refuse,)),
    ]


@pytest.fixture
def report(cases: list[Case], papers: Papers) -> Report:
    cited = papers.cite("province", "（一）", "每年一次性奖补500万元")
    made = Provenance(date="2026-03-01", corpus="c0ffee", settings={"k": 10})
    return evaluate(
        cases,
        lambda _: papers.answer(cited, hits=[("province", "（一）")]),
        documents=papers.documents,
        provenance=made,
    )


def test_a_run_is_read_back_as_it_was(report: Report, papers: Papers, tmp_path: Path) -> None:
    write(report, tmp_path, papers=papers.by_id)
    run = read_run(tmp_path)
    assert run == read_run(tmp_path / "report.json")
    assert run.provenance == report.provenance
    assert (run.test_set.hash, run.test_set.questions) == (set_hash(report), 4)
    for question, result in zip(run.questions, report.results, strict=True):
        assert (question.id, question.question, question.cluster) == (
            result.id,
            result.item.question,
            result.cluster,
        )
        assert question.scores == pytest.approx(dict(result.scores))
        assert question.confidence == result.observed.confidence
    assert [question.turn for question in run.questions] == [1, 1, 2, 1]


def test_the_figures_stand_in_the_file_with_their_intervals(report: Report) -> None:
    written = json.loads(json.dumps(as_json(report)))
    facts = overall(report)["facts"]
    assert written["overall"]["facts"] == {
        "value": pytest.approx(2 / 3),
        "judged": 3,
        "interval": {"low": facts.interval.low, "high": facts.interval.high},
    }
    assert written["overall"]["refusal recall"]["value"] == 0.0
    assert written["risk"]["operating"] == [1.0, 0.5]
    assert [group["name"] for group in written["by_turn"]] == ["turn 1", "turn 2"]


def test_the_hash_is_that_of_the_questions_and_their_gold(
    cases: list[Case], papers: Papers, item: Make
) -> None:
    def hashed(some: list[Case]) -> str:
        return set_hash(evaluate(some, lambda _: papers.refusal(), documents=papers.documents))

    known = hashed(cases)
    assert hashed(cases[::-1]) == known
    assert hashed([replace(case, set="elsewhere") for case in cases]) == known
    assert hashed(cases[1:]) != known
    assert hashed([replace(cases[0], items=(item(must=[["400万"]]),)), *cases[1:]]) != known
    assert hashed([replace(cases[0], items=(replace(item(), question="多少？"),)), *cases[1:]]) != known


@pytest.mark.parametrize(
    ("text", "reason"),
    [("{", "Invalid JSON"), ("{}", "format"), ('{"format": 2}', "format"), ('{"format": 1}', "provenance")],
)
def test_what_is_no_report_is_named(text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text(text, encoding="utf-8")
    with pytest.raises(RunFault, match=f"report.json: .*{reason}.*zhengwen eval --out"):
        read_run(tmp_path)


def test_a_folder_without_a_report_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunFault, match="cannot be read"):
        read_run(tmp_path)


def test_the_shipped_baseline_is_of_the_shipped_questions() -> None:
    """A field that is added to questions does not make old baselines and runs another test set."""
    root = Path(__file__).resolve().parents[3]
    cases = load_sets([root / "evals/sets"])
    seen = Observed(Outcome.REFUSED, "", (), ())
    results = [Result(case, turn, seen, {}, 0.0) for case in cases for turn in range(len(case.items))]
    baseline = json.loads((root / "evals/baselines/own.json").read_text(encoding="utf-8"))
    assert set_hash(Report(tuple(results))) == baseline["test_set"]["hash"]
