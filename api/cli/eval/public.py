"""`zhengwen eval` on public sets, which have their own corpus."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from api import terminal
from api.cli.eval.provenance import provenance
from api.settings import load_settings
from evals.public import report as beir_report
from evals.public.run import measure


def run(folders: Sequence[Path], *, split: str, sample: int, out: Path) -> None:
    """Measures each set in process, prints its figures and writes them below `out`; with a bar on stderr."""
    settings = load_settings()
    console = terminal.out()
    for folder in folders:
        with terminal.Bar() as bar:
            report = measure(folder, settings=settings, split=split, sample=sample, progress=bar)
        console.print(terminal.plain(beir_report.as_text(report)))
        into = out / report.name
        beir_report.write(report, into, provenance=provenance(settings, report.info))
        console.print(terminal.plain(f"\nWhat failed is in {into / beir_report.FAILURES}.\n"))
