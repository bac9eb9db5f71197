"""Reads one file in a process that is watched: what came of it, CPU seconds and memory."""

from __future__ import annotations

import multiprocessing
import resource
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from corpus.errors import UnreadableDocument, ZhengwenError
from corpus.formats.endings import PassedOver
from corpus.load import load_all
from corpus.parse import parse
from corpus.unpack import unpack

SECONDS: Final = 10.0  # of CPU, that a file may take
_HANGS: Final = 90.0  # seconds after which a process is ended: LibreOffice is given 60
_ADDRESSES: Final = 6 * 1024**3  # bytes; protects the machine, memory in use is measured
_FAULTS: Final = 4000  # characters of a traceback that are kept


@dataclass(frozen=True, slots=True)
class Outcome:
    """`refused` and `fault` are empty for a file that was read."""

    refused: str = ""
    fault: str = ""
    seconds: float = 0.0  # of CPU
    memory: int = 0  # KB of the largest process


class Reader:
    """A process that reads files one after the other; a new one takes its place when it hangs or ends."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._start()

    def _start(self) -> None:
        self._here, there = self._context.Pipe()
        self._process = self._context.Process(target=_serve, args=(there,), daemon=False)
        self._process.start()
        there.close()

    def read(self, data: bytes, name: str) -> Outcome:
        try:
            self._here.send((data, name))
            if self._here.poll(_HANGS):
                outcome: Outcome = self._here.recv()
                return outcome
            fault = f"hangs: no answer within {_HANGS:.0f} s"
        except (EOFError, OSError):
            fault = "ends the process that reads it"
        self.close()
        self._start()
        return Outcome(fault=fault, seconds=_HANGS)

    def close(self) -> None:
        self._process.kill()
        self._process.join()
        self._here.close()


def _serve(connection: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))
    while True:
        try:
            data, name = connection.recv()
        except EOFError:
            return
        Path("/proc/self/clear_refs").write_text("5", "ascii")  # begins the peak of memory anew
        began = _seconds()
        refused, fault = _read(data, name)
        connection.send(Outcome(refused, fault, _seconds() - began, _memory()))


def _read(data: bytes, name: str) -> tuple[str, str]:
    """Why the file, or all files in it, were refused, and the traceback of any other error."""
    refused, read = "", 0
    try:
        for file in unpack(data, name=name):
            if isinstance(file, UnreadableDocument):
                refused = file.reason
                continue
            if isinstance(file, PassedOver):
                continue
            try:
                for paper in load_all(file.data, name=file.name):
                    document = parse(paper, document_id="paper")
                    _check(document.text, [(clause.start, clause.tree_end) for clause in document.clauses])
                    read += 1
            except UnreadableDocument as error:
                refused = error.reason
    except UnreadableDocument as error:
        refused = error.reason
    except ZhengwenError as error:
        return "", f"another error than UnreadableDocument: {error}"
    except BaseException:  # noqa: BLE001 - whatever it is, it is what is looked for
        return "", traceback.format_exc()[-_FAULTS:]
    return ("" if read else refused or "nothing is in it"), ""


def _check(text: str, spans: list[tuple[int, int]]) -> None:
    text.encode("utf-8")  # a lone surrogate could not be stored
    for start, end in spans:
        if not 0 <= start <= end <= len(text):
            raise ValueError(f"clause {start}:{end} of a text of {len(text)} characters")


def _seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _memory() -> int:
    """KB: the peak of this process for the file, or that of the largest process it has started so far."""
    status = Path("/proc/self/status").read_text("ascii")
    own = int(status.partition("VmHWM:")[2].split()[0])
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
