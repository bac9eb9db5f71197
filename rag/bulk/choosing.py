"""Which engine does the work, and with how many workers."""

from __future__ import annotations

import os
from collections.abc import Generator
from dataclasses import dataclass

from rag.bulk.engines import on_ray, one, pool
from rag.bulk.model import Engine, SourceFile, Work
from rag.bulk.reader import Job
from rag.settings import Settings

# Files from which an engine should pay for its start. With 20 papers on two cores the pool took 1.08 of the
# time of one process, whose model uses both cores, too (docs/performance.md).
POOL_FROM = 50
RAY_FROM = 200  # only where a cluster is set: on one machine the pool does the same without Ray's start


@dataclass(frozen=True, slots=True)
class Plan:
    """The engine, its workers, and the threads of the model in each."""

    engine: Engine
    workers: int
    threads: int


def plan(settings: Settings, *, engine: Engine, workers: int, files: int) -> Plan:
    """Chooses what is left open: `Engine.AUTO`, and 0 workers for as many as there are processors."""
    cores = os.cpu_count() or 1
    if engine is Engine.AUTO:
        engine = Engine.ONE if files < POOL_FROM else Engine.POOL
        if settings.bulk.ray_address and files >= RAY_FROM:
            engine = Engine.RAY
    threads = settings.embedding.threads
    if engine is Engine.ONE:
        return Plan(engine, 1, threads)
    if engine is Engine.RAY and settings.bulk.ray_address:
        return Plan(engine, workers, threads or 1)
    workers = workers or cores
    return Plan(engine, workers, threads or max(1, cores // workers))


def work_of(files: tuple[SourceFile, ...], job: Job, chosen: Plan) -> Generator[Work]:
    """Begins the work; yields what comes of each file, in order. Closing it ends the workers."""
    match chosen.engine:
        case Engine.POOL:
            return pool.work(files, job, workers=chosen.workers)
        case Engine.RAY:
            address = job.settings.bulk.ray_address
            return on_ray.work(files, job, workers=chosen.workers, address=address)
        case _:
            return one.work(files, job)
