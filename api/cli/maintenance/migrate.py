"""The command `zhengwen migrate`."""

from __future__ import annotations

from typing import Annotated

import typer

from api import terminal
from api.cli.options import settings_in_force


def migrate(
    to: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="SQLAlchemy URL of an empty database: postgresql+psycopg://USER@HOST/NAME or sqlite:///PATH.",
        ),
    ],
    records: Annotated[
        bool, typer.Option("--records", help="Copy conversations, receipts and sites, too.")
    ] = False,
) -> None:
    """Copy all papers with their versions, corrections and vectors into another database.

    Everything or nothing is copied, and compared row by row. What is here stays. Stop the service first.
    """
    from api.maintenance.migration import migrate as migrated

    settings = settings_in_force()
    with terminal.Bar() as bar:
        done = migrated(settings, to, records=records, progress=bar)
    console = terminal.out()
    for table in done.tables:
        console.print(terminal.plain(f"{table.rows:>9}  {table.name}"))
    console.print(terminal.plain("All rows were copied, and have the same contents. Put them into use with:"))
    for name, value in done.settings:
        console.print(terminal.plain(f"  {name}={value}" if value else f"  unset {name}"))
    console.print(terminal.plain("The first start builds the index from the vectors that were copied."))
