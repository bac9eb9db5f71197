"""Options, exit statuses and settings that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.settings import Settings

FAILED = 1  # exit status of a reported error; 130 is an interrupt
WRONG_CALL = 2  # also for a paper, a file or another thing that does not exist

Json = Annotated[bool, typer.Option("--json", help="Print the JSON of the HTTP API.")]


class ReportIn(StrEnum):
    """Languages of what staff read. Questions, papers and replies stay as they are."""

    CHINESE = "zh"
    ENGLISH = "en"


Lang = Annotated[ReportIn, typer.Option("--lang", help="Language of the report.")]


def examples(*lines: str) -> str:
    """The end of a command's help, a line each."""
    return "\n\n".join(("Examples:", *lines))


def wrong_call(message: str, option: str) -> typer.BadParameter:
    """The error of a call that is wrong (exit status 2) because of that option or argument."""
    return typer.BadParameter(message, param_hint=option)


def settings_in_force() -> Settings:
    """The settings, imported when a command needs them."""
    from api.settings import load_settings

    return load_settings()
