"""The gate: compares a run with the stored figures of an earlier one.

A figure has fallen when it is worse than the interval of its baseline, that is, by more than other questions
of the same kind would explain. For what the product promises of every reply any fall counts, as a single
quote that is not verbatim is one too many.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.compare.notes import Note
from evals.compare.saved import SavedSet, set_hash
from evals.errors import BaselineFault, BaselineStale
from evals.measures import summary
from evals.measures.names import LESS_IS_BETTER, OF_REFUSALS, PROMISES
from evals.measures.stats import Interval
from evals.measures.summary import Figure
from evals.model import Provenance, Report

_APART = "all three"  # also compared by file, for follow-ups and for questions about the outline
_ROUNDING = 1e-6


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StoredFigure(_Stored):
    value: float
    low: float
    high: float
    judged: int


class Baseline(_Stored):
    """Figures that later runs are compared with, and what they were measured on."""

    format: Literal[1]
    date: str
    version: str
    commit: str
    corpus: str
    model: str
    test_set: SavedSet
    figures: dict[str, StoredFigure]


class Trend(StrEnum):
    """The direction in which a figure changed."""

    FELL = "fell"  # below its interval, or a promise is broken
    WORSE = "worse"  # within the interval
    SAME = "same"
    BETTER = "better"
    GONE = "gone"  # a measure of refusals where nothing was refused


@dataclass(frozen=True, slots=True)
class Change:
    """A figure before and now; `now` is None when no question could be judged by it."""

    name: str
    then: StoredFigure
    now: Figure | None
    trend: Trend


@dataclass(frozen=True, slots=True)
class Verdict:
    """The comparison of a run with a baseline. `notes` say what else differs."""

    changes: tuple[Change, ...]
    notes: tuple[Note, ...]

    @property
    def fallen(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.trend is Trend.FELL)


def baseline_of(report: Report) -> Baseline:
    """Returns the figures of a run as a baseline for later ones."""
    asked = SavedSet(hash=set_hash(report), questions=len(report.results))
    return baseline_from(_figures(report), asked=asked, made=report.provenance)


def baseline_from(figures: Mapping[str, Figure], *, asked: SavedSet, made: Provenance) -> Baseline:
    """Returns figures as a baseline for later ones."""
    return Baseline(
        format=1,
        date=made.date,
        version=made.version,
        commit=made.commit,
        corpus=made.corpus,
        model=made.model,
        test_set=asked,
        figures={name: _stored(figure) for name, figure in figures.items()},
    )


def write_baseline(baseline: Baseline, file: Path) -> None:
    """Writes a baseline."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(baseline.model_dump_json(indent=1) + "\n", encoding="utf-8")


def read_baseline(file: Path) -> Baseline:
    """Reads a baseline. Raises BaselineFault when the file is not one."""
    try:
        return Baseline.model_validate_json(file.read_bytes())
    except OSError as error:
        raise BaselineFault(str(file), f"cannot be read ({error.strerror})") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BaselineFault(str(file), f"{where}: {first['msg']}" if where else str(first["msg"])) from error


def judge(report: Report, baseline: Baseline, *, place: str) -> Verdict:
    """Compares the run with the baseline read from `place`. Raises BaselineStale for other questions."""
    return judge_figures(
        _figures(report), baseline, place=place, digest=set_hash(report), made=report.provenance
    )


def judge_figures(
    figures: Mapping[str, Figure], baseline: Baseline, *, place: str, digest: str, made: Provenance
) -> Verdict:
    """Compares figures with the baseline read from `place`. Raises BaselineStale for another set."""
    if digest != baseline.test_set.hash:
        raise BaselineStale(place)
    changes = tuple(
        Change(name, then, figures.get(name), _trend(name, then, figures.get(name)))
        for name, then in baseline.figures.items()
    )
    pairs = (("corpus", baseline.corpus, made.corpus), ("model", baseline.model, made.model))
    notes = tuple(Note(f"baseline.{what}", {}) for what, then, now in pairs if then != now)
    return Verdict(changes, notes)


def _figures(report: Report) -> dict[str, Figure]:
    apart = {
        f"{_APART} ({group.name})": group.figures[_APART]
        for group in summary.by_file(report)
        if _APART in group.figures and group.name != "all"
    }
    return summary.overall(report) | apart


def _stored(figure: Figure) -> StoredFigure:
    interval: Interval = figure.interval
    low, high = round(interval.low, 6), round(interval.high, 6)
    return StoredFigure(value=round(figure.value, 6), low=low, high=high, judged=figure.judged)


def _trend(name: str, then: StoredFigure, now: Figure | None) -> Trend:
    if now is None:
        return Trend.GONE if name in OF_REFUSALS else Trend.FELL
    sign = -1.0 if name in LESS_IS_BETTER else 1.0
    gain = sign * (now.value - then.value)
    bound = then.value if name in PROMISES else then.high if name in LESS_IS_BETTER else then.low
    if sign * (now.value - bound) < -_ROUNDING:
        return Trend.FELL
    if abs(gain) <= _ROUNDING:
        return Trend.SAME
    return Trend.BETTER if gain > 0 else Trend.WORSE
