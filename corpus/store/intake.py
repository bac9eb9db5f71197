"""Decides in the store whether a paper that comes in is a new one, and stores it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection, insert, or_, select

from corpus.facts.model import PaperFacts
from corpus.identity import (
    AnotherPaper,
    Candidate,
    Facts,
    Keys,
    NewVersion,
    SamePaper,
    decide,
    facts_of,
    keys_of,
)
from corpus.ids import document_id_of, free_id, id_of, renamed
from corpus.model import Document, Status
from corpus.store import rows, versions
from corpus.store.changes import conflicts
from corpus.store.in_use import current_version, withdrawn_because
from corpus.store.outcomes import Added, Outcome, Unchanged
from corpus.store.schema import ALIASES, DOCUMENTS, HEADS, IDENTITIES, VERSIONS, WITHDRAWN


def take_in(
    connection: Connection,
    document: Document,
    *,
    original: bytes,
    is_older: Callable[[str, int], bool] = lambda _document_id, _version: False,
    read: PaperFacts | None = None,
) -> Outcome:
    """Stores a paper unless it is stored already. Its id is chosen here, whatever `document` has.

    `is_older` tells whether it is known to be older than the version in use of the paper that it is a version
    of: then that one stays in use. `read` are the facts of its text, where they were read before.
    """
    facts = facts_of(document)
    match decide(facts, candidates(connection, facts.keys)):
        case SamePaper(document_id, version):
            current = current_version(connection, document_id)
            if version == current and not rows.is_sound(connection, document_id, version):
                return versions.put(connection, renamed(document, document_id), original=original, read=read)
            because = withdrawn_because(connection, document_id)
            return Unchanged(document_id, version, because, None if version == current else current)
        case NewVersion(document_id):
            older = is_older(document_id, current_version(connection, document_id))
            own = renamed(document, document_id)
            return versions.put(connection, own, original=original, put_in_use=not older, read=read)
        case AnotherPaper(others):
            document_id = new_id(document, is_taken=lambda i: is_taken(connection, i))
            stored = versions.put(connection, renamed(document, document_id), original=original, read=read)
            _name_after_file(connection, document_id, document.source.name)
            for other in others:
                conflicts.record(connection, document_id, other)
            return Added(document_id, others, stored.version)


def has_text(connection: Connection, document: Document) -> bool:
    """Whether a stored version has the text of a paper, which then is hardly stored again."""
    query = select(IDENTITIES.c.document_id).where(IDENTITIES.c.text_sha256 == keys_of(document).text)
    return connection.execute(query.limit(1)).first() is not None


def candidates(connection: Connection, keys: Keys) -> list[Candidate]:
    """The stored versions that have one of these keys, also those of withdrawn papers."""
    table = IDENTITIES.c
    of_keys = [
        table.received_key == keys.received,
        table.text_sha256 == keys.text,
        table.title_key == keys.title,
    ]
    if keys.number:
        of_keys.append(table.number_key == keys.number)
    head = HEADS.c
    query = (
        select(
            IDENTITIES,
            *(head.region, head.status, head.issuer, head.date_issued),
            DOCUMENTS.c.version.label("in_use"),
            WITHDRAWN.c.version.label("withdrawn"),
        )
        .join(HEADS, (head.document_id == table.document_id) & (head.version == table.version))
        .join(DOCUMENTS, DOCUMENTS.c.id == table.document_id)
        .outerjoin(WITHDRAWN, WITHDRAWN.c.document_id == table.document_id)
        .where(or_(*of_keys))
        .order_by(table.document_id, table.version)
    )
    return [
        Candidate(
            row.document_id,
            row.version,
            is_latest=row.version == (row.in_use or row.withdrawn),
            facts=Facts(
                Keys(row.received_key, row.text_sha256, row.number_key, row.title_key),
                region=row.region,
                is_draft=row.status == Status.DRAFT.value,
                is_dated=bool(row.issuer) and row.date_issued is not None,
                media_type=row.media_type,
                text=_text_of(connection, row.document_id, row.version),
            ),
        )
        for row in connection.execute(query).all()
    ]


def new_id(document: Document, *, is_taken: Callable[[str], bool]) -> str:
    """An id for a paper that is not stored."""
    return free_id(id_of(document), is_taken=is_taken)


def is_taken(connection: Connection, document_id: str) -> bool:
    """Whether a paper has that id or alias."""
    own = select(DOCUMENTS.c.id).where(DOCUMENTS.c.id == document_id)
    alias = select(ALIASES.c.alias).where(ALIASES.c.alias == document_id)
    return any(connection.execute(query).first() is not None for query in (own, alias))


def _name_after_file(connection: Connection, document_id: str, name: str) -> None:
    """Lets the paper be found by the name of its file, if no other paper is."""
    alias = document_id_of(name)
    if alias != document_id and not is_taken(connection, alias):
        connection.execute(insert(ALIASES).values(alias=alias, document_id=document_id))


def _text_of(connection: Connection, document_id: str, version: int) -> Callable[[], str]:
    """Reads a text when it is needed; within the transaction."""
    of_version = (VERSIONS.c.document_id == document_id, VERSIONS.c.version == version)
    return lambda: str(connection.execute(select(VERSIONS.c.text).where(*of_version)).scalar_one())


def with_text(candidate: Candidate) -> Candidate:
    """The candidate with its text read, for use after the transaction."""
    text = candidate.facts.text()
    return replace(candidate, facts=replace(candidate.facts, text=lambda: text))
