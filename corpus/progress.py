"""How long work tells its caller how far it is."""

from __future__ import annotations

from collections.abc import Callable

# Called with (done, total, what is being done); the caller shows it, as a progress bar for example.
Progress = Callable[[int, int, str], None]
