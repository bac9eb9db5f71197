"""Keeps recognised pages on the disk until the paper is stored, so that a long scan can be read on.

Each paper has a folder, named by the digest of its file, with a file for each page. What cannot be read or
written is recognised again: the folder only saves time.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.ocr.model import RecognisedPage

_FORM = 1  # of the files; another number means that the code reads pages otherwise
_DAYS = 7  # that the pages of a paper are kept which nobody went on reading
_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class KeptPages:
    """The recognised pages of one paper, in a folder of its own."""

    folder: Path

    @classmethod
    def of(cls, cache_dir: Path, *, sha256: str) -> KeptPages:
        """The pages of the file with that digest."""
        return cls(cache_dir / "scans" / sha256)

    def find(self, key: str) -> RecognisedPage | None:
        """The page that was kept under `key`; None when there is none."""
        try:
            kept = json.loads((self.folder / f"{key}.json").read_text("utf-8"))
            return _page(kept) if kept["form"] == _FORM else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, key: str, page: RecognisedPage) -> None:
        """Keeps a page. A page is kept whole or not at all."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump({"form": _FORM, **asdict(page)}, file, ensure_ascii=False)
                os.replace(name, self.folder / f"{key}.json")
            except BaseException:  # raised again: whatever ends it, no half page stays
                with suppress(OSError):
                    os.unlink(name)
                raise

    def forget(self) -> None:
        """Removes the pages: the paper is stored, or must leave no trace."""
        shutil.rmtree(self.folder, ignore_errors=True)


def forget_old(cache_dir: Path) -> None:
    """Removes the pages of papers that nobody went on reading for a week."""
    limit = time.time() - _DAYS * _SECONDS
    with suppress(OSError):
        for folder in (cache_dir / "scans").iterdir():
            with suppress(OSError):
                if folder.stat().st_mtime < limit:
                    shutil.rmtree(folder, ignore_errors=True)


def _page(kept: dict[str, object]) -> RecognisedPage:
    from pydantic import TypeAdapter

    values = {name: value for name, value in kept.items() if name != "form"}
    return TypeAdapter(RecognisedPage).validate_python(values)
