"""How often Python searches for unreachable cycles, for commands and for services."""

from __future__ import annotations

import gc

# New objects between two searches. With Python's default of 700, they take a tenth of a short command, whose
# imports and tables are all reachable.
_OBJECTS_OF_A_COMMAND = 50_000
_OF_A_SERVICE = gc.get_threshold()


def rarely() -> None:
    """For a command, which ends soon."""
    gc.set_threshold(_OBJECTS_OF_A_COMMAND)


def as_usual() -> None:
    """For a service once it is open: it runs long enough for unreachable objects to take memory."""
    gc.set_threshold(*_OF_A_SERVICE)
