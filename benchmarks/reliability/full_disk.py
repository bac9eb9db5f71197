"""Fills the disk, and sets limits to the size of files, at every step of storing a paper and of a backup.

A small file system in memory stands for the disk, which needs root; a limit to the size of files makes short
writes. Whatever fails has to say why, and what was stored before has to be whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from api.maintenance.backup import create
from api.maintenance.verification import verify
from benchmarks.reliability.papers import indexed, paper, settings_of
from corpus.errors import ZhengwenError
from rag.stored_papers import open_store

_FULL, _LIMIT = "the disk is full", "limit for the size of files"
_SIZE_MB = 16  # of the file system
_NO_LIMIT = -1
_LARGE = 300_000  # bytes of the file of the paper that is added


@dataclass(slots=True)
class FullDisk:
    """How often storing a paper succeeded, and how often it failed with the cause named."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def measure_full(folder: Path, *, steps: Sequence[int]) -> FullDisk | None:
    """Leaves that many bytes free; None where no file system can be mounted."""
    with _small_disk(folder) as mounted:
        if not mounted:
            return None
        return _measured(folder, [("free", step) for step in steps], _FULL)


def measure_limit(folder: Path, *, steps: Sequence[int]) -> FullDisk:
    """Limits files to that many bytes more than the database has."""
    folder.mkdir(parents=True)
    return _measured(folder, [("limit", step) for step in steps], _LIMIT)


def _measured(folder: Path, cases: Sequence[tuple[str, int]], sign: str) -> FullDisk:
    found = FullDisk()
    for kind, step in cases:
        data = folder / "data"
        shutil.rmtree(data, ignore_errors=True)
        shutil.rmtree(folder / "backup", ignore_errors=True)
        settings = settings_of(data)
        with open_store(settings) as store:
            for number, name in enumerate(("松甲", "松乙"), 1):
                document, original = paper(name, number)
                store.add(document, original=original)
            indexed(store, data)
        filler = folder / "filler"
        if kind == "free":
            filler.write_bytes(bytes(max(0, shutil.disk_usage(folder).free - step)))
        said = _in_process(data, folder / "backup", limit=step if kind == "limit" else _NO_LIMIT)
        filler.unlink(missing_ok=True)
        outcome = said.error or "stored"
        cause = "stored" if outcome == "stored" else ("named" if sign in outcome else "not named")
        found.outcomes[cause] += 1
        if cause == "not named":
            found.faults.append(f"{kind} {step}: {outcome}")
        with open_store(settings) as store:
            kept = set(store.in_use())
            if not kept >= {"松甲", "松乙", *said.done}:
                found.faults.append(f"{kind} {step}: stored are {kept}, said to be stored {said.done}")
            indexed(store, data)
        found.faults += [f"{kind} {step}: {fault.message}" for fault in verify(settings).faults]
        if (folder / "backup").exists() != said.backup:
            found.faults.append(f"{kind} {step}: half a backup")
    return found


@dataclass(frozen=True, slots=True)
class _Said:
    """What the process printed: papers stored, the first error, and whether a backup was made."""

    done: list[str]
    error: str
    backup: bool


def _in_process(data: Path, backup: Path, *, limit: int) -> _Said:
    command = [sys.executable, "-m", "benchmarks.reliability.full_disk", str(data), str(backup), str(limit)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return _Said(**json.loads(done.stdout))


@contextmanager
def _small_disk(folder: Path) -> Iterator[bool]:
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE_MB}m", "tmpfs", str(folder)]
    can = shutil.which("mount") is not None and os.name == "posix"
    mounted = can and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def _work(data: Path, backup: Path, limit: int) -> None:
    """Stores a paper, indexes it and makes a backup; prints what was done and the first error."""
    settings, done, error, made = settings_of(data), list[str](), "", False
    small, _ = paper("松丙", 3)
    original = os.urandom(_LARGE)
    source = replace(small.source, sha256=hashlib.sha256(original).hexdigest())
    if limit >= 0:
        import resource

        size = (data / "zhengwen.db").stat().st_size + limit
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        with open_store(settings) as store:
            store.add(replace(small, source=source), original=original)
            done.append("松丙")
            indexed(store, data)
        create(settings, backup, settings_lines="")
        made = True
    except ZhengwenError as caught:
        error = str(caught)
    print(json.dumps({"done": done, "error": error, "backup": made}))


if __name__ == "__main__":
    _work(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
