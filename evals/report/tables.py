"""Formats the figures of a run as tables of text, for terminals and Markdown."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from evals.measures import summary
from evals.measures.names import LENGTHS, MEASURES
from evals.measures.stats import Interval
from evals.measures.summary import Figure, Group, Refusals
from evals.model import Report

NONE = "–"


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of text under a title; the first column names the rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(report: Report) -> list[Table]:
    """Returns all figures of a run as tables."""
    found = [
        _overall(report),
        _figures("By file", summary.by_file(report)),
        _figures("By difficulty", summary.by_difficulty(report)),
        _figures("Dialogues, turn by turn", summary.by_turn(report)),
        _refused(summary.refusals(report)),
        _taken(report),
    ]
    return [table for table in found if table.rows]


def text(table: Table) -> str:
    """Returns the table with aligned columns."""
    lines = [table.columns, *table.rows]
    widths = [max(_width(line[index]) for line in lines) for index in range(len(table.columns))]
    return "\n".join([table.title, *(_aligned(line, widths) for line in lines)])


def markdown(table: Table) -> str:
    """Returns the table as Markdown, without its title."""
    lines = [table.columns, tuple("---" for _ in table.columns), *table.rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)


def number(measure: str, value: float) -> str:
    """Formats a value: a share with three decimals, a length in whole characters."""
    return f"{value:.0f}" if measure in LENGTHS else f"{value:.3f}"


def span(measure: str, interval: Interval) -> str:
    """Formats an interval."""
    return f"{number(measure, interval.low)}–{number(measure, interval.high)}"


def _overall(report: Report) -> Table:
    rows = [
        (name, number(name, figure.value), span(name, figure.interval), str(figure.judged))
        for name, figure in summary.overall(report).items()
    ]
    return Table("All questions", ("", "figure", "95 % interval", "questions"), tuple(rows))


def _figures(title: str, groups: Sequence[Group]) -> Table:
    shown = [measure for measure in MEASURES if any(measure in group.figures for group in groups)]
    questions = ("questions", *(str(group.questions) for group in groups))
    rows = [
        (measure, *(_value(measure, group.figures.get(measure)) for group in groups)) for measure in shown
    ]
    return Table(title, ("", *(group.name for group in groups)), (questions, *rows) if groups else ())


def _refused(rows: Sequence[Refusals]) -> Table:
    columns = ("type", "questions", "right outcome", "95 % interval", "corrected with facts", "outcomes")
    cells = [
        (
            row.type,
            str(row.questions),
            _value("", row.outcome_right),
            span("", row.outcome_right.interval) if row.outcome_right else NONE,
            _value("", row.corrected),
            ", ".join(f"{outcome} {count}" for outcome, count in row.outcomes.items()),
        )
        for row in rows
    ]
    return Table("Refusals and corrections", columns, tuple(cells))


def _taken(report: Report) -> Table:
    taken, figures = summary.latency(report), summary.latency_figures(report)
    spans = {name: figure.interval for name, figure in figures.items()}
    rows = (
        ("a question", *(f"{milliseconds:.1f}" for milliseconds in taken.values())),
        (
            "95 % interval",
            *(f"{spans[n].low:.1f}–{spans[n].high:.1f}" if n in spans else NONE for n in taken),
        ),
    )
    return Table("Latency in milliseconds", ("", *taken), rows if taken else ())


def _value(measure: str, figure: Figure | None) -> str:
    return NONE if figure is None else number(measure, figure.value)


def _width(cell: str) -> int:
    """Returns the width in terminal columns: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in cell)


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (
        (cell + pad if index == 0 else pad + cell)
        for index, (cell, pad) in enumerate(
            (cell, " " * (width - _width(cell))) for cell, width in zip(line, widths, strict=True)
        )
    )
    return "  ".join([first, *others]).rstrip()
