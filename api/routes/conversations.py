"""Conversations that the service stores for visitors."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from api.access.principals import Principal, Visitor
from api.deps import ActorDep, PoolDep, PrincipalDep, RecordsDep
from api.errors import TokenMissing
from api.web import problems
from api.wire import record_schemas as schemas


def _uncached(response: Response) -> None:
    """Forbids caching of these responses, in proxies and in the browser."""
    response.headers["Cache-Control"] = "no-store"


router = APIRouter(prefix="/v1/conversations", tags=["visitors"], dependencies=[Depends(_uncached)])


_TOO_OFTEN = {
    "description": "A problem with status 429",
    "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def _visitor(principal: PrincipalDep) -> Visitor:
    """The visitor who sent the request; only visitors have conversations."""
    return _holder(principal)


def _starter(principal: ActorDep) -> Visitor:
    """The visitor who starts a conversation. It counts as a question, because it is written to the disk."""
    return _holder(principal)


def _holder(principal: Principal) -> Visitor:
    if not isinstance(principal, Visitor):
        raise TokenMissing("only visitors have conversations. Get a token from POST /v1/visitors first")
    return principal


VisitorDep = Annotated[Visitor, Depends(_visitor)]
StarterDep = Annotated[Visitor, Depends(_starter)]


@router.post(
    "",
    operation_id="createConversation",
    status_code=201,
    summary="Start a conversation",
    responses={429: _TOO_OFTEN},
)
async def start(records: RecordsDep, pool: PoolDep, visitor: StarterDep) -> schemas.Started:
    """Use the id as `conversation` of a question; then the service stores the exchange."""
    started = await pool.run(lambda: records.conversations.start(holder=visitor.holder, site=visitor.site))
    return schemas.Started(id=started.id, created_at=started.created_at)


@router.get("", operation_id="listConversations", summary="The visitor's conversations")
async def listed(records: RecordsDep, pool: PoolDep, visitor: VisitorDep) -> schemas.ConversationList:
    """Most recently used first."""
    found = await pool.run(lambda: records.conversations.list(holder=visitor.holder))
    return schemas.ConversationList(
        conversations=[
            schemas.ConversationSummary(
                id=one.id,
                title=one.title,
                created_at=one.created_at,
                updated_at=one.updated_at,
                turns=one.turns,
            )
            for one in found
        ]
    )


@router.get("/{conversation_id}", operation_id="getConversation", summary="A conversation with its turns")
async def shown(
    conversation_id: str, records: RecordsDep, pool: PoolDep, visitor: VisitorDep
) -> schemas.ConversationDetail:
    """Turns oldest first; replies as they were given, without their hits."""
    found = await pool.run(lambda: records.conversations.get(conversation_id, holder=visitor.holder))
    return schemas.ConversationDetail(
        id=found.id,
        title=found.title,
        created_at=found.created_at,
        updated_at=found.updated_at,
        turns=[
            schemas.KeptTurn(asked_at=turn.asked_at, question=turn.question, reply=turn.reply)
            for turn in found.turns
        ],
    )


@router.delete(
    "/{conversation_id}",
    operation_id="deleteConversation",
    status_code=204,
    response_class=Response,
    summary="Delete a conversation",
)
async def delete(conversation_id: str, records: RecordsDep, pool: PoolDep, visitor: VisitorDep) -> None:
    """Its turns are deleted; receipts of the answers stay, without texts and without the visitor."""
    await pool.run(lambda: records.conversations.delete(conversation_id, holder=visitor.holder))


@router.delete(
    "",
    operation_id="deleteConversations",
    status_code=204,
    response_class=Response,
    summary="Delete all stored data of the visitor",
)
async def delete_all(records: RecordsDep, pool: PoolDep, visitor: VisitorDep) -> None:
    """Deletes all conversations, and the texts of questions asked outside of any."""
    await pool.run(lambda: records.conversations.delete_all(holder=visitor.holder))
