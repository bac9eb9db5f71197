"""Computes the figures of a closed loop, and formats them as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from rich.table import Table

from benchmarks.service.client import Exchange, Loop

ANSWERED = 200
REJECTED = (429, 503)
_COLUMNS = (
    "server",
    "questions",
    "clients",
    "answers/s",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "answered",
    "rejected",
    "p99 ms",
    "errors",
    "other than before",
    "server CPU ms/answer",
    "clients' CPU",
)


@dataclass(frozen=True, slots=True)
class Level:
    """One server with one number of clients."""

    server: str
    questions: str  # whether they are all different, or repeated
    clients: int
    seconds: float
    answered: int  # replies with status 200, including those after the time was up
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    statuses: dict[int, int]
    rejected: int
    rejected_p99_ms: float
    errors: int  # broken or late replies, and statuses that are neither success nor rejection
    changed: int | None  # replies that differ from the first one to the same question; None: not comparable
    server_cpu_ms: float  # of all its processes, per answer
    client_cpu_share: float  # of one core


def level(
    loop: Loop,
    *,
    server: str,
    questions: str,
    clients: int,
    seconds: float,
    server_cpu_s: float,
    first: dict[int, int],
) -> Level:
    """Computes the figures. `first` maps each question to the digest of its first reply; it is updated."""
    answers = [exchange for exchange in loop.exchanges if exchange.status == ANSWERED]
    refused = [exchange for exchange in loop.exchanges if exchange.status in REJECTED]
    in_time = sum(exchange.began + exchange.took <= seconds for exchange in answers)
    took = _quantiles(answers)
    return Level(
        server=server,
        questions=questions,
        clients=clients,
        seconds=seconds,
        answered=len(answers),
        per_second=in_time / seconds,
        p50_ms=took[0],
        p95_ms=took[1],
        p99_ms=took[2],
        statuses=dict(sorted(Counter(exchange.status for exchange in loop.exchanges).items())),
        rejected=len(refused),
        rejected_p99_ms=_quantiles(refused)[2],
        errors=len(loop.errors) + len(loop.exchanges) - len(answers) - len(refused),
        changed=changed(answers, first),
        server_cpu_ms=1000 * server_cpu_s / max(1, len(answers)),
        client_cpu_share=loop.cpu_s / seconds,
    )


def changed(answers: Sequence[Exchange], first: dict[int, int]) -> int | None:
    """Returns how many replies differ from the first one to their question; None where none has an id.

    Replies of other servers contain ids in other places, so no two are the same.
    """
    if not all(answer.reply_id for answer in answers):
        return None
    return sum(first.setdefault(answer.body, answer.digest) != answer.digest for answer in answers)


def _quantiles(exchanges: Sequence[Exchange]) -> tuple[float, float, float]:
    """Returns p50, p95 and p99 in milliseconds; zeros without exchanges."""
    if not exchanges:
        return 0.0, 0.0, 0.0
    p50, p95, p99 = np.quantile([1000 * exchange.took for exchange in exchanges], (0.5, 0.95, 0.99))
    return float(p50), float(p95), float(p99)


def cells(row: Level) -> list[str]:
    return [
        row.server,
        row.questions,
        str(row.clients),
        f"{row.per_second:.1f}",
        f"{row.p50_ms:.1f}",
        f"{row.p95_ms:.1f}",
        f"{row.p99_ms:.1f}",
        str(row.answered),
        str(row.rejected),
        f"{row.rejected_p99_ms:.1f}" if row.rejected else "–",
        str(row.errors),
        "–" if row.changed is None else str(row.changed),
        f"{row.server_cpu_ms:.1f}",
        f"{row.client_cpu_share:.0%}",
    ]


def table(rows: Iterable[Level], *, title: str) -> Table:
    shown = Table(title=title)
    for column in _COLUMNS:
        shown.add_column(column, justify="left" if column in _COLUMNS[:2] else "right")
    for row in rows:
        shown.add_row(*cells(row))
    return shown


def markdown(rows: Iterable[Level]) -> str:
    """Returns the same table for docs/load.md."""
    lines = [_COLUMNS, ("---", "---", *["---:"] * (len(_COLUMNS) - 2)), *map(cells, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
