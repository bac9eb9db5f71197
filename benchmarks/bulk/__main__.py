"""Measures bulk ingest: the engines side by side in one run, then kills of workers and of the command.

python -m benchmarks.bulk                                # 5, 20 and 40 papers with each engine; 20 kills
python -m benchmarks.bulk --papers 100 --kills 0
python -m benchmarks.bulk --papers 0 --kills 20
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.bulk.kills import measure
from benchmarks.bulk.papers import write_real
from rag.assemble import ingest, open_embedder
from rag.bulk.ingest import bulk_ingest
from rag.bulk.model import Engine
from rag.settings import Settings, load_settings
from rag.stored_papers import open_store

_ENGINES = (Engine.ONE, Engine.POOL, Engine.RAY)
_CHARACTERS = 600  # of a page in the layout of GB/T 9704, 22 lines of 28


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--papers", type=int, nargs="*", default=[5, 20, 40])
    parser.add_argument("--workers", type=int, default=0)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    faults = list[str]()
    with tempfile.TemporaryDirectory(prefix="zhengwen-bulk-") as name:
        _engines(Path(name), [count for count in given.papers if count], given.workers)
        if given.kills:
            faults = measure(Path(name) / "kills", kills=given.kills, seed=given.seed)
    for fault in faults:
        print(f"FAULT {fault}")
    sys.exit(1 if faults else 0)


def _engines(folder: Path, counts: Sequence[int], workers: int) -> None:
    table = Table("papers", "engine", "s", "of `ingest`", "clauses/s", "pages/s")
    for count in counts:
        papers = folder / f"in-{count}"
        write_real(papers, count)
        usual, stored = _run(folder / f"ordinary-{count}", papers, None, workers)
        table.add_row(str(count), "ingest", f"{usual:.1f}", "1.00", *_rates(stored, usual))
        for engine in _ENGINES:
            seconds, same = _run(folder / f"{engine}-{count}", papers, engine, workers)
            assert same == stored
            table.add_row("", engine, f"{seconds:.1f}", f"{seconds / usual:.2f}", *_rates(stored, seconds))
    if counts:
        Console(width=100).print(table)


def _run(folder: Path, papers: Path, engine: Engine | None, workers: int) -> tuple[float, tuple[int, int]]:
    """Seconds, and how many clauses and characters are stored."""
    settings = Settings(data_dir=folder, cache_dir=load_settings().cache_dir, starting_papers=False)
    open_embedder(settings)  # converted before the clock starts
    begun = time.perf_counter()
    if engine is None:
        ingest(settings, [papers])
    else:
        bulk_ingest(settings, [str(papers)], engine=engine, workers=workers)
    seconds = time.perf_counter() - begun
    with open_store(settings) as store:
        found = store.documents()
    return seconds, (sum(len(one.clauses) for one in found), sum(len(one.text) for one in found))


def _rates(stored: tuple[int, int], seconds: float) -> tuple[str, str]:
    clauses, characters = stored
    return f"{clauses / seconds:.0f}", f"{characters / _CHARACTERS / seconds:.1f}"


if __name__ == "__main__":
    main()
