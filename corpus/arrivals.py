"""Which of several versions of a paper that come in together is the later one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpus.files import ReadPaper


@dataclass(frozen=True, slots=True)
class _Age:
    path: str
    issued: date | None
    modified: int


class Arrivals:
    """The versions that came in during a run, so that the order of file names decides nothing."""

    def __init__(self) -> None:
        self._ages: dict[tuple[str, int], _Age] = {}

    def note(self, document_id: str, version: int, paper: ReadPaper) -> None:
        """Remembers that a version came in as this paper."""
        self._ages[document_id, version] = _age(paper)

    def is_older(self, paper: ReadPaper, document_id: str, version: int) -> bool:
        """Whether a paper is older than a version of this run: by date of issue, else by time of the file."""
        other = self._ages.get((document_id, version))
        return other is not None and _later(other, _age(paper))[0]

    def told(self, paper: ReadPaper, document_id: str, *, before: int, version: int) -> str:
        """What a person should know of two versions in one run; empty where there was only one."""
        other = self._ages.get((document_id, before))
        if other is None:
            return ""
        is_older, reason = _later(other, _age(paper))
        if is_older:
            return f"version {before} ({other.path}) stays in use: its {reason} is later"
        because = f"its {reason} is later" if reason else "it was read later"
        return f"instead of version {before} ({other.path}), which came in with it: {because}"


def _age(paper: ReadPaper) -> _Age:
    stated = paper.document.head.date_issued
    return _Age(paper.path, stated.value if stated is not None else None, paper.modified)


def _later(one: _Age, other: _Age) -> tuple[bool, str]:
    """Whether one is later than the other, and by what; by nothing where they do not differ."""
    if one.issued is not None and other.issued is not None and one.issued != other.issued:
        return one.issued > other.issued, "date of issue"
    if one.modified != other.modified and one.modified and other.modified:
        return one.modified > other.modified, "file"
    return False, ""
