"""Reports a run on a set of facts as text, Markdown, a page, and JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from evals.compare.saved import REPORT
from evals.facts.figures import figures
from evals.facts.model import FactReport, Miss, Split
from evals.measures.bars import Judged, fact_bars, judged_by
from evals.measures.fact_names import (
    FACETED_MEASURES,
    FACT_MEASURES,
    PROFILE_MEASURES,
    PROMISES_OF_FACTS,
    TABLE_MEASURES,
)
from evals.measures.summary import Figure
from evals.report import tables
from evals.report.tables import Table
from evals.report.wording import ReportLanguage, Wording, wording_in

HTML, MARKDOWN, FAILURES = "report.html", "report.md", "failures.jsonl"
_FEWEST = 10  # things by which a figure is held against its bar
_PARTS = (
    ("facts_part", FACT_MEASURES),
    ("profiles_part", PROFILE_MEASURES),
    ("faceted_part", FACETED_MEASURES),
    ("tables_part", TABLE_MEASURES),
)


def judged(report: FactReport) -> list[Judged]:
    """Returns the figures that have a bar. A run with one that is not met has not passed.

    A figure over few things says nothing about its bar, unless it is a promise.
    """
    found = judged_by(fact_bars(), figures(report.scores))
    return [one for one in found if one.figure.judged >= _FEWEST or one.bar.measure in PROMISES_OF_FACTS]


def listed(report: FactReport, *, with_test: bool = False) -> list[Miss]:
    """Returns what is wrong; of the half that nobody reads only if `with_test`."""
    return [miss for miss in report.misses if with_test or miss.split is Split.DEV]


def as_tables(report: FactReport, words: Wording) -> list[Table]:
    """Returns bars and figures as tables."""
    halves = [figures(report.scores, split=half) for half in Split]
    whole = figures(report.scores)
    shown = [_part(title, names, whole, halves, words) for title, names in _PARTS]
    return [table for table in (_bars(report, words), *shown) if table.rows]


def as_text(report: FactReport, *, language: ReportLanguage = ReportLanguage.CHINESE) -> str:
    """Returns the tables with aligned columns, for a terminal, and what misses its bar."""
    words = wording_in(language)
    return "\n\n".join([*map(tables.text, as_tables(report, words)), verdict(report, words)])


def as_markdown(report: FactReport, *, language: ReportLanguage = ReportLanguage.CHINESE) -> str:
    """Returns the tables and what was measured."""
    words = wording_in(language)
    blocks = [f"## {table.title}\n\n{tables.markdown(table)}" for table in as_tables(report, words)]
    made = "\n".join(f"- {words.named('made', name)}: {value}" for name, value in _made(report).items())
    title = f"# {words('facts_title_of', name=report.name)}\n\n{verdict(report, words)}"
    return "\n\n".join([title, *blocks, f"## {words('measured')}", made]) + "\n"


def as_html(
    report: FactReport, *, language: ReportLanguage = ReportLanguage.CHINESE, with_test: bool = False
) -> str:
    """Renders the report as a page that loads nothing and runs no script. The same report, the same bytes."""
    words = wording_in(language)
    return _template().render(
        report=report,
        words=words,
        verdict=verdict(report, words),
        passed=not _missed(report, words),
        made=_made(report),
        tables=as_tables(report, words),
        misses=listed(report, with_test=with_test),
    )


def as_json(report: FactReport) -> dict[str, object]:
    """Returns the figures of both halves and of all, and how much of each is wrong."""
    wrong = Counter(miss.measure for miss in report.misses)
    return {
        "format": 1,
        "provenance": asdict(report.provenance),
        "set": {"name": report.name, "hash": report.digest, "papers": report.papers},
        "all": _as_numbers(figures(report.scores)),
        **{half.value: _as_numbers(figures(report.scores, split=half)) for half in Split},
        "bars": [
            {"measure": one.bar.measure, "bar": one.bar.value, "value": one.figure.value, "met": one.met}
            for one in judged(report)
        ],
        "wrong": dict(sorted(wrong.items())),
    }


def write(
    report: FactReport,
    folder: Path,
    *,
    language: ReportLanguage = ReportLanguage.CHINESE,
    with_test: bool = False,
) -> None:
    """Writes report.json, .html and .md, and failures.jsonl into `folder`, created when missing."""
    lines = (
        json.dumps(asdict(miss), ensure_ascii=False) + "\n" for miss in listed(report, with_test=with_test)
    )
    forms = {
        REPORT: json.dumps(as_json(report), ensure_ascii=False, indent=1) + "\n",
        HTML: as_html(report, language=language, with_test=with_test),
        MARKDOWN: as_markdown(report, language=language),
        FAILURES: "".join(lines),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in forms.items():
        (folder / name).write_text(text, encoding="utf-8", errors="replace", newline="\n")


def verdict(report: FactReport, words: Wording) -> str:
    """Returns in a line whether every figure reaches its bar."""
    missed = _missed(report, words)
    if missed:
        return words("under_bars_line", names=words.joined(missed, by="semicolon"))
    return words("facts_passed")


def _missed(report: FactReport, words: Wording) -> list[str]:
    return [
        words(
            "missed",
            name=words.measure(one.bar.measure),
            value=tables.number("", one.figure.value),
            bar=tables.bar_in_words(one.bar, words),
        )
        for one in judged(report)
        if not one.met
    ]


def _bars(report: FactReport, words: Wording) -> Table:
    rows = tuple(
        (
            words.measure(one.bar.measure),
            *_cells(one.figure),
            tables.bar_in_words(one.bar, words),
            words("yes" if one.met else "no"),
        )
        for one in judged(report)
    )
    columns = ("measure", "figure", "interval", "judged_column", "bar", "met")
    return Table(words("bars"), tuple(map(words, columns)), rows)


def _part(
    title: str,
    names: Sequence[str],
    whole: Mapping[str, Figure],
    halves: Sequence[Mapping[str, Figure]],
    words: Wording,
) -> Table:
    rows = tuple(
        (
            words.measure(name),
            *_cells(whole[name]),
            *(tables.number("", half[name].value) if name in half else tables.NONE for half in halves),
        )
        for name in names
        if name in whole
    )
    columns = ("measure", "figure", "interval", "judged_column", "dev_half", "test_half")
    return Table(words(title), tuple(map(words, columns)), rows)


def _cells(figure: Figure) -> tuple[str, str, str]:
    return tables.number("", figure.value), tables.span("", figure.interval), str(figure.judged)


def _made(report: FactReport) -> dict[str, object]:
    """Returns what was measured, as far as known."""
    made = asdict(report.provenance)
    return {name: value for name, value in made.items() if value and name != "settings"}


def _as_numbers(found: Mapping[str, Figure]) -> dict[str, object]:
    return {name: asdict(figure) for name, figure in found.items()}


@cache
def _template() -> Template:
    # Undefined names are errors, and everything is escaped: words of papers are data.
    environment = Environment(
        loader=PackageLoader("evals"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("facts.html")
