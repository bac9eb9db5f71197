"""Permalinks: a paper as a page, with the clause and the quote in the address marked."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.deps import AssistantDep, PoolDep, ReaderDep, SettingsDep, VersionQuery
from api.pages import render
from api.pages.acts import acts_on
from api.pages.links import quoted_place
from api.pages.picture import PDF, page_picture, places_of
from api.pages.versions import ShownVersions
from api.pages.view import paper_page
from api.pages.words import Words, words_for
from api.routes.papers.page_responses import (
    FRESH_S,
    METHODS,
    MOST_WAYS_ON,
    has_tag,
    html_page,
    missing_page,
    sized,
)
from api.web.headers import download_headers
from api.wire.papers import clause_named
from corpus.catalogue.relations import relations_of
from corpus.errors import UnknownClause, UnknownDocument, UnknownVersion, UnreadableDocument
from corpus.head.paper_head import PaperHead
from corpus.model import Span
from rag.assistant import Assistant
from rag.language.citation_names import source_name

router = APIRouter(include_in_schema=False)

_STYLES_KEPT_S = 31_536_000  # a year: other content has another name


@router.api_route("/pages/{name}", methods=METHODS)
async def look(name: str, request: Request) -> Response:
    """Style sheet and icon of the pages."""
    found = render.style_file_named(name)
    if found is None:
        return Response(status_code=404)
    headers = {"Cache-Control": f"public, max-age={_STYLES_KEPT_S}, immutable"}
    return sized(request, found.body, media_type=found.media_type, headers=headers)


@router.api_route("/d/{document_id}/page/{number}.png", methods=METHODS, dependencies=[ReaderDep])
async def picture(
    document_id: str,
    number: Annotated[int, Path(ge=1, le=100_000)],
    request: Request,
    assistant: AssistantDep,
    pool: PoolDep,
    clause: str = "",
    q: str = "",
) -> Response:
    """A page of the original PDF; the lines of the clause, or of the quote, are marked."""

    def work() -> Response:
        return _picture(document_id, number, clause, q, assistant=assistant, request=request)

    return await pool.run(work)


@router.api_route("/d/{document_id}/original", methods=METHODS, dependencies=[ReaderDep])
async def original(document_id: str, request: Request, assistant: AssistantDep, pool: PoolDep) -> Response:
    """The file of a paper as received, to be saved; no browser shows it, as it may be a page with scripts."""

    def work() -> Response:
        try:
            document = assistant.document(document_id)
            data = assistant.catalogue.original(document)
        except UnknownDocument:
            data = b""
        if not data:
            return Response(status_code=404)
        headers = download_headers(document.source.name) | {"Cache-Control": f"private, max-age={FRESH_S}"}
        return sized(request, data, media_type="application/octet-stream", headers=headers)

    return await pool.run(work)


@router.api_route("/d/{document_id}", methods=METHODS, dependencies=[ReaderDep])
@router.api_route("/d/{document_id}/{clause:path}", methods=METHODS, dependencies=[ReaderDep])
async def paper(
    document_id: str,
    request: Request,
    assistant: AssistantDep,
    pool: PoolDep,
    settings: SettingsDep,
    clause: str = "",
    q: str = "",
    version: VersionQuery = None,
) -> Response:
    """The paper; `clause` is an id or a label, `q` the offsets of a quote: "120-151"."""
    words = words_for(request.headers.get("accept-language", ""))
    public_url = settings.server.public_url.rstrip("/")

    def work() -> Response:
        return _answer(
            document_id, clause, q, version, assistant=assistant, request=request, words=words, url=public_url
        )

    return await pool.run(work)


def _answer(
    document_id: str,
    clause: str,
    q: str,
    version: int | None,
    *,
    assistant: Assistant,
    request: Request,
    words: Words,
    url: str,
) -> Response:
    base, catalogue = request.scope.get("root_path", ""), assistant.catalogue
    try:
        document = in_use = assistant.document(document_id)
        if version is not None:
            document = catalogue.version(document_id, version)
        earlier = version if document != in_use else None
        named = clause_named(document, clause) if clause else None
    except UnknownVersion:
        message = words.missing_version.format(paper=source_name(in_use))
        return missing_page(request, message, [PaperHead.of(in_use)], words=words, base=base)
    except UnknownDocument:
        some = islice(assistant.catalogue.heads, MOST_WAYS_ON)
        return missing_page(request, words.missing_paper, some, words=words, base=base)
    except UnknownClause:
        message = words.missing_clause.format(paper=source_name(document))
        return missing_page(request, message, [PaperHead.of(document)], words=words, base=base)
    page = paper_page(
        document,
        named,
        status=catalogue.status(document.id),
        acts=acts_on(document.id, catalogue),
        relations=relations_of(document.id, catalogue) if earlier is None else None,
        today=catalogue.today,
        place=quoted_place(q),
        quote_asked=bool(q),
        versions=ShownVersions(catalogue.versions(document.id), earlier),
        words=words,
        base=base,
    )
    address = (url or str(request.base_url).rstrip("/").removesuffix(base)) + page.canonical
    html = render.paper(page, words=words, base=base, public_url=url, address=address)
    return html_page(request, html, status=200, words=words)


def _picture(
    document_id: str, number: int, clause: str, q: str, *, assistant: Assistant, request: Request
) -> Response:
    try:
        document = assistant.document(document_id)
        named = clause_named(document, clause) if clause else None
        asked = quoted_place(q)
        span = asked.in_text(document.text) if asked else None
        if span is None and named is not None:
            span = Span(named.start, named.tree_end)
        places = places_of(document, span) if span else ()
        known = f"{document.source.sha256} {number} {[place.box for place in places if place.page == number]}"
        tag = f'"{hashlib.sha256(known.encode()).hexdigest()[:32]}"'
        headers = {"Cache-Control": f"private, max-age={FRESH_S}", "ETag": tag}
        if document.source.media_type != PDF:
            return Response(status_code=404)
        if has_tag(request, tag):
            return Response(status_code=304, headers=headers)
        original = assistant.catalogue.original(document)
        if not original:
            return Response(status_code=404)
        body = page_picture(original, number, places, name=document.source.name)
    except (UnknownDocument, UnknownClause, UnreadableDocument):
        return Response(status_code=404)
    return sized(request, body, media_type="image/png", headers=headers)
