"""Times the bundled embedding model: `python -m benchmarks.embed [--threads 2] [--rounds 3]`.

Every way to run the model is measured in a separate process, so that start and memory are comparable.
The texts are the paragraphs of the five starting papers.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from index.conversion.convert import convert
from index.embedding import bundled
from index.embedding.torch_embedder import open_sentence_transformer
from index.model import Embedder

PAPERS = Path(__file__).resolve().parents[1] / "corpus" / "documents"
QUESTION = "首次拿到创新药注册批件，湖南能奖多少钱？"  # 20 characters
SHORTEST = 40  # minimum characters of a paragraph that counts as a clause
KINDS: dict[str, bundled.Precision] = {"int8": "int8", "fp32": "fp32", "torch": "fp32"}  # and what is read


@dataclass(frozen=True, slots=True)
class Figures:
    """The measurements of one process."""

    import_s: float  # of torch and sentence-transformers, where they are used
    open_s: float  # graph and tokenizer, or the torch model
    first_ms: float  # the first question
    question_ms: float  # median of the later ones
    clauses_per_s: float  # best round
    memory_mb: int  # highest resident size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cache", type=Path, help="where the model is, or will be, converted")
    parser.add_argument("--one", choices=KINDS, help="measure one way and print JSON")
    options = parser.parse_args()
    if options.one:
        figures = measure(options.one, options.cache, threads=options.threads, rounds=options.rounds)
        print(json.dumps(asdict(figures)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        cache = options.cache or Path(scratch)
        seconds = {kind: _seconds(partial(_converted, cache, kind)) for kind in ("int8", "fp32")}
        rows = {kind: _in_own_process(kind, cache, options.threads, options.rounds) for kind in KINDS}
    _print(rows, converted=seconds, threads=options.threads)


def measure(kind: str, cache: Path, *, threads: int, rounds: int) -> Figures:
    """Opens the model and embeds the question and the clauses in this process."""
    directory = _converted(cache, kind)
    clauses = _clauses()
    import_s = _seconds(lambda: __import__("sentence_transformers")) if kind == "torch" else 0.0
    opened: list[Embedder] = []
    open_s = _seconds(lambda: opened.append(_open(kind, directory, threads)))
    embedder = opened[0]
    first = _seconds(lambda: embedder.embed_query(QUESTION))
    questions = [_seconds(lambda: embedder.embed_query(QUESTION)) for _ in range(30 * rounds)]
    documents = min(_seconds(lambda: embedder.embed_documents(clauses)) for _ in range(rounds))
    return Figures(
        import_s=import_s,
        open_s=open_s,
        first_ms=first * 1000,
        question_ms=statistics.median(questions) * 1000,
        clauses_per_s=len(clauses) / documents,
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )


def _converted(cache: Path, kind: str) -> Path:
    directory = cache / bundled.name_of(KINDS[kind])
    return directory if bundled.is_complete(directory) else convert(cache, precision=KINDS[kind])


def _open(kind: str, directory: Path, threads: int) -> Embedder:
    if kind == "torch":
        return open_sentence_transformer(str(directory), device="cpu", threads=threads)
    return bundled.open_bundled(directory, precision=KINDS[kind], threads=threads)


def _in_own_process(kind: str, cache: Path, threads: int, rounds: int) -> Figures:
    command = [sys.executable, __file__, "--one", kind, "--cache", str(cache)]
    command += ["--threads", str(threads), "--rounds", str(rounds)]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Figures(**json.loads(printed.splitlines()[-1]))


def _clauses() -> list[str]:
    lines = [line.strip() for path in sorted(PAPERS.glob("*.txt")) for line in path.open(encoding="utf-8")]
    return [line for line in lines if len(line) >= SHORTEST]


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _print(rows: dict[str, Figures], *, converted: dict[str, float], threads: int) -> None:
    clauses = _clauses()
    characters = statistics.mean(map(len, clauses))
    table = Table(
        title=f"{len(clauses)} clauses of {characters:.0f} characters on average, {threads} threads"
    )
    for heading in ("", "import s", "open s", "first ms", "question ms", "clauses/s", "memory MB"):
        table.add_column(heading, justify="right")
    for kind, row in rows.items():
        cells = (row.import_s, row.open_s, row.first_ms, row.question_ms, row.clauses_per_s, row.memory_mb)
        table.add_row(kind, *(f"{cell:.2f}" if cell < 10 else f"{cell:.0f}" for cell in cells))
    console = Console()
    console.print(table)
    for kind, seconds in converted.items():
        console.print(f"converting the model to {kind}, where it was not yet: {seconds:.1f} s")


if __name__ == "__main__":
    main()
