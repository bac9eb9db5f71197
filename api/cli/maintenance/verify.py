"""The command `zhengwen verify`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from api import terminal
from api.cli.options import FAILED, Json, settings_in_force

if TYPE_CHECKING:
    from api.maintenance.verification import Report

_CURE = (
    "restore a backup with `zhengwen backup restore`; a damaged paper can also be added again with "
    "`zhengwen ingest`, a damaged index built again with `zhengwen ingest --rebuild`"
)

_MOST_NAMED = 5  # papers that are not yet indexed


def verify(as_json: Json = False) -> None:
    """Check all that is stored against its checksums: papers, index, records of the service.

    Changes nothing, and may run while the service answers. Exit status 1: something is damaged.
    """
    from api.maintenance.verification import verify as verified

    settings = settings_in_force()
    with terminal.Bar() as bar:
        report = verified(settings, progress=bar)
    if as_json:
        content: dict[str, object] = {
            "papers": report.versions,
            "faults": [asdict(fault) for fault in report.faults],
            "not_indexed": list(report.behind.papers) if report.behind is not None else [],
        }
        print(json.dumps(content, ensure_ascii=False))
    else:
        _show(report)
    if report.faults:
        raise typer.Exit(FAILED)


def _show(report: Report) -> None:
    """Prints a line a paper with faults, each fault below it, and the sum."""
    console = terminal.out()
    for document_id in ["", *report.damaged]:
        faults = [fault for fault in report.faults if fault.document_id == document_id]
        if faults and document_id:
            console.print(terminal.plain(f"damaged    {document_id}", "red"))
        for fault in faults:
            console.print(terminal.plain(f"  {fault.kind}: {' '.join(fault.message.split())}"))
    if report.behind is not None:
        console.print(terminal.plain(_not_indexed(report.behind.papers), "yellow"))
    versions, papers = sum(report.versions.values()), len(report.versions)
    checked = f"{papers} papers with {versions} versions, their index and the records were checked"
    if report.faults:
        damaged = len(report.damaged)
        console.print(
            terminal.plain(f"{checked}: {len(report.faults)} faults, {damaged} papers damaged", "red")
        )
        terminal.err().print(terminal.plain(f"To mend it, {_CURE}"))
    else:
        console.print(terminal.plain(f"{checked}: no fault", "green"))


def _not_indexed(papers: tuple[str, ...]) -> str:
    """What the index lacks; that is no damage."""
    named = ", ".join(papers[:_MOST_NAMED]) + (", …" if len(papers) > _MOST_NAMED else "")
    what = f"{len(papers)} papers are" if len(papers) != 1 else "1 paper is"
    told = f"{what} not yet indexed ({named})" if papers else "the last change is not yet indexed"
    return f"{told}; the next start does it"
