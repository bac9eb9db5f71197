"""Names of papers without the state or region that they begin with."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.notation.characters import HAN
from corpus.regions.divisions import NATION
from corpus.regions.mentions import end_of_names, find_divisions

_LONGEST = 32  # characters in which a region at the beginning ends, with what decides that it is one
_DECIDING = 4  # characters behind a region that decide whether it is one
# Only such names can begin with a complete region; the others do without the table of divisions.
_POSSIBLE = re.compile(rf"[{HAN}]{{1,{_LONGEST}}}?[省市县区州旗盟]")


def local_key(key: str) -> str:
    """The key of a title without the state or region that it begins with: 广州市优待办法 → 优待办法.

    The key itself when the title begins with no complete name of a region (城市绿化条例), or is one.
    """
    if key.startswith(NATION.full):
        return key[len(NATION.full) :] or key
    if _POSSIBLE.match(key) is None:
        return key
    names = end_of_names(key[:_LONGEST])
    if not names:
        return key
    # Nothing behind the names is joined with the region that begins the title.
    return key[_end_of_region(key[: min(_LONGEST, names + _DECIDING)]) :] or key


@lru_cache(maxsize=32768)
def _end_of_region(beginning: str) -> int:
    """Where the complete region ends that a title begins with; 0 without one.

    The titles of one authority begin alike as far as they are looked at.
    """
    first = next(iter(find_divisions(beginning)), None)
    if first is None or first.start != 0:
        return 0
    complete = any(first.words.endswith(alias) for found in first.divisions for alias in found.aliases)
    return first.end if complete else 0
