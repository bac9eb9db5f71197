"""What happened to a paper that came in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Added:
    """The paper is stored for the first time. `conflicts` have its number, and a different text."""

    document_id: str
    conflicts: tuple[str, ...] = ()
    version: int = 1  # a later one for a paper that was deleted before


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The paper is already stored, as this version. `withdrawn` is the reason if it was withdrawn."""

    document_id: str
    version: int
    withdrawn: str = ""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The paper is a new version of a stored one; the earlier version stays in the store.

    `withdrawn` is the reason if the paper was withdrawn, which it stays.
    """

    document_id: str
    version: int
    withdrawn: str = ""


Outcome = Added | Unchanged | Replaced
