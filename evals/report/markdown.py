"""Renders a run and a comparison as Markdown for a pull request; long parts are collapsed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from evals.compare.baseline import Change, Trend, Verdict
from evals.compare.paired import Comparison, Flipped
from evals.measures import summary
from evals.measures.names import LENGTH, LENGTHS, NEEDLESS
from evals.model import Report, Result
from evals.report.tables import NONE, Table, markdown, missed_in_words, number, span, tables
from evals.report.wording import ReportLanguage, Wording, wording_in

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
    "missing part named",
    "false refusal",
    *NEEDLESS,
    "refusal precision",
    "refusal recall",
    "corrected",
    LENGTH,
)
_MOST = 50  # failures shown; failures.jsonl contains all of them
_LONGEST = 400  # characters of an answer
_SPECIAL = re.compile(r"([\\`*_\[\]|~#])")  # "*" and "|" are markup


def as_markdown(
    report: Report, verdict: Verdict | None = None, *, language: ReportLanguage = ReportLanguage.CHINESE
) -> str:
    """Returns headline figures with their change against a baseline, then everything else, collapsed."""
    words = wording_in(language)
    blocks = [f"# {words('title')}", *_outcome(report, verdict, words)]
    if headline := _headline(report, verdict, words):
        blocks.append(markdown(headline))
    blocks += [_folded(table.title, markdown(table)) for table in tables(report, words)]
    failed = [result for result in report.results if summary.failed(result)]
    if failed:
        title = words("failed_questions", {"count": len(failed)})
        blocks.append(_folded(title, "\n\n".join(_failures(failed, words))))
    measured = [
        f"- {words.named('made', name)}: {_plain(str(value))}"
        for name, value in asdict(report.provenance).items()
        if value
    ]
    if measured:
        blocks.append(_folded(words("measured"), "\n".join(measured)))
    return "\n\n".join(blocks) + "\n"


def comparison_as_markdown(
    found: Comparison, *, a: str, b: str, language: ReportLanguage = ReportLanguage.CHINESE
) -> str:
    """Returns the comparison; `a` and `b` name the runs."""
    words = wording_in(language)
    runs = (
        words("run_is", {"letter": letter, "name": _plain(name)}) for letter, name in (("A", a), ("B", b))
    )
    blocks = [
        f"# {words('comparison')}",
        "  \n".join(runs),
        *(f"- {_plain(words.note(note))}" for note in found.notes),
    ]
    table = compared(found, words)
    asked = words("asked_in_both", {"count": found.questions})
    blocks += [asked, *([markdown(table)] if table.rows else [])]
    for title, turned in (("lost_by", found.lost), ("won_by", found.won)):
        if turned:
            lines = (_rejected(one, words) for one in turned)
            blocks.append(_folded(words(title, {"count": len(turned)}), "\n".join(lines)))
    return "\n\n".join(blocks) + "\n"


def compared(found: Comparison, words: Wording) -> Table:
    """Returns the measures of a comparison, one per row."""
    turned, to = map(words, ("won", "lost", "ties")), words("to")
    columns = ("", "A", "B", "B - A", words("interval"), "p", *turned)
    rows = [
        (
            _row_name(row.measure, words),
            number(row.measure, row.a),
            number(row.measure, row.b),
            _signed(row.measure, row.difference),
            f"{_signed(row.measure, row.interval.low)} {to} {_signed(row.measure, row.interval.high)}",
            f"{row.p:.3f}",
            *map(str, (row.won, row.lost, row.ties)),
        )
        for row in found.rows
    ]
    rows += [
        (
            words("milliseconds_at", {"name": name}),
            f"{a:.1f}",
            f"{b:.1f}",
            f"{b - a:+.1f}",
            *(NONE for _ in columns[5:]),
            NONE,
        )
        for name, a, b in found.latency
    ]
    return Table(words("b_against_a"), columns, tuple(rows))


def changed(verdict: Verdict, words: Wording) -> Table:
    """Returns every figure of a baseline and how it changed."""
    rows = [
        (
            words.measure(change.name),
            number(change.name, change.then.value),
            f"{number(change.name, change.then.low)}–{number(change.name, change.then.high)}",
            NONE if change.now is None else number(change.name, change.now.value),
            _mark(change.trend, words),
        )
        for change in verdict.changes
    ]
    columns = ("", words("baseline"), words("interval"), words("this_run"), "")
    return Table(words("against"), columns, tuple(rows))


def remarks(report: Report, words: Wording) -> list[str]:
    """Returns what is said about a run as a whole, a line each: how many failed, and what was not judged."""
    count = sum(1 for result in report.results if summary.failed(result))
    lines = [words("failed_line", {"failed": count, "total": len(report.results)})]
    if missed := missed_in_words(report, words):
        lines.append(words("under_bars_line", {"names": words.joined(missed)}))
    if report.left_out:
        lines.append(words("left_out", {"ids": words.joined(report.left_out)}))
    if report.misquoted:
        lines.append(words("misquoted", {"ids": words.joined(report.misquoted)}))
    return lines


def _outcome(report: Report, verdict: Verdict | None, words: Wording) -> list[str]:
    lines = [_plain(line) for line in remarks(report, words)]
    if verdict is not None:
        fallen = words.measures(change.name for change in verdict.fallen)
        lines.append(f"**{words('fell_below', {'names': fallen})}**" if fallen else words("none_fell"))
        lines += [f"- {_plain(words.note(note))}" for note in verdict.notes]
    return lines


def _headline(report: Report, verdict: Verdict | None, words: Wording) -> Table | None:
    figures = summary.overall(report)
    changes = {change.name: change for change in verdict.changes} if verdict else {}
    rows = [
        (
            words.measure(name),
            number(name, figures[name].value),
            span(name, figures[name].interval),
            str(figures[name].judged),
            *([_change(name, changes.get(name), words)] if verdict else []),
        )
        for name in _HEADLINE
        if name in figures
    ]
    named = ("figure", "interval", "questions", *(["against_column"] if verdict else []))
    return Table(words("figures"), ("", *map(words, named)), tuple(rows)) if rows else None


def _mark(trend: Trend, words: Wording) -> str:
    return "" if trend is Trend.SAME else words(f"trend.{trend.value}")


def _row_name(measure: str, words: Wording) -> str:
    name = words.measure(measure)
    return words("mean_of", {"name": name}) if measure in LENGTHS else name


def _change(name: str, change: Change | None, words: Wording) -> str:
    if change is None or change.now is None:
        return NONE
    difference = _signed(name, change.now.value - change.then.value)
    return f"{difference} {_mark(change.trend, words)}".rstrip()


def _signed(measure: str, difference: float) -> str:
    digits = 0 if measure in LENGTHS else 3
    return f"{round(difference, digits) + 0.0:+.{digits}f}"  # + 0.0 makes -0.0 a plain zero


def _failures(failed: Sequence[Result], words: Wording) -> Iterable[str]:
    for result in failed[:_MOST]:
        item, observed = result.item, result.observed
        facts = words.joined(map(words.either, item.answer_must), by="semicolon")
        places = words.joined(
            (f"{entry.document} {'、'.join(entry.articles)}" for entry in item.evidence), by="semicolon"
        )
        accepted = words.either(words.named("expect", name) for name in item.accepted)
        outcome = words.named("outcome", observed.outcome.value)
        cut = observed.text if len(observed.text) <= _LONGEST else f"{observed.text[:_LONGEST]}…"
        yield "\n".join(
            [
                f"**{_plain(result.id)}** {_plain(item.question)}  ",
                words("failed_by", {"names": words.measures(summary.failed(result))}) + "  ",
                words("was_expected", {"words": _plain(" ".join(filter(None, (accepted, facts, places))))})
                + "  ",
                words("was_got", {"outcome": outcome, "text": _plain(cut)}),
            ]
        )
    if len(failed) > _MOST:
        yield words("more_failed", {"count": len(failed) - _MOST})


def _rejected(turned: Flipped, words: Wording) -> str:
    question = turned.question
    return f"- **{_plain(question.id)}** {_plain(question.question)} ({words.measures(turned.failed)})"


def _folded(title: str, body: str) -> str:
    # The empty lines make a Markdown renderer read the body as Markdown.
    return f"<details>\n<summary>{title}</summary>\n\n{body}\n\n</details>"


def _plain(text: str) -> str:
    """Escapes text: one line, without markup of Markdown or HTML."""
    flat = " ".join(text.split())
    escaped = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", escaped)
