"""Responses that are pages: HTML with its headers, and the page for an address that does not exist."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from fastapi import Request, Response

from api.pages import render
from api.pages.banner import Linked
from api.pages.links import paper_link
from api.pages.words import Words
from corpus.head.paper_head import PaperHead

# No scripts at all: the content of a paper is text, and nothing in it may run.
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
FRESH_S = 60  # seconds that a browser may show a stale page: a paper can be repealed any day
MOST_WAYS_ON = 50  # papers that the page for a missing address links to
METHODS = ["GET", "HEAD"]


def missing_page(
    request: Request, message: str, papers: Iterable[PaperHead], *, words: Words, base: str
) -> Response:
    ways_on = [Linked(head.source_name, base + paper_link(head.id)) for head in papers]
    html = render.missing(message, ways_on=ways_on, words=words, base=base)
    return html_page(request, html, status=404, words=words)


def html_page(request: Request, html: str, *, status: int, words: Words) -> Response:
    body = html.encode()
    # The page contains everything it shows, status and date included, so its digest changes with any of it.
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "Content-Security-Policy": _POLICY,
        "Content-Language": words.language,
        "Cache-Control": f"private, max-age={FRESH_S}",
        "ETag": tag,
        "Vary": "Accept-Language",
    }
    if status == 200 and has_tag(request, tag):
        return Response(status_code=304, headers=headers)
    return sized(request, body, media_type="text/html; charset=utf-8", headers=headers, status=status)


def has_tag(request: Request, tag: str) -> bool:
    """Whether the browser has this version of the page; proxies may have weakened the tag it sends."""
    tags = {given.strip().removeprefix("W/") for given in request.headers.get("if-none-match", "").split(",")}
    return tag in tags or "*" in tags


def sized(
    request: Request, body: bytes, *, media_type: str, headers: dict[str, str], status: int = 200
) -> Response:
    """The response; for HEAD the same without the body."""
    sent = b"" if request.method == "HEAD" else body
    return Response(
        sent,
        status_code=status,
        media_type=media_type,
        headers=headers | {"Content-Length": str(len(body))},
    )
