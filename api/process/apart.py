"""Runs work in a process of its own, which ends with the command."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import wait

from api.process.signals import received_signals

_CHECK_INTERVAL_S = 1.0


def run_apart(work: Callable[[], None]) -> int:
    """The exit status of a process that does the work, and returns its memory.

    SIGINT and SIGTERM end that process first, and then have their usual effect. When this process is killed,
    the other ends too.
    """
    process = multiprocessing.get_context("spawn").Process(target=_work, args=(work,))
    with received_signals() as received:
        process.start()
        wait([received, process.sentinel])
        number = received.recv() if received.poll() else None
        if number is not None:
            process.terminate()
        process.join()
    if number is not None:
        signal.raise_signal(number)
    return process.exitcode or 0


def _work(work: Callable[[], None]) -> None:
    # Ctrl-C in a terminal reaches all processes of the command: the parent process ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    work()


def end_with_parent() -> None:
    """Sends this process SIGTERM when the command or the process forked from is gone: nobody else would."""
    threading.Thread(target=_watch_parent, daemon=True).start()


def _watch_parent() -> None:
    command, forked_from = multiprocessing.parent_process(), os.getppid()
    if command is not None:
        while command.is_alive() and os.getppid() == forked_from:
            command.join(_CHECK_INTERVAL_S)
        os.kill(os.getpid(), signal.SIGTERM)
