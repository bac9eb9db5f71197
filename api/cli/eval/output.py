"""The folder of a report, its comparison with a baseline on the screen, and the options for both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api import terminal

if TYPE_CHECKING:
    from evals.compare.baseline import Verdict
    from evals.report.wording import Wording

REPORT_FOLDER = Path("eval-out")

Out = Annotated[Path, typer.Option(help="Folder for the files of the report.")]
Against = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Exit with status 1 when a figure fell below this baseline."),
]
WriteBaseline = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the figures as a baseline for later runs.")
]

_FELL = 1  # exit status when a figure fell below the baseline


@contextmanager
def folder_for_report(out: Path) -> Iterator[None]:
    """Creates the folder, so that one that cannot be created is reported before the questions are asked.

    What was created and is empty at the end, because nothing could be measured, is removed.
    """
    created = [folder for folder in (out, *out.parents) if not folder.exists()]
    out.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        for folder in created:
            if not any(folder.iterdir()):
                folder.rmdir()


def tell(verdict: Verdict, words: Wording) -> None:
    """Prints the comparison with the baseline; exits with status 1 when a figure fell below its interval."""
    from evals.report import markdown, tables

    console, alarm = terminal.out(), terminal.err()
    for note in verdict.notes:
        console.print(terminal.plain(words.note(note), "yellow"))
    console.print(terminal.plain("\n" + tables.text(markdown.changed(verdict, words))))
    for change in verdict.fallen:
        then, name = change.then, change.name
        now = words("not_judged") if change.now is None else tables.number(name, change.now.value)
        line = words(
            "fell_line",
            {
                "name": words.measure(name),
                "now": now,
                "then": tables.number(name, then.value),
                "interval": f"{tables.number(name, then.low)}–{tables.number(name, then.high)}",
            },
        )
        alarm.print(terminal.plain(line, "red"))
    if verdict.fallen:
        raise typer.Exit(_FELL)
