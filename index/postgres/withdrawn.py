"""Papers that were withdrawn or removed since an index was opened, perhaps on another server."""

from __future__ import annotations

import threading
from collections.abc import Set as AbstractSet

from sqlalchemy import Connection, text

from corpus.store.audit import Action
from index.postgres.connections import Searches

_NOTED = (Action.WITHDRAWN.value, Action.REMOVED.value)
_LAST = "SELECT coalesce(max(id), 0) FROM audit"
_SINCE = """
SELECT coalesce(max(id), 0), array_agg(DISTINCT document_id) FILTER (WHERE action = ANY(%s))
FROM audit WHERE id > %s"""
_IN_USE = "SELECT id FROM documents WHERE id = ANY(%s) AND version > 0"


class Withdrawn:
    """Which papers of an index are not in use any more. Thread-safe.

    A look reads the audit lines since the last one, and only where these name such papers which of them are
    in use again: it takes a fraction of a millisecond however many papers there are.
    """

    def __init__(
        self, searches: Searches, documents: AbstractSet[str], *, absent: set[str], line: int
    ) -> None:
        """`absent` of the `documents` were not in use when the audit had its lines up to `line`."""
        self._searches, self._documents = searches, documents
        self._named, self._line = frozenset(absent), line
        self._lock = threading.Lock()

    def now(self) -> frozenset[str]:
        """The ids of these papers. Raises IndexFault."""
        with self._searches.connection() as connection:
            found = connection.execute(_SINCE, (list(_NOTED), self._line)).fetchone()
            assert found is not None
            named = self._add(*found)
            if not named:
                return named
            in_use = connection.execute(_IN_USE, (sorted(named),)).fetchall()
        return named - {str(row[0]) for row in in_use}

    def _add(self, line: int, documents: list[str] | None) -> frozenset[str]:
        """Every paper that was named until now."""
        with self._lock:
            self._line = max(self._line, line)
            self._named |= self._documents & set(documents or ())
            return self._named


def withdrawn(connection: Connection, searches: Searches, documents: AbstractSet[str]) -> Withdrawn:
    """Begins with the state that `connection` reads."""
    in_use = connection.execute(text("SELECT id FROM documents WHERE version > 0")).scalars()
    line = connection.execute(text(_LAST)).scalar_one()
    return Withdrawn(searches, documents, absent=set(documents) - set(in_use), line=line)
