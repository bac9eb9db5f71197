"""Progress callback of long tasks."""

from __future__ import annotations

from collections.abc import Callable

# Called with (done, total, description); the caller displays it, for example as a progress bar.
Progress = Callable[[int, int, str], None]
