"""Pages of the support facts of a paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from fastapi import APIRouter, Request, Response

from api.deps import PoolDep, ReaderDep, ServiceDep, SettingsDep
from api.pages import render
from api.pages.fact_changes import changes_page
from api.pages.fact_page import fact_page
from api.pages.words import Words, words_for
from api.routes.papers.page_responses import METHODS, MOST_WAYS_ON, html_page, missing_page
from api.settings import Settings
from corpus.errors import UnknownDocument
from rag.assistant import Assistant
from rag.facts.replacements import Replacements

# Included before the pages of papers, which take any path below a paper for a clause. No clause has such an
# id: corpus.structure.clauses keeps these addresses free.
router = APIRouter(include_in_schema=False, dependencies=[ReaderDep])


@router.api_route("/d/{document_id}/facts", methods=METHODS)
async def facts(
    document_id: str, request: Request, service: ServiceDep, pool: PoolDep, settings: SettingsDep
) -> Response:
    """The facts of the version in use, each part linked to its words in the paper."""
    around = _Around.of(request, settings)

    def work(assistant: Assistant) -> Response:
        paper = assistant.facts.paper(document_id)
        has_changes = Replacements(assistant.catalogue, assistant.facts).are_possible(paper.head.id)
        page = fact_page(paper, words=around.words, base=around.base, has_changes=has_changes)
        html = render.facts(
            page,
            words=around.words,
            base=around.base,
            public_url=around.url,
            address=around.address + page.canonical,
        )
        return html_page(request, html, status=200, words=around.words)

    return await pool.run(lambda: service.with_sound_papers(lambda: _found(work, service.assistant, around)))


@router.api_route("/d/{document_id}/facts/changes", methods=METHODS)
async def changes(
    document_id: str, request: Request, service: ServiceDep, pool: PoolDep, settings: SettingsDep
) -> Response:
    """What differs from the earlier version and from papers that it replaces, or that replace it."""
    around = _Around.of(request, settings)

    def work(assistant: Assistant) -> Response:
        head = assistant.catalogue.head(document_id)
        found = Replacements(assistant.catalogue, assistant.facts).of(head.id)
        page = changes_page(head, found, words=around.words, base=around.base)
        html = render.changes(
            page,
            words=around.words,
            base=around.base,
            public_url=around.url,
            address=around.address + page.canonical,
        )
        return html_page(request, html, status=200, words=around.words)

    return await pool.run(lambda: service.with_sound_papers(lambda: _found(work, service.assistant, around)))


@dataclass(frozen=True, slots=True)
class _Around:
    """What a page needs besides its content."""

    request: Request
    words: Words
    base: str  # path of the service
    url: str  # of the service, as it is set
    address: str  # of the service, as it was asked

    @classmethod
    def of(cls, request: Request, settings: Settings) -> _Around:
        base: str = request.scope.get("root_path", "")
        url = settings.server.public_url.rstrip("/")
        own = str(request.base_url).rstrip("/").removesuffix(base)
        return cls(request, words_for(request.headers.get("accept-language", "")), base, url, url or own)


def _found(work: Callable[[Assistant], Response], assistant: Assistant, around: _Around) -> Response:
    """The page, or that of a missing paper."""
    try:
        return work(assistant)
    except UnknownDocument:
        some = islice(assistant.catalogue.heads, MOST_WAYS_ON)
        words = around.words
        return missing_page(around.request, words.missing_paper, some, words=words, base=around.base)
