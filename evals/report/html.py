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
from evals.measures import summary
from evals.model import Provenance, Report
from evals.report import html_figures
from evals.report.html_cases import Failure, failures
from evals.report.html_plots import drawn


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that failed questions can be filtered by; the style sheet refers to its `number`."""

    number: int
    name: str
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


def as_html(report: Report, papers: Mapping[str, Document]) -> str:
    """Renders the report as a page to open from disk; `papers` are the stored papers by id.

    The same report gives the same bytes.
    """
    failed = failures(report, papers)
    groups = {
        "By file": summary.by_file(report),
        "By difficulty": summary.by_difficulty(report),
        "By type": summary.by_type(report),
        "By turn of a dialogue": summary.by_turn(report),
    }
    seen, rows = html_figures.outcomes(report)
    return _template().render(
        report=report,
        made=_made(report.provenance),
        failed=failed,
        filters=_filters(failed),
        headline=html_figures.headline(report),
        successes=html_figures.successes(report, groups),
        grids=[html_figures.grid(title, some) for title, some in groups.items() if some],
        plots=drawn(report),
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


def _filters(failed: Iterable[Failure]) -> list[Filter]:
    failed = list(failed)
    return [
        _filter("set", "File", (case.result.case.set for case in failed)),
        _filter("type", "Type", (case.result.item.type for case in failed)),
        _filter("measure", "Failed measure", (badge for case in failed for badge in case.badges)),
    ]


def _filter(key: str, title: str, names: Iterable[str]) -> Filter:
    counted = Counter(names).most_common()
    return Filter(key, title, tuple(Choice(n, name, count) for n, (name, count) in enumerate(counted)))
