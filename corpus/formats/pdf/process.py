"""Starts the process that opens a PDF, and tells what ended it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from corpus.errors import UnreadableDocument

_WALL_SECONDS = 900  # in which the process ends on its own, also on a machine with much else to do
_PROGRAM = (
    "import sys; arguments = sys.argv[2:2 + int(sys.argv[1])]; sys.path[:] = sys.argv[2 + len(arguments):]; "
    "from corpus.formats.pdf.worker import main; main(arguments)"
)
_AGAIN = "Open it in a PDF reader, print it to PDF, and load that"
_WITHOUT_PASSWORD = "Open it with its password, save it without one, and load that"
_TIME = (-signal.SIGPROF, -signal.SIGXCPU)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the process wrote: a JSON object, and after it the dots of a drawn page."""

    result: dict[str, Any]
    dots: bytes


def ask(data: bytes, *arguments: str, name: str) -> Answer:
    """Has a process of its own open the file. Raises UnreadableDocument, with reason and cure."""
    command = [sys.executable, "-I", "-c", _PROGRAM, str(len(arguments)), *arguments, *sys.path]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_WALL_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise UnreadableDocument(name, "reading it takes too long", _AGAIN) from error
    head, _, dots = done.stdout.partition(b"\n")
    if done.returncode != 0 or not head:
        raise UnreadableDocument(name, _ended(done), _AGAIN)
    result = json.loads(head)
    if "error" in result:
        raise _refused(name, result)
    return Answer(result, dots)


def _ended(done: subprocess.CompletedProcess[bytes]) -> str:
    """Why the process ended without a result."""
    pages = [line for line in done.stderr.decode("utf-8", "replace").split("\n") if line.startswith("page ")]
    where = pages[-1] if pages and pages[-1] != "page 0" else "it"
    if done.returncode in _TIME:
        return f"{where} takes too long to read"
    if b"MemoryError" in done.stderr or done.returncode == -signal.SIGKILL:
        return f"{where} needs more memory than a paper does"
    return f"its PDF structure is damaged ({where} ends the program that reads it)"


def _refused(name: str, result: dict[str, Any]) -> UnreadableDocument:
    match result["error"]:
        case "password":
            return UnreadableDocument(
                name, "it is encrypted and opens only with a password", _WITHOUT_PASSWORD
            )
        case "pages":
            reason = f"it has {result['count']} pages, more than a paper has"
            return UnreadableDocument(name, reason, "Split it")
        case "much":
            reason = f"page {result['page']} has more on it than a page of print ({result['detail']})"
            return UnreadableDocument(name, reason, _AGAIN)
        case "page":
            return UnreadableDocument(name, f"page {result['page']} is damaged", _AGAIN)
        case "memory":
            return UnreadableDocument(name, "it needs more memory than a paper does", _AGAIN)
        case _:
            return UnreadableDocument(name, "its PDF structure is damaged", _AGAIN)
