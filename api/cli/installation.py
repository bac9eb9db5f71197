"""Commands on the installation: `zhengwen config`, `doctor`."""

from __future__ import annotations

import typer

from api import terminal
from api.cli.options import FAILED, settings_in_force


def config() -> None:
    """Print the settings in force, secrets masked; when one of them is wrong, the defaults."""
    from api.cli.setup.configuration import defaults, rows
    from rag.errors import SettingsFault

    fault = None
    try:
        listed = rows(settings_in_force())
    except SettingsFault as error:
        listed, fault = defaults(), error
    console = terminal.out()
    for row in listed:
        console.print(terminal.plain(f"{row.variable}={row.value}"), end="")
        remark = row.description + ("" if row.is_default else " (set)")
        console.print(terminal.plain(f"  # {remark}", "dim"))
    if fault is not None:
        raise fault


def doctor() -> None:
    """Check the installation, and say what to do about each problem."""
    from api.cli.setup.doctor import checks

    console = terminal.out()
    failed = False
    for check in checks(settings_in_force()):
        mark = terminal.plain("ok      ", "green") if check.ok else terminal.plain("problem ", "red")
        console.print(mark + terminal.plain(f"{check.name}: {check.found}"))
        failed |= not check.ok
    if failed:
        raise typer.Exit(FAILED)
