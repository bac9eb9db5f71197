"""Formats the figures of a run as tables of text, for terminals, Markdown and the page."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from evals.measures import bars, summary
from evals.measures.names import LENGTHS, MEASURES, NEEDLESS
from evals.measures.stats import Interval
from evals.measures.summary import Figure, Group, KindRow, Refusals
from evals.model import Report
from evals.report.wording import Wording

NONE = "–"


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of text under a title; the first column names the rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables(report: Report, words: Wording) -> list[Table]:
    """Returns all figures of a run as tables."""
    found = [
        bar_table(report, words),
        _overall(report, words),
        *(_figures(title, groups, words) for title, groups in groups_of(report, words)),
        _refused(summary.refusals(report), words),
        needless_table(report, words),
        kind_table(report, words),
        _taken(report, words),
    ]
    return [table for table in found if table.rows]


def bar_table(report: Report, words: Wording) -> Table:
    """Returns the figures that have a bar, and whether they reach it."""
    rows = [
        (
            words.measure(one.bar.measure),
            number(one.bar.measure, one.figure.value),
            span(one.bar.measure, one.figure.interval),
            bar_in_words(one.bar, words),
            words("yes" if one.met else "no"),
        )
        for one in bars.judged(report)
    ]
    columns = (words("measure"), words("figure"), words("interval"), words("bar"), words("met"))
    return Table(words("bars"), columns, tuple(rows))


def bar_in_words(bar: bars.Bar, words: Wording) -> str:
    return words("at_most" if bar.is_most else "at_least", {"value": f"{bar.value:g}"})


def missed_in_words(report: Report, words: Wording) -> list[str]:
    """Returns each figure that misses its bar, with its value and the bar."""
    return [
        words(
            "missed",
            {
                "name": words.measure(one.bar.measure),
                "value": number(one.bar.measure, one.figure.value),
                "bar": bar_in_words(one.bar, words),
            },
        )
        for one in bars.missed(report)
    ]


def needless_table(report: Report, words: Wording) -> Table:
    """Returns the shares of needless corrections and not-stated lines."""
    rows = [
        (
            words.named("group", group.name),
            str(group.questions),
            *(cell for name in NEEDLESS for cell in _share(group.figures.get(name))),
        )
        for group in summary.needless(report)
    ]
    measures = (cell for name in NEEDLESS for cell in (words.measure(name), words("interval")))
    return Table(words("needless"), (words("group"), words("questions"), *measures), tuple(rows))


def kind_table(report: Report, words: Wording) -> Table:
    """Returns the results by kind of missing fact, of false claim and of control."""
    rows = [
        (
            _kind_group(row, words),
            words.named("kind", row.kind),
            str(row.questions),
            *_share(row.right),
        )
        for row in summary.kinds(report)
    ]
    columns = tuple(map(words, ("type", "kind", "questions", "right", "interval")))
    return Table(words("kinds"), columns, tuple(rows))


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


def groups_of(report: Report, words: Wording) -> list[tuple[str, list[Group]]]:
    """Returns the parts that a run is shown by, under their titles, with names in the report's language.

    Files are called as they are.
    """
    turns = {f"turn {n}": words("turn", {"number": n}) for n in range(1, 1 + len(summary.by_turn(report)))}

    def renamed(title: str, groups: Sequence[Group], named: Callable[[str], str]) -> tuple[str, list[Group]]:
        return words(title), [replace(group, name=named(group.name)) for group in groups]

    return [
        renamed("by_file", summary.by_file(report), lambda name: words.named("group", name)),
        renamed("by_difficulty", summary.by_difficulty(report), lambda name: words.named("difficulty", name)),
        renamed("by_type", summary.by_type(report), lambda name: type_name(name, words)),
        renamed("by_turn", summary.by_turn(report), lambda name: turns[name]),
    ]


def _overall(report: Report, words: Wording) -> Table:
    rows = [
        (words.measure(name), number(name, figure.value), span(name, figure.interval), str(figure.judged))
        for name, figure in summary.overall(report).items()
    ]
    columns = ("", words("figure"), words("interval"), words("questions"))
    return Table(words("all_questions"), columns, tuple(rows))


def _figures(title: str, groups: Sequence[Group], words: Wording) -> Table:
    shown = [measure for measure in MEASURES if any(measure in group.figures for group in groups)]
    questions = (words("questions"), *(str(group.questions) for group in groups))
    rows = [
        (words.measure(measure), *(_value(measure, group.figures.get(measure)) for group in groups))
        for measure in shown
    ]
    columns = ("", *(group.name for group in groups))
    return Table(title, columns, (questions, *rows) if groups else ())


def _refused(rows: Sequence[Refusals], words: Wording) -> Table:
    named = ("type", "questions", "right_outcome", "interval", "with_facts", "outcomes_column")
    cells = [
        (
            type_name(row.type, words),
            str(row.questions),
            *_share(row.outcome_right),
            _value("", row.corrected),
            words.joined(f"{words.named('outcome', name)} {count}" for name, count in row.outcomes.items()),
        )
        for row in rows
    ]
    return Table(words("refused"), tuple(map(words, named)), tuple(cells))


def type_name(name: str, words: Wording) -> str:
    """Returns the name of a type of questions, or of the group of all to refuse."""
    return words.named("type", words.named("group", name))


def _kind_group(row: KindRow, words: Wording) -> str:
    own = type_name(row.type, words)
    return (
        words("control_like", {"type": own, "like": type_name(row.looks_like, words)})
        if row.looks_like
        else own
    )


def _taken(report: Report, words: Wording) -> Table:
    taken, figures = summary.latency(report), summary.latency_figures(report)
    spans = {name: figure.interval for name, figure in figures.items()}
    rows = (
        (words("a_question"), *(f"{milliseconds:.1f}" for milliseconds in taken.values())),
        (
            words("interval"),
            *(f"{spans[n].low:.1f}–{spans[n].high:.1f}" if n in spans else NONE for n in taken),
        ),
    )
    return Table(words("latency"), ("", *taken), rows if taken else ())


def _value(measure: str, figure: Figure | None) -> str:
    return NONE if figure is None else number(measure, figure.value)


def _share(figure: Figure | None) -> tuple[str, str]:
    """Returns a share and its interval."""
    return (NONE, NONE) if figure is None else (number("", figure.value), span("", figure.interval))


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
