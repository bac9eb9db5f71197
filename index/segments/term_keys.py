"""Numbers for terms, by which a segment sorts them: no process has to keep millions of strings in memory."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

_EXACT = 3  # characters of 21 bits each
_HASHED = 1 << 63
_REMEMBERED = 1 << 16


@lru_cache(maxsize=_REMEMBERED)
def key_of(term: str) -> int:
    """A number of 64 bits for a term: its own up to three characters, as nearly all terms have, else a hash.

    Two of a million longer terms share a hash with a probability of one in twenty million.
    """
    if len(term) > _EXACT:
        digest = blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return _HASHED | int.from_bytes(digest, "big") >> 1
    key = 0
    for character in term:
        key = key << 21 | ord(character)
    return key
