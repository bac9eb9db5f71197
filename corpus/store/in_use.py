"""Which version of a paper is in use, and which is the last one."""

from __future__ import annotations

from sqlalchemy import Connection, select

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


def last_version(connection: Connection, document_id: str) -> int:
    """The number of the last version, also of a withdrawn paper. Raises UnknownDocument."""
    latest = latest_version(connection, document_id)
    if latest is None:
        raise UnknownDocument(document_id)
    return latest[0]


def last_deleted(connection: Connection, document_id: str) -> int:
    """The last number of a version of a deleted paper with that id; 0 for any other."""
    query = select(DELETED.c.version).where(DELETED.c.document_id == document_id)
    return connection.execute(query).scalar() or 0
