"""Support facts of all papers, in pages."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import PoolDep, ReaderDep, ServiceDep
from api.routes.facts.filters import FactsDep
from api.wire import fact_schemas as schemas
from api.wire import facts as mapping
from rag.facts.catalogue import FactCatalogue

router = APIRouter(prefix="/v1", tags=["facts"], dependencies=[ReaderDep])


@router.get("/facts", operation_id="listFacts", summary="What papers give, limit and aim at, with proof")
async def facts(
    service: ServiceDep,
    pool: PoolDep,
    wanted: FactsDep,
    limit: Annotated[
        int, Query(ge=1, le=schemas.LARGEST_PAGE, description="most facts in the reply")
    ] = schemas.PAGE,
    after: Annotated[
        str,
        Query(
            max_length=schemas.LONGEST_CURSOR, description="`next` of the page before; empty for the first"
        ),
    ] = "",
) -> schemas.FactList:
    """By paper and place. Every field is words of the paper with their offsets in its text."""

    def work(known: FactCatalogue) -> schemas.FactList:
        known.check_named(wanted)
        as_of = wanted.as_of or known.today
        return mapping.listed(known.select(wanted), after=after, limit=limit, as_of=as_of)

    return await pool.run(lambda: service.with_sound_papers(lambda: work(service.assistant.facts)))
