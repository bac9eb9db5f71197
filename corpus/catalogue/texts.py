"""Texts and clauses, read from the store when needed and kept in a bounded cache."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from corpus.errors import GoneDocument, UnknownVersion
from corpus.model import Clause, Document
from corpus.notation.paper_names import names_in

if TYPE_CHECKING:
    from corpus.store.versions import Version

Key = tuple[str, str]  # id and content hash of a paper

# Size of the cache in characters: some 200 papers of usual length, in some 30 MB.
CACHE_CHARS = 2_000_000


class TextSource(Protocol):
    """Reads papers: `corpus.store.papers.Store`, or papers that are already in memory."""

    def read(self, wanted: Sequence[Key]) -> list[Document]:
        """The papers with these contents; leaves out those that no longer exist."""
        ...

    def naming(self, ending: str) -> Generator[tuple[Key, str]]:
        """Yields papers with each of their names that ends so, in any order."""
        ...

    def original(self, document_id: str) -> bytes:
        """The file of a paper as received; empty when it was not kept. Raises UnknownDocument."""
        ...

    def versions(self, document_id: str) -> Sequence[Version]:
        """Every version of a paper, oldest first. Raises UnknownDocument."""
        ...

    def latest_versions(self, *, most: int) -> Sequence[Version]:
        """The versions that were stored last, of papers in use, newest first."""
        ...

    def document(self, document_id: str, *, version: int) -> Document:
        """A version of a paper. Raises UnknownDocument, and UnknownVersion."""
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
        """Size in characters, of the text and the paper as received."""
        return len(self.document.text) + len(self.document.source.original)


class Texts:
    """Papers by id and content hash, with a least-recently-used cache. Thread-safe.

    The hash decides, not the number of a version: the file of the database may have been replaced by another
    that counts its own. So a cached paper is never out of date. `capacity` is the size of the cache in
    characters; one call may return more than that.
    """

    def __init__(self, source: TextSource, *, capacity: int = CACHE_CHARS) -> None:
        self._source = source
        self._capacity = capacity
        self._cache: OrderedDict[Key, _Read] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    @property
    def size(self) -> int:
        """Characters in the cache."""
        return self._size

    def document(self, key: Key) -> Document:
        """A paper. Raises UnknownDocument when it can no longer be read."""
        return self._found([key])[key].document

    def documents(self, keys: Sequence[Key]) -> dict[Key, Document]:
        """Several papers, read in two queries. Raises UnknownDocument."""
        found = self._found(keys)
        return {key: found[key].document for key in keys}

    def clauses(self, key: Key) -> Mapping[str, Clause]:
        """The clauses of a paper by their key. Raises UnknownDocument."""
        return self._found([key])[key].clauses

    def naming(self, ending: str) -> Generator[tuple[Key, str]]:
        """Yields papers with each of their names that ends so, in any order."""
        return self._source.naming(ending)

    def original(self, document: Document) -> bytes:
        """The file of a paper as received; empty when it was not kept, or is now that of another version."""
        data = self._source.original(document.id)
        return data if hashlib.sha256(data).hexdigest() == document.source.sha256 else b""

    def versions(self, document_id: str) -> Sequence[Version]:
        """Every version of a paper, oldest first. Raises UnknownDocument."""
        return self._source.versions(document_id)

    def latest_versions(self, *, most: int) -> Sequence[Version]:
        """The versions that were stored last, of papers in use, newest first."""
        return self._source.latest_versions(most=most)

    def version(self, document_id: str, number: int) -> Document:
        """A version of a paper, which is not kept in memory. Raises UnknownDocument, and UnknownVersion."""
        return self._source.document(document_id, version=number)

    def _found(self, keys: Iterable[Key]) -> dict[Key, _Read]:
        wanted = list(dict.fromkeys(keys))
        with self._lock:
            found = {key: self._cache[key] for key in wanted if key in self._cache}
            for key in found:
                self._cache.move_to_end(key)
        missing = [key for key in wanted if key not in found]
        if missing:
            # Read outside the lock, so that cached papers need not wait for the disk.
            by_id = {key[0]: key for key in missing}
            read = {by_id[document.id]: _Read(document) for document in self._source.read(missing)}
            if gone := {key[0] for key in missing if key not in read}:
                raise GoneDocument(gone)
            found |= self._keep(read)
        return found

    def _keep(self, read: Mapping[Key, _Read]) -> dict[Key, _Read]:
        """The cached paper: two threads that read the same paper at once both get the same object."""
        kept = {}
        with self._lock:
            for key, one in read.items():
                if key not in self._cache:
                    self._cache[key] = one
                    self._size += one.size
                kept[key] = self._cache[key]
            while self._size > self._capacity and len(self._cache) > 1:
                _, oldest = self._cache.popitem(last=False)
                self._size -= oldest.size
        return kept


class PapersInMemory:
    """A source of papers that are already in memory, such as those of a test; all with an empty hash.

    `originals` are the files as received, by id.
    """

    def __init__(self, documents: Iterable[Document], originals: Mapping[str, bytes] | None = None) -> None:
        self._documents = {document.id: document for document in documents}
        self._originals = originals or {}

    def read(self, wanted: Sequence[Key]) -> list[Document]:
        return [self._documents[i] for i, _ in wanted if i in self._documents]

    def naming(self, ending: str) -> Generator[tuple[Key, str]]:
        for document_id, names in self._names.items():
            for name in names:
                if name.endswith(ending):
                    yield (document_id, ""), name

    def original(self, document_id: str) -> bytes:
        return self._originals.get(document_id, b"")

    def versions(self, document_id: str) -> Sequence[Version]:
        return ()

    def latest_versions(self, *, most: int) -> Sequence[Version]:
        return ()

    def document(self, document_id: str, *, version: int) -> Document:
        raise UnknownVersion(document_id, version)

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        return {document.id: names_in(document.text) for document in self._documents.values()}
