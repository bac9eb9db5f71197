"""Makes the environment of a peer: a venv below build/ that sees the packages of the running one.

torch and the others are not installed a second time; only what a peer needs besides is, with its pins.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from benchmarks.peers.model import Program

FOLDER = Path(__file__).resolve().parents[2] / "build" / "peers"
_DONE = "packages.txt"


def python_of(program: Program) -> Path:
    """The interpreter for a program, which is installed first where it is not yet.

    Raises CalledProcessError when pip fails; its `stderr` says why.
    """
    if not program.packages:
        return Path(sys.executable)
    folder = FOLDER / program.module
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    wanted = "\n".join(program.packages)
    done = folder / _DONE
    if done.is_file() and done.read_text(encoding="utf-8") == wanted:
        return python
    venv.create(folder, clear=True, with_pip=False, symlinks=sys.platform != "win32")
    shown = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    Path(shown, "parent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *program.packages],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    done.write_text(wanted, encoding="utf-8")
    return python
