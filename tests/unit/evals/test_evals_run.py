import json
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from evals_catalogue import Papers

from evals.compare.saved import as_json
from evals.measures.summary import by_difficulty, by_file, latency, refusals
from evals.model import Case, Evidence, Expect, Item, Provenance, Report
from evals.report.markdown import as_markdown
from evals.report.tables import tables
from evals.report.wording import ReportLanguage, wording_in
from evals.report.writer import as_text, failures, write
from evals.run.runner import evaluate, run_sets
from rag.model import Outcome, Question, Reason, Reply

EN = ReportLanguage.ENGLISH
Make = Callable[..., Item]
Line = dict[str, object]
QUOTE = "每年一次性奖补500万元"


def _ticks() -> Callable[[], float]:
    """A clock that moves by 1, 2, 3, … seconds, so that the n-th question takes 2n seconds."""
    times: Iterator[int] = count()
    return lambda: float((n := next(times)) * (n + 1) // 2)


@pytest.fixture
def reader(papers: Papers) -> Callable[[Question], Reply]:
    """Answers from the first article, refuses what asks for a recipe."""
    cited = papers.cite("province", "（一）", QUOTE)

    def ask(question: Question) -> Reply:
        if "怎么做" in question.text:
            return papers.refusal(Reason.OUT_OF_DOMAIN)
        return papers.answer(cited, hits=[("province", "（二）"), ("province", "（一）")])

    return ask


@pytest.fixture
def cases(item: Make) -> list[Case]:
    refuse = Item("红烧肉怎么做？", "out_of_domain", "", Expect.REFUSE)
    wrong = item(evidence=[Evidence("city", ("1．",), ("安化黄精",))], must=[["黄精"]])
    outline = item(type="structure")
    return [
        Case("a-1", "a", (item(),)),
        Case("a-2", "a", (wrong,)),
        Case("a-3", "a", (outline,)),
        Case("r-1", "refusal", (refuse,)),
        Case("d-1", "dialogue", (item(), item())),
    ]


@pytest.fixture
def report(cases: list[Case], reader: Callable[[Question], Reply], papers: Papers) -> Report:
    provenance = Provenance(date="2026-03-01", corpus="c0ffee", settings={"k": 10})
    return evaluate(cases, reader, documents=papers.documents, provenance=provenance, clock=_ticks())


def test_every_turn_is_a_result(report: Report) -> None:
    assert [result.id for result in report.results] == ["a-1", "a-2", "a-3", "r-1", "d-1#1", "d-1#2"]
    first = report.results[0].scores
    assert (first["R@1"], first["R@3"], first["RR@10"]) == (0.0, 1.0, 0.5)
    assert first["all three"] == first["quotes verbatim"] == first["citation precision"] == 1.0
    assert report.results[3].scores == {"outcome": 1.0, "refusal precision": 1.0, "refusal recall": 1.0}


def test_a_later_turn_hears_the_earlier_ones(cases: list[Case], papers: Papers) -> None:
    heard: list[Question] = []
    cited = papers.cite("province", "（一）", QUOTE)

    def ask(question: Question) -> Reply:
        heard.append(question)
        return papers.answer(cited)

    evaluate(cases[-1:], ask, documents=papers.documents)
    assert heard[0].history == ()
    assert [(turn.role, turn.content) for turn in heard[1].history] == [("user", "？"), ("assistant", QUOTE)]


def test_no_paper_is_named_to_the_reader(cases: list[Case], papers: Papers) -> None:
    cited = papers.cite("province", "（一）", QUOTE)

    def ask(question: Question) -> Reply:
        assert question.documents == question.regions == ()
        return papers.answer(cited)

    evaluate(cases, ask, documents=papers.documents)


def test_progress_counts_questions(
    cases: list[Case], reader: Callable[[Question], Reply], papers: Papers
) -> None:
    seen: list[tuple[int, int, str]] = []
    evaluate(cases, reader, documents=papers.documents, progress=lambda *step: seen.append(step))
    assert [(done, total) for done, total, _ in seen] == [(n, 6) for n in range(1, 7)]


def test_a_case_about_an_unknown_paper_is_left_out(
    cases: list[Case], reader: Callable[[Question], Reply], papers: Papers
) -> None:
    report = evaluate(cases, reader, documents=papers.documents[:1])
    assert report.left_out == ("a-2",)
    assert "a-2" in as_text(report, language=EN)


def test_groups_keep_structure_and_follow_ups_apart(report: Report) -> None:
    sizes = {group.name: group.questions for group in by_file(report)}
    assert sizes == {"a": 2, "dialogue": 2, "follow-ups": 1, "structure": 1, "all": 4}
    assert [group.name for group in by_difficulty(report)] == ["easy"]
    everything = by_file(report)[-1].figures
    assert everything["facts"].value == 0.75
    assert everything["facts"].judged == 4
    assert "document set" not in everything


def test_refusals_are_counted_by_type(report: Report) -> None:
    rows = {row.type: row for row in refusals(report)}
    for kind in ("out_of_domain", "all that must be refused"):
        assert (rows[kind].questions, rows[kind].outcomes) == (1, {"refused": 1})
        right = rows[kind].outcome_right
        assert right is not None
        assert right.value == 1.0


def test_latency_is_taken_by_the_clock(report: Report) -> None:
    assert latency(report) == {"p50": 5000.0, "p90": 11000.0, "p95": 11000.0, "p99": 11000.0, "p100": 11000.0}
    assert latency(Report(())) == {}


def test_failures_say_what_was_expected_and_seen(report: Report) -> None:
    (failure,) = failures(report)
    assert failure["id"] == "a-2"
    assert failure["failed"] == ("R@5", "facts", "document", "article")
    assert failure["citations"] == [{"document": "province", "label": "（一）", "quote": QUOTE}]
    assert failure["hits"][0] == {"document": "province", "label": "（二）"}  # type: ignore[index]


def test_tables_are_rectangular_and_rendered_alike(report: Report) -> None:
    shown = as_markdown(report, language=EN)
    for table in tables(report, wording_in(EN)):
        assert {len(row) for row in table.rows} == {len(table.columns)}
        for row in table.rows:
            assert f"| {' | '.join(row)} |" in shown
    assert "R@5" in as_text(report, language=EN)


def test_an_empty_run_has_no_tables() -> None:
    assert tables(Report(()), wording_in(EN)) == []
    assert as_markdown(Report(()), language=EN).startswith("# Evaluation")


def test_a_report_is_written_in_every_form(report: Report, papers: Papers, tmp_path: Path) -> None:
    write(report, tmp_path / "out", papers=papers.by_id)
    names = ["failures.jsonl", "junit.xml", "report.html", "report.json", "report.md"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    stored = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert stored == json.loads(json.dumps(as_json(report)))
    assert stored["provenance"]["corpus"] == "c0ffee"
    lines = (tmp_path / "out" / "failures.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a-2"]
    assert "c0ffee" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")


def test_sets_are_run_from_files(reader: Callable[[Question], Reply], papers: Papers, tmp_path: Path) -> None:
    line: Line = {
        "id": "a-1",
        "type": "number",
        "question": "奖补多少？",
        "doc": "province",
        "articles": ["（一）"],
        "quotes": [QUOTE],
        "answer_must": [["500万"]],
        "difficulty": "easy",
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(line), encoding="utf-8")
    report = run_sets([tmp_path / "a.jsonl"], reader, documents=papers.documents, provenance=Provenance())
    assert report.results[0].observed.outcome is Outcome.ANSWERED


def test_evidence_that_is_not_in_the_paper_is_named(
    papers: Papers, reader: Callable[[Question], Reply]
) -> None:
    good, bad = (
        Case(
            name,
            "set",
            (
                Item(
                    "奖多少？",
                    "number",
                    "easy",
                    Expect.ANSWER,
                    (Evidence("province", ("（一）",), (quote,)),),
                ),
            ),
        )
        for name, quote in (("good", QUOTE), ("bad", "每年一次性奖补500亿元"))
    )
    report = evaluate([good, bad], reader, documents=papers.documents)
    assert report.misquoted == ("bad",)
    assert "Evidence that does not occur in the paper it names: bad." in as_text(report, language=EN)
