"""Reads CPU time and memory of a server's processes from Linux's /proc."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def family(pid: int) -> list[int]:
    """Returns the process and its living descendants."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except OSError:  # ended meanwhile
                continue
    return found


def cpu_seconds(pid: int) -> float:
    """Returns the CPU time in seconds of the process and its living descendants."""
    return sum(_fields(one, "utime stime") for one in family(pid)) / _TICKS


def resident_bytes(pid: int) -> int:
    """Returns the resident memory of the process and its descendants; shared pages count for each."""
    return _PAGE * sum(_fields(one, "rss") for one in family(pid))


# Indexes of the fields after the name of the program, see proc(5).
_PLACES = {"utime": 11, "stime": 12, "rss": 21}


def _fields(pid: int, names: str) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    # The name of the program is in parentheses and may contain any character.
    fields = stat.rpartition(")")[2].split()
    return sum(int(fields[_PLACES[name]]) for name in names.split())
