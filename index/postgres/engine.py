"""The engine of several servers: the index in the PostgreSQL database of the papers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pydantic import JsonValue

from corpus.progress import Progress
from corpus.store.database import Transactions
from corpus.store.papers import Store
from corpus.store.upkeep.verification import Fault
from index.build.engine import Behind
from index.build.manifest import Chunking
from index.errors import IndexDamaged, IndexMissing, IndexStale, IndexVersion
from index.model import Embedder
from index.postgres import sets
from index.postgres.building import Builder, locked
from index.postgres.connections import Searches, checked_url, translated
from index.postgres.dialect import POSTGRES, Dialect
from index.postgres.opened import OpenPostgres, read
from index.postgres.searcher import COMPARED
from index.postgres.verification import verify_index

_WAIT_S = 600.0  # longest wait for another process that is building


class PostgresEngine:
    """An `IndexEngine` in the database at `url`, which must be that of the store.

    Up to `compared` chunks and sentences, all are compared with a question; of more, an index of the vectors
    gives candidates. Raises IndexFault for a database that it cannot use.
    """

    def __init__(
        self, url: str, *, dialect: Dialect = POSTGRES, compared: int = COMPARED, wait_s: float = _WAIT_S
    ) -> None:
        checked = checked_url(url)
        self._searches = Searches(checked, dialect)
        self._database = Transactions(
            checked.render_as_string(hide_password=False), if_damaged="", keeps_connections=False
        )
        self._dialect, self._compared, self._wait_s = dialect, compared, wait_s

    def open(self, store: Store, *, fingerprint: str, corpus_hash: str, chunking: Chunking) -> OpenPostgres:
        """Reads which papers are in the index and how often terms occur; the rest stays in the database.

        IndexBehind means that papers in use are not in it yet. What was withdrawn or replaced is left out of
        every search before and after, because a search reads which papers are in use.
        """
        with translated(), store.database.reading() as connection:
            return read(
                connection,
                self._dialect,
                self._searches,
                fingerprint=fingerprint,
                corpus_hash=corpus_hash,
                chunking=chunking,
                compared=self._compared,
            )

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
    ) -> OpenPostgres:
        """Adds the papers that are missing and takes out what is not in use, as `Builder.run` does.

        The index that is returned is of the papers in use when the build began: others may store papers all
        the while, and these wait for the next build.
        """

        def opened(corpus_hash: str) -> OpenPostgres:
            return self.open(
                store, fingerprint=embedder.fingerprint, corpus_hash=corpus_hash, chunking=chunking
            )

        afresh = rebuild
        with locked(store, self._wait_s):
            papers = in_use(store)
            corpus_hash = store.corpus_hash(papers)
            if not rebuild:
                try:
                    return opened(corpus_hash)
                except (IndexMissing, IndexStale, IndexVersion):
                    pass
                except IndexDamaged:
                    afresh = True
            Builder(
                store=store,
                dialect=self._dialect,
                embedder=embedder,
                chunking=chunking,
                calibration=calibration,
                compared=self._compared,
                progress=progress,
            ).run(papers, corpus_hash, rebuild=afresh)
            return opened(corpus_hash)

    def forget_deleted(self) -> None:
        """Deletes the sets of tables before the one in use: they contain words of deleted papers."""
        with self._database.writing() as connection:
            sets.drop_earlier(connection, self._dialect, kept=1)

    def in_use(self) -> str:
        """The number of the index in use, and a digest of what it was built from. Raises IndexFault."""
        with self._searches.connection() as connection:
            found = connection.execute(sets.IN_USE).fetchone()
        return str(found[0]) if found else ""

    def verify(self, store: Store, *, progress: Progress | None = None) -> Iterator[Fault | Behind]:
        """Yields the faults that `index.postgres.verification.verify_index` finds."""
        return verify_index(store, self._dialect, progress=progress)
