"""Output to the terminal. Text of papers is printed as text, never as markup."""

from __future__ import annotations

import os
import re
import sys
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

_PIPE_WIDTH = 10_000  # columns where no terminal gives a width: lines stay whole for grep and cut

# "\x1b[31m" starts with one: a paper could recolour, move or overwrite what the terminal shows. The
# right-to-left overrides at the end would reverse the words around them.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def use_utf8() -> None:
    """Writes UTF-8 in any locale; Chinese in a C locale must neither fail nor turn into '?'.

    A stream that was closed before the start (`zhengwen … >&-`) is replaced by one that discards its input.
    """
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # a stream replaced by a test may lack it
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def out() -> Console:
    """Standard output: results."""
    return _console(stderr=False)


def err() -> Console:
    """Standard error: progress, notices, errors."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _PIPE_WIDTH
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False, soft_wrap=True, width=width)


def plain(text: str, style: str = "") -> Text:
    """Text of a paper or of a person, with markup escaped and control characters removed."""
    return Text(_CONTROL.sub("\N{REPLACEMENT CHARACTER}", text), style=style)


def error_line(error: BaseException) -> str:
    """The error in one line, whatever its message contains."""
    message = " ".join(str(error).split()) or type(error).__name__
    return f"error: {plain(message)}"


class Bar:
    """A progress bar on stderr, for a function that reports (done, total, current step).

    Nothing is shown before the first report, so that a command that waits for nothing prints nothing. Where
    stderr is not a terminal, one line is printed when a phase begins. A phase is over when the count falls or
    the total changes.
    """

    def __init__(self) -> None:
        self._console = err()
        self._done, self._total = 0, -1
        self._task: TaskID | None = None
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def __call__(self, done: int, total: int, what: str) -> None:
        words = plain(what).plain
        if self._task is None or total != self._total or done < self._done:
            self._task = self._begin(words, total)
        self._done, self._total = done, total
        self._progress.update(self._task, completed=done, description=words)

    def _begin(self, words: str, total: int) -> TaskID:
        if self._task is None:
            self._progress.start()
        else:
            self._progress.remove_task(self._task)
        if not self._console.is_terminal:
            self._console.print(plain(f"{words} …"))
        return self._progress.add_task(words, total=total)
