"""Which version of a paper is in use, and which is the last one.

The version in use is the last one, unless an editor has gone back to an earlier one, or an older text came
in after a later one.
"""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from corpus.errors import UnknownDocument, WithdrawnDocument
from corpus.store.schema import DELETED, DOCUMENTS, VERSIONS, WITHDRAWN


def latest_version(connection: Connection, document_id: str) -> tuple[int, str] | None:
    """Number and content hash of the last version, also of a withdrawn paper; None if none is stored."""
    query = (
        select(VERSIONS.c.version, VERSIONS.c.content_sha256)
        .where(VERSIONS.c.document_id == document_id)
        .order_by(VERSIONS.c.version.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return (row.version, row.content_sha256) if row else None


def content_of(connection: Connection, document_id: str, version: int) -> str | None:
    """The content hash of a version, as it was read; None if it is not stored."""
    of_version = (VERSIONS.c.document_id == document_id, VERSIONS.c.version == version)
    return connection.execute(select(VERSIONS.c.content_sha256).where(*of_version)).scalar()


def version_in_use(connection: Connection, document_id: str) -> int:
    """Raises UnknownDocument, and WithdrawnDocument."""
    version = connection.execute(select(DOCUMENTS.c.version).where(DOCUMENTS.c.id == document_id)).scalar()
    if version:
        return int(version)
    if version is None:
        raise UnknownDocument(document_id)
    raise WithdrawnDocument(document_id, withdrawn_because(connection, document_id))


def withdrawn_because(connection: Connection, document_id: str) -> str:
    """The reason why a paper was withdrawn; empty for a paper in use."""
    query = select(WITHDRAWN.c.reason).where(WITHDRAWN.c.document_id == document_id)
    return connection.execute(query).scalar() or ""


def current_version(connection: Connection, document_id: str) -> int:
    """The version in use; of a withdrawn paper the one that was. Raises UnknownDocument."""
    in_use = select(DOCUMENTS.c.version).where(DOCUMENTS.c.id == document_id)
    withdrawn = select(WITHDRAWN.c.version).where(WITHDRAWN.c.document_id == document_id)
    found = connection.execute(in_use).scalar() or connection.execute(withdrawn).scalar()
    if found is None:
        raise UnknownDocument(document_id)
    return int(found)


def set_current_version(connection: Connection, document_id: str, version: int) -> None:
    """Puts a version in use; of a withdrawn paper the one that `restore` brings back."""
    in_use = (DOCUMENTS.c.id == document_id) & (DOCUMENTS.c.version > 0)
    connection.execute(update(DOCUMENTS).where(in_use).values(version=version))
    of_paper = WITHDRAWN.c.document_id == document_id
    connection.execute(update(WITHDRAWN).where(of_paper).values(version=version))


def last_deleted(connection: Connection, document_id: str) -> int:
    """The last number of a version of a deleted paper with that id; 0 for any other."""
    query = select(DELETED.c.version).where(DELETED.c.document_id == document_id)
    return connection.execute(query).scalar() or 0
