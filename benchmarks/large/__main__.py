"""Measures the program with many papers: storing, indexing, opening, answering, changing.

    python -m benchmarks.large --clauses 100000 --out DIR

The papers are recombined from the china-law set (--set FOLDER, else beside the checkout), whose sentences are
embedded once and kept in --cache. The store in --out is used again by a later run, and goes on where it was
interrupted. The engine is that of the settings (ZHENGWEN_…), and so are model and reader. Each step runs in a
process of its own, so that its CPU and its memory are its own: `--step` runs only some of them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.large import agreement, answering, searching
from benchmarks.large.articles import Articles, articles, queries, query_vectors
from benchmarks.large.papers import CLAUSES, paper
from benchmarks.large.stores import fill
from benchmarks.large.vectors import MeanEmbedder
from index.model import Embedder
from rag.assemble import chunking_of, engine_of, open_embedder, open_reader, update_index
from rag.settings import Settings
from rag.stored_papers import open_store

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "datasets" / "china-law"
_STEPS = ("agreement", "fill", "index", "search", "answers")
_SEARCHED = 100  # questions of which recall is measured: each is compared with every vector


@dataclass(frozen=True, slots=True)
class Run:
    """What every step needs."""

    folder: Path
    clauses: int
    whole: int  # papers that are stored with their facts
    asked: int  # questions of which the whole answer is measured
    articles: Articles
    questions: list[str]
    model: Embedder
    settings: Settings
    cache: Path

    @property
    def papers(self) -> int:
        return -(-self.clauses // CLAUSES)

    @property
    def embedder(self) -> Embedder:
        return MeanEmbedder(self.articles, self.model)

    def paper(self, number: int) -> bytes:
        return paper(number, self.articles.sentences, self.articles.titles)


def _agreement(run: Run) -> dict[str, object]:
    vectors = query_vectors(run.questions, cache=run.cache, embedder=run.model)[:_SEARCHED]
    found = agreement.agreement(run.paper, run.clauses, mean=run.embedder, model=run.model, questions=vectors)
    return dict(found)


def _fill(run: Run) -> dict[str, object]:
    with open_store(run.settings) as store:
        seconds = fill(store, run.paper, count=run.papers, whole=run.whole, report=_say)
        in_use = store.heads()
    return {
        "papers": len(in_use),
        "clauses": sum(head.clauses for head in in_use),
        "CPU ms a paper": seconds.ms_a_paper(),
    }


def _index(run: Run) -> dict[str, object]:
    with open_store(run.settings) as store:
        started = time.process_time()
        indexed = update_index(run.settings, store, embedder=lambda *_: run.embedder)
        spent = time.process_time() - started
    return {"CPU s": spent, "chunks": indexed.chunks, "chunks a CPU s": indexed.chunks / spent}


def _search(run: Run) -> dict[str, object]:
    texts = run.questions[:_SEARCHED]
    vectors = query_vectors(run.questions, cache=run.cache, embedder=run.model)[:_SEARCHED]
    with open_store(run.settings) as store:
        opened = engine_of(run.settings).open(
            store,
            fingerprint=run.embedder.fingerprint,
            corpus_hash=store.corpus_hash(),
            chunking=chunking_of(run.settings),
        )
        return searching.measure(
            opened,
            store,
            searching.asked(texts, vectors),
            embedder=run.embedder,
            chunking=chunking_of(run.settings),
        )


def _answers(run: Run) -> dict[str, object]:
    reader = open_reader(run.settings)
    before = answering.memory_mb()
    opened, spent = answering.start(run.settings, embedder=run.embedder, reader=reader)
    figures: dict[str, object] = {"start, CPU s, without the model": spent}
    figures["memory, MB"] = answering.memory_mb()
    figures["memory before, with the model, MB"] = before
    step = max(1, len(run.questions) // run.asked)
    figures |= answering.answers(opened.assistant, run.questions[::step])
    figures["memory after the answers, MB"] = answering.memory_mb()
    figures |= answering.changes(opened)
    return figures


def _sizes(folder: Path) -> dict[str, float]:
    """Megabytes on the disk, by the first part of the path."""
    sizes: dict[str, float] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            name = path.relative_to(folder).parts[0]
            sizes[name] = sizes.get(name, 0.0) + path.stat().st_size / 1e6
    return sizes


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clauses", type=int, default=100_000)
    parser.add_argument("--out", type=Path, required=True, help="folder of store, index and figures")
    parser.add_argument("--set", type=Path, default=_BESIDE, help="folder of the china-law set")
    parser.add_argument("--cache", type=Path, help="folder of the vectors of the set; else in --out")
    parser.add_argument("--whole", type=int, default=1000, help="papers that are stored with their facts")
    parser.add_argument("--questions", type=int, default=300, help="questions that are answered")
    parser.add_argument("--step", choices=_STEPS, action="append", help="only this step; may be repeated")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        print(json.dumps(_run(options, options.step[0]), ensure_ascii=False))
        return 0
    options.out.mkdir(parents=True, exist_ok=True)
    figures: dict[str, object] = {"clauses wanted": options.clauses}
    for step in options.step or _STEPS[1:]:
        own = ["--here", "--step", step]
        call = [sys.executable, "-m", "benchmarks.large", *_without_steps(sys.argv[1:]), *own]
        done = subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True)
        figures[step] = json.loads(done.stdout.splitlines()[-1])
        figures["disk, MB"] = _sizes(options.out)
        (options.out / "figures.json").write_text(json.dumps(figures, indent=1, ensure_ascii=False), "utf-8")
    _print(figures)
    return 0


def _without_steps(given: list[str]) -> list[str]:
    kept = list[str]()
    words = iter(given)
    for word in words:
        if word == "--step":
            next(words)
        else:
            kept.append(word)
    return kept


def _run(options: argparse.Namespace, step: str) -> dict[str, object]:
    settings = Settings().model_copy(update={"data_dir": options.out, "starting_papers": False})
    model = open_embedder(settings)
    cache = options.cache or options.out / "vectors"
    run = Run(
        options.out,
        options.clauses,
        options.whole,
        options.questions,
        articles(options.set, cache=cache, embedder=model),
        queries(options.set),
        model,
        settings,
        cache,
    )
    steps: dict[str, Callable[[Run], dict[str, object]]] = {
        "agreement": _agreement,
        "fill": _fill,
        "index": _index,
        "search": _search,
        "answers": _answers,
    }
    return steps[step](run)


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _print(figures: dict[str, object]) -> None:
    table = Table("figure", "measured")
    for name, value in _flat(figures):
        table.add_row(name, f"{value:,.3f}" if isinstance(value, float) else str(value))
    Console().print(table)


def _flat(figures: dict[str, object], above: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name, value in figures.items():
        if isinstance(value, dict):
            found += _flat(value, f"{above}{name}: ")
        else:
            found.append((f"{above}{name}", value))
    return found


if __name__ == "__main__":
    sys.exit(main())
