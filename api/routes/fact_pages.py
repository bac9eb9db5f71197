"""Pages of the support facts of a paper."""

from __future__ import annotations

from itertools import islice

from fastapi import APIRouter, Request, Response

from api.deps import PoolDep, ReaderDep, ServiceDep, SettingsDep
from api.pages import render
from api.pages.fact_page import fact_page
from api.pages.words import words_for
from api.routes.page_responses import METHODS, MOST_WAYS_ON, html_page, missing_page
from corpus.errors import UnknownDocument
from rag.assistant import Assistant

# Included before the pages of papers, which take any path below a paper for a clause. No clause has such an
# id: corpus.structure.clauses keeps these addresses free.
router = APIRouter(include_in_schema=False, dependencies=[ReaderDep])


@router.api_route("/d/{document_id}/facts", methods=METHODS)
async def facts(
    document_id: str, request: Request, service: ServiceDep, pool: PoolDep, settings: SettingsDep
) -> Response:
    """The facts of the version in use, each part linked to its words in the paper."""
    words = words_for(request.headers.get("accept-language", ""))
    url, base = settings.server.public_url.rstrip("/"), request.scope.get("root_path", "")

    def work(assistant: Assistant) -> Response:
        try:
            page = fact_page(assistant.facts.paper(document_id), words=words, base=base)
        except UnknownDocument:
            some = islice(assistant.catalogue.heads, MOST_WAYS_ON)
            return missing_page(request, words.missing_paper, some, words=words, base=base)
        address = (url or str(request.base_url).rstrip("/").removesuffix(base)) + page.canonical
        html = render.facts(page, words=words, base=base, public_url=url, address=address)
        return html_page(request, html, status=200, words=words)

    return await pool.run(lambda: service.with_sound_papers(lambda: work(service.assistant)))
