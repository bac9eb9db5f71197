"""A bounded pool of threads that runs the synchronous core for the async endpoints."""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio
import anyio.to_thread

from api.errors import Busy
from api.web import metrics

T = TypeVar("T")

_LIGHT = 16  # threads for look-ups, which take a millisecond
_USUAL_S = 0.05  # assumed time of an answer before one was measured
_SMOOTHING = 0.1


class Pool:
    """Runs the core in threads, so that the event loop never waits for it.

    At most `size` answers are made at the same time and `queue` requests wait. Further requests, and those
    that have waited `timeout_s` seconds, get Busy at once.
    """

    def __init__(self, size: int, *, queue: int, timeout_s: float) -> None:
        self._size, self._queue, self._timeout_s = size, queue, timeout_s
        self._slots = anyio.Semaphore(size)
        self._working = anyio.CapacityLimiter(size)
        self._light = anyio.CapacityLimiter(_LIGHT)
        self._waiting = 0
        self._usual_s = _USUAL_S

    @property
    def waiting(self) -> int:
        """Number of requests that wait for a slot."""
        return self._waiting

    @property
    def working(self) -> int:
        """Number of requests being answered."""
        return self._size - self._slots.value

    async def run(self, work: Callable[[], T]) -> T:
        """Runs a short look-up; it neither waits for answers nor is rejected."""
        return await anyio.to_thread.run_sync(work, limiter=self._light)

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """A slot in which an answer is made. Raises Busy."""
        await self._acquire()
        began = time.perf_counter()
        metrics.WORKING.inc()
        try:
            yield
        finally:
            metrics.WORKING.dec()
            self._slots.release()
            self._usual_s += _SMOOTHING * (time.perf_counter() - began - self._usual_s)

    async def step(self, work: Callable[[], T]) -> T:
        """Runs a step of the work of a slot."""
        return await anyio.to_thread.run_sync(work, limiter=self._working)

    def admit(self) -> None:
        """Raises Busy when another request could not even wait."""
        if self._slots.value == 0 and self._waiting >= self._queue:
            raise self._busy()

    async def _acquire(self) -> None:
        try:
            self._slots.acquire_nowait()
            return
        except anyio.WouldBlock:
            self.admit()
        self._waiting += 1
        metrics.WAITING.inc()
        try:
            with anyio.fail_after(self._timeout_s):
                await self._slots.acquire()
        except TimeoutError:
            raise self._busy() from None
        finally:
            self._waiting -= 1
            metrics.WAITING.dec()

    def _busy(self) -> Busy:
        wait = math.ceil((self._queue + self._size) / self._size * self._usual_s)
        return Busy(
            f"many questions are being answered at the moment. Try again in {max(1, wait)} s",
            retry_after_s=max(1, wait),
        )
