"""Fuzzes the service with requests generated from its OpenAPI description.

    python -m benchmarks.service.fuzz [--cases 10000]

schemathesis reads /openapi.json of a running `zhengwen serve` over the five papers and sends valid and
invalid requests to every operation, by examples, by boundary values, at random and in sequences, until
`--cases` were sent. Checked of every response: no 5xx; status, media type, headers and body as described;
invalid requests refused; a method that is not described refused with Allow; what was deleted gone.
Half of the rounds send requests as this machine, half as a visitor with a token. Reports are in `--out`.

It is not checked that every valid request is accepted: ids of papers and conversations that do not exist
are valid too.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from rich.console import Console
from rich.table import Table

from benchmarks.service import servers

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "use_after_free",
    "ensure_resource_availability",
)
# A body that is too long is rejected before it is read; schemathesis does not expect that.
_CONFIG = """
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "429"]
"""
# The rate limits would reject so many requests; they have tests of their own.
_SETTINGS = tuple(
    f"ZHENGWEN_SERVER__{name}=1000000/second"
    for name in ("VISITOR_RATE", "ADDRESS_RATE", "SITE_RATE", "ARRIVAL_RATE")
)


@dataclass(frozen=True, slots=True)
class Round:
    """One run of schemathesis."""

    principal: str
    seed: int
    cases: int
    operations: int
    failures: dict[str, int]  # kind of failure, and how often


def run(address: str, folder: Path, *, principal: str, seed: int, examples: int) -> Round:
    """Runs schemathesis once against the server; its report is `folder`/round-SEED."""
    out = folder / f"round-{seed}"
    out.mkdir(parents=True, exist_ok=True)
    config = out / "schemathesis.toml"
    config.write_text(_CONFIG, encoding="utf-8")
    command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(config), "run"]
    command += [f"{address}/openapi.json", "--checks", ",".join(CHECKS), "--max-examples", str(examples)]
    command += ["--seed", str(seed), "--continue-on-failure", "--report", "json,junit"]
    command += ["--report-json-path", str(out / "report.json")]
    command += ["--report-junit-path", str(out / "junit.xml")]
    if principal == "visitor":
        command += ["--header", f"Authorization: Bearer {_token(address)}"]
    with (out / "output.txt").open("wb") as output:
        subprocess.run(command, stdout=output, stderr=output, cwd=out, check=False)
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    failures = Counter({failure["title"]: failure["count"] for failure in report["failures"]})
    failures.update(f"could not be tested: {error.get('title', 'error')}" for error in report["errors"])
    return Round(
        principal=principal,
        seed=seed,
        cases=report["test_cases"]["generated"],
        operations=report["operations"]["tested"],
        failures=dict(failures),
    )


def _token(address: str) -> str:
    """Returns a token of a visitor of the service's own page."""
    body = json.dumps({"site": "", "visitor": ""}).encode()
    request = Request(f"{address}/v1/visitors", body, {"Content-Type": "application/json"}, method="POST")
    try:
        with urlopen(request, timeout=30) as response:
            token: str = json.load(response)["token"]
    except HTTPError as error:
        sys.exit(f"no visitor's token available: {error.read().decode()}")
    return token


def _table(rounds: list[Round]) -> Table:
    shown = Table("as", "seed", "operations", "cases", "failures", title=f"checks: {', '.join(CHECKS)}")
    for one in rounds:
        found = "; ".join(f"{title} {count}" for title, count in one.failures.items())
        shown.add_row(one.principal, str(one.seed), str(one.operations), str(one.cases), found or "none")
    shown.add_row("together", "", "", str(sum(one.cases for one in rounds)), "")
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--examples", type=int, default=100, help="random cases an operation in a round")
    parser.add_argument("--callers", nargs="+", choices=("local", "visitor"), default=("local", "visitor"))
    parser.add_argument("--seed", type=int, default=1, help="of the first round")
    parser.add_argument("--folder", help="where the server keeps its data")
    parser.add_argument("--set", action="append", default=[], metavar="VARIABLE=VALUE")
    parser.add_argument("--out", type=Path, default=Path("build/fuzz"), help="folder for the reports")
    options = parser.parse_args()
    rounds: list[Round] = []
    with ExitStack() as stack:
        folder = Path(options.folder or stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        settings = [*_SETTINGS, *options.set]
        server = stack.enter_context(servers.zhengwen(folder, workers=None, settings=settings))
        address = server.url.removesuffix(urlsplit(server.url).path)
        while sum(one.cases for one in rounds) < options.cases:
            principal = options.callers[len(rounds) % len(options.callers)]
            seed = options.seed + len(rounds)
            rounds.append(
                run(address, options.out.resolve(), principal=principal, seed=seed, examples=options.examples)
            )
    Console().print(_table(rounds))
    if any(one.failures for one in rounds):
        sys.exit(f"what failed, and how to repeat it: {options.out}/round-*/output.txt")


if __name__ == "__main__":
    main()
