"""Converts the facts of a paper to a row of the table `facts` and back without loss."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter, ValidationError

from corpus.facts.in_force import FactAddress, FactsInForce, Words


@dataclass(frozen=True, slots=True)
class FactsRow:
    """The columns of `facts` that contain the facts themselves."""

    facts: int  # their number
    body: str
    sha256: str


# pydantic takes some milliseconds for each, and most commands need none of them.
@cache
def _facts() -> TypeAdapter[FactsInForce]:
    return TypeAdapter(FactsInForce)


@cache
def _address() -> TypeAdapter[FactAddress]:
    return TypeAdapter(FactAddress)


@cache
def _words() -> TypeAdapter[tuple[Words, ...]]:
    return TypeAdapter(tuple[Words, ...])


def row_of(facts: FactsInForce, *, content: str) -> FactsRow:
    """The row of facts that were read from a paper with this content hash."""
    # Most parts of a fact have their defaults. Whoever changes a default has to raise EXTRACTOR.
    body = _facts().dump_json(facts, exclude_defaults=True).decode()
    return FactsRow(len(facts.facts), body, digest(body, content=content))


def digest(body: str, *, content: str) -> str:
    """The checksum of a row: of its facts, and of the paper whose text they have the offsets of."""
    return hashlib.sha256(f"{content}\n{body}".encode()).hexdigest()


def facts_of(row: FactsRow, *, content: str) -> FactsInForce | None:
    """The facts of a row; None for one that differs from its checksum."""
    if digest(row.body, content=content) != row.sha256:
        return None
    try:
        return _facts().validate_json(row.body)
    except ValidationError:
        return None


def address_json(address: FactAddress) -> str:
    return _address().dump_json(address).decode()


def address_of(row: str) -> FactAddress:
    """Raises ValueError for a row that is none."""
    return _address().validate_json(row)


def words_json(words: tuple[Words, ...]) -> str:
    return _words().dump_json(words).decode()


def words_of(row: str) -> tuple[Words, ...]:
    """Raises ValueError for a row that is none."""
    return _words().validate_json(row)
