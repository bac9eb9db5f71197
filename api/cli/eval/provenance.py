"""The provenance of an evaluation: versions and settings, by which two reports can be compared."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from api.cli.setup.configuration import rows
from api.settings import Settings
from evals.model import Provenance
from rag.info import Info

_SECONDS = 10  # for git, which is slow only if the file system hangs


def provenance(settings: Settings, info: Info) -> Provenance:
    """Corpus, model, index, program, commit and settings of the assistant that is measured."""
    made = Provenance(
        corpus=info.corpus_hash,
        model=info.model,
        index=f"generation {info.generation}",
        calibration=info.calibration,
        threshold=info.threshold,
        version=version("zhengwen"),
        commit=commit(Path(__file__).parent),
        settings={row.variable: row.value for row in rows(settings)},
    )
    return stamped(made)


def stamped(made: Provenance) -> Provenance:
    """The same with the date, and the machine that is timed."""
    return replace(
        made,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        machine=f"{platform.platform()}, {os.cpu_count()} processors",
    )


def commit(folder: Path) -> str:
    """The commit of the checkout that contains the folder; "+dirty" where files differ from it.

    Empty where there is none: an installed program may be inside a checkout of another project that does not
    track it.
    """
    if _git(folder, "ls-files", "--error-unmatch", ".") is None:
        return ""
    head = _git(folder, "rev-parse", "HEAD")
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return f"{head}{'+dirty' if changed else ''}" if head else ""


def _git(folder: Path, *arguments: str) -> str | None:
    """The output of git; None where it is missing, fails or hangs."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
