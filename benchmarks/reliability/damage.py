"""Flips bytes of the stored files and cuts them off, and looks who notices: opening, verification, nobody."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from api.maintenance.verification import verify
from api.settings import Settings
from benchmarks.reliability.papers import HashedPairs, fill
from corpus.errors import ZhengwenError
from index.build.generation import open_generation
from index.build.manifest import Chunking
from rag.stored_papers import open_store

_NOT_DATA = ("lock", "in_use.lock")


@dataclass(slots=True)
class Damage:
    """How often each of them noticed; "without effect" means that every stored value is as before."""

    noticed: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


def measure(folder: Path, *, flips: int, truncations: int, seed: int) -> tuple[Damage, Damage]:
    """Damages a data folder of the five papers in that many ways, one at a time."""
    settings, chance = fill(folder), random.Random(seed)
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in _NOT_DATA)
    paths = [p for p in paths if not p.name.startswith("service.db") and p.suffix != ".db-shm"]
    whole = {path: path.read_bytes() for path in paths}
    dumps = {path: _dump(path) for path in paths if path.suffix == ".db"}
    flipped, cut = Damage(), Damage()
    for path, at in _places(whole, flips, chance):
        data = bytearray(whole[path])
        data[at] ^= 1 << chance.randrange(8)
        _try(settings, path, bytes(data), whole, dumps, flipped, f"{path.name} at {at}")
    for _ in range(truncations):
        path = chance.choice([one for one in whole if whole[one]])
        size = chance.randrange(len(whole[path]))
        _try(settings, path, whole[path][:size], whole, dumps, cut, f"{path.name} cut at {size}")
    return flipped, cut


def _places(whole: dict[Path, bytes], count: int, chance: random.Random) -> Iterator[tuple[Path, int]]:
    """Random places, half of them in any byte of all files, half in a file chosen first."""
    paths = [path for path in whole if whole[path]]
    sizes = [len(whole[path]) for path in paths]
    for number in range(count):
        path = chance.choices(paths, sizes if number % 2 else None)[0]
        yield path, chance.randrange(len(whole[path]))


def _try(
    settings: Settings,
    path: Path,
    data: bytes,
    whole: dict[Path, bytes],
    dumps: dict[Path, list[str] | None],
    found: Damage,
    what: str,
) -> None:
    """Puts the damaged file in place, looks, and puts all files back."""
    path.write_bytes(data)
    try:
        if not _opens(settings):
            found.noticed["opening"] += 1
        elif verify(settings).faults:
            found.noticed["verify"] += 1
        elif path in dumps and _dump(path) == dumps[path]:
            found.noticed["without effect"] += 1
        else:
            found.noticed["nobody"] += 1
            found.missed.append(what)
    finally:
        for one in settings.data_dir.glob("*.db-*"):
            one.unlink()
        for one, bytes_before in whole.items():
            if one == path or one.suffix == ".db":
                one.write_bytes(bytes_before)


def _opens(settings: Settings) -> bool:
    """Whether a start would go on, and every paper be read."""
    try:
        with open_store(settings) as store:
            open_generation(
                settings.data_dir / "index",
                fingerprint=HashedPairs.fingerprint,
                corpus_hash=store.corpus_hash(),
                chunking=Chunking(),
            )
            store.read(list(store.in_use().items()))
    except ZhengwenError:
        return False
    return True


def _dump(path: Path) -> list[str] | None:
    """Everything that is stored, as SQL; None where SQLite cannot read it."""
    try:
        with closing(sqlite3.connect(path)) as database:
            return list(database.iterdump())
    except (sqlite3.Error, UnicodeDecodeError):
        return None
