"""Names of papers without the state or region that they begin with."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.notation.characters import HAN
from corpus.regions.divisions import NATION
from corpus.regions.mentions import find_divisions, may_begin_with_name

_LONGEST = 32  # characters in which a region at the beginning ends, with what decides that it is one
_AUTHORITY, _DECIDING = "人民政府", 8  # characters behind a region that decide whether it is one
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
    if not may_begin_with_name(key):
        return key
    # Nothing behind the authority is joined with the region that begins the name.
    authority = key.find(_AUTHORITY, 0, _LONGEST)
    end = _LONGEST if authority < 0 else min(_LONGEST, authority + _DECIDING)
    return key[_end_of_region(key[:end]) :] or key


@lru_cache(maxsize=8192)
def _end_of_region(beginning: str) -> int:
    """Where the complete region ends that a title begins with; 0 without one.

    The titles of one authority begin alike as far as they are looked at.
    """
    first = next(iter(find_divisions(beginning)), None)
    if first is None or first.start != 0:
        return 0
    complete = any(first.words.endswith(alias) for found in first.divisions for alias in found.aliases)
    return first.end if complete else 0
