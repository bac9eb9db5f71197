"""Renders a run as one HTML file: figures and plots, then why each failed question failed.

The page loads nothing, runs no script, and shows text from papers, questions and replies as text
only (its content security policy forbids anything else).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from corpus.model import Document
from evals.model import Provenance, Report
from evals.report import html_figures, tables
from evals.report.html_cases import Failure, failures
from evals.report.html_plots import drawn
from evals.report.wording import ReportLanguage, Wording, wording_in


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that failed questions can be filtered by; the style sheet refers to its `number`."""

    number: int
    name: str
    label: str  # the name in the language of the report
    count: int


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of failed questions: file, type or measure."""

    key: str
    title: str
    choices: tuple[Choice, ...]

    def numbers(self, names: Iterable[str]) -> list[int]:
        wanted = set(names)
        return [choice.number for choice in self.choices if choice.name in wanted]


def as_html(
    report: Report,
    papers: Mapping[str, Document],
    *,
    language: ReportLanguage = ReportLanguage.CHINESE,
) -> str:
    """Renders the report as a page to open from disk; `papers` are the stored papers by id.

    The same report gives the same bytes.
    """
    words, failed = wording_in(language), failures(report, papers)
    groups = tables.groups_of(report, words)
    seen, rows = html_figures.outcomes(report, words)
    apart = (tables.bar_table, tables.needless_table, tables.kind_table)
    return _template().render(
        report=report,
        words=words,
        missed=tables.missed_in_words(report, words),
        made=_made(report.provenance),
        failed=failed,
        filters=_filters(failed, words),
        headline=html_figures.headline(report, words),
        successes=html_figures.successes(report, groups, words),
        tables=[table for make in apart if (table := make(report, words)).rows],
        grids=[html_figures.grid(title, some, words) for title, some in groups if some],
        plots=drawn(report, words),
        outcomes=seen,
        outcome_rows=rows,
    )


@cache
def _template() -> Template:
    # Undefined names are errors; everything in a template is escaped unless it is Markup made here.
    environment = Environment(
        loader=PackageLoader("evals"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")


def _made(provenance: Provenance) -> list[tuple[str, object]]:
    """Returns what was measured, without settings, as far as known."""
    return [(name, value) for name, value in asdict(provenance).items() if value and name != "settings"]


def _filters(failed: Iterable[Failure], words: Wording) -> list[Filter]:
    failed = list(failed)
    return [
        _filter("set", (case.result.case.set for case in failed), words),
        _filter("type", (case.result.item.type for case in failed), words),
        _filter("measure", (badge for case in failed for badge in case.badges), words),
    ]


def _filter(key: str, names: Iterable[str], words: Wording) -> Filter:
    counted = Counter(names).most_common()
    choices = (Choice(n, name, words.named(key, name), count) for n, (name, count) in enumerate(counted))
    return Filter(key, words(f"filter.{key}"), tuple(choices))
