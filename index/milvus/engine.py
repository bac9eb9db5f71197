"""The engine of a cluster: vectors and words in Milvus, the list of them in the database of the papers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import JsonValue, ValidationError

from corpus.progress import Progress
from corpus.store.database import Transactions
from corpus.store.papers import Store
from corpus.store.upkeep.verification import Fault
from index.build.engine import Behind
from index.build.manifest import Chunking, Manifest
from index.errors import IndexBehind, IndexDamaged, IndexFault, IndexMissing, IndexStale, IndexVersion
from index.milvus import collections
from index.milvus.building import MOST_DRIFT, Builder, digest_of, drop_others, key_of
from index.milvus.ledger import Ledger, Set, State
from index.milvus.papers import Papers
from index.milvus.rows import INDEX_TYPES
from index.milvus.searcher import Index, MilvusSearcher
from index.milvus.server import Server
from index.milvus.statistics import Terms
from index.milvus.tables import create_tables
from index.milvus.verification import verify_index
from index.model import Embedder, Fusion, TermStatistics

_WAIT_S = 600.0  # longest wait for another process that is building
_CURE = "Run `zhengwen ingest --rebuild`"
_PREFIX = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")  # zhengwen_hunan


@dataclass(frozen=True, slots=True)
class OpenMilvus:
    """An `OpenIndex`: which papers may be answered from; all else is read by each search."""

    manifest: Manifest
    index: Index

    @property
    def number(self) -> int:
        return self.index.set.number

    @property
    def terms(self) -> TermStatistics:
        return self.index.terms

    def gone(self) -> frozenset[str]:
        return frozenset()

    def searcher(self, fusion: Fusion) -> MilvusSearcher:
        return MilvusSearcher(self.index, fusion)


class MilvusEngine:
    """An `IndexEngine` in the Milvus at `uri`.

    `prefix` begins the names of its collections, so that one server serves several stores. `store_url` is the
    database of the papers, `folder` has the lock for building. Raises IndexFault for a wrong prefix.
    """

    def __init__(
        self,
        uri: str,
        *,
        token: str,
        prefix: str,
        index_type: str,
        store_url: str,
        folder: Path,
        most_drift: float = MOST_DRIFT,
        wait_s: float = _WAIT_S,
    ) -> None:
        if not _PREFIX.fullmatch(prefix):
            raise IndexFault(
                f"collections cannot be called {prefix!r}. Set ZHENGWEN_SEARCH__MILVUS_PREFIX to letters, "
                "digits and _, not beginning with a digit"
            )
        assert index_type in INDEX_TYPES
        self._server = Server(uri, token)
        self._prefix, self._index_type, self._folder, self._wait_s = prefix, index_type, folder, wait_s
        self._store_url, self._most_drift = store_url, most_drift

    def open(self, store: Store, *, fingerprint: str, corpus_hash: str, chunking: Chunking) -> OpenMilvus:
        """Opens the state that the last build put in use."""
        ledger = Ledger(store.database, self._prefix)
        one, manifest = self._in_use(ledger)
        key = key_of(fingerprint, chunking, self._index_type)
        _check_fresh(one, manifest, key, fingerprint=fingerprint, corpus_hash=corpus_hash, chunking=chunking)
        if not collections.are_there(self._server, one):
            raise IndexDamaged(
                f"the collections of the index, {one.chunks} and {one.sentences}, are missing in Milvus at "
                f"{self._server.uri!r}. {_CURE}"
            )
        papers = ledger.papers(one)
        if digest_of(papers) != manifest.chunks_hash:
            raise IndexBehind("another process is changing it")
        contents = [(p.document_id, p.content_sha256) for p in papers if p.state is State.WRITTEN]
        for name in (one.chunks, one.sentences):
            self._server.load(name)
        index = Index(
            server=self._server,
            set=one,
            index_type=self._index_type,
            papers=Papers(contents),
            terms=Terms(store.database, one.name, manifest.chunks),
            mean=one.length / manifest.chunks if manifest.chunks else one.mean,
        )
        return OpenMilvus(manifest, index)

    def build(
        self,
        store: Store,
        *,
        embedder: Embedder,
        chunking: Chunking,
        calibration: Mapping[str, JsonValue],
        rebuild: bool = False,
        progress: Progress | None = None,
        in_use: Callable[[Store], Mapping[str, str]] = Store.in_use,
    ) -> OpenMilvus:
        """Writes and deletes the rows of papers that have changed, as `Builder.run` does.

        The index that is returned is of the papers in use when the build began: others may store papers all
        the while, and these wait for the next build.
        """

        def opened(corpus_hash: str) -> OpenMilvus:
            return self.open(
                store, fingerprint=embedder.fingerprint, corpus_hash=corpus_hash, chunking=chunking
            )

        create_tables(store.database)
        with self._locked():
            papers = in_use(store)
            corpus_hash = store.corpus_hash(papers)
            afresh = rebuild
            if not rebuild:
                try:
                    return opened(corpus_hash)
                except (IndexMissing, IndexStale, IndexVersion):
                    pass
                except IndexDamaged:
                    afresh = True
            Builder(
                server=self._server,
                ledger=Ledger(store.database, self._prefix),
                prefix=self._prefix,
                index_type=self._index_type,
                store=store,
                embedder=embedder,
                chunking=chunking,
                calibration=calibration,
                most_drift=self._most_drift,
                progress=progress,
            ).run(papers, corpus_hash, rebuild=afresh)
            return opened(corpus_hash)

    def in_use(self) -> str:
        """The number of the index in use, and the name of its collections; empty without an index."""
        with self._ledger() as ledger:
            finished = [one for one in ledger.sets() if one.number]
        return f"{finished[-1].number} {finished[-1].name}" if finished else ""

    def forget_deleted(self) -> None:
        """Drops the collections before those in use, and asks the server to clean these of deleted rows."""
        with self._ledger() as ledger:
            finished = [one for one in ledger.sets() if one.number]
            if finished:
                drop_others(self._server, ledger, finished[-1], kept=1)
                self._server.compact(finished[-1].chunks)
                self._server.compact(finished[-1].sentences)

    def verify(self, store: Store, *, progress: Progress | None = None) -> Iterator[Fault | Behind]:
        """Yields the faults that `index.milvus.verification.verify_index` finds."""
        ledger = Ledger(store.database, self._prefix)
        try:
            one, manifest = self._in_use(ledger)
        except IndexMissing:
            if papers := store.in_use():
                yield Behind(tuple(papers))
        except IndexFault as error:
            yield Fault("", "index", str(error))
        else:
            yield from verify_index(store, self._server, ledger, one, manifest, progress=progress)

    def _in_use(self, ledger: Ledger) -> tuple[Set, Manifest]:
        """The set in use. Raises IndexMissing, IndexVersion and IndexDamaged."""
        finished = [one for one in ledger.sets() if one.number]
        if not finished:
            raise IndexMissing(f"no index in Milvus at {self._server.uri!r} for {self._prefix!r}. {_CURE}")
        try:
            return finished[-1], Manifest.model_validate_json(finished[-1].manifest)
        except ValidationError as error:
            raise IndexVersion(
                f"another version of the program built the index {finished[-1].name!r}. {_CURE}"
            ) from error

    @contextmanager
    def _ledger(self) -> Iterator[Ledger]:
        database = Transactions(self._store_url, if_damaged="Run `zhengwen verify`", keeps_connections=False)
        try:
            yield Ledger(database, self._prefix)
        finally:
            database.close()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keeps other processes of this machine from building. Raises IndexFault."""
        lock = FileLock(self._folder / "milvus.lock", timeout=self._wait_s)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise IndexFault(
                f"another process has been building the index of {self._prefix!r} for {self._wait_s:.0f} s. "
                "Try again later"
            ) from None
        except OSError as error:
            raise IndexFault(
                f"{str(self._folder)!r} cannot be written: {error.strerror or error}. Free space, correct "
                "the permissions, or set another ZHENGWEN_DATA_DIR"
            ) from error
        try:
            yield
        finally:
            lock.release()


def _check_fresh(
    one: Set, manifest: Manifest, key: str, *, fingerprint: str, corpus_hash: str, chunking: Chunking
) -> None:
    """Compares what the index was made with and what is set, in the words of the embedded engine."""
    if manifest.fingerprint != fingerprint:
        reason = f"it was built with the model {manifest.fingerprint!r}, and {fingerprint!r} is set"
    elif manifest.chunking != chunking.key:
        reason = f"it was built with the chunk settings {manifest.chunking}, and {chunking.key} is set"
    elif one.key != key:
        reason = (
            "it was built by another version of the program, or with another ZHENGWEN_SEARCH__MILVUS_INDEX"
        )
    elif manifest.corpus_hash != corpus_hash:
        raise IndexBehind
    else:
        return
    raise IndexStale(f"the index is out of date: {reason}. {_CURE}")
