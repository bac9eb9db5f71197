"""The papers and their clauses."""

from __future__ import annotations

from fastapi import APIRouter

from api.deps import AssistantDep, PoolDep, ReaderDep
from api.wire import document_schemas as schemas
from api.wire import papers

router = APIRouter(prefix="/v1/documents", tags=["documents"], dependencies=[ReaderDep])


@router.get("", operation_id="listDocuments", summary="The papers that questions are answered from")
async def documents(assistant: AssistantDep, pool: PoolDep) -> schemas.DocumentList:
    def work() -> schemas.DocumentList:
        stored = assistant.documents()
        return schemas.DocumentList(
            documents=[papers.summary(document, assistant.status(document)) for document in stored]
        )

    return await pool.run(work)


@router.get(
    "/{document_id}", operation_id="getDocument", summary="A paper: head data, clause tree, notices, text"
)
async def document(document_id: str, assistant: AssistantDep, pool: PoolDep) -> schemas.DocumentDetail:
    def work() -> schemas.DocumentDetail:
        stored = assistant.document(document_id)
        return papers.detail(stored, assistant.status(stored))

    return await pool.run(work)


# An id of a clause may hold a slash, so it takes the rest of the path.
@router.get(
    "/{document_id}/clauses/{clause_id:path}",
    operation_id="getClause",
    summary="A clause with its text and its place",
)
async def clause(
    document_id: str, clause_id: str, assistant: AssistantDep, pool: PoolDep
) -> schemas.ClauseDetail:
    """`clause_id` is the id of a clause, or its label as citations have it."""

    def work() -> schemas.ClauseDetail:
        stored = assistant.document(document_id)
        return papers.clause_detail(stored, papers.clause_named(stored, clause_id))

    return await pool.run(work)
