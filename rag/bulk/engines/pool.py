"""Works in a pool of processes of this machine."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing.context import BaseContext
from threading import Thread

from rag.bulk.model import SourceFile, Work
from rag.bulk.reader import TRIES, BulkReader, Job, died

_AHEAD = 4  # files for each process that are begun before the first of them is taken: back pressure
_SHARED_TRIES = 2  # of a file beside others, before it is tried alone

_reader: BulkReader | None = None  # of a worker process


def work(files: Iterable[SourceFile], job: Job, *, workers: int) -> Generator[Work]:
    """Yields what comes of each file, in order. Processes that die are replaced and their files read again.

    A file whose process dies each time, also without others beside it, gives a Failed.
    """
    rest = iter(files)
    begun: deque[tuple[SourceFile, Future[Work] | None]] = deque()
    deaths = Counter[int]()
    pool = _pool(job, workers)
    try:
        while True:
            missing = _AHEAD * workers - len(begun)
            begun.extend((file, _submitted(pool, file)) for file in islice(rest, max(missing, 0)))
            if not begun:
                return
            file, future = begun[0]
            try:
                if future is None:
                    raise BrokenProcessPool
                done = future.result()
            except BrokenProcessPool:
                deaths[file.position] += 1
                pool.shutdown(cancel_futures=True)
                if deaths[file.position] >= _SHARED_TRIES:
                    yield _alone(file, job)
                    begun.popleft()
                pool = _pool(job, workers)
                begun = deque((one, old if _is_done(old) else _submitted(pool, one)) for one, old in begun)
            else:
                begun.popleft()
                yield done
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _is_done(future: Future[Work] | None) -> bool:
    """Whether there is a result that the death of the pool did not take away."""
    return (
        future is not None and future.done() and not future.cancelled() and not _is_broken(future.exception())
    )


def _is_broken(error: BaseException | None) -> bool:
    return isinstance(error, BrokenProcessPool)


def _submitted(pool: ProcessPoolExecutor, file: SourceFile) -> Future[Work] | None:
    """The work that is begun; None where the pool has died meanwhile."""
    try:
        return pool.submit(_read, file)
    except BrokenProcessPool:
        return None


def _alone(file: SourceFile, job: Job) -> Work:
    for _ in range(TRIES):
        with _pool(job, 1) as pool:
            try:
                return pool.submit(_read, file).result()
            except BrokenProcessPool:
                continue
    return died(file)


def _pool(job: Job, workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=_context(), initializer=_begin, initargs=(job,))


def _context() -> BaseContext:
    """Forks from a process without threads where there is one: a fork of this one may inherit held locks."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["rag.bulk.reader", "corpus.load", "corpus.parse"])
    return context


def _begin(job: Job) -> None:
    global _reader
    _reader = BulkReader(job)
    # Where this command is killed, its processes would otherwise wait for work for ever.
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _read(file: SourceFile) -> Work:
    assert _reader is not None
    return _reader.read(file)
