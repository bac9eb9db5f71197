"""Measures what survives kills, damaged files and full disks; docs/reliability.md has the figures.

python -m benchmarks.reliability                    # 40 kills, 10 at the swap, 200 flips, 40 truncations
python -m benchmarks.reliability --runs 200 --swaps 50 --flips 1000 --truncations 200
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.reliability import damage, full_disk, kills

# Bytes that are left free, or that a file may grow by.
_STEPS = (0, 1, 2_000, 4_096, 8_192, 20_000, 33_000, 65_536, 100_000, 200_000, 300_000, 330_000, 350_000)
_LARGER = (400_000, 500_000, 700_000, 900_000, 1_200_000, 3_000_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=40, help="kills during operations")
    parser.add_argument("--swaps", type=int, default=10, help="kills at the swap of the index")
    parser.add_argument("--flips", type=int, default=200, help="flipped bits")
    parser.add_argument("--truncations", type=int, default=40, help="files that are cut off")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    faults = []
    with tempfile.TemporaryDirectory(prefix="zhengwen-reliability-") as name:
        folder = Path(name)
        begun = time.monotonic()
        killed = kills.measure(
            folder / "killed" / "data", runs=given.runs, swaps=given.swaps, seed=given.seed
        )
        faults += killed.faults
        in_progress = dict(killed.begun)
        print(f"kills: {killed.runs}, operations done: {killed.done}, begun when killed: {in_progress}")
        print(f"  index in use after kills at the swap: {dict(killed.swapped)}")
        print(f"  lost, doubled or half indexed: {len(killed.faults)} ({time.monotonic() - begun:.0f} s)")
        begun = time.monotonic()
        flipped, cut = damage.measure(
            folder / "damaged", flips=given.flips, truncations=given.truncations, seed=given.seed
        )
        for what, found in (("flipped bits", flipped), ("truncations", cut)):
            print(f"{what}: {sum(found.noticed.values())}, noticed by {dict(found.noticed)}")
            faults += found.missed
        print(f"  ({time.monotonic() - begun:.0f} s)")
        full = full_disk.measure_full(folder / "disk", steps=_STEPS + _LARGER)
        limited = full_disk.measure_limit(folder / "limited", steps=_STEPS + _LARGER)
        for what, result in (("full disk", full), ("limit of a file's size", limited)):
            if result is None:
                print(f"{what}: not measured, as no file system can be mounted here")
                continue
            print(f"{what}: {dict(result.outcomes)}, faults: {len(result.faults)}")
            faults += result.faults
    for fault in faults:
        print(f"FAULT {fault}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
