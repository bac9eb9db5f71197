"""The commands `zhengwen backup create`, `list`, `restore`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from api import terminal
from api.cli.options import settings_in_force, wrong_call

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

backup = typer.Typer(help="Backups of papers and records.", no_args_is_help=True)


@backup.command()
def create(path: Annotated[Path, typer.Argument(help="Folder to make; it must not exist.")]) -> None:
    """Copy papers, records and settings into a new folder, while the service runs.

    Keys are not copied. The index is not either: it is built from the papers.
    """
    from api.cli.setup.configuration import lines_without_secrets
    from api.maintenance.backup import create as created

    settings = settings_in_force()
    manifest = created(settings, path, settings_lines=lines_without_secrets(settings))
    size = sum(file.bytes for file in manifest.files.values())
    print(f"{path}: {manifest.papers} papers, {len(manifest.files)} files, {size} bytes")


@backup.command("list")
def list_backups(
    containing: Annotated[
        str | None, typer.Option(metavar="ID", help="Only backups that contain this paper.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the backups that were made and still exist."""
    from api.maintenance.backup import backups, backups_containing

    settings = settings_in_force()
    found = backups(settings) if containing is None else backups_containing(settings, containing)
    if as_json:
        listed = [
            {
                "path": str(one.backup.path),
                "made_at": one.backup.made_at.isoformat(),
                "reason": one.backup.reason,
            }
            for one in found
        ]
        print(json.dumps({"backups": listed}, ensure_ascii=False))
        return
    for one in found:
        papers = "" if one.manifest is None else f"  {one.manifest.papers} papers"
        made = one.backup.made_at.astimezone().strftime("%Y-%m-%d %H:%M")
        terminal.out().print(terminal.plain(f"{made}  {one.backup.path}  ({one.backup.reason}){papers}"))


@backup.command()
def restore(
    path: Annotated[Path, typer.Argument(help="Folder that `backup create` made.")],
) -> None:
    """Put a backup in the place of the present papers and records, which are kept aside.

    Stop the service first. If it is interrupted, run it again: until then nothing opens the data.
    """
    from api.maintenance.restoring import restore as restored

    if not path.exists():
        raise wrong_call(f"there is no folder {str(path)!r}. `zhengwen backup list` lists those made", "PATH")
    done = restored(settings_in_force(), path)
    made = done.manifest.made_at.astimezone().strftime("%Y-%m-%d %H:%M")
    print(f"restored {done.manifest.papers} papers and the records as they were at {made}")
    for folder in done.aside:
        print(f"the data from before is in {folder}; delete it when it is no longer needed")
    print("the next start builds the index, which takes up to a minute")
