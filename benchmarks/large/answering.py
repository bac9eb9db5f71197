"""Measures an assistant over the papers: start, memory, answers, and changes that a service takes up.

Runs in a process of its own, so that CPU and memory are those of a start and of what follows it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.large.searching import percentiles
from corpus.effects import Incoming
from corpus.files import ReadPaper
from corpus.ingest import store_papers
from corpus.load import load
from corpus.parse import parse
from index.model import Embedder, Reader
from rag.assemble import Opener
from rag.assistant import Assistant
from rag.model import Answer, Question
from rag.settings import Settings
from rag.stored_papers import open_store

# Of a paper that is added, replaced and withdrawn; no other paper has these words.
MATTER = "打磨陨石标本的匠人"
_QUESTION = f"对{MATTER}给予多少补助？"
_NAME = "added.txt"


def memory_mb() -> dict[str, float]:
    """Anonymous and mapped memory of this process, from Linux's smaps_rollup."""
    fields: dict[str, float] = {}
    for line in Path("/proc/self/smaps_rollup").read_text("ascii").splitlines()[1:]:
        name, _, rest = line.partition(":")
        fields[name] = float(rest.split()[0]) / 1024
    return {"anonymous": fields["Anonymous"], "mapped": fields["Rss"] - fields["Anonymous"]}


@dataclass(frozen=True, slots=True)
class Opened:
    """What a service keeps while it runs."""

    settings: Settings
    opener: Opener
    assistant: Assistant


def start(settings: Settings, *, embedder: Embedder, reader: Reader | None) -> tuple[Opened, float]:
    """Opens the papers and answers a first question; returns the CPU seconds of both."""
    started = time.process_time()
    opener = Opener(settings, embedder=lambda *_: embedder, reader=lambda *_: reader)
    assistant = opener.open(today=date.today())
    assistant.ask(Question("行政处罚的期限是多久？"))
    return Opened(settings, opener, assistant), time.process_time() - started


def answers(assistant: Assistant, questions: Sequence[str]) -> dict[str, object]:
    """CPU milliseconds of whole answers and of their steps, each question asked once."""
    spent, steps, answered = list[float](), dict[str, list[float]](), 0
    for text in questions:
        started = time.process_time()
        reply = assistant.ask(Question(text))
        spent.append(1000 * (time.process_time() - started))
        answered += isinstance(reply.result, Answer)
        for name, ms in reply.timings.items():
            steps.setdefault(name, []).append(ms)
    return {
        "answer CPU ms": percentiles(spent),
        "answered": answered,
        "of": len(questions),
        "steps, ms (wall)": {name: percentiles(some) for name, some in steps.items()},
    }


def changes(opened: Opened) -> dict[str, object]:
    """Seconds from a change in the store until a question sees it, as a service does it.

    The second of waiting between two looks of a service (ZHENGWEN_SERVER__RELOAD_S) is not in them.
    """
    found: dict[str, object] = {}
    for name, amount in (("added", 31), ("replaced", 47)):
        document_id = ""
        with _timed(found, name):
            document_id = _store(opened, amount)
            assistant = _reopened(opened)
            assert f"{amount}万元" in _seen(assistant), name
    with _timed(found, "withdrawn"):
        with open_store(opened.settings) as store:
            store.withdrawals.withdraw(document_id, reason="benchmark")
        assistant = _reopened(opened)
        assert MATTER not in _seen(assistant)
    with open_store(opened.settings) as store:
        store.remove(document_id)
    _reopened(opened)
    return found


@contextmanager
def _timed(found: dict[str, object], name: str) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    found[f"{name}, s"] = {"wall": time.perf_counter() - wall, "CPU": time.process_time() - cpu}


def _store(opened: Opened, amount: int) -> str:
    text = f"关于扶持陨石标本的通知\n试政发〔2026〕9号\n一、扶持\n对{MATTER}，给予{amount}万元补助。"
    data = text.encode()
    document = parse(load(data, name=_NAME, url=""), document_id="added")
    with open_store(opened.settings) as store:
        stored = store_papers(store, [ReadPaper(_NAME, document, data)])
        opened.opener.papers.of(store, today=date.today())  # a service tells what the paper does to others
    return next(one.result.document_id for one in stored if isinstance(one, Incoming))


def _seen(assistant: Assistant) -> str:
    """The words of the clauses that are found for the question."""
    assistant.ask(Question(_QUESTION))
    return "".join(passage.text for passage in assistant.search(_QUESTION, k=10))


def _reopened(opened: Opened) -> Assistant:
    opened.opener.update_index()
    return opened.opener.reopen(today=date.today())
