"""Kills a program at random moments while it changes papers, index and backups: see `changing`.

Each kill waits for the program to begin a certain kind of operation, and then a random part of the time which
that kind takes on this machine; kills at the swap of the index up to 50 ms. After each kill the data is
opened as at a start: what was said to be done must be there, once, and indexed; of what was begun, all or
nothing.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from api.errors import BackupFault
from api.maintenance.backup_folder import checked_manifest
from api.maintenance.verification import verify
from api.settings import Settings
from benchmarks.reliability.changing import warmed, work
from benchmarks.reliability.papers import indexed, settings_of, stored
from rag.stored_papers import open_store

_KINDS = ("store", "change", "remove", "backup", "index")
_SWAP, _SWAP_S = "swap", 0.05  # longest wait after the moment before the swap
_FIRST_S = 0.2  # longest wait before it is known how long an operation takes
_MOST_BEFORE = 3  # operations of the kind that are let go before the kill

# Not `spawn`: imports take longer than what is measured.
_FORKS = multiprocessing.get_context("fork")

_Line = dict[str, str]


@dataclass(slots=True)
class Kills:
    """What was found after the kills."""

    runs: int = 0
    done: int = 0  # operations that were said to be done
    begun: Counter[str] = field(default_factory=Counter)  # what was in progress at each kill
    swapped: Counter[str] = field(default_factory=Counter)  # which index a kill at the swap left in use
    faults: list[str] = field(default_factory=list)


def measure(folder: Path, *, runs: int, swaps: int, seed: int) -> Kills:
    """Starts and kills the program over the same data; `runs` times at an operation, then at the swap."""
    warmed(folder.parent / "warmed")
    killer, found = _Killer(folder, random.Random(seed)), Kills()
    expected: dict[str, str] = {}  # amounts of the papers in use
    backups: list[str] = []
    begun: _Line | None = None
    for run in range(runs + swaps):
        kind = _KINDS[run % len(_KINDS)] if run < runs else _SWAP
        said, begun = killer.kill_at(kind, again=begun), None
        for line in said:
            if line["state"] == "begun":
                begun = line
                continue
            begun, found.done = None, found.done + 1
            _apply(line, expected, backups)
        found.runs += 1
        found.begun["nothing" if begun is None else begun["action"]] += 1
        if begun is not None and begun["action"] == _SWAP:
            current = folder / "index" / "CURRENT"  # absent before the first swap
            is_new = current.exists() and current.read_text("ascii") == begun["to"]
            found.swapped["the next" if is_new else "the one before"] += 1
        found.faults += [f"run {run}: {fault}" for fault in _check(folder, expected, begun)]
        found.faults += [f"run {run}: {fault}" for fault in _faults_of_backups(folder.parent, backups)]
        print(f"run {run}: {kind}, {begun}, faults: {len(found.faults)}", file=sys.stderr)
    return found


def _apply(line: _Line, expected: dict[str, str], backups: list[str]) -> None:
    match line["action"]:
        case "store" | "change":
            expected[line["name"]] = line["amount"]
        case "remove":
            expected.pop(line["name"], None)
        case "backup":
            backups.append(line["path"])


class _Killer:
    def __init__(self, folder: Path, chance: random.Random) -> None:
        self._folder, self._chance = folder, chance
        self._takes_s: dict[str, float] = {}  # each kind, at the last time

    def kill_at(self, kind: str, *, again: _Line | None) -> Sequence[_Line]:
        """What the program said until it was killed during, or soon after, an operation of that kind."""
        paper = (again["name"], int(again["amount"])) if again is not None and "amount" in again else None
        before = self._chance.randrange(_MOST_BEFORE)
        from_program, pipe = os.pipe()
        arguments = (self._folder, pipe, self._chance.randrange(1 << 30), paper)
        process = _FORKS.Process(target=work, args=arguments)
        process.start()
        os.close(pipe)
        with open(from_program, encoding="ascii") as said:
            lines = []
            for line in self._timed(said):
                lines.append(line)
                if (line["action"], line["state"]) == (kind, "begun"):
                    before -= 1
                    if before < 0:
                        break
            else:
                raise RuntimeError(f"the program ended by itself after {lines[-1:]}")
            longest_s = _SWAP_S if kind == _SWAP else self._takes_s.get(kind, _FIRST_S)
            time.sleep(self._chance.uniform(0.0, longest_s))
            process.kill()
            process.join()
            return [*lines, *map(_line, said)]

    def _timed(self, said: Iterator[str]) -> Iterator[_Line]:
        """The lines; notes how long operations take."""
        begun = time.monotonic()
        for text in said:
            line = _line(text)
            if line["state"] == "done":
                self._takes_s[line["action"]] = time.monotonic() - begun
            elif line["action"] != _SWAP:
                begun = time.monotonic()
            yield line


def _line(text: str) -> _Line:
    return {key: str(value) for key, value in json.loads(text).items()}


def _check(folder: Path, expected: dict[str, str], begun: _Line | None) -> list[str]:
    """What is not as it has to be; `expected` takes up what was begun and turns out to be done."""
    settings = settings_of(folder)
    # What the kill left, before a start has mended anything. Papers that are not indexed yet are no fault.
    faults = [f"left behind: {fault.message}" for fault in verify(settings).faults]
    papers = [(name, str(amount)) for name, amount in stored(settings)]
    if begun is not None:
        after = dict(expected)
        _apply(begun, after, [])
        if papers == sorted(after.items()):
            expected.clear()
            expected.update(after)
    if papers != sorted(expected.items()):
        faults.append(f"stored are {papers}, expected {expected}, begun {begun}")
    with open_store(settings) as store:
        indexed(store, folder)  # as the next start does
    return faults + _faults_of_index(settings)


def _faults_of_index(settings: Settings) -> list[str]:
    report = verify(settings)
    behind = [] if report.behind is None else [f"not indexed: {report.behind.papers}"]
    return [f"{fault.document_id}: {fault.message}" for fault in report.faults] + behind


def _faults_of_backups(folder: Path, acknowledged: list[str]) -> list[str]:
    """Checks the backups that there are, and deletes them."""
    faults = [f"the backup {path} is gone" for path in acknowledged if not Path(path).exists()]
    acknowledged.clear()
    for path in sorted(folder.glob("backup-*")):
        try:
            checked_manifest(path)
        except BackupFault as error:
            faults.append(str(error))
        shutil.rmtree(path)
    return faults
