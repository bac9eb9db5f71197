"""Kills a program at random moments while it stores, changes and removes papers and makes backups.

The program says what it begins and what is done. After each kill the data is opened as at a start: what was
said to be done must be there, once, and indexed; of what was begun, all or nothing.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from api.errors import BackupFault
from api.maintenance.backup import create
from api.maintenance.backup_folder import checked_manifest
from api.maintenance.verification import verify
from benchmarks.reliability.papers import indexed, paper, removed, settings_of
from rag.stored_papers import open_store

_IDS = tuple(f"竹{name}" for name in "甲乙丙丁戊己庚辛")
_LONGEST_S = 4.0  # from the start of the work to the kill


@dataclass(slots=True)
class Kills:
    """What was found after the kills."""

    runs: int = 0
    done: int = 0  # operations that were said to be done
    begun: dict[str, int] = field(default_factory=dict)  # what was in progress at each kill
    faults: list[str] = field(default_factory=list)


def measure(folder: Path, *, runs: int, seed: int) -> Kills:
    """Starts and kills the program that many times over the same data."""
    chance, found = random.Random(seed), Kills()
    expected: dict[str, int] = {}  # amounts of the papers in use
    backups: list[str] = []
    for run in range(runs):
        lines = _killed(folder, seed=chance.randrange(1 << 30), after_s=chance.uniform(0.0, _LONGEST_S))
        begun = None
        for line in lines:
            if line["state"] == "begun":
                begun = line
                continue
            begun, found.done = None, found.done + 1
            _apply(line, expected, backups)
        found.runs += 1
        kind = "nothing" if begun is None else str(begun["action"])
        found.begun[kind] = found.begun.get(kind, 0) + 1
        found.faults += [f"run {run}: {fault}" for fault in _check(folder, expected, backups, begun)]
    return found


def _apply(line: dict[str, object], expected: dict[str, int], backups: list[str]) -> None:
    match line["action"]:
        case "put":
            expected[str(line["id"])] = int(str(line["amount"]))
        case "remove":
            expected.pop(str(line["id"]), None)
        case "backup":
            backups.append(str(line["path"]))


def _killed(folder: Path, *, seed: int, after_s: float) -> list[dict[str, object]]:
    """What the program said until it was killed."""
    command = [sys.executable, "-m", "benchmarks.reliability.kills", str(folder), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        if first.strip() != "ready":
            process.kill()
            raise RuntimeError(f"the program did not begin: {first!r}")
        time.sleep(after_s)
        process.kill()
        said = process.stdout.read()
    lines = [line for line in said.split("\n")[:-1] if line]  # the last one may be cut
    return [json.loads(line) for line in lines]


def _check(
    folder: Path, expected: dict[str, int], backups: list[str], begun: dict[str, object] | None
) -> list[str]:
    """What is not as it has to be; `expected` takes up what was begun and turns out to be done."""
    settings, faults = settings_of(folder), []
    with open_store(settings) as store:
        stored = {one.id: one for one in store.documents()}
        amounts = {i: next(n for n in _amounts(one.text)) for i, one in stored.items()}
        if begun is not None and begun["action"] in ("put", "remove"):
            after = dict(expected)
            _apply(begun, after, [])
            if amounts == after:
                expected.clear()
                expected.update(after)
        if amounts != expected:
            faults.append(f"stored are {amounts}, expected {expected}")
        indexed(store, folder)  # as the next start does
    faults += [f"{fault.document_id}: {fault.message}" for fault in verify(settings).faults]
    for path in sorted(folder.parent.glob("backup-*")):
        try:
            checked_manifest(path)
        except BackupFault as error:
            faults.append(str(error))
    faults += [f"the backup {path} is gone" for path in backups if not Path(path).exists()]
    return faults


def _amounts(text: str) -> list[int]:
    start = text.index("一次性奖补") + len("一次性奖补")
    return [int(text[start : text.index("万元", start)])]


def _work(folder: Path, seed: int) -> None:
    """Changes papers and makes backups until it is killed."""
    chance, settings = random.Random(seed), settings_of(folder)
    with open_store(settings) as store:
        print("ready", flush=True)
        while True:
            in_use = sorted(store.in_use())
            action = chance.choices(("put", "remove", "backup"), (6, 2 if in_use else 0, 1))[0]
            line: dict[str, object] = {"action": action}
            if action == "put":
                line |= {"id": chance.choice(_IDS), "amount": chance.randrange(1, 10_000)}
            elif action == "remove":
                line["id"] = chance.choice(in_use)
            else:
                line["path"] = str(folder.parent / f"backup-{chance.randrange(1 << 60):x}")
            print(json.dumps(line | {"state": "begun"}), flush=True)
            if action == "put":
                document, data = paper(str(line["id"]), int(str(line["amount"])))
                store.add(document, original=data)
            elif action == "remove":
                removed(store, str(line["id"]))
            else:
                create(settings, Path(str(line["path"])), settings_lines="")
            print(json.dumps(line | {"state": "done"}), flush=True)
            if action != "backup" and chance.random() < 0.5:
                print(json.dumps({"action": "index", "state": "begun"}), flush=True)
                indexed(store, folder)
                print(json.dumps({"action": "index", "state": "done"}), flush=True)


if __name__ == "__main__":
    _work(Path(sys.argv[1]), int(sys.argv[2]))
