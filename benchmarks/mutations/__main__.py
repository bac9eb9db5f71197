"""Measures what becomes of damaged files; docs/reliability.md has the figures.

    python -m benchmarks.mutations [--number 200] [--formats txt,pdf …] [--seed 1] [--keep FOLDER]

Damages files of each format (bits, bytes, lengths, blocks, XML, PDF objects; by a seed) and reads them as
`ingest` does. Each must be read or refused with UnreadableDocument, within 10 s of CPU and 1 GB of memory
(1.5 GB where text is recognised in a picture). Exit code 1 for anything else; --keep writes those files into
a folder.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import local
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.forms.paper import Paper
from benchmarks.mutations.mutate import mutated
from benchmarks.mutations.reading import SECONDS, Outcome, Reader
from benchmarks.mutations.samples import SAMPLES, papers

_KB: Final = 1024 * 1024  # of a file that is read
_KB_PICTURES: Final = 1536 * 1024
_PICTURES: Final = ("png",)
_MOST_REASONS: Final = 5
_MOST_FAULTS: Final = 10  # of a format that are printed


@dataclass(slots=True)
class Measured:
    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0
    memory: int = 0  # KB
    seconds: float = 0.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--number", type=int, default=200, help="files of each format")
    parser.add_argument("--formats", default=",".join(SAMPLES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="folder for the files that are faults")
    parser.add_argument("--reasons", action="store_true", help="print why files were refused")
    options = parser.parse_args()
    table = Table(title=f"damaged files, seed {options.seed}")
    for heading in ("format", "files", "read", "refused", "faults", "slowest, CPU s", "mean, CPU s", "MB"):
        table.add_column(heading)
    faults = 0
    whole = papers()
    with ThreadPoolExecutor(options.jobs) as pool:
        for ending in options.formats.split(","):
            measured = _measure(ending, whole, options, pool)
            faults += len(measured.faults)
            refused = measured.refused.total()
            table.add_row(
                ending,
                str(options.number),
                str(measured.read),
                str(refused),
                str(len(measured.faults)),
                f"{measured.slowest:.2f}",
                f"{measured.seconds / options.number:.3f}",
                str(measured.memory // 1024),
            )
            for fault in measured.faults[:_MOST_FAULTS]:
                print(f"FAULT {fault}")
            if options.reasons:
                for reason, count in measured.refused.most_common(_MOST_REASONS):
                    print(f"{ending}: {count} refused: {reason[:120]}")
    Console().print(table)
    sys.exit(1 if faults else 0)


def _measure(
    ending: str, whole: list[Paper], options: argparse.Namespace, pool: ThreadPoolExecutor
) -> Measured:
    samples = SAMPLES[ending](whole)
    own = local()
    readers: list[Reader] = []

    def one(number: int) -> tuple[int, bytes, Outcome]:
        if not hasattr(own, "reader"):
            own.reader = Reader()
            readers.append(own.reader)
        random = Random(f"{options.seed} {ending} {number}")
        data = mutated(random.choice(samples), random)
        return number, data, own.reader.read(data, f"{number}.{ending}")

    measured = Measured()
    try:
        for number, data, outcome in pool.map(one, range(options.number)):
            fault = outcome.fault or _beyond(outcome, ending)
            if fault:
                measured.faults.append(f"{ending} {number}: {fault}")
                if options.keep is not None:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / f"{number}.{ending}").write_bytes(data)
            elif outcome.refused:
                measured.refused[outcome.refused] += 1
            else:
                measured.read += 1
            measured.slowest = max(measured.slowest, outcome.seconds)
            measured.seconds += outcome.seconds
            measured.memory = max(measured.memory, outcome.memory)
    finally:
        for reader in readers:
            reader.close()
    return measured


def _beyond(outcome: Outcome, ending: str) -> str:
    if outcome.seconds > SECONDS:
        return f"takes {outcome.seconds:.1f} s of CPU"
    if outcome.memory > (_KB_PICTURES if ending in _PICTURES else _KB):
        return f"takes {outcome.memory // 1024} MB"
    return ""


if __name__ == "__main__":
    main()
