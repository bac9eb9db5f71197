"""Reports a run on a set of facts as text, Markdown, a page, and JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from evals.compare.saved import REPORT
from evals.facts.figure_tables import as_tables, judged, missed_in_words
from evals.facts.figures import figures
from evals.facts.model import FactReport, Miss, Split
from evals.measures.summary import Figure
from evals.report import tables
from evals.report.wording import ReportLanguage, Wording, wording_in

HTML, MARKDOWN, FAILURES = "report.html", "report.md", "failures.jsonl"


def listed(report: FactReport, *, with_test: bool = False) -> list[Miss]:
    """Returns what is wrong; of the half that nobody reads only if `with_test`."""
    return [miss for miss in report.misses if with_test or miss.split is Split.DEV]


def as_text(report: FactReport, *, language: ReportLanguage = ReportLanguage.CHINESE) -> str:
    """Returns the tables with aligned columns, for a terminal, and what misses its bar."""
    words = wording_in(language)
    return "\n\n".join([*map(tables.text, as_tables(report, words)), verdict(report, words)])


def as_markdown(report: FactReport, *, language: ReportLanguage = ReportLanguage.CHINESE) -> str:
    """Returns the tables and what was measured."""
    words = wording_in(language)
    blocks = [f"## {table.title}\n\n{tables.markdown(table)}" for table in as_tables(report, words)]
    made = "\n".join(f"- {words.named('made', name)}: {value}" for name, value in _made(report).items())
    title = f"# {words('facts_title_of', {'name': report.name})}\n\n{verdict(report, words)}"
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
        passed=not missed_in_words(report, words),
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
    missed = missed_in_words(report, words)
    if missed:
        return words("under_bars_line", {"names": words.joined(missed, by="semicolon")})
    return words("facts_passed")


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
