"""Kills PostgreSQL at random moments while papers are stored and questions are answered; starts it again.

python -m benchmarks.reliability.postgres --kills 40                 # some four minutes
python -m benchmarks.reliability.postgres --kills 40 --seconds 10    # longer between two kills
python -m benchmarks.reliability.postgres --kills 5 --forgetful      # must find losses

Two services and a program that ingests have their papers, index and records in one database, whose commits
wait for the disk. Their clients note what was acknowledged. All processes of the database are killed, those
of the services are not. At the end every acknowledged paper must be there once, whole, in the index and
found by its question, a paper that was not acknowledged wholly or not at all, and every answer must have its
receipt. Meanwhile clients may see errors that say what is wrong and to try again, and no wrong answer.
Status 1 if anything is not so. The services log to stderr that the database is away.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from queue import SimpleQueue

import psycopg

from api.settings import Settings
from benchmarks.postgres_server import PostgresServer, new_database
from benchmarks.reliability.postgres_checks import Found, check
from benchmarks.reliability.postgres_clients import (
    Told,
    ask_questions,
    ingest_papers,
    names,
    upload_papers,
)
from benchmarks.reliability.served import serving, settings_on
from index.postgres.connections import close_all

_SERVICES = 2
_LONGEST_AWAY_S = 1.5  # from a kill to the next start
_WRITING = "SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument(
        "--seconds", type=float, default=4.0, help="longest time from a start to the next kill"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--forgetful", action="store_true", help="commits do not wait for the disk")
    given = parser.parse_args()
    waits = "off" if given.forgetful else "on"
    begun = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zhengwen-reliability-")))
        server = PostgresServer(durable=True, settings=["shared_buffers=32MB", f"synchronous_commit={waits}"])
        stack.callback(server.stop)
        stack.callback(close_all)
        url = new_database(server.url())
        ours = _settings(url, folder / "ingest")
        several = [_settings(url, folder / f"service-{number}") for number in range(_SERVICES)]
        services = [one.address for one in stack.enter_context(serving(*several))]
        told = Told()
        with _clients(services, ours, told, seed=given.seed):
            writing = _kill(server, url, kills=given.kills, longest_s=given.seconds, seed=given.seed)
        found = check(ours, services, told)
    _report(given.kills, writing, told, found, seconds=time.monotonic() - begun)
    sys.exit(1 if any((told.unclear, told.wrong, found.lost, found.doubled, found.half)) else 0)


def _settings(url: str, folder: Path) -> Settings:
    """Those of a service, without the limit of requests from one address."""
    settings = settings_on(url, folder)
    server = settings.server.model_copy(update={"editor_rate": "100000/second"})
    return settings.model_copy(update={"server": server})


@contextmanager
def _clients(services: Sequence[str], ours: Settings, told: Told, *, seed: int) -> Iterator[None]:
    """Sends papers and questions until the block ends."""
    stop, papers, chance = threading.Event(), SimpleQueue[str](), random.Random(seed)
    shuffled = names()
    chance.shuffle(shuffled)
    for name in shuffled:
        papers.put(name)
    tasks = [
        partial(ingest_papers, ours, papers),
        *(partial(upload_papers, services, papers) for _ in range(2)),
        *(partial(ask_questions, services) for _ in range(2)),
    ]
    threads = [
        threading.Thread(target=task, args=(told, stop), kwargs={"seed": seed + number})
        for number, task in enumerate(tasks)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _kill(server: PostgresServer, url: str, *, kills: int, longest_s: float, seed: int) -> int:
    """Kills the server and starts it again; returns at how many kills a transaction was writing."""
    chance, writing = random.Random(seed), 0
    for _ in range(kills):
        time.sleep(chance.uniform(0, longest_s))
        writing += _is_writing(url)
        server.kill()
        time.sleep(chance.uniform(0, _LONGEST_AWAY_S))
        server.start()
    return writing


def _is_writing(url: str) -> bool:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        row = connection.execute(_WRITING).fetchone()
    return bool(row and row[0])


def _report(kills: int, writing: int, told: Told, found: Found, *, seconds: float) -> None:
    not_acknowledged = len(found.stored - told.papers.keys())
    print(
        f"kills of PostgreSQL: {kills}, {writing} of them while a transaction was writing ({seconds:.0f} s)"
    )
    print(
        f"papers sent: {len(told.sent)}, acknowledged: {len(told.papers)}, "
        f"stored and not acknowledged: {not_acknowledged}; answers acknowledged: {len(told.answers)}"
    )
    print(
        f"clear errors: {dict(told.errors)}, unclear: {len(told.unclear)}; wrong answers: {len(told.wrong)}"
    )
    print(
        f"lost: {len(found.lost)}, doubled: {len(found.doubled)}, half stored or indexed: {len(found.half)}"
    )
    for fault in (*told.unclear, *told.wrong, *found.lost, *found.doubled, *found.half):
        print(f"FAULT {fault}")


if __name__ == "__main__":
    main()
