"""A program that stores, changes and removes papers, updates the index and makes backups until it is killed.

It says what it begins and what is done, a line of JSON each. `swap` is begun the moment before the index in
use is exchanged for the next one, and is done with the update of the index.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from api.maintenance.backup import create
from api.settings import Settings
from benchmarks.reliability.papers import indexed, name_of, settings_of, take_in
from corpus.store.papers import Store
from index.build import atomic_files
from rag.stored_papers import open_store

NAMES = tuple(f"竹{name}" for name in "甲乙丙丁戊己庚辛")
_HIGHEST = 1 << 40  # amount; none comes twice, as a text that was stored before is no change
_STEPS = ("fsync", "replace", "rename", "unlink", "rmdir")  # of the swap of the index, and of what follows it
_STEP_S = 0.005  # each is slowed by, as kills otherwise hardly ever fall between two of them
_INDEXED = 0.5  # of the changes of papers, the index is updated after so many


class Said:
    """Where the program says what it does."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def line(self, action: str, state: str, more: Mapping[str, object]) -> None:
        # In one piece, so that a kill cuts no line.
        os.write(self._pipe, json.dumps({"action": action, "state": state, **more}).encode() + b"\n")

    @contextmanager
    def announced(self, action: str, more: Mapping[str, object]) -> Iterator[None]:
        self.line(action, "begun", more)
        yield
        self.line(action, "done", more)


@contextmanager
def _slow_swaps(said: Said) -> Iterator[None]:
    """Announces swaps of the index within the block, and slows their steps."""
    replace = atomic_files.replace

    def announcing(path: Path, data: bytes) -> None:
        if path.name == "CURRENT":
            said.line("swap", "begun", {"to": data.decode()})
            for name in _STEPS:
                slowed.enter_context(patch.object(os, name, _slow(getattr(os, name))))
        replace(path, data)

    with ExitStack() as slowed, patch.object(atomic_files, "replace", announcing):
        yield


def _slow(step: Callable[..., Any]) -> Callable[..., Any]:
    # The functions of `os` are called with their options, such as dir_fd.
    def slow(*arguments: Any, **options: Any) -> Any:
        time.sleep(_STEP_S)
        return step(*arguments, **options)

    return slow


class _Work:
    def __init__(self, settings: Settings, store: Store, said: Said, chance: random.Random) -> None:
        self._settings, self._store, self._said, self._chance = settings, store, said, chance
        self._folder = settings.data_dir

    def step(self) -> None:
        """One operation, and perhaps an update of the index."""
        in_use = {name_of(one.text): one.id for one in self._store.documents()}
        new = [name for name in NAMES if name not in in_use]
        weights = {
            "store": 6 * bool(new),
            "change": 4 * bool(in_use),
            "remove": 3 * bool(in_use),
            "backup": 2,
        }
        match self._chance.choices(list(weights), list(weights.values()))[0]:
            case "backup":
                path = self._folder.parent / f"backup-{self._chance.randrange(1 << 60):x}"
                with self._said.announced("backup", {"path": str(path)}):
                    create(self._settings, path, settings_lines="")
                return
            case "remove":
                name = self._chance.choice(sorted(in_use))
                with self._said.announced("remove", {"name": name}):
                    self._store.remove(in_use[name])
            case action:
                name = self._chance.choice(new if action == "store" else sorted(in_use))
                self.take_in(action, name, self._chance.randrange(1, _HIGHEST))
        if self._chance.random() < _INDEXED:
            with self._said.announced("index", {}), _slow_swaps(self._said):
                indexed(self._store, self._folder)

    def take_in(self, action: str, name: str, amount: int) -> None:
        with self._said.announced(action, {"name": name, "amount": amount}):
            take_in(self._store, name, amount, number=NAMES.index(name) + 1)


def warmed(folder: Path) -> None:
    """Does all of it once in `folder`, so that programs that are forked have imported what they need."""
    with open_store(settings_of(folder)) as store, open(os.devnull, "wb") as nowhere:
        working = _Work(settings_of(folder), store, Said(nowhere.fileno()), random.Random(0))
        working.take_in("store", NAMES[0], 1)
        indexed(store, folder)
    create(settings_of(folder), folder.with_name(f"{folder.name}-backup"), settings_lines="")


def work(folder: Path, pipe: int, seed: int, again: tuple[str, int] | None) -> None:
    """Does so until it is killed; stores the paper `again` first, a name and an amount."""
    settings = settings_of(folder)
    with open_store(settings) as store:
        working = _Work(settings, store, Said(pipe), random.Random(seed))
        if again is not None:
            working.take_in("store", *again)
        while True:
            working.step()
