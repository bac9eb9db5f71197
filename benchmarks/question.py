"""Profiles an answer by stage, over thousands of different questions, in this process.

    python -m benchmarks.question [--questions 500] [--profile calls.txt] [--replies replies.jsonl]

Prints the CPU time of each stage of an answer as the service takes it: threads of the models, the conversion
to the wire and the receipt on the disk included, HTTP not. No question repeats and none is asked beforehand;
the first fifty, which fill what is remembered of papers, are not counted. `--replies` writes what would be
sent, without ids and timings, so that two versions can be compared line by line; `--profile` writes the
functions that take most.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import json
import pstats
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from api.records import Records, open_records
from api.records.receipts import receipt_of
from api.settings import Settings
from api.wire import replies
from api.wire.question_schemas import AskRequest
from api.wire.reply_schemas import AskResponse
from benchmarks.service.different import Asked, different
from corpus.progress import Progress
from index.model import Embedder, Reader, Vectors, Verdict
from rag.answer.stream import Decided, Working
from rag.assemble import Opener, open_embedder, open_reader
from rag.assistant import Assistant
from rag.model import Question

_WARM = 50
_SHOWN = 70  # functions of a profile


@dataclass(slots=True)
class Clock:
    """Adds up CPU seconds of this process by stage; the time of an inner stage counts for that one alone."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    counts: Counter[str] = field(default_factory=Counter)
    _inner: list[float] = field(default_factory=lambda: [0.0])

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = time.process_time()
        self._inner.append(0.0)
        yield
        took = time.process_time() - began
        self.seconds[name] += took - self._inner.pop()
        self.counts[name] += 1
        self._inner[-1] += took


class TimedEmbedder:
    """An `index.model.Embedder` whose queries are a stage."""

    def __init__(self, model: Embedder, clock: Clock) -> None:
        self._model, self._clock = model, clock
        self.fingerprint, self.dimension = model.fingerprint, model.dimension

    def embed_documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return self._model.embed_documents(texts, progress)

    def embed_query(self, text: str) -> Vectors:
        with self._clock.stage("embedding"):
            return self._model.embed_query(text)


class TimedReader:
    """An `index.model.Reader` whose verdicts are a stage; counts the sentences."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._reader, self._clock = reader, clock
        self.fingerprint = reader.fingerprint

    def judge(self, question: str, sentences: Sequence[str]) -> list[Verdict]:
        self._clock.counts["sentences"] += len(sentences)
        with self._clock.stage("reader"):
            return self._reader.judge(question, sentences)


# The stage that ends with each step of `Assistant.stream`.
_STAGES = {"understand": "understand", "retrieve": "search and reorder", "evidence": "evidence, judgement"}


@dataclass(frozen=True, slots=True)
class Answering:
    """What answers, and the clock of its stages."""

    assistant: Assistant
    records: Records
    settings: Settings
    clock: Clock

    def answer(self, text: str) -> AskResponse:
        """Answers as the service does, with a receipt."""
        stream, stages = (
            self.assistant.stream(Question(text)),
            iter([*_STAGES.values(), "compose, tables, cards"]),
        )
        stage = next(stages)
        while True:
            with self.clock.stage(stage):
                event = next(stream)
            if isinstance(event, Working):
                stage = next(stages)
            elif isinstance(event, Decided):
                break
        with self.clock.stage("to the wire"):
            reply = replies.reply_on_wire(event.reply, catalogue=self.assistant.catalogue)
        with self.clock.stage("receipt"):
            self._keep(text, reply)
        with self.clock.stage("JSON"):
            reply.model_dump_json()
        return reply

    def _keep(self, text: str, reply: AskResponse) -> None:
        receipt = receipt_of(
            AskRequest(question=text),
            reply,
            holder="local",
            site="",
            channel="ask",
            info=self.assistant.info(),
            settings=self.settings,
            today=date.today(),
        )
        self.records.store_answer(receipt, None)


@contextmanager
def answering(folder: Path, *, threads: int) -> Iterator[Answering]:
    """Opens the five papers and records in an empty folder; models of `threads` threads."""
    chosen = Settings(data_dir=folder)
    embedding = chosen.embedding.model_copy(update={"threads": threads})
    settings, clock = chosen.model_copy(update={"embedding": embedding}), Clock()
    reader = open_reader(settings)
    opener = Opener(
        settings,
        embedder=lambda *_: TimedEmbedder(open_embedder(settings), clock),
        reader=lambda *_: reader and TimedReader(reader, clock),
    )
    assistant = opener.open(today=date.today())
    with open_records(settings.service_url, lock_dir=folder) as records:
        yield Answering(assistant, records, settings, clock)


def main() -> None:
    options = _options()
    asked = different()[: options.questions or None]
    profile = cProfile.Profile() if options.profile else None
    lines, each = [], []
    with tempfile.TemporaryDirectory() as folder, answering(Path(folder), threads=options.threads) as opened:
        for number, one in enumerate(asked):
            if number == _WARM:
                opened.clock.seconds.clear()
                opened.clock.counts.clear()
                if profile:
                    profile.enable()
            began, wall = time.process_time(), time.perf_counter()
            reply = opened.answer(one.question)
            each.append((time.process_time() - began, time.perf_counter() - wall))
            lines.append(_line(one, reply))
        if profile:
            profile.disable()
    _print(opened.clock, each[_WARM:], asked[_WARM:], lines[_WARM:])
    if options.replies:
        options.replies.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if profile:
        options.profile.write_text(_functions(profile), encoding="utf-8")


def _line(one: Asked, reply: AskResponse) -> str:
    found = reply.model_dump(mode="json", exclude={"id", "timings_ms"})
    return json.dumps({"asked": one.question, "reply": found}, ensure_ascii=False, sort_keys=True)


def _print(clock: Clock, each: list[tuple[float, float]], asked: list[Asked], lines: list[str]) -> None:
    count = len(each)
    table = Table(title=f"{count} different questions")
    for column in ("stage", "CPU ms an answer"):
        table.add_column(column, justify="left" if column == "stage" else "right")
    for stage, seconds in clock.seconds.items():
        table.add_row(stage, f"{1000 * seconds / count:.2f}")
    cpu, wall = ([1000 * one[i] for one in each] for i in (0, 1))
    table.add_row("all", f"{sum(cpu) / count:.2f}", style="bold")
    console = Console()
    console.print(table)
    p50, p95 = statistics.median(wall), statistics.quantiles(wall, n=20)[-1]
    console.print(f"wall ms: p50 {p50:.1f}, p95 {p95:.1f}", highlight=False)
    counts = clock.counts
    console.print(
        f"a question: {counts['embedding'] / count:.2f} vectors, {counts['reader'] / count:.2f} readings of "
        f"{counts['sentences'] / max(1, counts['reader']):.2f} sentences",
        highlight=False,
    )
    by_source: dict[str, list[float]] = defaultdict(list)
    for one, took in zip(asked, cpu, strict=True):
        by_source[one.source].append(took)
    for source, own in sorted(by_source.items()):
        console.print(f"{source}: {len(own)} questions, {statistics.mean(own):.1f} ms CPU", highlight=False)
    outcomes = Counter(json.loads(line)["reply"]["outcome"] for line in lines)
    console.print(", ".join(f"{outcome} {n}" for outcome, n in outcomes.most_common()), highlight=False)


def _functions(profile: cProfile.Profile) -> str:
    out = io.StringIO()
    for key in ("tottime", "cumulative"):
        pstats.Stats(profile, stream=out).sort_stats(key).print_stats(_SHOWN)
    return out.getvalue()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--questions", type=int, default=0, help="so many of them; all without it")
    parser.add_argument("--threads", type=int, default=1, help="of the models")
    parser.add_argument("--profile", type=Path, help="file for the functions that take most")
    parser.add_argument("--replies", type=Path, help="file for the replies")
    return parser.parse_args()


if __name__ == "__main__":
    main()
