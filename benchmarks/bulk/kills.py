"""Kills workers and the command of bulk ingests at random moments; then every clause must be there once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.bulk.papers import hashed_pairs, write_small
from rag.assemble import engine_of, ingest
from rag.bulk.ingest import bulk_ingest
from rag.bulk.model import Engine
from rag.settings import Settings
from rag.stored_papers import open_store

_PAPERS = 120
_LONGEST_S = 4.0  # from the first stored paper to the kill
_POLL_S = 0.05


def measure(folder: Path, *, kills: int, seed: int) -> list[str]:
    """Kills that many processes, a third of them the command itself; prints what was killed."""
    chance = random.Random(seed)
    write_small(folder / "in", _PAPERS)
    killed = {"workers": 0, "commands": 0}
    round_ = 0
    faults = list[str]()
    while sum(killed.values()) < kills:
        round_ += 1
        own = folder / f"round-{round_}"
        while sum(killed.values()) < kills:
            what = _killed_once(own, folder / "in", chance)
            if what is None:
                break  # it ended before its kill
            killed[what] += 1
        faults += [f"round {round_}: {fault}" for fault in _check(own, folder)]
    print(f"kills: {killed} in {round_} ingests of {_PAPERS} papers; lost or doubled: {len(faults)}")
    return faults


def _settings(folder: Path) -> Settings:
    return Settings(data_dir=folder / "data", cache_dir=folder / "cache", starting_papers=False)


def _killed_once(folder: Path, papers: Path, chance: random.Random) -> str | None:
    """Runs a bulk ingest and kills a worker or all of it; waits for the end."""
    command = [sys.executable, "-m", "benchmarks.bulk.kills", str(folder), str(papers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()  # the first paper is read
        time.sleep(chance.uniform(0, _LONGEST_S))
        workers = _workers(process.pid)
        if process.poll() is not None or not workers:
            return None
        if chance.random() < 1 / 3:
            process.kill()
            return "commands"
        os.kill(chance.choice(workers), signal.SIGKILL)
        process.stdout.read()
    return "workers"


def _workers(pid: int) -> list[int]:
    """The processes of the pool: they are forked by a server, which the command has started."""
    children = {int(one): _parent(int(one)) for one in os.listdir("/proc") if one.isdigit()}
    servers = [one for one, parent in children.items() if parent == pid]
    return [one for one, parent in children.items() if parent in servers]


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return 0


def _check(folder: Path, common: Path) -> list[str]:
    """Finishes the ingest, and compares the store with that of one that nothing disturbed."""
    whole = common / "undisturbed"
    if not whole.exists():
        ingest(_settings(whole), [common / "in"], embedder=hashed_pairs)
    settings, faults = _settings(folder), list[str]()
    report = bulk_ingest(settings, [str(common / "in")], engine=Engine.ONE, embedder=hashed_pairs)
    with open_store(settings) as store, open_store(_settings(whole)) as other:
        if store.in_use() != other.in_use():
            faults.append("other papers than of an undisturbed ingest")
        faults += [f"{one} has several versions" for one in store.in_use() if len(store.versions(one)) > 1]
        faults += [str(fault) for fault in engine_of(settings).verify(store)]
    if report.error is not None:
        faults.append(str(report.error))
    return faults


def _work(folder: Path, papers: str) -> None:
    def told(done: int, total: int, what: str) -> None:
        if done == 1:
            print("begun", flush=True)

    bulk_ingest(
        _settings(folder), [papers], engine=Engine.POOL, workers=2, embedder=hashed_pairs, progress=told
    )


if __name__ == "__main__":
    _work(Path(sys.argv[1]), sys.argv[2])
