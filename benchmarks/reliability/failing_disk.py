"""Lets every single change of the disk fail, in every operation on papers, index and backups.

A small library stands between the program and the system (`failing_disk.c`, which needs a C compiler and
Linux): it counts the calls that change files, and lets one of them fail with EIO, that one and all later
ones, or write only half of the bytes. Each operation is tried again for each of its calls. Whatever fails has
to say why, and afterwards the data has to be as before or as after the operation, and whole.

python -m benchmarks.reliability.failing_disk [--operations store,backup] [--every 1]
"""

from __future__ import annotations

import argparse
import ctypes
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path

from api.errors import BackupFault
from api.maintenance.backup_folder import checked_manifest
from api.maintenance.verification import verify
from api.settings import Settings
from benchmarks.reliability.disk_operations import OPERATIONS, Operation, finish, prepared
from benchmarks.reliability.papers import indexed, settings_of, stored
from corpus.errors import ZhengwenError
from rag.stored_papers import open_store

_SOURCE = Path(__file__).with_name("failing_disk.c")
# SQLite tells no cause where it cannot open a file; where all calls fail, writing beside it tells.
_SIGNS = ("the disk reports an error", "the file cannot be opened")
# What happens at the call that is chosen, in the order of the numbers that `failing_disk.c` gives them.
_MODES = ("fails", "it and all later ones fail", "writes half", "writes half, later ones fail")
_HALF = 2  # the mode in which nothing fails, as whoever writes has to write the rest
_TRACEBACK = 3000  # characters that are kept
_HANGS_S = 300
_FORKS = multiprocessing.get_context("fork")


@dataclass(slots=True)
class Failing:
    """What became of an operation whose calls failed in one way, and how many calls there were."""

    calls: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Said:
    """How many calls changed the disk, the one that failed, and the error; "" for none."""

    calls: int
    failed: str
    error: str
    is_of_product: bool


def measure(folder: Path, operation: Operation, *, every: int) -> dict[str, Failing]:
    """Tries the operation once for each `every`th call that changes the disk, in each way of failing."""
    disk, before, case = _Disk(), folder / "before", folder / "case"
    prepared(before, operation)
    found = {mode: Failing() for mode in _MODES}
    for how, mode in enumerate(_MODES):
        at, said = 1, None
        while said is None or said.failed:
            shutil.rmtree(case, ignore_errors=True)
            shutil.copytree(before, case)
            said = disk.tried(case, operation, at=at, how=how)
            found[mode].calls = said.calls
            if said.failed:
                found[mode].outcomes["failed" if said.error else "succeeded"] += 1
                faults = [*_faults_of_message(said, how=how), *_faults_of_data(case, operation, said)]
                found[mode].faults += [f"{operation.name}, {said.failed!r} {mode}: {one}" for one in faults]
            at += every
    shutil.rmtree(folder)
    return found


def _faults_of_message(said: _Said, *, how: int) -> list[str]:
    if said.error and how == _HALF:
        return [f"nothing failed, but: {said.error}"]
    if said.error and not (said.is_of_product and any(sign in said.error for sign in _SIGNS)):
        return [f"cause not named: {said.error}"]
    return []


def _faults_of_data(case: Path, operation: Operation, said: _Said) -> list[str]:
    """What is wrong with the data as they are left, and as the next start makes them."""
    settings, faults = settings_of(case / "data"), []
    try:
        if said.error:
            finish(operation, settings)
        left = verify(settings)
        faults += [f"left behind: {fault.message}" for fault in left.faults]
        papers = stored(settings)
        allowed = [operation.after] if not said.error else [operation.before, operation.after]
        if papers not in [sorted(one.items()) for one in allowed]:
            faults.append(f"stored are {papers} after {said.error or 'success'}")
        if faults or left.behind is not None:
            faults += _faults_of_start(settings)
        if (backup := case / "backup").exists():
            checked_manifest(backup)
        elif operation.name == "backup" and not said.error:
            faults.append("no backup is there")
    except (ZhengwenError, BackupFault) as error:
        faults.append(f"after {said.error or 'success'}: {error}")
    return faults


def _faults_of_start(settings: Settings) -> list[str]:
    with open_store(settings) as store:
        indexed(store, settings.data_dir)
    report = verify(settings)
    behind = [] if report.behind is None else [f"not indexed: {report.behind.papers}"]
    return [f"after a start: {fault.message}" for fault in report.faults] + behind


class _Disk:
    """The library that lets calls fail, which this process was started with."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.disk_works.restype = ctypes.c_long
        self._library.disk_failed.restype = ctypes.c_char_p

    def tried(self, case: Path, operation: Operation, *, at: int, how: int) -> _Said:
        """Runs the operation in a process of its own, whose call with that number fails."""
        here, there = _FORKS.Pipe(duplex=False)
        process = _FORKS.Process(target=self._run, args=(there, case, operation, at, how))
        process.start()
        there.close()
        said = _Said(at, "a call", f"no end within {_HANGS_S} s", is_of_product=False)
        try:
            if here.poll(_HANGS_S):
                said = here.recv()
        except EOFError:
            said = replace(said, error="the process ended")
        process.kill()
        process.join()
        return said

    def _run(self, pipe: Connection, case: Path, operation: Operation, at: int, how: int) -> None:
        error, is_of_product = "", False
        self._library.disk_fails(str(case).encode(), ctypes.c_long(at), how)
        try:
            operation.run(settings_of(case / "data"))
        except ZhengwenError as caught:
            error, is_of_product = str(caught), True
        except BaseException:  # noqa: BLE001 - whatever it is, it is what is looked for
            error = traceback.format_exc()[-_TRACEBACK:]
        calls = self._library.disk_works()
        pipe.send(_Said(calls, self._library.disk_failed().decode(), error, is_of_product))


def can_measure() -> bool:
    return sys.platform == "linux" and shutil.which("cc") is not None


def start(arguments: list[str]) -> int:
    """Starts the measurement as a program of its own, with the library before all others."""
    with tempfile.TemporaryDirectory(prefix="zhengwen-disk-") as name:
        library = Path(name) / "failing_disk.so"
        build = ["cc", "-O1", "-shared", "-fPIC", "-o", str(library), str(_SOURCE), "-ldl"]
        subprocess.run(build, check=True)
        command = [sys.executable, "-m", "benchmarks.reliability.failing_disk", *arguments]
        return subprocess.run(command, env=os.environ | {"LD_PRELOAD": str(library)}, check=False).returncode


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [one.name for one in OPERATIONS]
    parser.add_argument("--operations", default=",".join(names), help=f"of {', '.join(names)}")
    parser.add_argument("--every", type=int, default=1, help="only one of so many calls")
    options = parser.parse_args()
    if "LD_PRELOAD" not in os.environ:
        sys.exit(start(sys.argv[1:]))
    faults = []
    with tempfile.TemporaryDirectory(prefix="zhengwen-disk-") as name:
        for operation in OPERATIONS:
            if operation.name in options.operations.split(","):
                for mode, found in measure(Path(name) / "tried", operation, every=options.every).items():
                    print(
                        f"{operation.name}, {mode}: calls {found.calls}, {dict(found.outcomes)}", flush=True
                    )
                    faults += found.faults
    for fault in faults:
        print(f"FAULT {fault}")
    print(f"faults: {len(faults)}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
