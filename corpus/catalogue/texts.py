"""Texts and clauses, read when they are needed and kept as long as there is room."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Protocol

from corpus.errors import UnknownDocument
from corpus.model import Clause, Document
from corpus.notation.paper_names import names_in

Key = tuple[str, int]  # id and version of a paper

# Characters of papers that are kept in memory: of papers of usual length some 200, in some 30 MB.
CACHE_CHARS = 2_000_000


class TextSource(Protocol):
    """Where papers are read from: `corpus.store.papers.Store`, or papers that are in memory anyway."""

    def read(self, wanted: Sequence[Key]) -> list[Document]:
        """Those of the papers, each in that version, that can be read."""
        ...

    def naming(self, name: str) -> Generator[Key]:
        """The papers in which a name ends so, in any order."""
        ...


@dataclass(frozen=True)
class _Read:
    """A paper with its clauses by key."""

    document: Document

    @cached_property
    def clauses(self) -> Mapping[str, Clause]:
        return {clause.key: clause for clause in self.document.clauses}

    @property
    def size(self) -> int:
        """Characters: the paper as received is kept beside its text."""
        return len(self.document.text) + len(self.document.source.original)


class Texts:
    """Papers by id and version, the ones read last in memory. Thread-safe.

    A version never changes, so what is in memory is never out of date. `room` is in characters; the papers
    of one call are returned whatever their size.
    """

    def __init__(self, source: TextSource, *, room: int = CACHE_CHARS) -> None:
        self._source = source
        self._room = room
        self._kept: OrderedDict[Key, _Read] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    @property
    def size(self) -> int:
        """Characters that are in memory."""
        return self._size

    def document(self, key: Key) -> Document:
        """Raises UnknownDocument when it cannot be read any more."""
        return self._found([key])[key].document

    def documents(self, keys: Sequence[Key]) -> dict[Key, Document]:
        """Several at once, which takes two queries. Raises UnknownDocument."""
        found = self._found(keys)
        return {key: found[key].document for key in keys}

    def clauses(self, key: Key) -> Mapping[str, Clause]:
        """The clauses of a paper by their key. Raises UnknownDocument."""
        return self._found([key])[key].clauses

    def naming(self, name: str) -> Generator[Key]:
        return self._source.naming(name)

    def _found(self, keys: Iterable[Key]) -> dict[Key, _Read]:
        wanted = list(dict.fromkeys(keys))
        with self._lock:
            found = {key: self._kept[key] for key in wanted if key in self._kept}
            for key in found:
                self._kept.move_to_end(key)
        missing = [key for key in wanted if key not in found]
        if missing:
            # Read outside the lock: what is in memory is not kept waiting for the disk.
            by_id = {key[0]: key for key in missing}
            read = {by_id[document.id]: _Read(document) for document in self._source.read(missing)}
            for key in missing:
                if key not in read:
                    raise UnknownDocument(key[0])
            found |= self._keep(read)
        return found

    def _keep(self, read: Mapping[Key, _Read]) -> dict[Key, _Read]:
        """What is in memory afterwards: of two threads that read a paper at once both get the same."""
        kept = {}
        with self._lock:
            for key, one in read.items():
                if key not in self._kept:
                    self._kept[key] = one
                    self._size += one.size
                kept[key] = self._kept[key]
            while self._size > self._room and len(self._kept) > 1:
                _, oldest = self._kept.popitem(last=False)
                self._size -= oldest.size
        return kept


class Given:
    """Papers that are in memory anyway, such as those of a test; each is in version 1."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = {document.id: document for document in documents}

    def read(self, wanted: Sequence[Key]) -> list[Document]:
        return [self._documents[i] for i, _ in wanted if i in self._documents]

    def naming(self, name: str) -> Generator[Key]:
        for document_id, names in self._names.items():
            if any(one.endswith(name) for one in names):
                yield document_id, 1

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        return {document.id: names_in(document.text) for document in self._documents.values()}
