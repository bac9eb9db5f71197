"""Commands on staged papers: `zhengwen release`, `zhengwen rollback`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from api import terminal
from api.cli.options import Json, settings_in_force


def release(
    discard: Annotated[bool, typer.Option("--discard", help="Delete the staged papers instead.")] = False,
    as_json: Json = False,
) -> None:
    """Put the staged papers into use, all or none."""
    from api.wire import change_schemas as wire
    from api.wire.changes import outcome_name
    from rag import staging

    settings = settings_in_force()
    if discard:
        staging.discard(settings)
        released = wire.Released(papers=[], corrections=0, generation=None)
    else:
        with terminal.Bar() as bar:
            done = staging.release(settings, progress=bar)
        released = wire.Released(
            papers=[
                wire.ReleasedPaper(
                    document_id=one.document_id, version=one.version, outcome=outcome_name(one)
                )
                for one in done.outcomes
            ],
            corrections=done.corrections,
            generation=done.index.generation,
        )
    if as_json:
        print(released.model_dump_json())
        return
    console = terminal.out()
    for paper in released.papers:
        line = f"{paper.outcome.replace('_', ' ')}: {paper.document_id}, version {paper.version}"
        console.print(terminal.plain(line))
    if released.corrections:
        console.print(terminal.plain(f"corrections of support facts: {released.corrections}"))
    console.print(
        terminal.plain("the staged papers are deleted" if discard else "the staged papers are in use")
    )


def rollback(
    to: Annotated[
        datetime | None,
        typer.Option(
            "--to", help="Time whose papers to go back to; without it, the time before the last release."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Put the papers of an earlier time into use again; later texts stay as versions."""
    from api.wire import change_schemas as wire
    from rag import staging

    # A time without a zone is one of this machine.
    moment = to.astimezone(UTC) if to is not None else None
    with terminal.Bar() as bar:
        done, index = staging.roll_back(settings_in_force(), to=moment, progress=bar)
    rolled = wire.RolledBack(
        to=done.to,
        replaced=list(done.replaced),
        withdrawn=list(done.withdrawn),
        restored=list(done.restored),
        removed=list(done.removed),
        generation=index.generation,
    )
    if as_json:
        print(rolled.model_dump_json())
        return
    console = terminal.out()
    for what, ids in (
        ("has its earlier text", rolled.replaced),
        ("withdrawn", rolled.withdrawn),
        ("restored", rolled.restored),
        ("was removed, and stays so", rolled.removed),
    ):
        for document_id in ids:
            console.print(terminal.plain(f"{document_id}: {what}"))
    console.print(terminal.plain(f"the papers are those of {rolled.to:%Y-%m-%d %H:%M:%S %Z}"))
