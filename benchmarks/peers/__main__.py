"""Compares ingest and a question with other programs, on one model, corpus and machine, in one run.

    pip install -e '.[bench]' && python -m benchmarks.peers [--papers DIR] [--rounds 3] [--json FILE]

Every program has a process of its own; LlamaIndex, Haystack and txtai also an environment, made once below
build/peers. All read the same text files with multilingual-e5-small: this program in int8 as it is installed,
the others in torch and float32. In each round every program ingests the papers, then is asked six questions,
one program after the other. Opening a program and its model is not counted. Printed are the medians and their
ratio to those of LangChain and of sentence-transformers alone. A program that cannot be installed or fails
is listed with the reason.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.peers.environments import python_of
from benchmarks.peers.model import PROGRAMS, QUESTIONS, Program
from index.conversion.convert import convert

_ROOT = Path(__file__).resolve().parents[2]
_FLOOR, _PEER = "sentence-transformers + FAISS", "LangChain + FAISS"


@dataclass(slots=True)
class Measured:
    """What one program took, a number for each round."""

    ingest_s: list[float] = field(default_factory=list)
    ingest_cpu_s: list[float] = field(default_factory=list)
    question_ms: list[float] = field(default_factory=list)  # the median of the questions of a round
    failed: str = ""


class Worker:
    """The process of a program."""

    def __init__(self, program: Program, model: Path) -> None:
        command = [str(python_of(program)), "-m", "benchmarks.peers.worker", program.module, str(model)]
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  # closed with the process
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True, cwd=_ROOT
        )
        self._reply()

    def do(self, request: Mapping[str, object]) -> dict[str, float]:
        """Sends a request and returns what it took. Raises RuntimeError when the program failed."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self._reply()

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def _reply(self) -> dict[str, float]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if line:
            found: dict[str, float] = json.loads(line)
            return found
        self._process.wait()
        self._errors.seek(0)
        raise RuntimeError(_last_line(self._errors.read()))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    starting = _ROOT / "corpus" / "documents"
    parser.add_argument("--papers", type=Path, default=starting, help="a folder of .txt")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="where the figures are written")
    parser.add_argument("--only", nargs="*", choices=[one.module for one in PROGRAMS])
    options = parser.parse_args()
    papers = sorted(options.papers.glob("*.txt"))
    programs = [one for one in PROGRAMS if not options.only or one.module in options.only]
    found = measure(programs, papers, rounds=options.rounds)
    _print(found, papers=len(papers))
    if options.json:
        options.json.write_text(
            json.dumps({name: asdict(one) for name, one in found.items()}, indent=2) + "\n", encoding="utf-8"
        )


def measure(programs: list[Program], papers: list[Path], *, rounds: int) -> dict[str, Measured]:
    """What each program takes, by its name."""
    found = {program.name: Measured() for program in programs}
    workers: dict[str, Worker] = {}
    with tempfile.TemporaryDirectory() as scratch:
        model = convert(Path(scratch) / "models", precision="fp32")
        convert(Path(scratch) / "models", precision="int8")
        try:
            for program in programs:
                try:
                    workers[program.name] = Worker(program, model)
                except (RuntimeError, subprocess.CalledProcessError) as error:
                    found[program.name].failed = _last_line(getattr(error, "stderr", None) or str(error))
            for number in range(rounds):
                for name, worker in list(workers.items()):
                    try:
                        _round(worker, found[name], papers, Path(scratch) / f"{number}-{_folder_of(name)}")
                    except (RuntimeError, BrokenPipeError) as error:
                        found[name].failed = str(error)
                        workers.pop(name).close()
        finally:
            for worker in workers.values():
                worker.close()
    return found


def _folder_of(name: str) -> str:
    """A name for the folder of a program."""
    return next(program.module for program in PROGRAMS if program.name == name)


def _round(worker: Worker, measured: Measured, papers: list[Path], folder: Path) -> None:
    took = worker.do({"ingest": [str(paper) for paper in papers], "folder": str(folder)})
    measured.ingest_s.append(took["seconds"])
    measured.ingest_cpu_s.append(took["cpu_s"])
    for question in QUESTIONS:  # the first time things are opened and loaded
        worker.do({"ask": question})
    asked = [worker.do({"ask": question})["seconds"] * 1000 for question in QUESTIONS]
    measured.question_ms.append(statistics.median(asked))


def _print(found: Mapping[str, Measured], *, papers: int) -> None:
    table = Table(
        *("", f"{papers} papers, s", "of LangChain", "of the floor", "CPU s", "of LangChain"),
        *("question, ms", "of LangChain", "it"),
    )
    does = {program.name: program.does for program in PROGRAMS}
    floor, peer = (found.get(name, Measured()) for name in (_FLOOR, _PEER))
    for name, one in found.items():
        if not one.question_ms:
            table.add_row(name, *["–"] * 7, "failed")
            continue
        table.add_row(
            name,
            f"{statistics.median(one.ingest_s):.2f}",
            _ratio(one.ingest_s, peer.ingest_s),
            _ratio(one.ingest_s, floor.ingest_s),
            f"{statistics.median(one.ingest_cpu_s):.2f}",
            _ratio(one.ingest_cpu_s, peer.ingest_cpu_s),
            f"{statistics.median(one.question_ms):.1f}",
            _ratio(one.question_ms, peer.question_ms),
            does[name],
        )
    console = Console(width=140)
    console.print(table)
    for name, one in found.items():
        if one.failed:
            console.print(f"{name}: {one.failed}", markup=False)


def _ratio(values: list[float], others: list[float]) -> str:
    return f"{statistics.median(values) / statistics.median(others):.2f}" if others else "–"


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it ended without an error message"


if __name__ == "__main__":
    main()
