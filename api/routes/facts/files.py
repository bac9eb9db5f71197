"""Support facts as files for other programs: tables, a calendar, a feed of changes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from api.deps import AddressDep, PoolDep, ReaderDep, ServiceDep
from api.errors import RequestFault
from api.exports.calendar import facts_calendar
from api.exports.fact_table import SHEET, facts_csv, facts_xlsx
from api.exports.feed import changes_feed
from api.routes.facts.filters import FactsDep, PapersDep, RegionsDep
from api.web.headers import download_headers
from rag.assistant import Assistant
from rag.facts.catalogue import FactCatalogue
from rag.facts.found import FoundFact
from rag.facts.replacements import Replacements
from rag.facts.stated_days import stated_days

_MOST_ROWS = 50_000  # of a table, which is made in memory
_MOST_PAPERS = 2_000  # of a calendar: the text of each is read
_MOST_ENTRIES = 50  # of a feed, which readers fetch again and again
_CSV, _ICS, _ATOM = "text/csv", "text/calendar", "application/atom+xml"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UTF8 = "; charset=utf-8"


def _described(media_type: str, description: str, *, binary: bool = False) -> dict[int | str, dict[str, Any]]:
    """The description of a file for OpenAPI."""
    schema = {"type": "string", "format": "binary"} if binary else {"type": "string"}
    return {200: {"content": {media_type: {"schema": schema}}, "description": description}}


router = APIRouter(prefix="/v1", tags=["facts"], dependencies=[ReaderDep])


@router.get(
    "/facts.csv",
    operation_id="downloadFactsCsv",
    summary="The same facts as CSV for a spreadsheet",
    response_class=Response,
    responses=_described(_CSV, "UTF-8 with a byte order mark"),
)
async def table(service: ServiceDep, pool: PoolDep, wanted: FactsDep, address: AddressDep) -> Response:
    """All facts that meet the filters, one a row, under Chinese headers. No cell becomes a formula."""

    def work(known: FactCatalogue) -> bytes:
        known.check_named(wanted)
        return facts_csv(_few(known.select(wanted)), address=address).encode()

    data = await pool.run(lambda: service.with_sound_papers(lambda: work(service.assistant.facts)))
    return _file(data, "csv", _CSV + _UTF8)


@router.get(
    "/facts.xlsx",
    operation_id="downloadFactsWorkbook",
    summary="The same facts as a workbook",
    response_class=Response,
    responses=_described(_XLSX, "A workbook of one sheet", binary=True),
)
async def workbook(service: ServiceDep, pool: PoolDep, wanted: FactsDep, address: AddressDep) -> Response:
    """Texts are text and sums in yuan are numbers; no cell becomes a formula or a link."""

    def work(known: FactCatalogue) -> bytes:
        known.check_named(wanted)
        day = wanted.as_of or known.today
        return facts_xlsx(_few(known.select(wanted)), address=address, day=day)

    data = await pool.run(lambda: service.with_sound_papers(lambda: work(service.assistant.facts)))
    return _file(data, "xlsx", _XLSX)


@router.get(
    "/facts/calendar.ics",
    operation_id="downloadFactsCalendar",
    summary="Ends of validity and deadlines, for a calendar",
    response_class=Response,
    responses=_described(_ICS, "An iCalendar file (RFC 5545)"),
)
async def calendar(service: ServiceDep, pool: PoolDep, wanted: PapersDep, address: AddressDep) -> Response:
    """Only days that papers state, each with the quote; one that is computed from a period says so."""

    def work(known: FactCatalogue) -> bytes:
        known.check_named(wanted)
        papers = known.matching_papers(wanted)
        if len(papers) > _MOST_PAPERS:
            raise RequestFault(
                f"{len(papers)} papers are more than the {_MOST_PAPERS} of a calendar. Send `region`"
            )
        days = [day for paper in papers for day in stated_days(paper)]
        name = "、".join((SHEET, *wanted.regions))
        return facts_calendar(days, name=name, address=address, today=known.today)

    data = await pool.run(lambda: service.with_sound_papers(lambda: work(service.assistant.facts)))
    return _file(data, "ics", _ICS + _UTF8)


@router.get(
    "/facts/feed.atom",
    operation_id="followFactChanges",
    summary="What replaced papers changed in their facts",
    response_class=Response,
    responses=_described(_ATOM, "An Atom feed (RFC 4287), newest changes first"),
)
async def feed(service: ServiceDep, pool: PoolDep, wanted: RegionsDep, address: AddressDep) -> Response:
    """New versions, and papers that repeal or supersede others, of some places or of all."""
    asked = f"?{urlencode({'region': wanted.regions}, doseq=True)}" if wanted.regions else ""

    def work(assistant: Assistant) -> bytes:
        known = assistant.facts
        known.check_named(wanted)
        papers = known.matching_papers(wanted) if wanted.regions else None
        ids = frozenset(paper.head.id for paper in papers) if papers is not None else None
        found = Replacements(assistant.catalogue, known).latest(ids, most=_MOST_ENTRIES)
        own = f"{address}/v1/facts/feed.atom{asked}"
        return changes_feed(found, regions=wanted.regions, own=own, address=address)

    data = await pool.run(lambda: service.with_sound_papers(lambda: work(service.assistant)))
    return Response(data, media_type=_ATOM + _UTF8)


def _few(found: tuple[FoundFact, ...]) -> tuple[FoundFact, ...]:
    """The facts, if a table may have so many. Raises RequestFault."""
    if len(found) > _MOST_ROWS:
        raise RequestFault(
            f"{len(found)} facts are more than the {_MOST_ROWS} of a file. Send a filter, such as `region`"
        )
    return found


def _file(data: bytes, ending: str, media_type: str) -> Response:
    return Response(data, media_type=media_type, headers=download_headers(f"{SHEET}.{ending}"))
