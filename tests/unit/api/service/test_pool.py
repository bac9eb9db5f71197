"""A pool is never fuller than it says, and says so at once."""

from __future__ import annotations

import threading

import anyio
import pytest

from api.errors import Busy
from api.service.pool import Pool

_PATIENCE_S = 600  # longer than any machine takes; the tests do not wait for it


def test_no_more_than_its_size_work_at_once() -> None:
    together = 0
    most = 0
    done = 0
    lock = threading.Lock()
    go = threading.Event()

    def work() -> None:
        nonlocal together, most, done
        with lock:
            together += 1
            most = max(most, together)
        go.wait()
        with lock:
            together -= 1
            done += 1

    async def main() -> None:
        pool = Pool(3, queue=100, timeout_s=_PATIENCE_S)

        async def one() -> None:
            async with pool.slot():
                await pool.step(work)

        async with anyio.create_task_group() as group:
            for _ in range(30):
                group.start_soon(one)
            await anyio.wait_all_tasks_blocked()
            assert (pool.working, pool.waiting) == (3, 27)
            while together < 3:  # the threads are started, and come to work when they come
                await anyio.sleep(0.001)
            go.set()
        assert (pool.working, pool.waiting) == (0, 0)

    anyio.run(main)
    assert (most, done) == (3, 30)


def test_a_full_queue_rejects_at_once() -> None:
    async def main() -> list[str]:
        pool = Pool(1, queue=2, timeout_s=_PATIENCE_S)
        ends: list[str] = []
        go = anyio.Event()

        async def one() -> None:
            try:
                async with pool.slot():
                    await go.wait()
                    ends.append("served")
            except Busy as busy:
                ends.append("busy" if busy.retry_after_s >= 1 and not go.is_set() else "too late")

        async with anyio.create_task_group() as group:
            for _ in range(5):
                group.start_soon(one)
            await anyio.wait_all_tasks_blocked()
            with pytest.raises(Busy):
                pool.admit()
            go.set()
        pool.admit()
        return ends

    assert sorted(anyio.run(main)) == ["busy"] * 2 + ["served"] * 3


def test_nobody_waits_for_ever() -> None:
    async def main() -> None:
        pool = Pool(1, queue=5, timeout_s=0.05)
        async with pool.slot():
            with pytest.raises(Busy):
                async with pool.slot():
                    pass
        async with pool.slot():
            assert pool.working == 1

    anyio.run(main)


def test_whoever_leaves_the_queue_makes_room() -> None:
    async def main() -> None:
        pool = Pool(1, queue=1, timeout_s=_PATIENCE_S)
        async with pool.slot():
            with anyio.move_on_after(0.05):
                async with pool.slot():
                    raise AssertionError("the slot is taken")
            assert pool.waiting == 0
            pool.admit()

    anyio.run(main)
