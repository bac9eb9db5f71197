"""Bars: the figures that a run needs to pass.

They are in evals/data/bars.tsv, those of facts in fact_bars.tsv.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from corpus.errors import BadTable
from evals.measures.fact_names import ALL_OF_FACTS
from evals.measures.names import LESS_IS_BETTER, NAMES
from evals.measures.summary import Figure, overall
from evals.model import Report

_ROUNDING = 1e-9  # a mean of shares that should be exactly at its bar
_COMMENT = "#"


@dataclass(frozen=True, slots=True)
class Bar:
    """The least value of a figure, or the most where less is better."""

    measure: str
    value: float

    @property
    def is_most(self) -> bool:
        return self.measure in LESS_IS_BETTER

    def met_by(self, figure: Figure) -> bool:
        """Whether the figure itself, not a limit of its interval, reaches the bar."""
        gain = self.value - figure.value if self.is_most else figure.value - self.value
        return gain >= -_ROUNDING


@dataclass(frozen=True, slots=True)
class Judged:
    """A figure of a run and its bar."""

    bar: Bar
    figure: Figure

    @property
    def met(self) -> bool:
        return self.bar.met_by(self.figure)


def judged(report: Report) -> list[Judged]:
    """Returns the figures of the run that have a bar, in the order of the bars."""
    return judged_by(bars(), overall(report))


def judged_by(known: Mapping[str, Bar], figures: Mapping[str, Figure]) -> list[Judged]:
    """Returns the figures that have a bar, in the order of the bars."""
    return [Judged(bar, figures[name]) for name, bar in known.items() if name in figures]


def missed(report: Report) -> list[Judged]:
    """Returns the figures that miss their bar. A run with one has not passed."""
    return [one for one in judged(report) if not one.met]


@cache
def bars() -> Mapping[str, Bar]:
    """Returns the bars by measure. Raises BadTable, which names the line, for a file that is not valid."""
    return _read("bars.tsv", NAMES)


@cache
def fact_bars() -> Mapping[str, Bar]:
    """Returns the bars of facts by measure. Raises BadTable as `bars` does."""
    return _read("fact_bars.tsv", ALL_OF_FACTS)


def _read(name: str, measures: Collection[str]) -> dict[str, Bar]:
    content = files("evals").joinpath("data", name).read_text(encoding="utf-8")
    return parse_bars(content, place=f"evals/data/{name}", measures=measures)


def parse_bars(content: str, *, place: str, measures: Collection[str] = NAMES) -> dict[str, Bar]:
    """Parses the lines `measure, bar, why`. Raises BadTable."""
    found: dict[str, Bar] = {}
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip() or line.startswith(_COMMENT):
            continue
        name, *others = line.split("\t")
        if len(others) != 2 or name not in measures or name in found:
            raise BadTable(place, number, f"{name!r} is no measure with bar and reason", "Write each once")
        try:
            found[name] = Bar(name, float(others[0]))
        except ValueError as error:
            raise BadTable(place, number, f"{others[0]!r} is no number", "Write a share") from error
    return found
