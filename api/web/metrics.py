"""Metrics for Prometheus. Several processes of one service share the files of one directory."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from api.settings import metrics_folder

MEDIA_TYPE = CONTENT_TYPE_LATEST

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

REQUESTS = Counter("zhengwen_requests", "HTTP requests", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "zhengwen_request_seconds", "Time to the end of a response", ["route"], buckets=_SECONDS
)
ANSWERS = Counter("zhengwen_answers", "Replies given", ["channel", "outcome"])
ANSWER_SECONDS = Histogram("zhengwen_answer_seconds", "Time the core takes for a reply", buckets=_SECONDS)
REJECTED = Counter("zhengwen_rejected", "Requests rejected", ["kind"])
FEEDBACK = Counter("zhengwen_feedback", "Thumbs given by visitors", ["thumb"])
WAITING = Gauge("zhengwen_waiting", "Questions in the queue", multiprocess_mode="livesum")
WORKING = Gauge("zhengwen_working", "Questions being answered", multiprocess_mode="livesum")
GENERATION = Gauge(
    "zhengwen_index_generation",
    "Generation number of the index in use, the lowest of all processes",
    multiprocess_mode="livemin",
)
DOCUMENTS = Gauge("zhengwen_documents", "Papers in use", multiprocess_mode="livemin")


def exposition() -> bytes:
    """All metrics in the text format of Prometheus."""
    folder = metrics_folder()
    if folder is None:
        return generate_latest(REGISTRY)
    _forget_the_dead(folder)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def forget_this_process() -> None:
    """Removes the gauges of this process, which serves nothing but has imported this module.

    Otherwise its zeros would be the lowest values of all processes for as long as it runs.
    """
    if metrics_folder() is not None:
        mark_process_dead(os.getpid())  # type: ignore[no-untyped-call]


def _forget_the_dead(folder: Path) -> None:
    """Removes the gauges of a process that was killed."""
    for path in folder.glob("gauge_live*_*.db"):
        pid = int(path.stem.rpartition("_")[2])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            with suppress(FileNotFoundError):  # another process that scrapes was quicker
                mark_process_dead(pid)  # type: ignore[no-untyped-call]
        except PermissionError:
            continue
