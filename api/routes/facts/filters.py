"""The query parameters by which facts, and papers with facts, are chosen."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from fastapi import Depends, Query

from api.wire import fact_schemas as schemas
from api.wire.fields import Day, Name
from corpus.facts.model import FactKind
from rag.facts.fact_filter import IN_FORCE, FactFilter

_Yuan = Annotated[Decimal | None, Query(ge=0, le=10**15, allow_inf_nan=False)]
_Documents = Annotated[
    tuple[Name, ...],
    Query(max_length=schemas.MOST_NAMED, description="ids or 文号 of papers; repeated for several"),
]
_Regions = Annotated[
    tuple[Name, ...],
    Query(max_length=schemas.MOST_NAMED, description="a place has the papers of those above it, too"),
]


# Nothing here waits, so these are `async`: FastAPI would run a plain `def` in a thread.
async def _facts(
    document: _Documents = (),
    region: _Regions = (),
    kind: Annotated[
        tuple[FactKind, ...], Query(max_length=schemas.MOST_NAMED, description="repeated for several")
    ] = (),
    beneficiary: Annotated[
        str,
        Query(
            max_length=schemas.LONGEST_WORDS,
            description="words that must all occur in who gets it, with blanks between them",
        ),
    ] = "",
    min_yuan: Annotated[_Yuan, Query(description="lowest sum of money")] = None,
    max_yuan: Annotated[_Yuan, Query(description="highest sum of money")] = None,
    as_of: Annotated[
        Day | None, Query(description="only facts of papers that are in force on this day")
    ] = None,
) -> FactFilter:
    """Facts."""
    return FactFilter(
        documents=document,
        regions=region,
        kinds=frozenset(kind),
        beneficiary=tuple(beneficiary.split()),
        min_yuan=min_yuan,
        max_yuan=max_yuan,
        as_of=as_of,
        statuses=IN_FORCE if as_of is not None else frozenset(),
    )


async def _papers(document: _Documents = (), region: _Regions = ()) -> FactFilter:
    """Papers."""
    return FactFilter(documents=document, regions=region)


async def _regions(region: _Regions = ()) -> FactFilter:
    """Papers of regions."""
    return FactFilter(regions=region)


FactsDep = Annotated[FactFilter, Depends(_facts)]
PapersDep = Annotated[FactFilter, Depends(_papers)]
RegionsDep = Annotated[FactFilter, Depends(_regions)]
