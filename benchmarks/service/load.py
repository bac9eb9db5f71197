"""Measures answers under load, server and clients on this machine.

    python -m benchmarks.service.load [--peer]

Clients ask about the five papers in a closed loop: each sends its next question when it has the reply to the
one before; a rejected one waits for the time in Retry-After, or up to half as long again (`--impatient`: not
at all). Every level runs `--seconds` after a warm-up: with the 3,000 questions of `different.py`, none of
which a server is asked twice while there are others, and with the development questions of evals/sets again
and again, so that what is remembered of a question shows (`--ask` chooses). Counted are answers per second,
latencies, rejected requests, errors, replies that differ from the first one to the same question, and answers
whose receipt is missing afterwards. `clients' CPU` is the share of one core that the clients take.

`--peer` measures PyPI's baisitong 1.0.6 in the same run, level by level in turn with ours: its own server
in a virtual environment of its own (pip needs the network), its own upload of the same papers. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from itertools import product
from pathlib import Path

from rich.console import Console

from benchmarks.service import different, profile, questions, receipts, servers
from benchmarks.service.client import Exchange, Loop
from benchmarks.service.processes import cpu_seconds
from benchmarks.service.report import ANSWERED, Level, level, markdown, table
from benchmarks.service.servers import Server
from evals.model import Item

CLIENTS = (1, 8, 32, 128)
DIFFERENT, REPEATED = "different", "repeated"
_WARM_S = 3.0
# Asked before the first level: they open what every paper needs, and are among no others.
_WARM = [
    f"{place}的文件第{number}条写了什么？"
    for place in ("湖南", "湖北", "益阳", "浙江", "广东")
    for number in range(1, 9)
]
_CEILING_CLIENTS = 32


@dataclass(slots=True)
class Questions:
    """What one server is asked, a JSON body a line in `bodies`."""

    name: str  # DIFFERENT or REPEATED
    bodies: Path
    next: int = 0  # number of the body to go on with
    first: dict[int, int] = field(default_factory=dict)  # digest of the first reply to each


def run(
    server: Server,
    lines: Path,
    *,
    clients: int,
    seconds: float,
    impatient: bool = False,
    first: int = 0,
) -> Loop:
    """Runs a process of clients, which begin with body number `first`, and returns its measurements."""
    command = [sys.executable, str(Path(__file__).with_name("client.py")), server.url, str(lines)]
    command += ["--clients", str(clients), "--seconds", str(seconds), "--first", str(first)]
    command += ["--impatient"] if impatient else []
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    read = json.loads(printed)
    exchanges = [Exchange(**exchange) for exchange in read["exchanges"]]
    return Loop(exchanges=exchanges, errors=read["errors"], cpu_s=read["cpu_s"])


def measured(
    server: Server, asked: Questions, *, clients: int, seconds: float, impatient: bool
) -> tuple[Level, Loop]:
    """Returns the figures of one level."""
    before = cpu_seconds(server.pid)
    loop = run(server, asked.bodies, clients=clients, seconds=seconds, impatient=impatient, first=asked.next)
    used = cpu_seconds(server.pid) - before
    asked.next += len(loop.exchanges) + len(loop.errors)
    figures = level(
        loop,
        server=server.name,
        questions=asked.name,
        clients=clients,
        seconds=seconds,
        server_cpu_s=used,
        first=asked.first,
    )
    for error in sorted(set(loop.errors)):
        print(f"{server.name}, {clients} clients: {error}", file=sys.stderr)
    return figures, loop


def main() -> None:
    options = _options()
    console = Console(width=max(160, Console().width))
    with ExitStack() as stack:
        folder = Path(options.folder or stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        items = questions.questions()
        ours = stack.enter_context(servers.zhengwen(folder, workers=options.workers, settings=options.set))
        measured = [ours]
        if options.peer:
            program = servers.install_peer(folder)
            measured.append(stack.enter_context(servers.peer(folder, program)))
        asked = {DIFFERENT: [one.question for one in different.different()]}
        asked |= {REPEATED: [item.question for item in items]}
        chosen = {name: asked[name] for name in options.ask}
        rows, acknowledged, second = _levels(measured, chosen, folder, options)
        named = {
            server.name: questions.share_named(server.url, server.template, items) for server in measured
        }
        ceiling = _ceiling(ours, items, folder)
        lost = receipts.missing(servers.data_dir(folder), acknowledged)
        stages = profile.measure(servers.data_dir(folder), asked[DIFFERENT], settings=options.set)
        sizes = ", ".join(f"{len(texts)} {name}" for name, texts in chosen.items())
        title = f"Questions: {sizes}; {options.seconds:g} s a level, {_machine()}"
        console.print(table(rows, title=title))
        lines = [
            f"clients alone, against a server that does nothing: {ceiling.per_second:.0f} replies/s",
            f"answers acknowledged: {len(acknowledged)}, without a receipt afterwards: {lost}",
            *(
                f"{name}: {count} of the different questions were asked a second time"
                for name, count in second
            ),
            *(f"{name}: all facts named in {got} of {of} answers" for name, (got, of) in named.items()),
            *stages.lines(),
        ]
        for line in lines:
            console.print(line, highlight=False)
        if options.out:
            _write(options.out, title, rows, lines)
    if lost or any(row.errors or row.changed for row in rows if row.server == ours.name):
        sys.exit("errors, changed replies or lost answers: see above")


def _levels(
    servers: list[Server], asked: dict[str, list[str]], folder: Path, options: argparse.Namespace
) -> tuple[list[Level], list[str], list[tuple[str, int]]]:
    """Measures all levels of all servers, in turn.

    Also returns the ids of acknowledged answers of ours, and for each server how many of the different
    questions it was asked again for want of further ones.
    """
    rows: list[Level] = []
    acknowledged: list[str] = []
    sets: dict[str, dict[str, Questions]] = {}
    for number, server in enumerate(servers):
        sets[server.name] = {}
        for name, texts in asked.items():
            file = folder / f"bodies-{number}-{name}"
            file.write_bytes(questions.bodies(texts, server.template))
            sets[server.name][name] = Questions(name, file)
        warm = folder / f"bodies-{number}-warm"
        warm.write_bytes(questions.bodies(_WARM, server.template))
        run(server, warm, clients=8, seconds=_WARM_S)
    for clients in options.clients:
        for server, one in product(servers, asked):
            figures, loop = measured(
                server,
                sets[server.name][one],
                clients=clients,
                seconds=options.seconds,
                impatient=options.impatient,
            )
            rows.append(figures)
            if server is servers[0]:
                acknowledged += [e.reply_id for e in loop.exchanges if e.status == ANSWERED]
    rows.sort(key=lambda row: (row.server != servers[0].name, row.questions))
    second = [
        (name, max(0, own[DIFFERENT].next - len(asked[DIFFERENT])))
        for name, own in sets.items()
        if DIFFERENT in own
    ]
    return rows, acknowledged, second


def _ceiling(ours: Server, items: list[Item], folder: Path) -> Level:
    """Measures the maximum throughput of the clients, with replies as large as ours."""
    lines = questions.bodies([item.question for item in items], ours.template)
    reply = questions.raw(ours.url, lines.splitlines()[0])
    (folder / "bodies").write_bytes(lines)
    with servers.null(folder, reply) as server:
        loop = run(server, folder / "bodies", clients=_CEILING_CLIENTS, seconds=_WARM_S)
    return level(
        loop,
        server="",
        questions="",
        clients=_CEILING_CLIENTS,
        seconds=_WARM_S,
        server_cpu_s=0.0,
        first={},
    )


def _machine() -> str:
    return f"{os.cpu_count()} cores, Python {platform.python_version()}"


def _write(folder: Path, title: str, rows: list[Level], lines: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    found = {"title": title, "levels": [asdict(row) for row in rows], "remarks": lines}
    (folder / "load.json").write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    shown = "\n".join([f"{title}:", "", markdown(rows), "", *(f"- {line}" for line in lines), ""])
    (folder / "load.md").write_text(shown, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, nargs="+", default=CLIENTS)
    parser.add_argument("--seconds", type=float, default=20, help="of each level")
    parser.add_argument(
        "--ask",
        nargs="+",
        choices=(DIFFERENT, REPEATED),
        default=(DIFFERENT, REPEATED),
        help="which questions",
    )
    parser.add_argument("--workers", type=int, help="processes of our server")
    parser.add_argument("--peer", action="store_true", help="measure the peer as well")
    parser.add_argument("--impatient", action="store_true", help="ask again at once when rejected")
    parser.add_argument("--folder", help="where servers keep their data; existing data is reused")
    parser.add_argument(
        "--set", action="append", default=[], metavar="VARIABLE=VALUE", help="a setting of our server"
    )
    parser.add_argument("--out", type=Path, help="folder for load.json and load.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
