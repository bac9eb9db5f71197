"""Many who write at once, and writers that are killed: whatever was confirmed is there."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from record_keeping import receipt

from api.records import Records, open_records
from api.records.errors import UnknownReceipt

HOLDER = "0123456789abcdef"
_PROGRAM = Path(__file__).with_name("record_keeping.py")
_KILLS = 6


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'service.db'}"


@pytest.fixture
def records(url: str, tmp_path: Path) -> Iterator[Records]:
    with open_records(url, lock_dir=tmp_path) as opened:
        yield opened


def _writer(url: str, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(_PROGRAM), url, str(folder), HOLDER, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )


def _kept(records: Records, receipt_id: str) -> bool:
    try:
        records.receipts.get(receipt_id)
    except UnknownReceipt:
        return False
    return True


def test_processes_that_start_at_once_make_one_database_and_lose_nothing(url: str, tmp_path: Path) -> None:
    # The first one makes the tables while the others wait at the lock.
    first = [_writer(url, tmp_path, "nix", "0") for _ in range(4)]
    assert [process.communicate(timeout=600)[0] for process in first] == [""] * 4
    assert [process.returncode for process in first] == [0] * 4
    with open_records(url, lock_dir=tmp_path) as records:
        conversation = records.conversations.start(holder=HOLDER, site="").id
        writers = [_writer(url, tmp_path, conversation, "25") for _ in range(3)]
        told = [line for process in writers for line in process.communicate(timeout=600)[0].split()]
        assert [process.returncode for process in writers] == [0] * 3
        assert len(set(told)) == 75
        turns = records.conversations.get(conversation, holder=HOLDER).turns
        assert {turn.reply.id for turn in turns} == {
            records.receipts.get(receipt_id).reply.id for receipt_id in told
        }
        assert len(turns) == 75


def test_threads_lose_nothing_and_see_only_whole_answers(records: Records) -> None:
    shared = records.conversations.start(holder=HOLDER, site="").id
    stop = threading.Event()

    def work(number: int) -> list[str]:
        own = records.conversations.start(holder=HOLDER, site="").id
        ids = []
        for round_ in range(15):
            kept = receipt(f"{number}-{round_}", holder=HOLDER)
            records.store_answer(kept, shared if round_ % 2 else own)
            records.feedback.keep(kept.id, holder=HOLDER, site="", thumb="up", reason=None, text="")
            ids.append(kept.id)
        return ids

    def look() -> None:
        looks = 0
        while not (looks and stop.is_set()):
            for turn in records.conversations.get(shared, holder=HOLDER).turns:
                assert _kept(records, turn.reply.id)
            records.purge(older_than=datetime.now(UTC) - timedelta(days=1))
            looks += 1

    with ThreadPoolExecutor(9) as pool:
        looking = pool.submit(look)
        ids = [i for found in pool.map(work, range(8)) for i in found]
        stop.set()
        looking.result()
    assert len(set(ids)) == 120
    assert all(_kept(records, receipt_id) for receipt_id in ids)
    assert {one.receipt.id for one in records.feedback.all()} == set(ids)
    listed = records.conversations.list(holder=HOLDER)
    assert sum(one.turns for one in listed) == 120
    assert len(records.conversations.get(shared, holder=HOLDER).turns) == 56


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_what_was_confirmed_before_a_kill_is_there(url: str, tmp_path: Path) -> None:
    with open_records(url, lock_dir=tmp_path) as records:
        conversation = records.conversations.start(holder=HOLDER, site="").id
    chance = random.Random(4)
    confirmed: list[str] = []
    for _ in range(_KILLS):
        writer = _writer(url, tmp_path, conversation)
        assert writer.stdout is not None
        confirmed.append(writer.stdout.readline().strip())  # it is at work
        time.sleep(chance.uniform(0.0, 0.3))
        writer.kill()
        confirmed += writer.stdout.read().split()
        writer.stdout.close()
        writer.wait()
        with open_records(url, lock_dir=tmp_path) as records:
            assert all(_kept(records, receipt_id) for receipt_id in confirmed)
            turns = records.conversations.get(conversation, holder=HOLDER, most=100_000).turns
            # At most the answer under way at each kill was kept without being confirmed.
            assert len(confirmed) <= len(turns) <= len(confirmed) + _KILLS
    assert len(set(confirmed)) == len(confirmed) > _KILLS


def test_answers_are_kept_between_the_steps_of_a_purge(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands of receipts are removed in steps, and between two of them nothing holds a writer up."""
    old = datetime.now(UTC) - timedelta(days=400)
    _fill(records, 1_500, old)
    between: list[str] = []

    def pause(seconds: float) -> None:
        assert seconds > 0
        kept = receipt("新", holder=HOLDER)
        records.store_answer(kept, None)
        between.append(kept.id)

    monkeypatch.setattr("api.records.purge.time", SimpleNamespace(sleep=pause))
    assert records.purge(old + timedelta(days=1)).receipts == 1_500
    assert len(between) > 2
    assert all(_kept(records, receipt_id) for receipt_id in between)


def _fill(records: Records, count: int, asked_at: datetime) -> None:
    with records._database.writing() as connection:  # one by one it would take seconds
        for _ in range(count):
            records.receipts.keep(connection, replace(receipt("旧", holder=HOLDER), asked_at=asked_at))
