"""Renders a run and a comparison as Markdown for a pull request; long parts are collapsed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from evals.compare.baseline import Change, Trend, Verdict
from evals.compare.paired import Comparison, Flipped
from evals.measures import summary
from evals.measures.names import LENGTH, LENGTHS
from evals.model import Report, Result
from evals.report.tables import NONE, Table, markdown, number, span, tables

_HEADLINE = (
    "all three",
    "facts",
    "document",
    "article",
    "R@5",
    "nDCG@10",
    "quotes verbatim",
    "number guard",
    "foreign sentences",
    "citation precision",
    "citation recall",
    "false refusal",
    "refusal precision",
    "refusal recall",
    "corrected",
    LENGTH,
)
_MOST = 50  # failures shown; failures.jsonl contains all of them
_LONGEST = 400  # characters of an answer
_SPECIAL = re.compile(r"([\\`*_\[\]|~#])")  # "*" and "|" are markup
_MARKS = {
    Trend.FELL: "❌ fell",
    Trend.WORSE: "worse, within its interval",
    Trend.SAME: "",
    Trend.BETTER: "better",
    Trend.GONE: "nothing was refused",
}


def as_markdown(report: Report, verdict: Verdict | None = None) -> str:
    """Returns headline figures with their change against a baseline, then everything else, collapsed."""
    blocks = ["# Evaluation", *_outcome(report, verdict)]
    if headline := _headline(report, verdict):
        blocks.append(markdown(headline))
    blocks += [_folded(table.title, markdown(table)) for table in tables(report)]
    failed = [result for result in report.results if summary.failed(result)]
    if failed:
        blocks.append(_folded(f"Failed questions ({len(failed)})", "\n\n".join(_failures(failed))))
    measured = [
        f"- {name}: {_plain(str(value))}" for name, value in asdict(report.provenance).items() if value
    ]
    if measured:
        blocks.append(_folded("What was measured", "\n".join(measured)))
    return "\n\n".join(blocks) + "\n"


def comparison_as_markdown(found: Comparison, *, a: str, b: str) -> str:
    """Returns the comparison; `a` and `b` name the runs."""
    blocks = [
        "# Comparison",
        f"A: {_plain(a)}  \nB: {_plain(b)}",
        *(f"- {_plain(note)}" for note in found.notes),
    ]
    table = compared(found)
    blocks += [f"{found.questions} questions were asked in both.", *([markdown(table)] if table.rows else [])]
    for title, turned in (("Lost", found.lost), ("Won", found.won)):
        if turned:
            blocks.append(_folded(f"{title} by B ({len(turned)})", "\n".join(map(_rejected, turned))))
    return "\n\n".join(blocks) + "\n"


def compared(found: Comparison) -> Table:
    """Returns the measures of a comparison, one per row."""
    columns = ("", "A", "B", "B - A", "95 % interval", "p", "won", "lost", "ties")
    rows = [
        (
            f"{row.measure} (mean)" if row.measure in LENGTHS else row.measure,
            number(row.measure, row.a),
            number(row.measure, row.b),
            _signed(row.measure, row.difference),
            f"{_signed(row.measure, row.interval.low)} to {_signed(row.measure, row.interval.high)}",
            f"{row.p:.3f}",
            *map(str, (row.won, row.lost, row.ties)),
        )
        for row in found.rows
    ]
    rows += [
        (f"milliseconds {name}", f"{a:.1f}", f"{b:.1f}", f"{b - a:+.1f}", *(NONE for _ in columns[5:]), NONE)
        for name, a, b in found.latency
    ]
    return Table("B against A", columns, tuple(rows))


def changed(verdict: Verdict) -> Table:
    """Returns every figure of a baseline and how it changed."""
    rows = [
        (
            change.name,
            number(change.name, change.then.value),
            f"{number(change.name, change.then.low)}–{number(change.name, change.then.high)}",
            NONE if change.now is None else number(change.name, change.now.value),
            _MARKS[change.trend],
        )
        for change in verdict.changes
    ]
    return Table("Against the baseline", ("", "baseline", "95 % interval", "this run", ""), tuple(rows))


def _outcome(report: Report, verdict: Verdict | None) -> list[str]:
    count = sum(1 for result in report.results if summary.failed(result))
    lines = [f"{count} of {len(report.results)} questions failed by some measure."]
    if report.left_out:
        lines.append(f"Left out, their papers are not stored: {_plain(', '.join(report.left_out))}.")
    if report.misquoted:
        lines.append(f"Evidence not in the paper it names: {_plain(', '.join(report.misquoted))}.")
    if verdict is not None:
        fallen = ", ".join(change.name for change in verdict.fallen)
        lines.append(
            f"**Fell below the baseline: {fallen}.**" if fallen else "No figure fell below the baseline."
        )
        lines += [f"- {_plain(note)}" for note in verdict.notes]
    return lines


def _headline(report: Report, verdict: Verdict | None) -> Table | None:
    figures = summary.overall(report)
    changes = {change.name: change for change in verdict.changes} if verdict else {}
    rows = [
        (
            name,
            number(name, figures[name].value),
            span(name, figures[name].interval),
            str(figures[name].judged),
            *([_change(name, changes.get(name))] if verdict else []),
        )
        for name in _HEADLINE
        if name in figures
    ]
    columns = ("", "figure", "95 % interval", "questions", *(["against the baseline"] if verdict else []))
    return Table("Figures", columns, tuple(rows)) if rows else None


def _change(name: str, change: Change | None) -> str:
    if change is None or change.now is None:
        return NONE
    difference = _signed(name, change.now.value - change.then.value)
    return f"{difference} {_MARKS[change.trend]}".rstrip()


def _signed(measure: str, difference: float) -> str:
    digits = 0 if measure in LENGTHS else 3
    return f"{round(difference, digits) + 0.0:+.{digits}f}"  # + 0.0 makes -0.0 a plain zero


def _failures(failed: Sequence[Result]) -> Iterable[str]:
    for result in failed[:_MOST]:
        item, observed = result.item, result.observed
        facts = "; ".join(" or ".join(group) for group in item.answer_must)
        places = "; ".join(f"{entry.document} {'、'.join(entry.articles)}" for entry in item.evidence)
        cut = observed.text if len(observed.text) <= _LONGEST else f"{observed.text[:_LONGEST]}…"
        yield "\n".join(
            [
                f"**{_plain(result.id)}** {_plain(item.question)}  ",
                f"failed: {', '.join(summary.failed(result))}  ",
                f"expected: {_plain(' '.join(filter(None, (item.expect, facts, places))))}  ",
                f"got: {observed.outcome.value}: {_plain(cut)}",
            ]
        )
    if len(failed) > _MOST:
        yield f"and {len(failed) - _MOST} more, in failures.jsonl"


def _rejected(turned: Flipped) -> str:
    question = turned.question
    return f"- **{_plain(question.id)}** {_plain(question.question)} ({', '.join(turned.failed)})"


def _folded(title: str, body: str) -> str:
    # The empty lines make a Markdown renderer read the body as Markdown.
    return f"<details>\n<summary>{title}</summary>\n\n{body}\n\n</details>"


def _plain(text: str) -> str:
    """Escapes text: one line, without markup of Markdown or HTML."""
    flat = " ".join(text.split())
    escaped = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", escaped)
