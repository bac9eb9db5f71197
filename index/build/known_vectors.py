"""Vectors that an open index has, by the SHA-256 of the embedded text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.build.engine import OpenIndex
from index.build.generation import Generation
from index.model import Vectors
from index.segments.known import KnownVectors


class VectorsOfIndex:
    """Finds the vectors of an index of the embedded engine. Those of other engines are not found here."""

    def __init__(self, index: OpenIndex) -> None:
        segments = [part.segment for part in index.rows.parts] if isinstance(index, Generation) else []
        self._known = KnownVectors(segments)

    def find(self, hashes: Sequence[str]) -> Mapping[str, Vectors]:
        """Those of the texts that the index has."""
        return dict(self._known.find(hashes))
