"""Measuring a public set: figures, refusals, the report, and what is stored between runs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from evals_beir import CORPUS, QRELS, QUERIES, SPANS, UNANSWERABLE, judged, lines, write_set
from typer.testing import CliRunner, Result

import corpus
from api.cli.eval import public as cli_eval_public
from api.cli.main import app
from evals.compare.paired import compare
from evals.compare.saved import read_run
from evals.model import Provenance
from evals.public import corpus as beir_open
from evals.public.asking import BROKEN, LINE, SHARE, SPAN, Asked
from evals.public.figures import area, search_figures, tables
from evals.public.papers import papers_of
from evals.public.refusal_curve import refusal_curve_of
from evals.public.report import as_json, as_markdown, as_text, failures, write
from evals.public.retrieval import TRAPPED
from evals.public.run import PublicReport, measure
from index.model import Embedder
from rag.assistant import Assistant
from rag.errors import UngroundedFigure
from rag.model import Question, Reply
from rag.settings import AnswerSettings, Settings

Measure = Callable[..., PublicReport]


@pytest.fixture
def settings(tmp_path: Path, unset: None) -> Settings:
    return Settings(
        cache_dir=tmp_path / "cache", data_dir=tmp_path / "data", answer=AnswerSettings(reader=False)
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_set(tmp_path / "teas")


@pytest.fixture
def run(settings: Settings, folder: Path, tiny_embedder: Embedder) -> Measure:
    def measured(**changes: object) -> PublicReport:
        return measure(folder, settings=settings, embedder=lambda *_: tiny_embedder, **changes)  # type: ignore[arg-type]

    return measured


def test_search_finds_the_lines(run: Measure) -> None:
    ((name, ranked),) = run().ranked
    assert name == "queries"
    assert [(one.query.id, one.found[0]) for one in ranked] == [("q1", "A2"), ("q2", "p#1"), ("q3", "paper")]
    assert all(len(one.found) == len(set(one.found)) for one in ranked)
    figures = search_figures(ranked)
    assert {name: figure.value for name, figure in figures.items()} == {
        "hit@1": 1.0,
        "R@1": 1.0,
        "R@5": 1.0,
        "R@10": 1.0,
        "R@50": 1.0,
        "nDCG@10": 1.0,
        "RR@10": 1.0,
        TRAPPED: 0.0,
    }
    assert figures["R@1"].interval.low < 1.0


def test_a_superseded_version_in_front_is_seen(run: Measure, folder: Path) -> None:
    (folder / "corpus.jsonl").write_text(lines(CORPUS[2:5]), "utf-8")
    (folder / "spans.jsonl").unlink()
    (folder / "queries.jsonl").write_text(lines([QUERIES[0], {**QUERIES[0], "_id": "q4"}]), "utf-8")
    (folder / "qrels.tsv").write_text(judged([("q1", "p#0", "1"), ("q4", "H2", "1")]), "utf-8")
    ((_, (trapped, wanted)),) = run().ranked
    assert trapped.found[0] == wanted.found[0] == "H2"
    assert (trapped.scores[TRAPPED], wanted.scores[TRAPPED]) == (1.0, 0.0)


def test_a_question_without_a_right_line_gets_no_score(run: Measure, folder: Path) -> None:
    (folder / "qrels.tsv").write_text(judged([*QRELS[:1], ("q2", "p#1", "0")]), "utf-8")
    ((_, ranked),) = run().ranked
    assert [bool(one.scores) for one in ranked] == [True, False]
    assert search_figures(ranked)["R@1"].judged == 1


def test_answers_are_compared_with_the_known_words(run: Measure) -> None:
    asked = {one.id: one for one in run().asked}
    assert set(asked) == {"q1", "q2", "q3", "u1"}
    bridge = asked["q2"]
    assert not bridge.refused
    assert any("九个" in quote for quote in bridge.quotes)
    assert (bridge.scores[SPAN], bridge.scores[SHARE], bridge.scores[LINE]) == (1.0, 1.0, 1.0)
    assert asked["u1"].refused
    assert not asked["u1"].answerable
    assert asked["q1"].scores == {}  # its answer is not given


def test_a_reply_that_breaks_a_promise_is_wrong_and_stops_nothing(
    run: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Assistant.ask

    def breaking(self: Assistant, question: Question) -> Reply:
        if question.text in (SPANS[0]["question"], UNANSWERABLE[0]["text"]):
            raise UngroundedFigure("['9万元'] stand in the answer but in no cited clause")
        return ask(self, question)

    monkeypatch.setattr(Assistant, "ask", breaking)
    report = run()
    broken = {one.id: one for one in report.asked if one.outcome == BROKEN}
    assert {name: one.answerable for name, one in broken.items()} == {"q2": True, "u1": False}
    assert "9万元" in broken["q2"].reason
    assert broken["q2"].scores[SPAN] == 0.0
    found = refusal_curve_of(report.asked)
    assert found is not None
    assert (found.refused.value, found.at[0.1]) == (0.0, None)
    assert re.search(r"replies that broke a promise +2 +4\n", as_text(report))
    assert {"ask/q2", "ask/u1"} <= {failure["id"] for failure in failures(report)}


def test_without_questions_to_refuse_only_spans_are_asked(run: Measure, folder: Path) -> None:
    (folder / "unanswerable.jsonl").unlink()
    report = run()
    assert [one.id for one in report.asked] == ["q2"]
    assert refusal_curve_of(report.asked) is None


def test_a_question_may_have_the_id_of_one_to_refuse(run: Measure, folder: Path) -> None:
    (folder / "unanswerable.jsonl").write_text(lines([{**UNANSWERABLE[0], "_id": "q2"}]), "utf-8")
    twice = [one for one in run().asked if one.id == "q2"]
    assert [(one.answerable, bool(one.scores)) for one in twice] == [(True, True), (False, False)]


def test_the_corpus_is_embedded_once(
    run: Measure, settings: Settings, tiny_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run()
    monkeypatch.setattr(
        type(tiny_embedder), "embed_documents", lambda *_: pytest.fail("the corpus was embedded again")
    )
    assert run().info == first.info
    assert not settings.data_dir.exists()  # the served papers stay separate


def test_a_run_that_was_cut_off_goes_on(run: Measure, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = papers_of

    def cut_off(corpus: object) -> Iterator[object]:
        yield from list(whole(corpus))[:2]  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(beir_open, "papers_of", cut_off)
    with pytest.raises(KeyboardInterrupt):
        run()
    monkeypatch.setattr(beir_open, "papers_of", whole)
    assert run().info.documents == 4


def test_papers_that_other_code_has_read_are_read_again(
    run: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = papers_of
    monkeypatch.setattr(beir_open, "papers_of", lambda corpus: whole(corpus[:2]))
    monkeypatch.setattr(beir_open, "_reader", lambda: "another program")
    assert run().info.documents == 1
    monkeypatch.undo()
    assert run().info.documents == 4


def test_papers_that_are_made_no_more_are_forgotten(run: Measure, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    whole = papers_of
    monkeypatch.setattr(beir_open, "papers_of", lambda corpus: whole(corpus[:2]))
    assert run().info.documents == 4  # as long as the code is the same
    monkeypatch.setattr(beir_open, "_reader", lambda: "another program")
    assert run().info.documents == 1


def test_another_corpus_is_another_folder(run: Measure, settings: Settings, folder: Path) -> None:
    run()
    with (folder / "corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write(lines([{"_id": "x", "title": "云", "text": "天上有云。"}]))
    assert run().lines == 7
    assert len(list((settings.cache_dir / "public-sets").iterdir())) == 2


def test_an_index_of_other_chunks_is_made_again(
    settings: Settings, folder: Path, tiny_embedder: Embedder
) -> None:
    finer = settings.model_copy(update={"chunk": settings.chunk.model_copy(update={"size": 100})})
    for made in (settings, finer):
        report = measure(folder, settings=made, embedder=lambda *_: tiny_embedder)
        assert report.ranked[0][1][0].found[0] == "A2"


def test_every_phase_reports_its_progress(run: Measure) -> None:
    seen: list[tuple[int, int, str]] = []
    run(progress=lambda *told: seen.append(told))
    assert all(0 < done <= total for done, total, _ in seen)
    assert (6, 6, "reading") in seen
    assert (3, 3, "searching queries") in seen
    assert (4, 4, "asking") in seen


def test_the_report_has_every_form(run: Measure, tmp_path: Path) -> None:
    report = run()
    words = as_text(report)
    assert "teas: search among 6 lines" in words
    assert "refused with reason, 2% without need" in words
    assert {len(row) for table in tables(report) for row in table.rows} <= {2, 3, 4}
    write(report, tmp_path / "out", provenance=Provenance(commit="c0ffee"))
    assert "c0ffee" in (tmp_path / "out" / "report.md").read_text("utf-8")
    assert "| R@5 | 1.000 (" in as_markdown(report, Provenance())
    saved = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert saved["search"]["queries"]["R@5"]["value"] == 1.0


def test_two_runs_can_be_compared(run: Measure, tmp_path: Path) -> None:
    report = run()
    worse = replace(
        report,
        ranked=(
            (
                "queries",
                tuple(replace(one, scores=dict.fromkeys(one.scores, 0.0)) for one in report.ranked[0][1]),
            ),
        ),
    )
    for name, one in (("a", report), ("b", worse)):
        write(one, tmp_path / name, provenance=Provenance())
    found = compare(read_run(tmp_path / "a"), read_run(tmp_path / "b"))
    rows = {row.measure: row for row in found.rows}
    assert (rows["R@5"].a, rows["R@5"].b, rows["R@5"].lost) == (1.0, 0.0, 3)
    assert rows["facts"].difference == 0.0
    assert rows["refusal recall"].questions == 1


def test_failures_show_what_was_expected(run: Measure, folder: Path) -> None:
    (folder / "qrels.tsv").write_text(judged([("q1", "p#0", "1")]), "utf-8")
    (folder / "spans.jsonl").write_text(lines([{**SPANS[0], "answers": ["十九个"]}]), "utf-8")
    found = {failure["id"]: failure for failure in failures(run(sample=0))}
    assert found["ask/q2"]["expected"] == ["十九个"]
    assert "ask/u1" not in found
    assert json.dumps(as_json(run(), Provenance()), ensure_ascii=False)


@pytest.fixture
def command(
    settings: Settings, tiny_embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """`zhengwen eval …`, with the small embedder in place of the model, and without the reader."""
    monkeypatch.setenv("ZHENGWEN_CACHE_DIR", str(settings.cache_dir))
    monkeypatch.setenv("ZHENGWEN_ANSWER__READER", "false")
    monkeypatch.setattr(cli_eval_public, "measure", partial(measure, embedder=lambda *_: tiny_embedder))
    return lambda *words: CliRunner().invoke(app, ["eval", *map(str, words)])


def test_the_command_measures_a_folder(command: Callable[..., Result], folder: Path, tmp_path: Path) -> None:
    done = command(folder, "--sample", 2, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "teas: search among 6 lines" in done.output
    assert len(read_run(tmp_path / "out" / "teas").questions) == 5  # q2 twice, a second one, and u1


def test_pieces_are_named_with_the_set_above(
    command: Callable[..., Result], folder: Path, tmp_path: Path
) -> None:
    inside = folder / "pieces"
    inside.mkdir()
    (inside / "corpus.jsonl").write_text(lines(CORPUS[3:5]), "utf-8")
    (inside / "qrels.tsv").write_text(judged([("q2", "p#1", "1")]), "utf-8")
    assert command(inside, "--out", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out" / "teas" / "pieces" / "report.md").is_file()


@pytest.mark.parametrize("option", [("--url", "http://127.0.0.1:1"), ("--write-baseline", "baseline.json")])
def test_options_for_other_sets_are_refused(
    command: Callable[..., Result], folder: Path, option: tuple[str, str]
) -> None:
    done = command(folder, *option)
    assert done.exit_code == 2
    assert f"Invalid value for {option[0]}" in done.stderr


def test_a_sample_of_other_sets_is_refused(command: Callable[..., Result], tmp_path: Path) -> None:
    done = command(tmp_path / "mine.jsonl", "--sample", 5)
    assert done.exit_code == 2
    assert "--sample" in done.stderr


_NUMBER = count()


def asked(sureness: float, *, answerable: bool, refused: bool = False, right: float | None = None) -> Asked:
    return Asked(
        id=str(next(_NUMBER)),
        text="？",
        answerable=answerable,
        outcome="refused" if refused else "answered",
        reason="",
        quotes=(),
        confidence=sureness,
        sureness=sureness,
        milliseconds=1.0,
        scores={} if right is None else {SPAN: right},
    )


def test_refusals_at_a_share_of_false_refusals() -> None:
    good = [asked(0.1 + i / 100, answerable=True, refused=i < 10) for i in range(50)]
    bad = [asked(x, answerable=False, refused=x < 0.2) for x in (0.05, 0.105, 0.13, 0.9)]
    found = refusal_curve_of([*good, *bad])
    assert found is not None
    assert (found.false_refusals.value, found.refused.value) == (0.2, 0.75)
    # 2 % of 50 is one question (0.10), so the threshold is the next one, 0.11; 10 % reaches 0.15.
    assert found.at == {0.02: 0.5, 0.05: 0.5, 0.1: 0.75}


def test_what_is_refused_whatever_the_threshold_cannot_be_bought_back() -> None:
    good = [asked(0.0, answerable=True, refused=True), asked(0.9, answerable=True)]
    found = refusal_curve_of([*good, asked(0.5, answerable=False)])
    assert found is not None
    assert found.at[0.1] is None


@pytest.mark.parametrize(
    ("good", "bad", "value"), [((0.9,), (0.1,), 1.0), ((0.1,), (0.9,), 0.0), ((0.5,), (0.5,), 0.5)]
)
def test_the_area_is_the_chance_to_be_surer(good: tuple[float], bad: tuple[float], value: float) -> None:
    found = refusal_curve_of(
        [*(asked(x, answerable=True) for x in good), *(asked(x, answerable=False) for x in bad)]
    )
    assert found is not None
    assert found.area == value


def test_the_curve_counts_answers_where_there_is_none_as_wrong() -> None:
    questions = [asked(0.9, answerable=True, right=1.0), asked(0.5, answerable=False)]
    curve = area(questions)
    assert curve is not None
    assert curve.value == pytest.approx((0 + 1 / 2) / 2)
    assert curve.judged == 2


def test_every_module_and_table_that_reads_lines_counts_for_reading_them_again() -> None:
    root = Path(corpus.__file__).parents[1]
    names = {file.relative_to(root).as_posix() for file in beir_open.reader_files()}
    assert {
        "corpus/formats/html/elements.py",
        "corpus/structure/outline/tree.py",
        "evals/public/papers.py",
    } <= names
    assert {"corpus/data/paper_titles.tsv", "corpus/data/divisions.tsv"} <= names
