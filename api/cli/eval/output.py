"""The folder of a report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
