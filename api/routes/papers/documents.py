"""The papers and their clauses."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import AssistantDep, PoolDep, ReaderDep, VersionQuery
from api.wire import document_schemas as schemas
from api.wire import papers
from corpus.catalogue.relations import relations_of
from corpus.model import Document
from rag.assistant import Assistant

Limit = Annotated[int, Query(ge=1, le=schemas.LARGEST_PAGE, description="most papers in the reply")]
After = Annotated[
    str, Query(max_length=schemas.LONGEST_ID, description="`next` of the page before; empty for the first")
]

router = APIRouter(prefix="/v1/documents", tags=["documents"], dependencies=[ReaderDep])


@router.get("", operation_id="listDocuments", summary="The papers that questions are answered from")
async def documents(
    assistant: AssistantDep,
    pool: PoolDep,
    limit: Limit = schemas.PAGE,
    after: After = "",
) -> schemas.DocumentList:
    """A page of the papers, by id. `next` of the reply, sent as `after`, returns the following page."""
    return await pool.run(lambda: papers.listed(assistant.catalogue, after=after, limit=limit))


@router.get(
    "/{document_id}", operation_id="getDocument", summary="A paper: metadata, clause tree, notices, text"
)
async def document(
    document_id: str, assistant: AssistantDep, pool: PoolDep, version: VersionQuery = None
) -> schemas.DocumentDetail:
    """The version in use, or the one named; its status is today's status of the paper."""

    def work() -> schemas.DocumentDetail:
        stored, catalogue = _version(assistant, document_id, version), assistant.catalogue
        in_use = version is None or stored == assistant.document(document_id)
        status = catalogue.status(stored.id)
        return papers.detail(stored, status, today=catalogue.today, in_use=in_use)

    return await pool.run(work)


@router.get("/{document_id}/versions", operation_id="listVersions", summary="The stored versions of a paper")
async def versions(document_id: str, assistant: AssistantDep, pool: PoolDep) -> schemas.DocumentVersions:
    """Oldest first. Answers quote the version in use, whatever the day they are for."""
    return await pool.run(lambda: papers.versions(document_id, assistant.catalogue))


@router.get(
    "/{document_id}/relations",
    operation_id="getRelations",
    summary="What a paper rests on, repeals, supersedes, passes on and cites, and what refers to it",
)
async def relations(document_id: str, assistant: AssistantDep, pool: PoolDep) -> schemas.DocumentRelations:
    """Each relation has the words that state it. Papers that are not stored have no id and no status."""
    return await pool.run(lambda: papers.relations(relations_of(document_id, assistant.catalogue)))


# A clause id may contain a slash, so it takes the rest of the path.
@router.get(
    "/{document_id}/clauses/{clause_id:path}",
    operation_id="getClause",
    summary="A clause with its text and its place",
)
async def clause(
    document_id: str, clause_id: str, assistant: AssistantDep, pool: PoolDep, version: VersionQuery = None
) -> schemas.ClauseDetail:
    """`clause_id` is the id of a clause, or its label as in citations."""

    def work() -> schemas.ClauseDetail:
        stored = _version(assistant, document_id, version)
        return papers.clause_detail(stored, papers.clause_named(stored, clause_id))

    return await pool.run(work)


def _version(assistant: Assistant, document_id: str, version: int | None) -> Document:
    if version is None:
        return assistant.document(document_id)
    return assistant.catalogue.version(document_id, version)
