"""Store of papers and all their earlier versions, in a crash-safe database."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType

from sqlalchemy import Connection, select

from corpus.corpus_hash import corpus_hash
from corpus.errors import AmbiguousNumber, DamagedDocument, StoreDamaged, UnknownDocument, UnknownVersion
from corpus.facts.building import facts_of_text
from corpus.facts.model import PaperFacts
from corpus.head.corrections import corrected
from corpus.head.paper_head import PaperHead
from corpus.identity import Candidate, Keys
from corpus.model import Document
from corpus.store import audit, codec, intake, rows, versions
from corpus.store.audit import Audit
from corpus.store.changes import conflicts
from corpus.store.changes.conflicts import Conflicts
from corpus.store.changes.corrections import Corrections, all_corrections, corrections_of
from corpus.store.changes.deletions import Deletions
from corpus.store.changes.releases import Releases
from corpus.store.changes.rollbacks import Rollbacks
from corpus.store.changes.withdrawals import Withdrawals
from corpus.store.database import Database
from corpus.store.facts.corrections import FactCorrections
from corpus.store.facts.reading import StoredFacts
from corpus.store.facts.rows import read_ahead
from corpus.store.in_use import current_version, version_in_use
from corpus.store.jobs.fetches import Fetches
from corpus.store.jobs.queue import Jobs
from corpus.store.jobs.watched import WatchedFiles
from corpus.store.jobs.work import JobWork
from corpus.store.outcomes import Added, Outcome, Replaced, Unchanged
from corpus.store.received import ReceivedFiles
from corpus.store.schema import ALIASES, DOCUMENTS, HEADS, NAMES, TABLES, VERSIONS
from corpus.store.starting import StartingPapers
from corpus.store.upkeep.upgrades import UPGRADES
from corpus.store.versions import Version

__all__ = ["Added", "Outcome", "Replaced", "Store", "Unchanged", "Version"]


class Store:
    """The papers. `url` is an SQLAlchemy database URL such as sqlite:////home/me/zhengwen/papers.sqlite.

    Raises StoreError when the database cannot be opened or has another schema.
    """

    def __init__(self, url: str) -> None:
        self.database = Database(url, TABLES, upgrades=UPGRADES)
        self.audit = Audit(self.database)
        self.conflicts = Conflicts(self.database)
        self.corrections = Corrections(self.database)
        self.deletions = Deletions(self.database)
        self.fact_corrections = FactCorrections(self.database)
        self.facts = StoredFacts(self.database)
        self.fetches = Fetches(self.database)
        self.jobs = Jobs(self.database)
        self.job_work = JobWork(self.database)
        self.received = ReceivedFiles(self.database)
        self.releases = Releases(self.database)
        self.rollbacks = Rollbacks(self.database)
        self.starting = StartingPapers(self.database)
        self.watched = WatchedFiles(self.database)
        self.withdrawals = Withdrawals(self.database)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.database.close()

    def take_in(
        self,
        document: Document,
        *,
        original: bytes,
        is_older: Callable[[str, int], bool] = lambda _document_id, _version: False,
    ) -> Outcome:
        """Stores a paper that was received, durably, unless it is stored already. Chooses its id.

        `original` is the file as received, kept so that a later version of the program can parse it again.
        `is_older` tells whether it is older than a version in use, which then stays in use.
        """
        read = self._facts_ahead(document)
        with self.database.writing() as connection:
            return intake.take_in(connection, document, original=original, is_older=is_older, read=read)

    def use_version(self, document_id: str, version: int, *, reason: str) -> None:
        """Puts another version of a paper in use. Raises UnknownDocument and UnknownVersion."""
        read = read_ahead(self.database, document_id, version)
        with self.database.writing() as connection:
            versions.use(connection, document_id, version, reason=reason, read=read)

    def current_version(self, document_id: str) -> int:
        """The version in use; of a withdrawn paper the one that was. Raises UnknownDocument."""
        with self.database.reading() as connection:
            return current_version(connection, document_id)

    def add(self, document: Document, *, original: bytes = b"") -> Added | Unchanged | Replaced:
        """Stores a paper under its id, durably, as the next version of a paper that has this id."""
        read = self._facts_ahead(document)
        with self.database.writing() as connection:
            return versions.put(connection, document, original=original, read=read)

    def replace_reading(self, document: Document, *, original: bytes) -> Unchanged | Replaced:
        """Stores what today's parser reads from the original of a paper. Raises UnknownDocument."""
        read = self._facts_ahead(document)
        with self.database.writing() as connection:
            current_version(connection, document.id)
            outcome = versions.put(
                connection, document, original=original, action=audit.Action.REREAD, read=read
            )
        assert not isinstance(outcome, Added)
        return outcome

    def _facts_ahead(self, document: Document) -> PaperFacts | None:
        """The facts of a paper that is to be stored, read while others can write.

        None for a text that is stored already: its facts are hardly needed.
        """
        with self.database.reading() as connection:
            if intake.has_text(connection, document):
                return None
        return facts_of_text(document)

    def remove(self, document_id: str) -> None:
        """Deletes a paper for good, as `Deletions.delete` does. Raises UnknownDocument."""
        self.deletions.delete(document_id, reason="")

    def candidates(self, keys: Keys) -> list[Candidate]:
        """The stored versions that have one of these keys, with their texts."""
        with self.database.reading() as connection:
            found = intake.candidates(connection, keys)
            return [intake.with_text(one) for one in found]

    def is_taken(self, document_id: str) -> bool:
        """Whether a paper has that id or alias."""
        with self.database.reading() as connection:
            return intake.is_taken(connection, document_id)

    def resolve(self, name: str) -> str:
        """The id of the paper with that id, alias or 文号, in use or withdrawn.

        Raises UnknownDocument, and AmbiguousNumber.
        """
        own = select(DOCUMENTS.c.id).where(DOCUMENTS.c.id == name)
        alias = select(ALIASES.c.document_id).where(ALIASES.c.alias == name)
        with self.database.reading() as connection:
            found = connection.execute(own).scalar() or connection.execute(alias).scalar()
            numbered = [str(found)] if found is not None else rows.numbered(connection, name)
        if len(numbered) > 1:
            raise AmbiguousNumber(name, numbered)
        if not numbered:
            raise UnknownDocument(name)
        return numbered[0]

    def aliases(self) -> dict[str, str]:
        """The ids of papers by their other names."""
        with self.database.reading() as connection:
            return dict(connection.execute(select(ALIASES.c.alias, ALIASES.c.document_id)).all())

    def last_change(self) -> str:
        """Names the state of the papers, see `Audit.last`."""
        return self.audit.last()

    def changed_since(self, change: str) -> set[str] | None:
        """The papers that were changed since, see `Audit.changed_since`."""
        return self.audit.changed_since(change)

    def open_conflicts(self) -> list[tuple[str, str]]:
        """The ids of each two papers in use with one number and different texts, not decided by an editor."""
        with self.database.reading() as connection:
            return conflicts.open_pairs(connection)

    def document(
        self, document_id: str, *, version: int | None = None, also_withdrawn: bool = False
    ) -> Document:
        """The paper, in the version in use unless another is named.

        Raises UnknownDocument, and UnknownVersion; WithdrawnDocument for a withdrawn paper, unless these are
        asked for, too; and DamagedDocument for a paper that differs from its checksum.
        """
        with _about(document_id), self.database.reading() as connection:
            find = current_version if also_withdrawn else version_in_use
            in_use = find(connection, document_id)
            found = next(rows.read(connection, [(document_id, version or in_use)]), None)
            made = corrections_of(connection, document_id)
            if found is None:
                of_paper = VERSIONS.c.document_id == document_id
                known = connection.execute(select(VERSIONS.c.version).where(of_paper)).scalars().all()
                raise UnknownVersion(document_id, version or in_use, known)
        return corrected(found, made)

    def documents(self) -> tuple[Document, ...]:
        """All papers in the version in use, in order of id."""
        with self.database.reading() as connection:
            made = all_corrections(connection)
            return tuple(corrected(one, made.get(one.id, ())) for one in rows.read_all(connection))

    def read(self, wanted: Sequence[tuple[str, str]]) -> list[Document]:
        """The papers with these ids and content hashes, also in versions that are no longer in use.

        Leaves out papers that were deleted. Raises DamagedDocument, naming all papers of `wanted` that differ
        from their checksums or have lost their texts.
        """
        try:
            with self.database.reading() as connection:
                found = [one for some in rows.batches(wanted) for one in _read(connection, some)]
                read = {one.id for one in found}
                missing = [key for key in wanted if key[0] not in read]
                # A paper that was deleted has no head either.
                if lost := rows.with_head(connection, missing):
                    raise DamagedDocument(lost)
                return found
        except (DamagedDocument, StoreDamaged, ValueError):
            return self._read_one_by_one(wanted)

    def _read_one_by_one(self, wanted: Sequence[tuple[str, str]]) -> list[Document]:
        """The same papers, to name those that cannot be read: a query of several may not tell them."""
        found, damaged = list[Document](), set[str]()
        for key in wanted:
            try:
                with _about(key[0]), self.database.reading() as connection:
                    read = _read(connection, [key])
                    if not read and rows.with_head(connection, [key]):
                        raise DamagedDocument([key[0]])
                found += read
            except DamagedDocument:
                damaged.add(key[0])
        if damaged:
            raise DamagedDocument(damaged)
        return found

    def heads(self, document_ids: Collection[str] | None = None) -> list[PaperHead]:
        """The heads of the papers in use, or of those named, by id. No text is read."""
        query = rows.head_query()
        with self.database.reading() as connection:
            if document_ids is None:
                return rows.heads(connection, query)
            some = (query.where(HEADS.c.document_id.in_(ids)) for ids in rows.batches(sorted(document_ids)))
            return [head for one in some for head in rows.heads(connection, one)]

    def naming(self, ending: str) -> Generator[tuple[tuple[str, str], str]]:
        """Yields id and content hash of papers, with each of their names that ends so; in any version.

        Names and `ending` are keys of `corpus.notation.paper_names`.
        """
        start = codec.reversed_key(ending)
        # UTF-8 never contains this byte, so everything that begins with `start` sorts before it.
        of_head = (NAMES.c.document_id == HEADS.c.document_id) & (NAMES.c.version == HEADS.c.version)
        query = (
            select(HEADS.c.document_id, HEADS.c.content_sha256, NAMES.c.reversed_key)
            .join(NAMES, of_head)
            .where(NAMES.c.reversed_key >= start, NAMES.c.reversed_key < start + b"\xff")
        )
        with self.database.reading() as connection:
            for row in connection.execute(query):
                yield (row.document_id, row.content_sha256), codec.name_of(row.reversed_key)

    def versions(self, document_id: str) -> tuple[Version, ...]:
        """Every version of a paper, oldest first; also of a withdrawn one. Raises UnknownDocument."""
        table = VERSIONS.c
        columns = (table.document_id, table.version, table.sha256, table.name, table.added_at)
        query = select(*columns).where(table.document_id == document_id).order_by(table.version)
        with self.database.reading() as connection:
            current = current_version(connection, document_id)
            found = connection.execute(query).all()
        return tuple(
            Version(*row[:-1], added_at=audit.utc(row.added_at), is_current=row.version == current)
            for row in found
        )

    def latest_versions(self, *, most: int) -> tuple[Version, ...]:
        """The versions that were stored last, of papers in use, newest first."""
        table = VERSIONS.c
        query = (
            select(table.document_id, table.version, table.sha256, table.name, table.added_at)
            .add_columns(DOCUMENTS.c.version.label("in_use"))
            .join(DOCUMENTS, DOCUMENTS.c.id == table.document_id)
            .where(DOCUMENTS.c.version > 0)
            .order_by(table.added_at.desc(), table.document_id, table.version.desc())
            .limit(most)
        )
        with self.database.reading() as connection:
            found = connection.execute(query).all()
        return tuple(
            Version(
                row.document_id,
                row.version,
                row.sha256,
                row.name,
                audit.utc(row.added_at),
                is_current=row.version == row.in_use,
            )
            for row in found
        )

    def original(self, document_id: str, *, version: int | None = None) -> bytes:
        """The file as received, also of a withdrawn paper; empty when it was not kept.

        The last version unless another is named. Raises UnknownDocument, and DamagedDocument for a file that
        differs from its checksum.
        """
        with _about(document_id), self.database.reading() as connection:
            version = version or current_version(connection, document_id)
            of_version = (VERSIONS.c.document_id == document_id, VERSIONS.c.version == version)
            query = select(VERSIONS.c.original, VERSIONS.c.sha256).where(*of_version)
            found = connection.execute(query).first()
        if found is None:
            raise UnknownDocument(document_id)
        data, digest = found
        if data and hashlib.sha256(data).hexdigest() != digest:
            raise DamagedDocument([document_id])
        return bytes(data)

    def is_empty(self) -> bool:
        """Whether no paper is in use."""
        with self.database.reading() as connection:
            query = select(DOCUMENTS.c.id).where(DOCUMENTS.c.version > 0).limit(1)
            return connection.execute(query).first() is None

    def in_use(self) -> dict[str, str]:
        """Content hashes of the papers in use, corrections included, by id."""
        query = select(DOCUMENTS.c.id, HEADS.c.content_sha256).join(HEADS, rows.head_in_use())
        with self.database.reading() as connection:
            found = connection.execute(query.order_by(DOCUMENTS.c.id)).all()
        return dict(found)

    def corpus_hash(self, in_use: Mapping[str, str] | None = None) -> str:
        """Changes whenever a paper is added, changed or taken out of use, a conflict decided, or a fact
        corrected: see `corpus.corpus_hash`.

        `in_use` is what `in_use` has returned, for those who need both of the same papers.
        """
        return corpus_hash(
            (self.in_use() if in_use is None else in_use).items(),
            conflicts=self.open_conflicts(),
            last_correction=self.fact_corrections.last_number(),
        )


@contextmanager
def _about(document_id: str) -> Iterator[None]:
    """Raises DamagedDocument for what cannot be read of one paper."""
    try:
        yield
    except (StoreDamaged, ValueError) as error:
        raise DamagedDocument([document_id]) from error


def _read(connection: Connection, wanted: Sequence[tuple[str, str]]) -> list[Document]:
    """Papers by id and content hash with their corrections, as far as they exist."""
    made = all_corrections(connection, [document_id for document_id, _ in wanted])
    found = rows.read_contents(connection, wanted)
    return [corrected(one, made.get(one.id, ())) for one in found]
