"""What happened to a paper that came in."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Added:
    """The paper is stored for the first time. `conflicts` have its number, and a different text."""

    document_id: str
    conflicts: tuple[str, ...] = ()
    version: int = 1  # a later one for a paper that was deleted before


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The paper is already stored, as this version. `withdrawn` is the reason if it was withdrawn.

    `current` is another version that is in use, and stays so; None if it is this one.
    """

    document_id: str
    version: int
    withdrawn: str = ""
    current: int | None = None


@dataclass(frozen=True, slots=True)
class Replaced:
    """The paper is a new version of a stored one; the earlier version stays in the store.

    `withdrawn` is the reason if the paper was withdrawn, which it stays. `current` is another version that is
    in use, and stays so, as this one is older; None if this one is put in use. `before` is the version that
    was in use.
    """

    document_id: str
    version: int
    withdrawn: str = ""
    current: int | None = None
    before: int = field(default=0, compare=False)


Outcome = Added | Unchanged | Replaced


def is_in_use(outcome: Outcome) -> bool:
    """Whether the version of an outcome is the one in use; of a withdrawn paper the one that was."""
    return isinstance(outcome, Added) or outcome.current is None
