"""Checks in the database that every acknowledged answer has its receipt, as an auditor would."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path


def missing(data_dir: Path, ids: Iterable[str]) -> int:
    """Returns how many of the answers with these ids have no receipt."""
    path = data_dir / "service.db"
    if not path.exists():
        sys.exit(f"{path} does not exist: the service stored nothing")
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        kept = {row[0] for row in database.execute("SELECT id FROM receipts")}
    return sum(one not in kept for one in ids)
