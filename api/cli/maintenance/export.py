"""`zhengwen export`: papers, clauses, facts and vectors as Parquet files."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from api import terminal
from api.cli.options import Json, settings_in_force


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    in_force: Annotated[
        bool, typer.Option("--in-force", help="Only papers in force today, or on the day of --as-of.")
    ] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="With the statuses of that day."),
    ] = None,
    no_vectors: Annotated[
        bool, typer.Option("--no-vectors", help="Without the vectors of the embedding model.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write papers, clauses, support facts and vectors as Parquet files, for other programs."""
    from rag.export.export import export as exported

    with terminal.Bar() as bar:
        done = exported(
            settings_in_force(),
            folder,
            day=as_of.date() if as_of is not None else None,
            only_in_force=in_force,
            with_vectors=not no_vectors,
            progress=bar,
        )
    if as_json:
        print(json.dumps({"folder": str(done.folder), "day": done.day.isoformat(), "rows": dict(done.rows)}))
        return
    rows = ", ".join(f"{count} {table}" for table, count in done.rows.items())
    terminal.out().print(terminal.plain(f"{done.folder}: {rows} (statuses of {done.day})"))
