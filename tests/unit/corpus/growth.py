"""Whether work takes time that grows with the length of a text, or with its square."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

# Four times the text takes four times as long, and sixteen times where the time grows with the square.
_TIMES, _MOST = 4, 9.0
_BELOW_NOISE_S = 0.3  # seconds of CPU for a text of 12,000 characters that need no comparison
_TRIES = 4


def seconds(work: Callable[[], object]) -> float:
    """Processor time of `work`, without that of looking for garbage among what other tests left."""
    gc.disable()
    try:
        begin = time.process_time()
        work()
        return time.process_time() - begin
    finally:
        gc.enable()


def grows_with_length(piece: str, seconds_of: Callable[[str], float], *, longest: int) -> bool:
    """Whether `seconds_of` is for a text of such pieces what four times the text allows.

    `longest` is its length in characters: a quarter of it has to be longer than what is read at once, within
    which work may grow with the square. Other work on the machine can disturb a comparison, so one good
    comparison of several is enough.
    """
    short, long = (piece * (size // len(piece)) for size in (longest // _TIMES, longest))
    # What grows with the square is as far above the noise in any text.
    negligible = _BELOW_NOISE_S * (longest / 12_000) ** 2
    seconds_of("")
    for _ in range(_TRIES):
        taken = seconds_of(long)
        if taken < negligible or taken < _MOST * seconds_of(short):
            return True
    return False
