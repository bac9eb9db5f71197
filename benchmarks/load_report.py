"""Figures of a closed loop, and the tables that show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from load_client import Exchange, Loop
from rich.table import Table

ANSWERED = 200
REJECTED = (429, 503)
_COLUMNS = (
    "server",
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
    """One server under one number of clients."""

    server: str
    clients: int
    seconds: float
    answered: int  # replies with status 200, those that came after the end of the time included
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    statuses: dict[int, int]
    rejected: int
    rejected_p99_ms: float
    errors: int  # broken or late replies, and statuses that are neither an answer nor "try again"
    changed: int | None  # replies that say other than the first to the same question; None: not judged
    server_cpu_ms: float  # of all its processes, for one answer
    client_cpu_share: float  # of one core


def level(
    loop: Loop, *, server: str, clients: int, seconds: float, server_cpu_s: float, told: dict[int, int]
) -> Level:
    """The figures. `told` holds the digest of the first reply to each question, and is added to."""
    answers = [exchange for exchange in loop.exchanges if exchange.status == ANSWERED]
    refused = [exchange for exchange in loop.exchanges if exchange.status in REJECTED]
    in_time = sum(exchange.began + exchange.took <= seconds for exchange in answers)
    took = _quantiles(answers)
    return Level(
        server=server,
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
        changed=changed(answers, told),
        server_cpu_ms=1000 * server_cpu_s / max(1, len(answers)),
        client_cpu_share=loop.cpu_s / seconds,
    )


def changed(answers: Sequence[Exchange], told: dict[int, int]) -> int | None:
    """How many say other than the first to their question, which `told` holds; None where none tells its id.

    Replies of others hold ids in places of their own, and are never twice the same.
    """
    if not all(answer.reply_id for answer in answers):
        return None
    return sum(told.setdefault(answer.body, answer.digest) != answer.digest for answer in answers)


def _quantiles(exchanges: Sequence[Exchange]) -> tuple[float, float, float]:
    """p50, p95 and p99 in milliseconds; zeros of nothing."""
    if not exchanges:
        return 0.0, 0.0, 0.0
    p50, p95, p99 = np.quantile([1000 * exchange.took for exchange in exchanges], (0.5, 0.95, 0.99))
    return float(p50), float(p95), float(p99)


def cells(row: Level) -> list[str]:
    return [
        row.server,
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
        shown.add_column(column, justify="left" if column == "server" else "right")
    for row in rows:
        shown.add_row(*cells(row))
    return shown


def markdown(rows: Iterable[Level]) -> str:
    """The same table for docs/load.md."""
    lines = [_COLUMNS, ("---", *["---:"] * (len(_COLUMNS) - 1)), *map(cells, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
