"""Measures the memory of the service under constant load: `python -m benchmarks.service.soak [--minutes 30]`.

Clients ask in a closed loop all the time, half of them for a streamed reply, while one visitor after the
other has a conversation, gives thumbs and deletes some answers. Every few seconds the resident memory of all
processes of the server is read. Growth is measured from the second to the last fifth of the time, as caches
fill in the first. Also counted: errors, replies that differ from the first one to the same question, and
answers whose receipt is missing afterwards. Linux only.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from urllib.parse import urlsplit

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from rich.console import Console

from benchmarks.service import questions, receipts, servers
from benchmarks.service.client import Exchange
from benchmarks.service.processes import resident_bytes
from benchmarks.service.report import ANSWERED, REJECTED, changed
from benchmarks.service.servers import Server

_SAMPLE_S = 5.0
_MOST_GROWTH = 0.05
_MEBIBYTE = 2**20
_STREAM = "Accept: text/event-stream"
# Simulated visitors are faster than people; the rate limits have tests of their own.
_SETTINGS = tuple(
    f"ZHENGWEN_SERVER__{name}=1000000/second"
    for name in ("VISITOR_RATE", "ADDRESS_RATE", "SITE_RATE", "ARRIVAL_RATE")
)


@dataclass(frozen=True, slots=True)
class Sample:
    """The memory at one time."""

    at_s: float
    mebibytes: float


@dataclass(frozen=True, slots=True)
class Found:
    """The measurements of the client processes."""

    answers: int
    ids: list[str]  # of the answers that visitors did not delete
    rejected: int
    changed: int
    errors: Counter[str]


def growth(samples: Sequence[Sample]) -> float:
    """Returns the relative growth of the mean from the second fifth to the last."""
    second, last = _fifth(samples, 1), _fifth(samples, 4)
    return last / second - 1


def _fifth(samples: Sequence[Sample], number: int) -> float:
    end = samples[-1].at_s
    return fmean(one.mebibytes for one in samples if number / 5 <= one.at_s / end <= (number + 1) / 5)


def load(server: Server, folder: Path, *, clients: int, seconds: float) -> list[subprocess.Popen[bytes]]:
    """Starts the client processes: for whole replies, for streams, and visitors."""
    items = questions.questions()
    here = Path(__file__).parent
    bodies, asked = folder / "bodies", folder / "questions"
    bodies.write_bytes(questions.bodies([item.question for item in items], server.template))
    asked.write_text("\n".join(json.dumps(item.question) for item in items), encoding="utf-8")
    address = server.url.removesuffix(urlsplit(server.url).path)
    asking = [str(here / "client.py"), server.url, str(bodies), "--clients", str(clients // 2)]
    commands = [
        asking,
        [*asking, "--header", _STREAM],
        [str(here / "visitor.py"), address, str(asked)],
    ]
    started = []
    for number, command in enumerate(commands):
        with (folder / f"client-{number}.json").open("wb") as sink:
            started.append(
                subprocess.Popen([sys.executable, *command, "--seconds", str(seconds)], stdout=sink)
            )
    return started


def watch(server: Server, processes: Iterable[subprocess.Popen[bytes]], *, seconds: float) -> list[Sample]:
    """Samples the memory of the server until the client processes have ended."""
    samples = []
    began = time.monotonic()
    while (at := time.monotonic() - began) < seconds:
        samples.append(Sample(at, resident_bytes(server.pid) / _MEBIBYTE))
        time.sleep(min(_SAMPLE_S, seconds / 25))
    for process in processes:
        if process.wait():
            sys.exit(f"a process of clients ended with status {process.returncode}")
    return samples


def read(folder: Path) -> Found:
    """Reads the measurements that the clients wrote."""
    ids: list[str] = []
    errors: Counter[str] = Counter()
    different = rejected = 0
    for number in (0, 1):
        loop = json.loads((folder / f"client-{number}.json").read_bytes())
        exchanges = [Exchange(**exchange) for exchange in loop["exchanges"]]
        answers = [one for one in exchanges if one.status == ANSWERED]
        ids += [one.reply_id for one in answers]
        errors.update(loop["errors"])
        errors.update(f"status {one.status}" for one in exchanges if one.status not in (ANSWERED, *REJECTED))
        rejected += sum(one.status in REJECTED for one in exchanges)
        different += changed(answers, {}) or 0
    visitors = json.loads((folder / "client-2.json").read_bytes())
    errors.update(visitors["errors"])
    return Found(
        answers=len(ids) + visitors["answers"],
        ids=ids + visitors["ids"],
        rejected=rejected,
        changed=different,
        errors=errors,
    )


def plot(samples: Sequence[Sample], path: Path) -> None:
    """Plots memory over time, with the two compared fifths shaded."""
    figure = Figure(figsize=(7, 3), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    minutes = [sample.at_s / 60 for sample in samples]
    axes.plot(minutes, [sample.mebibytes for sample in samples], color="#1b4f8a", linewidth=1.2)
    for number in (1, 4):
        axes.axvspan(minutes[-1] * number / 5, minutes[-1] * (number + 1) / 5, color="0.9", zorder=0)
    axes.set_ylim(0, 1.1 * max(sample.mebibytes for sample in samples))
    axes.set_xlim(0, minutes[-1])
    axes.set_xlabel("minutes")
    axes.set_ylabel("resident memory, MiB")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=150)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--workers", type=int, help="processes of the server")
    parser.add_argument("--folder", help="where the server keeps its data")
    parser.add_argument("--set", action="append", default=[], metavar="VARIABLE=VALUE")
    parser.add_argument("--out", type=Path, default=Path("build/soak"), help="for soak.json and soak.png")
    options = parser.parse_args()
    seconds = 60 * options.minutes
    options.out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(options.folder or stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        settings = [*_SETTINGS, *options.set]
        with servers.zhengwen(folder, workers=options.workers, settings=settings) as server:
            asking = load(server, folder, clients=options.clients, seconds=seconds)
            samples = watch(server, asking, seconds=seconds)
        found = read(folder)
        lost = receipts.missing(servers.data_dir(folder), found.ids)
    plot(samples, options.out / "soak.png")
    grown = growth(samples)
    report = {
        "minutes": options.minutes,
        "clients": options.clients,
        "answers": found.answers,
        "answers_per_second": round(found.answers / seconds, 1),
        "rejected": found.rejected,
        "errors": dict(found.errors),
        "other_than_before": found.changed,
        "without_receipt": lost,
        "memory_second_fifth_mib": round(_fifth(samples, 1), 1),
        "memory_last_fifth_mib": round(_fifth(samples, 4), 1),
        "growth": round(grown, 4),
    }
    Console().print_json(data=report)
    report["samples"] = [[round(one.at_s, 1), round(one.mebibytes, 1)] for one in samples]
    (options.out / "soak.json").write_text(json.dumps(report, ensure_ascii=False), encoding="utf-8")
    if grown >= _MOST_GROWTH or found.errors or found.changed or lost:
        sys.exit("memory grew, or something went wrong: see above")


if __name__ == "__main__":
    main()
