"""Runs one program: `python -m benchmarks.peers.worker MODULE MODEL`; started by `benchmarks.peers`.

Reads a JSON object a line, {"ingest": [papers], "folder": …} or {"ask": question}, and prints one for each
with the seconds and the processor time it took.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path

from benchmarks.peers.model import Side


def main() -> None:
    module, model = sys.argv[1:]
    # What a library prints must not be taken for a reply.
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    side: Side = import_module(f"benchmarks.peers.sides.{module}").opened(Path(model))
    print(json.dumps({"open": True}), file=replies, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        wall, cpu = time.perf_counter(), time.process_time()
        if "ask" in request:
            side.ask(request["ask"])
        else:
            side.ingest([Path(paper) for paper in request["ingest"]], Path(request["folder"]))
        took = {"seconds": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
        print(json.dumps(took), file=replies, flush=True)


if __name__ == "__main__":
    main()
