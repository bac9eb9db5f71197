"""A run written down: tables for a terminal and Markdown, JSON, and the questions that failed."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evals import summary
from evals.metrics import evidence_rank
from evals.model import Expect, Quoted, Report, Result
from evals.summary import LENGTH, Figure, Group, Refusals

_TOP = 5  # clauses named for a failed question


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of text under a title; the first column names the rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(report: Report) -> list[Table]:
    """All figures of a run, ready to be shown."""
    found = [
        _figures("By file", summary.by_file(report)),
        _figures("By difficulty", summary.by_difficulty(report)),
        _refused("Refusals and corrections", summary.refusals(report)),
        _taken(report),
    ]
    return [table for table in found if table.rows]


def as_text(report: Report) -> str:
    """The tables with aligned columns, for a terminal."""
    blocks = []
    for table in tables(report):
        lines = [table.columns, *table.rows]
        widths = [max(_width(line[index]) for line in lines) for index in range(len(table.columns))]
        blocks.append("\n".join([table.title, *(_aligned(line, widths) for line in lines)]))
    return "\n\n".join([*blocks, *_remarks(report)])


def as_markdown(report: Report) -> str:
    """The tables and what was measured, as Markdown."""
    blocks = ["# Evaluation", *(f"- {name}: {value}" for name, value in _measured(report))]
    for table in tables(report):
        lines = [table.columns, tuple("---" for _ in table.columns), *table.rows]
        blocks += ["", f"## {table.title}", "", *(f"| {' | '.join(line)} |" for line in lines)]
    return "\n".join([*blocks, *(f"\n{remark}" for remark in _remarks(report))]) + "\n"


def as_json(report: Report) -> dict[str, object]:
    """Everything but the replies: provenance, figures, and the scores of every question."""
    return {
        "provenance": asdict(report.provenance),
        "by_file": [asdict(group) for group in summary.by_file(report)],
        "by_difficulty": [asdict(group) for group in summary.by_difficulty(report)],
        "by_type": [asdict(group) for group in summary.by_type(report)],
        "refusals": [asdict(row) for row in summary.refusals(report)],
        "latency_ms": summary.latency(report),
        "left_out": list(report.left_out),
        "questions": [_scored(result) for result in report.results],
    }


def failures(report: Report) -> list[dict[str, object]]:
    """Every question whose reply is wrong by some measure, with what was expected and seen."""
    return [_failure(result) for result in report.results if summary.failed(result)]


def write(report: Report, folder: Path) -> None:
    """Write report.json, report.md and failures.jsonl into `folder`, made when missing."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(as_json(report), ensure_ascii=False, indent=1)
    (folder / "report.json").write_text(text + "\n", encoding="utf-8")
    (folder / "report.md").write_text(as_markdown(report), encoding="utf-8")
    lines = (json.dumps(failure, ensure_ascii=False) + "\n" for failure in failures(report))
    (folder / "failures.jsonl").write_text("".join(lines), encoding="utf-8")


def _figures(title: str, groups: Sequence[Group]) -> Table:
    shown = [measure for measure in summary.MEASURES if any(measure in group.figures for group in groups)]
    questions = ("questions", *(str(group.questions) for group in groups))
    rows = [(measure, *(_cell(measure, group) for group in groups)) for measure in shown]
    return Table(title, ("", *(group.name for group in groups)), (questions, *rows) if groups else ())


def _cell(measure: str, group: Group) -> str:
    figure = group.figures.get(measure)
    if figure is None:
        return "–"
    return f"{figure.value:.0f}" if measure == LENGTH else f"{figure.value:.3f}"


def _refused(title: str, rows: Sequence[Refusals]) -> Table:
    columns = ("type", "questions", "right outcome", "corrected with facts", "outcomes")
    cells = [
        (
            row.type,
            str(row.questions),
            f"{row.outcome_right:.3f}",
            _share(row.corrected),
            ", ".join(f"{outcome} {count}" for outcome, count in row.outcomes.items()),
        )
        for row in rows
    ]
    return Table(title, columns, tuple(cells))


def _share(figure: Figure | None) -> str:
    return "–" if figure is None else f"{figure.value:.3f}"


def _taken(report: Report) -> Table:
    taken = summary.latency(report)
    cells = tuple(f"{milliseconds:.1f}" for milliseconds in taken.values())
    return Table("Latency in milliseconds", ("", *taken), (("a question", *cells),) if taken else ())


def _remarks(report: Report) -> list[str]:
    count = sum(1 for result in report.results if summary.failed(result))
    remarks = [f"{count} of {len(report.results)} questions failed by some measure."]
    if quotes := summary.verbatim(report):
        remarks.append(f"Quotes verbatim, refusals included: {quotes.value:.4f}.")
    if report.left_out:
        remarks.append(f"Left out, their papers are not stored: {', '.join(report.left_out)}.")
    return remarks


def _measured(report: Report) -> list[tuple[str, object]]:
    return [(name, value) for name, value in asdict(report.provenance).items() if value]


def _scored(result: Result) -> dict[str, object]:
    return {
        "id": result.id,
        "set": result.case.set,
        "type": result.item.type,
        "difficulty": result.item.difficulty,
        "style": result.case.style,
        "outcome": result.observed.outcome.value,
        "scores": {name: round(value, 6) for name, value in result.scores.items()},
        "milliseconds": round(result.milliseconds, 3),
    }


def _failure(result: Result) -> dict[str, object]:
    item, seen = result.item, result.observed
    expected: dict[str, object] = {
        "outcome": item.expect.value,
        "evidence": [asdict(entry) for entry in item.evidence],
        "answer_must": item.answer_must,
    }
    if item.alternatives:
        expected["alternatives"] = [asdict(entry) for entry in item.alternatives]
    return {
        "id": result.id,
        "failed": summary.failed(result),
        "question": item.question,
        "understood": seen.understood or item.question,
        "expected": expected,
        "outcome": seen.outcome.value,
        "reason": seen.reason,
        "text": seen.text,
        "citations": [_place(quoted) | {"quote": quoted.quote} for quoted in seen.citations],
        "nearest": [_place(quoted) for quoted in seen.nearest],
        "hits": [{"document": hit.document, "label": hit.label} for hit in seen.hits[:_TOP]],
        "evidence_rank": evidence_rank(item, seen.hits) if item.expect is Expect.ANSWER else None,
    }


def _place(quoted: Quoted) -> dict[str, object]:
    return {"document": quoted.document, "label": quoted.label}


def _width(cell: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in cell)


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        (cell + pad if index == 0 else pad + cell)
        for index, (cell, pad) in enumerate(
            (cell, " " * (width - _width(cell))) for cell, width in zip(line, widths, strict=True)
        )
    )
    return "  ".join([first, *others]).rstrip()
