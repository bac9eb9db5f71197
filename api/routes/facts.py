"""Support facts of all papers: as JSON in pages, and as tables for a spreadsheet."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from api.deps import AddressDep, PoolDep, ReaderDep, ServiceDep
from api.errors import RequestFault
from api.exports.fact_table import SHEET, facts_csv, facts_xlsx
from api.web.headers import download_headers
from api.wire import fact_schemas as schemas
from api.wire import facts as mapping
from api.wire.schemas import Day, Name
from corpus.facts.model import FactKind
from rag.facts.catalogue import FactCatalogue
from rag.facts.fact_filter import IN_FORCE, FactFilter
from rag.facts.found import FoundFact

_MOST_ROWS = 50_000  # of a file, which is made in memory
_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BINARY = {"type": "string", "format": "binary"}

router = APIRouter(prefix="/v1", tags=["facts"], dependencies=[ReaderDep])

Named = Annotated[list[Name], Query(max_length=schemas.MOST_NAMED)]
Yuan = Annotated[Decimal | None, Query(ge=0, le=10**15, allow_inf_nan=False)]


# Nothing here waits, so it is `async`: FastAPI would run a plain `def` in a thread.
async def _filter(
    document: Annotated[Named, Query(description="ids or 文号 of papers; repeated for several")] = [],  # noqa: B006
    region: Annotated[Named, Query(description="a place has the papers of those above it, too")] = [],  # noqa: B006
    kind: Annotated[
        list[FactKind], Query(max_length=schemas.MOST_NAMED, description="repeated for several")
    ] = [],  # noqa: B006
    beneficiary: Annotated[
        str,
        Query(
            max_length=schemas.LONGEST_WORDS,
            description="words that must all occur in who gets it, with blanks between them",
        ),
    ] = "",
    min_yuan: Annotated[Yuan, Query(description="lowest sum of money")] = None,
    max_yuan: Annotated[Yuan, Query(description="highest sum of money")] = None,
    as_of: Annotated[
        Day | None, Query(description="only facts of papers that are in force on this day")
    ] = None,
) -> FactFilter:
    """The filters of a request."""
    return FactFilter(
        documents=tuple(document),
        regions=tuple(region),
        kinds=frozenset(kind),
        beneficiary=tuple(beneficiary.split()),
        min_yuan=min_yuan,
        max_yuan=max_yuan,
        as_of=as_of,
        statuses=IN_FORCE if as_of is not None else frozenset(),
    )


FilterDep = Annotated[FactFilter, Depends(_filter)]


@router.get("/facts", operation_id="listFacts", summary="What papers give, limit and aim at, with proof")
async def facts(
    service: ServiceDep,
    pool: PoolDep,
    wanted: FilterDep,
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
        as_of = wanted.as_of or known.today
        return mapping.listed(known.select(wanted), after=after, limit=limit, as_of=as_of)

    return await pool.run(lambda: service.with_sound_papers(lambda: work(service.assistant.facts)))


@router.get(
    "/facts.csv",
    operation_id="downloadFactsCsv",
    summary="The same facts as CSV for a spreadsheet",
    response_class=Response,
    responses={
        200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "UTF-8 with a mark"}
    },
)
async def facts_as_csv(
    service: ServiceDep, pool: PoolDep, wanted: FilterDep, address: AddressDep
) -> Response:
    """All facts that meet the filters, one a row, under Chinese headers. No cell becomes a formula."""

    def work(known: FactCatalogue) -> bytes:
        return facts_csv(_few(known.select(wanted)), address=address).encode()

    data = await pool.run(lambda: service.with_sound_papers(lambda: work(service.assistant.facts)))
    return _file(data, "csv", _CSV)


@router.get(
    "/facts.xlsx",
    operation_id="downloadFactsWorkbook",
    summary="The same facts as a workbook",
    response_class=Response,
    responses={200: {"content": {_XLSX: {"schema": _BINARY}}, "description": "A workbook of one sheet"}},
)
async def facts_as_workbook(
    service: ServiceDep, pool: PoolDep, wanted: FilterDep, address: AddressDep
) -> Response:
    """Texts are text and sums in yuan are numbers; no cell becomes a formula or a link."""

    def work(known: FactCatalogue) -> bytes:
        day = wanted.as_of or known.today
        return facts_xlsx(_few(known.select(wanted)), address=address, day=day)

    data = await pool.run(lambda: service.with_sound_papers(lambda: work(service.assistant.facts)))
    return _file(data, "xlsx", _XLSX)


def _few(found: tuple[FoundFact, ...]) -> tuple[FoundFact, ...]:
    """The facts, if a file may have so many. Raises RequestFault."""
    if len(found) > _MOST_ROWS:
        raise RequestFault(
            f"{len(found)} facts are more than the {_MOST_ROWS} of a file. Send a filter, such as `region`"
        )
    return found


def _file(data: bytes, ending: str, media_type: str) -> Response:
    return Response(data, media_type=media_type, headers=download_headers(f"{SHEET}.{ending}"))
