"""The supervisor keeps processes running, and ends when one cannot start or a signal comes."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI

from api.errors import WorkersFailed
from api.process import serving
from api.process.slot import give_sign_of_life
from api.process.supervisor import STARTUP_FAILED, Supervisor
from api.process.worker import WatchedServer

_SPAWN = multiprocessing.get_context("spawn")
_CEILING_S = 120  # nothing here takes so long; only a fault makes a test wait for it


def _idle(folder: Path, number: int) -> None:
    """Leave a file, and wait to be ended."""
    (folder / f"{number}-{os.getpid()}").touch()
    time.sleep(_CEILING_S)


def _stubborn(folder: Path, number: int) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _idle(folder, number)


def _answering(folder: Path, number: int, signs: Connection) -> None:
    """Give signs of life until ended; the first process with the number 0 hangs after one."""
    hangs = number == 0 and not any(folder.glob("0-*"))
    give_sign_of_life(signs)
    (folder / f"{number}-{os.getpid()}").touch()
    while not hangs:
        give_sign_of_life(signs)
        time.sleep(0.01)
    time.sleep(_CEILING_S)


def _unable() -> None:
    sys.exit(STARTUP_FAILED)


class _Started:
    """Processes as the supervisor asks for them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.processes: list[BaseProcess] = []

    def idle(self, number: int, _: Connection) -> BaseProcess:
        return self._run(_SPAWN.Process(target=_idle, args=(self._folder, number)))

    def stubborn(self, number: int, _: Connection) -> BaseProcess:
        return self._run(_SPAWN.Process(target=_stubborn, args=(self._folder, number)))

    def answering(self, number: int, signs: Connection) -> BaseProcess:
        return self._run(_SPAWN.Process(target=_answering, args=(self._folder, number, signs)))

    def _run(self, process: BaseProcess) -> BaseProcess:
        process.start()
        self.processes.append(process)
        return process

    def wait_for(self, count: int) -> list[int]:
        """The ids of so many processes that have begun, in the order of their numbers."""
        until = time.monotonic() + _CEILING_S
        while len(names := sorted(path.name for path in self._folder.iterdir())) < count:
            assert time.monotonic() < until, names
            time.sleep(0.01)
        return [int(name.partition("-")[2]) for name in names]


def _meanwhile(work: Callable[[], None], supervisor: Supervisor) -> None:
    """Supervise in this thread, which is where signals arrive, while `work` goes on in another.

    When `work` fails, the supervisor ends and the failure is raised: it would go on for ever.
    """

    def end_on_failure(done: Future[None]) -> None:
        if done.exception() is not None:
            os.kill(os.getpid(), signal.SIGTERM)

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(work)
        done.add_done_callback(end_on_failure)
        try:
            supervisor.run()
        finally:
            done.result()


def test_a_process_that_dies_is_replaced_and_a_signal_ends_all(tmp_path: Path) -> None:
    started = _Started(tmp_path)

    def kill_one_then_stop() -> None:
        first = started.wait_for(2)[0]
        os.kill(first, signal.SIGKILL)
        started.wait_for(3)
        os.kill(os.getpid(), signal.SIGTERM)

    supervisor = Supervisor(started.idle, count=2, grace_s=_CEILING_S)
    _meanwhile(kill_one_then_stop, supervisor)
    assert [path.name[0] for path in sorted(tmp_path.iterdir())] == ["0", "0", "1"]
    assert len(started.processes) == 3
    assert not any(process.is_alive() for process in started.processes)


def test_a_process_that_hangs_is_killed_and_replaced_and_one_that_works_is_kept(tmp_path: Path) -> None:
    started = _Started(tmp_path)

    def stop_after_the_replacement() -> None:
        started.wait_for(3)
        os.kill(os.getpid(), signal.SIGTERM)

    supervisor = Supervisor(started.answering, count=2, grace_s=_CEILING_S, hung_s=3)
    _meanwhile(stop_after_the_replacement, supervisor)
    assert [path.name[0] for path in sorted(tmp_path.iterdir())] == ["0", "0", "1"]
    assert [process.exitcode for process in started.processes] == [
        -signal.SIGKILL,
        -signal.SIGTERM,
        -signal.SIGTERM,
    ]


def test_signs_of_life_never_wait_for_a_reader() -> None:
    received, sent = multiprocessing.Pipe(duplex=False)
    with received, sent:
        for _ in range(100_000):  # more than a pipe holds
            give_sign_of_life(sent)
        received.close()
        give_sign_of_life(sent)


def test_a_server_gives_signs_of_life_from_its_loop() -> None:
    config = uvicorn.Config(FastAPI(), log_config=None)
    config.load()
    received, sent = multiprocessing.Pipe(duplex=False)
    with received, sent:
        assert not asyncio.run(WatchedServer(config, sent).on_tick(0))
        assert received.poll()


def test_a_process_that_dies_again_and_again_is_replaced_after_longer_and_longer_pauses(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun = []

    def start(number: int, _: Connection) -> BaseProcess:
        begun.append(number)
        if len(begun) == 4:
            os.kill(os.getpid(), signal.SIGTERM)
        process = _SPAWN.Process(target=_nothing)
        process.start()
        return process

    Supervisor(start, count=1, grace_s=_CEILING_S).run()
    assert [vars(record)["pause_s"] for record in caplog.records] == [0.0, 1.0, 2.0]


def test_after_a_signal_no_further_process_is_started(tmp_path: Path) -> None:
    started = _Started(tmp_path)

    def start(number: int, signs: Connection) -> BaseProcess:
        os.kill(os.getpid(), signal.SIGTERM)
        return started.idle(number, signs)

    Supervisor(start, count=3, grace_s=_CEILING_S).run()
    assert [process.is_alive() for process in started.processes] == [False]


def test_an_interrupt_is_passed_on(tmp_path: Path) -> None:
    started = _Started(tmp_path)

    def interrupt() -> None:
        started.wait_for(1)
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        _meanwhile(interrupt, Supervisor(started.idle, count=1, grace_s=_CEILING_S))
    assert not started.processes[0].is_alive()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_process_that_cannot_start_ends_the_others(tmp_path: Path) -> None:
    started = _Started(tmp_path)

    def start(number: int, signs: Connection) -> BaseProcess:
        if number == 0:
            return started.idle(number, signs)
        process = _SPAWN.Process(target=_unable)
        process.start()
        return process

    with pytest.raises(WorkersFailed, match="doctor"):
        Supervisor(start, count=2, grace_s=_CEILING_S).run()
    assert not started.processes[0].is_alive()


def test_a_process_that_does_not_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.process.supervisor.SLACK_S", 0)
    started = _Started(tmp_path)

    def stop() -> None:
        started.wait_for(1)
        os.kill(os.getpid(), signal.SIGTERM)

    _meanwhile(stop, Supervisor(started.stubborn, count=1, grace_s=0))
    assert started.processes[0].exitcode == -signal.SIGKILL


class _Refused(_SPAWN.Process):  # type: ignore[name-defined,misc]
    """A process whose start fails with the first of `faults`, as when the one it is forked from has died."""

    def __init__(self, faults: list[Exception]) -> None:
        super().__init__(target=_nothing)
        self._faults = faults

    def start(self) -> None:
        if self._faults:
            raise self._faults.pop(0)
        super().start()


def _nothing() -> None:
    """Ends at once."""


def test_a_start_is_tried_again_while_nothing_forks() -> None:
    faults: list[Exception] = [ConnectionRefusedError(), EOFError(), BrokenPipeError()]
    process = serving.started(lambda: _Refused(faults))
    process.join()
    assert not faults
    assert process.exitcode == 0


def test_a_start_that_is_always_refused_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.process.serving._PAUSE_S", 0)
    with pytest.raises(WorkersFailed, match="forked"):
        serving.started(lambda: _Refused([ConnectionRefusedError()]))
