"""Work in a process of its own ends with the command, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from api.process.apart import run_apart

_CEILING_S = 120  # nothing here takes so long; only a fault makes a test wait for it
_COMMAND = """
import sys
from functools import partial
from pathlib import Path
from test_apart import endless
from api.process.apart import run_apart
if __name__ == "__main__":
    run_apart(partial(endless, Path(sys.argv[1])))
"""


def endless(file: Path) -> None:
    """Say which process this is, and work for longer than any test takes."""
    part = file.with_suffix(".part")
    part.write_text(str(os.getpid()), encoding="ascii")
    part.rename(file)
    time.sleep(10 * _CEILING_S)


def test_the_status_of_the_work_is_returned() -> None:
    assert run_apart(partial(sys.exit, 7)) == 7
    assert run_apart(partial(sys.exit, 0)) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_work_ends_with_the_command(tmp_path: Path, number: signal.Signals) -> None:
    file, script = tmp_path / "pid", tmp_path / "command.py"
    script.write_text(_COMMAND, encoding="utf-8")
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    command = subprocess.Popen(
        [sys.executable, str(script), str(file)],
        env=os.environ | {"PYTHONPATH": path},
        stderr=subprocess.PIPE,
    )
    with command:
        until = time.monotonic() + _CEILING_S
        while not file.exists():
            assert time.monotonic() < until
            time.sleep(0.01)
        command.send_signal(number)
        command.communicate(timeout=_CEILING_S)  # returns when neither process has stderr open any more
    assert command.returncode == -number
