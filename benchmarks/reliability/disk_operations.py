"""The operations that change the disk, each with what is stored before and after it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from api.maintenance.backup import create
from api.maintenance.restoring import restore
from api.settings import Settings
from benchmarks.reliability.papers import HashedPairs, indexed, name_of, settings_of, take_in
from index.build.builder import build
from index.build.manifest import Chunking
from index.build.merging import Limits, forget_unused, merge_all
from index.errors import IndexFault
from rag.stored_papers import open_store

State = Mapping[str, int]  # name of each paper in use → the amount by which its versions differ

_NUMBERS = {"松甲": 1, "松乙": 2, "松丙": 3}
_TWO: State = {"松甲": 1, "松乙": 2}
_THREE: State = {"松甲": 1, "松乙": 2, "松丙": 3}
# Every two segments are merged, and all of them have lists.
_MERGED = Limits(small=1, together=2, used=1.0, lists_from=1, lists_in=1)
_BACKUP = "backup"  # folder beside the data


@dataclass(frozen=True, slots=True)
class Operation:
    """`prepare` fills the data of `_TWO` further; `run` is what is interrupted."""

    name: str
    prepare: Callable[[Settings], None]
    run: Callable[[Settings], None]
    before: State
    after: State


def prepared(folder: Path, operation: Operation) -> None:
    """Makes the data on which the operation is tried."""
    folder.mkdir(parents=True)
    settings = settings_of(folder / "data")
    if operation.before:
        with open_store(settings) as store:
            for name, amount in _TWO.items():
                take_in(store, name, amount, number=_NUMBERS[name])
            indexed(store, settings.data_dir)
    operation.prepare(settings)


def _nothing(settings: Settings) -> None:
    pass


def _store(settings: Settings, name: str = "松丙", amount: int = 3) -> None:
    with open_store(settings) as store:
        take_in(store, name, amount, number=_NUMBERS[name])


def _first(settings: Settings) -> None:
    _store(settings)
    _index(settings)


def _change(settings: Settings) -> None:
    _store(settings, "松乙", 20)


def _remove(settings: Settings) -> None:
    with open_store(settings) as store:
        (found,) = (one.id for one in store.documents() if name_of(one.text) == "松乙")
        store.remove(found)


def _erase(settings: Settings) -> None:
    with open_store(settings) as store:
        store.deletions.erase_traces()


def _index(settings: Settings) -> None:
    with open_store(settings) as store:
        indexed(store, settings.data_dir)


def _third_segment(settings: Settings) -> None:
    _store(settings)
    with open_store(settings) as store:
        folder = settings.data_dir / "index"
        build(store, folder, embedder=HashedPairs(), chunking=Chunking(), calibration={}, small=0)


class _Logged(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def _merge(settings: Settings) -> None:
    """Raises what merging only logs, as it is tried again later."""
    logged, log = _Logged(), logging.getLogger("zhengwen.index")
    log.addHandler(logged)
    try:
        merge_all(settings.data_dir / "index", _MERGED)
    finally:
        log.removeHandler(logged)
    if logged.messages:
        raise IndexFault(logged.messages[0])


def _forget(settings: Settings) -> None:
    forget_unused(settings.data_dir / "index")


def _backup(settings: Settings) -> None:
    create(settings, settings.data_dir.with_name(_BACKUP), settings_lines="")


def _changed_since(settings: Settings) -> None:
    _backup(settings)
    _store(settings)


def _restore(settings: Settings) -> None:
    restore(settings, settings.data_dir.with_name(_BACKUP))


def finish(operation: Operation, settings: Settings) -> None:
    """What its message tells the user to do after a restore that failed."""
    if operation.run is _restore:
        _restore(settings)


def _unindexed(settings: Settings) -> None:
    _store(settings)
    _remove(settings)


def _indexed_without_one(settings: Settings) -> None:
    _remove(settings)
    _index(settings)


_WITHOUT: State = {"松甲": 1}
_OTHER: State = {"松甲": 1, "松丙": 3}

OPERATIONS = (
    Operation("first start", _nothing, _first, {}, {"松丙": 3}),
    Operation("store", _nothing, _store, _TWO, _THREE),
    Operation("change", _nothing, _change, _TWO, {"松甲": 1, "松乙": 20}),
    Operation("remove", _nothing, _remove, _TWO, _WITHOUT),
    Operation("erase", _remove, _erase, _WITHOUT, _WITHOUT),
    Operation("index", _unindexed, _index, _OTHER, _OTHER),
    Operation("merge", _third_segment, _merge, _THREE, _THREE),
    Operation("forget", _indexed_without_one, _forget, _WITHOUT, _WITHOUT),
    Operation("backup", _nothing, _backup, _TWO, _TWO),
    Operation("restore", _changed_since, _restore, _THREE, _TWO),
)
