"""Measures start-up: processor time and memory of each command, and memory of a server.

    python -m benchmarks.start [--rounds 3] [--questions 2000]

Every command runs in a separate process with the model converted, and the median of the rounds is printed.
The first answer on an empty data folder is measured too, and separately the conversion of the model. Memory
of a server is Linux's proportional set size (PSS), which divides shared pages among processes, after the
questions were asked; memory of a worker is its private pages.

To measure another checkout, put it on PYTHONPATH and name its entry with --entry.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from rich.console import Console
from rich.table import Table

from benchmarks.service.processes import family
from benchmarks.service.servers import free_port

_SETS = Path(__file__).resolve().parents[1] / "evals" / "sets"
_ENTRY = "from api.cli.main import main; main()"
_QUESTION = "我们首次拿到创新药注册批件，湖南能奖多少钱？"
_OPENS_IN_S = 300.0
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Cost:
    """The resources of one command."""

    cpu_s: float  # user and system, of the process and those it waited for
    rss: float  # MiB at the most


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--questions", type=int, default=2000, help="asked of each server; 0 starts none")
    parser.add_argument("--entry", default=_ENTRY, help="Python code that runs the command")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        program = Program(folder, options.entry)
        _print_commands(program, options.rounds)
        if options.questions:
            _print_servers(program, options.questions)


class Program:
    """The command with separate cache and data folders; variables of the shell are ignored."""

    def __init__(self, folder: Path, entry: str) -> None:
        self.folder = folder
        self._command = [sys.executable, "-c", entry]
        self._environment = {k: v for k, v in os.environ.items() if not k.upper().startswith("ZHENGWEN_")}
        self._environment["ZHENGWEN_CACHE_DIR"] = str(folder / "cache")

    def started(self, arguments: Sequence[str], *, data: str, log: int) -> subprocess.Popen[bytes]:
        environment = self._environment | {"ZHENGWEN_DATA_DIR": str(self.folder / data)}
        return subprocess.Popen(
            [*self._command, *arguments], env=environment, cwd=self.folder, stdout=log, stderr=log
        )

    def cost(self, *arguments: str, data: str = "data", status: int = 0) -> Cost:
        """Runs the command to its end. Exits when the status is not the expected one."""
        process = self.started(arguments, data=data, log=subprocess.DEVNULL)
        _, ended, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(ended)
        if process.returncode != status:
            sys.exit(f"`zhengwen {' '.join(arguments)}` ended with {process.returncode} instead of {status}")
        return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _print_commands(program: Program, rounds: int) -> None:
    (program.folder / "bad.ofd").write_bytes(b"PK\x03\x04 not an archive")
    conversion = program.cost("ask", _QUESTION, data="converting")
    table = Table("command", "CPU s, median", "MiB, most")
    firsts = [program.cost("ask", _QUESTION, data=f"empty-{number}") for number in range(rounds)]
    first = _median(firsts)
    program.cost("ask", _QUESTION)
    commands: list[tuple[str, list[str], int]] = [
        ("ask", ["ask", _QUESTION], 0),
        ("documents", ["documents"], 0),
        ("show", ["show", "hunan"], 0),
        ("--help", ["--help"], 0),
        ("a wrong call", ["ask", "--nosuch"], 2),
        ("ingest, file missing", ["ingest", "nosuch.txt"], 2),
        ("ingest, file unreadable", ["ingest", "bad.ofd"], 1),
    ]
    for name, arguments, status in commands:
        _row(table, name, _median([program.cost(*arguments, status=status) for _ in range(rounds)]))
    _row(table, "first answer, empty data folder", first)
    table.add_row("conversion of the model", f"{conversion.cpu_s - first.cpu_s:.2f}", f"{conversion.rss:.0f}")
    Console().print(table)


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(statistics.median(c.cpu_s for c in costs), max(c.rss for c in costs))


def _row(table: Table, name: str, cost: Cost) -> None:
    table.add_row(name, f"{cost.cpu_s:.2f}", f"{cost.rss:.0f}")


def _print_servers(program: Program, count: int) -> None:
    questions = _questions()
    table = Table("server", "PSS in MiB", "of its own, each worker, MiB")
    for workers in (1, 2):
        with _server(program, workers) as (pid, url):
            for number in range(count):
                _ask(url, questions[number % len(questions)])
            processes = family(pid)
            pss = sum(_memory(one)["Pss"] for one in processes)
            own = sorted((_own(one) for one in processes), reverse=True)[:workers]
        table.add_row(f"{workers} worker(s)", f"{pss:.0f}", " ".join(f"{each:.0f}" for each in own))
    Console().print(table)


def _questions() -> list[str]:
    """Returns the questions of the program's test sets that need no earlier turn."""
    lines = [
        json.loads(line)
        for path in sorted(_SETS.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    ]
    return [line["question"] for line in lines if "question" in line]


@contextmanager
def _server(program: Program, workers: int) -> Iterator[tuple[int, str]]:
    """Runs a server; yields its process id and the address for questions."""
    port = free_port()
    process = program.started(
        ["serve", "--port", str(port), "--workers", str(workers)], data="data", log=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/ready", process)
        yield process.pid, f"{address}/v1/ask"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _OPENS_IN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urlopen(url, timeout=5).close()
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    sys.exit("the server did not start")


def _ask(url: str, question: str) -> None:
    body = json.dumps({"question": question}).encode()
    # One connection each, so that all workers get questions.
    with urlopen(Request(url, body, {"Content-Type": "application/json"}), timeout=60) as response:
        response.read()


def _memory(pid: int) -> dict[str, float]:
    """Returns the figures of smaps_rollup in MiB, by name."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return {line.split(":")[0]: int(line.split()[1]) * 1024 / _MIB for line in lines}


def _own(pid: int) -> float:
    memory = _memory(pid)
    return memory["Private_Clean"] + memory["Private_Dirty"]


if __name__ == "__main__":
    main()
