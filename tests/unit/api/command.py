"""The command as its console script runs it, but in this process: another takes a second to start."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from api.cli.main import main


@dataclass(frozen=True, slots=True)
class Done:
    """What a command printed, and its exit status."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True, slots=True)
class Command:
    """Runs `zhengwen ARGUMENTS` with variables of the environment."""

    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, **variables: str) -> Done:
        self.capsys.readouterr()
        with pytest.MonkeyPatch.context() as now, _as_before():
            for name, value in variables.items():
                now.setenv(name, value)
            now.setattr(sys, "argv", ["zhengwen", *arguments])
            with pytest.raises(SystemExit) as ended:
                main()
        assert isinstance(ended.value.code, int)
        return Done(ended.value.code, *self.capsys.readouterr())


@contextmanager
def _as_before() -> Iterator[None]:
    """Undoes what the command changes in a process that is its own."""
    hook, often = sys.excepthook, gc.get_threshold()
    yield
    sys.excepthook = hook
    gc.unfreeze()
    gc.set_threshold(*often)
