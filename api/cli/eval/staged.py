"""Measures a test set with the papers in use and with the staged ones, and compares the answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from api.cli.eval.output import folder_for_report
from api.cli.eval.run import measure
from api.settings import load_settings
from evals.report import writer
from evals.report.wording import ReportLanguage
from rag.staging import check_staged


def measure_both(
    sets: Sequence[Path], *, split: str, out: Path, language: ReportLanguage
) -> tuple[Path, Path]:
    """Writes both reports and returns their folders, before and after. Raises NothingStaged."""
    check_staged(load_settings())  # before the questions are asked
    folders = out / "before", out / "after"
    for folder, staged in zip(folders, (False, True), strict=True):
        with folder_for_report(folder):
            report, papers = measure(sets, split=split, staged=staged)
            writer.write(report, folder, papers=papers, verdict=None, language=language)
    return folders
