"""Reports a run on a public set as text, Markdown, and JSON that `zhengwen eval compare` reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from evals.compare.saved import REPORT, SavedQuestion
from evals.model import Expect, Provenance
from evals.public.asking import BROKEN, REFUSED, SPAN, Asked
from evals.public.figures import answer_figures, area, search_figures, tables
from evals.public.refusal_curve import refusal_curve_of
from evals.public.retrieval import Ranked
from evals.public.run import PublicReport
from evals.report.tables import markdown, text

_MARKDOWN, FAILURES = "report.md", "failures.jsonl"
_FOUND = "R@10"  # a question fails unless all its lines are among the first ten
_DIGITS = 12  # of a fingerprint
# The equivalent measures of the program's own test sets.
_SAME = {SPAN: "facts", REFUSED: "false refusal"}


def as_text(report: PublicReport) -> str:
    """Returns the tables with aligned columns, for a terminal."""
    return "\n\n".join(text(table) for table in tables(report))


def as_markdown(report: PublicReport, provenance: Provenance) -> str:
    """Returns the tables and what was measured, as Markdown."""
    measured = [f"- {name}: {value}" for name, value in asdict(provenance).items() if value]
    blocks = [f"## {table.title}\n\n{markdown(table)}" for table in tables(report)]
    return "\n\n".join([f"# {report.name}", *blocks, "## What was measured", "\n".join(measured)]) + "\n"


def as_json(report: PublicReport, provenance: Provenance) -> dict[str, object]:
    """Returns the figures, and the scores of every question."""
    questions = list(_questions(report))
    refusals, curve = refusal_curve_of(report.asked), area(report.asked)
    return {
        "format": 1,
        "provenance": asdict(provenance),
        "test_set": {
            "hash": _digest([(question.id, question.gold) for question in questions]),
            "questions": len(questions),
        },
        "search": {
            name: {measure: asdict(figure) for measure, figure in search_figures(ranked).items()}
            for name, ranked in report.ranked
        },
        "answers": {name: asdict(figure) for name, figure in answer_figures(report.asked).items()},
        "refusals": asdict(refusals) if refusals is not None else None,
        "risk_coverage_area": asdict(curve) if curve is not None else None,
        "questions": [question.model_dump(mode="json") for question in questions],
    }


def failures(report: PublicReport) -> Iterator[dict[str, object]]:
    """Yields every question whose lines were not all among the first ten, or whose reply is wrong."""
    for name, ranked in report.ranked:
        for one in ranked:
            if one.scores.get(_FOUND, 1.0) < 1.0:
                yield {
                    "id": f"{name}/{one.query.id}",
                    "question": one.query.text,
                    "expected": dict(one.judged),
                    "found": list(one.found),
                }
    for asked in report.asked:
        if _failed(asked):
            yield {
                "id": f"ask/{asked.id}",
                "question": asked.text,
                "expected": list(asked.answers) if asked.answerable else Expect.REFUSE.value,
                "outcome": asked.outcome,
                "reason": asked.reason,
                "confidence": asked.confidence,
                "quotes": list(asked.quotes),
            }


def _failed(asked: Asked) -> bool:
    if asked.answerable:
        return asked.outcome == BROKEN or asked.scores.get(SPAN) == 0.0
    return not asked.refused


def write(report: PublicReport, folder: Path, *, provenance: Provenance) -> None:
    """Writes report.json, report.md and failures.jsonl into `folder`, created when missing."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(failure, ensure_ascii=False) + "\n" for failure in failures(report))
    forms = {
        REPORT: json.dumps(as_json(report, provenance), ensure_ascii=False, indent=1) + "\n",
        _MARKDOWN: as_markdown(report, provenance),
        FAILURES: "".join(lines),
    }
    for name, words in forms.items():
        (folder / name).write_text(words, encoding="utf-8", errors="replace", newline="\n")


def _questions(report: PublicReport) -> Iterator[SavedQuestion]:
    for name, ranked in report.ranked:
        yield from (_searched(report.name, name, one) for one in ranked)
    yield from (_asked(report.name, one) for one in report.asked)


def _searched(report: str, name: str, one: Ranked) -> SavedQuestion:
    return _saved(
        f"{name}/{one.query.id}",
        name=f"{report}/{name}",
        type="search",
        question=one.query.text,
        gold=sorted(one.judged.items()),
        expect=Expect.ANSWER,
        outcome="",
        confidence=None,
        scores=dict(one.scores),
        milliseconds=one.milliseconds,
    )


def _asked(report: str, one: Asked) -> SavedQuestion:
    scores = {_SAME.get(name, name): value for name, value in one.scores.items()}
    if not one.answerable:
        scores = {"outcome": float(one.refused), "refusal recall": float(one.refused)}
    return _saved(
        f"ask/{one.id}",
        name=f"{report}/ask",
        type="span" if one.answerable else "unanswerable",
        question=one.text,
        gold=[one.answerable, *one.answers],
        expect=Expect.ANSWER if one.answerable else Expect.REFUSE,
        outcome=one.outcome,
        confidence=one.confidence,
        scores=scores,
        milliseconds=one.milliseconds,
    )


def _saved(
    id: str,
    *,
    name: str,
    type: str,
    question: str,
    gold: object,
    expect: Expect,
    outcome: str,
    confidence: float | None,
    scores: dict[str, float],
    milliseconds: float,
) -> SavedQuestion:
    return SavedQuestion(
        id=id,
        gold=_digest([question, gold])[:_DIGITS],
        cluster=id.partition("/")[2],  # the same question, searched and asked
        set=name,
        type=type,
        difficulty="",
        style="plain",
        turn=1,
        question=question,
        expect=expect,
        outcome=outcome,
        confidence=confidence,
        scores={measure: round(value, 6) for measure, value in scores.items()},
        milliseconds=round(milliseconds, 3),
    )


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()
