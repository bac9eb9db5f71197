"""Writes lines of a test set to a file without overwriting one or losing accepted lines."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from evals.errors import FileTaken
from evals.run.cases import load_sets
from evals.run.formats import SingleLine

_ORDER = (
    "id",
    "split",
    "type",
    "question",
    "doc",
    "articles",
    "quotes",
    "answer_must",
    "difficulty",
)  # as docs/evaluation.md shows a case
# Characters that JSON does not escape but a terminal interprets: C1 controls and bidirectional marks.
_OBEYED = re.compile(r"[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def case_line(case: SingleLine) -> str:
    """Returns the case as a line of a test set, without empty keys."""
    keys = case.model_dump(exclude_defaults=True)
    return as_line({key: keys[key] for key in _ORDER if key in keys} | keys)


def as_line(keys: Mapping[str, object]) -> str:
    """Returns one line of JSON that is safe to print in a terminal."""
    words = json.dumps(keys, ensure_ascii=False)
    return _OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", words)


def ids_in(file: Path) -> frozenset[str]:
    """Returns the ids of the cases in the file; none where it is missing or empty. Raises SetFault."""
    if not file.exists() or file.stat().st_size == 0:
        return frozenset()
    return frozenset(case.id for case in load_sets([file]))


def write_lines(file: Path, lines: Iterable[str]) -> None:
    """Writes a new file. Raises FileTaken when it exists."""
    words = "".join(f"{line}\n" for line in lines)
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(words)
    except FileExistsError as error:
        raise FileTaken(str(file)) from error


def append_line(file: Path, line: str) -> None:
    """Appends a line to the file and flushes it to the disk before returning."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+b") as stream:
        stream.seek(0, os.SEEK_END)
        if stream.tell() > 0:
            stream.seek(-1, os.SEEK_END)
            if stream.read(1) != b"\n":
                line = f"\n{line}"
        stream.write(f"{line}\n".encode())
        stream.flush()
        os.fsync(stream.fileno())
