"""Writes a run as JSON (report.json), and reads it back for comparison."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.errors import RunFault
from evals.measures import summary
from evals.measures.risk import selective
from evals.model import Case, Expect, Item, Provenance, Report, Result

REPORT = "report.json"
_FORMAT = 1
_DIGITS = 12  # of a fingerprint
_OPTIONAL = frozenset({"accepts_partial", "about", "missing"})  # fields of a question that most have not
_NOTES = frozenset({"kind", "looks_like"})  # fields that say nothing about what is right


class _Saved(BaseModel):
    """The part of a report that is read back; its figures are computed again from the scores."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SavedQuestion(_Saved):
    """A question with its scores."""

    id: str
    gold: str = Field(description="fingerprint of the question and of what a right answer contains")
    cluster: str
    set: str
    type: str
    difficulty: str
    style: str
    turn: int
    question: str
    expect: Expect
    outcome: str
    confidence: float | None
    scores: dict[str, float]
    milliseconds: float


class SavedSet(_Saved):
    """The test set of a run."""

    hash: str
    questions: int


class SavedRun(_Saved):
    """A run read back."""

    format: Literal[1]
    provenance: Provenance
    test_set: SavedSet
    questions: list[SavedQuestion]


def as_json(report: Report) -> dict[str, object]:
    """Returns everything except the replies: provenance, figures, and the scores of every question."""
    risk = selective(report)
    return {
        "format": _FORMAT,
        "provenance": asdict(report.provenance),
        "test_set": {"hash": set_hash(report), "questions": len(report.results)},
        "overall": {name: asdict(figure) for name, figure in summary.overall(report).items()},
        "by_file": [asdict(group) for group in summary.by_file(report)],
        "by_difficulty": [asdict(group) for group in summary.by_difficulty(report)],
        "by_type": [asdict(group) for group in summary.by_type(report)],
        "by_turn": [asdict(group) for group in summary.by_turn(report)],
        "refusals": [asdict(row) for row in summary.refusals(report)],
        "kinds": [asdict(row) for row in summary.kinds(report)],
        "needless": [asdict(row) for row in summary.needless(report)],
        "risk": asdict(risk) if risk is not None else None,
        "latency_ms": summary.latency(report),
        "latency_intervals_ms": {
            name: asdict(figure.interval) for name, figure in summary.latency_figures(report).items()
        },
        "left_out": list(report.left_out),
        "questions": [_question(result) for result in report.results],
    }


def read_run(path: Path) -> SavedRun:
    """Reads a run from the folder that an evaluation wrote, or its report.json. Raises RunFault."""
    file = path / REPORT if path.is_dir() else path
    try:
        return SavedRun.model_validate_json(file.read_bytes())
    except OSError as error:
        raise RunFault(str(file), f"cannot be read ({error.strerror})") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RunFault(str(file), f"{where}: {first['msg']}" if where else str(first["msg"])) from error


def set_hash(report: Report) -> str:
    """Returns a digest of the questions and gold, independent of files and order."""
    cases: dict[str, Case] = {result.case.id: result.case for result in report.results}
    return _digest([cases[id].group, id, *map(_gold, cases[id].items)] for id in sorted(cases))


def _question(result: Result) -> dict[str, object]:
    case, item, observed = result.case, result.item, result.observed
    saved = SavedQuestion(
        id=result.id,
        gold=_gold(item),
        cluster=result.cluster,
        set=case.set,
        type=item.type,
        difficulty=item.difficulty,
        style=case.style,
        turn=result.turn + 1,
        question=item.question,
        expect=item.expect,
        outcome=observed.outcome.value,
        confidence=observed.confidence,
        scores={name: round(value, 6) for name, value in result.scores.items()},
        milliseconds=round(result.milliseconds, 3),
    )
    return saved.model_dump(mode="json")


def _gold(item: Item) -> str:
    """Returns a digest of a question with its gold.

    Optional fields count only where they are set, so that saved runs and baselines of the same questions stay
    comparable when a field is added.
    """
    gold = {name: value for name, value in asdict(item).items() if name not in _NOTES}
    fields = {name: value for name, value in gold.items() if value or name not in _OPTIONAL}
    return _digest([fields])[:_DIGITS]


def _digest(parts: Iterable[object]) -> str:
    return hashlib.sha256(json.dumps(list(parts), ensure_ascii=False, sort_keys=True).encode()).hexdigest()
