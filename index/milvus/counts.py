"""How many chunks contain each term, for each set of collections."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from corpus.store.database import Transactions
from index.milvus.tables import WORDS

_AT_ONCE = 500


def all_counts(database: Transactions, name: str, *, most: int) -> dict[int, int] | None:
    """How many chunks of a set contain each term, by its number; None if there are more than `most` terms."""
    query = select(WORDS.c.term, WORDS.c.chunks).where(WORDS.c.name == name).limit(most + 1)
    with database.reading() as connection:
        found = {row.term: row.chunks for row in connection.execute(query)}
    return found if len(found) <= most else None


def chunks_containing(database: Transactions, name: str, terms: Sequence[int]) -> dict[int, int]:
    """How many chunks of a set contain each of `terms`, given by their numbers; none are left out."""
    found = dict.fromkeys(terms, 0)
    with database.reading() as connection:
        for start in range(0, len(terms), _AT_ONCE):
            some = WORDS.c.term.in_(terms[start : start + _AT_ONCE])
            query = select(WORDS.c.term, WORDS.c.chunks).where(WORDS.c.name == name, some)
            found.update((row.term, row.chunks) for row in connection.execute(query))
    return found


def add(connection: Connection, name: str, terms: Iterable[tuple[int, int]], sign: int) -> None:
    """Adds counts of terms, or takes them off."""
    changes = [{"of": int(term), "by": sign * int(count)} for term, count in terms]
    if not changes:
        return
    numbers = [change["of"] for change in changes]
    known = set[int]()
    for start in range(0, len(numbers), _AT_ONCE):
        some = WORDS.c.term.in_(numbers[start : start + _AT_ONCE])
        known.update(connection.execute(select(WORDS.c.term).where(WORDS.c.name == name, some)).scalars())
    new = [change for change in changes if change["of"] not in known]
    if new:
        rows = [{"name": name, "term": change["of"], "chunks": change["by"]} for change in new]
        connection.execute(insert(WORDS), rows)
    old = [change for change in changes if change["of"] in known]
    if old:
        of_term = and_(WORDS.c.name == name, WORDS.c.term == bindparam("of"))
        by = WORDS.c.chunks + bindparam("by")
        connection.execute(update(WORDS).where(of_term).values(chunks=by), old)
    if sign < 0:
        connection.execute(delete(WORDS).where(WORDS.c.name == name, WORDS.c.chunks <= 0))


def packed(containing: Mapping[int, int]) -> bytes:
    """Numbers and counts as compressed integers."""
    numbers = np.array(sorted(containing), dtype="<i8")
    counts = np.array([containing[int(number)] for number in numbers], dtype="<i4")
    return zlib.compress(np.diff(numbers, prepend=0).astype("<i8").tobytes() + counts.tobytes())


def unpacked(data: bytes) -> list[tuple[int, int]]:
    plain = zlib.decompress(data)
    size = len(plain) // 12
    numbers = np.cumsum(np.frombuffer(plain[: 8 * size], dtype="<i8"))
    counts = np.frombuffer(plain[8 * size :], dtype="<i4")
    return list(zip(numbers.tolist(), counts.tolist(), strict=True))
