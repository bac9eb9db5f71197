"""The widget, and the pages that show it: the service's own, the one for frames, the demonstration."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.deps import AccessDep, PoolDep
from api.errors import SiteUnknown
from api.web import assets
from api.web.headers import page_policy

router = APIRouter(include_in_schema=False)
_METHODS = ["GET", "HEAD"]  # link checkers send HEAD only

_pages = Environment(
    loader=FileSystemLoader(assets.STATIC / "pages"), autoescape=True, undefined=StrictUndefined
)
# Whether the form “能申请什么” is offered in the chat, shown before it, or left out.
Eligibility = Literal["offered", "first", "none"]
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


@router.api_route("/widget.js", methods=_METHODS)
async def widget(request: Request) -> Response:
    return _asset("widget.js").answer(request)


@router.api_route("/static/{name}", methods=_METHODS)
async def static(name: str, request: Request) -> Response:
    return _asset(name).answer(request) if name in _names() else Response(status_code=404)


@router.api_route("/", methods=_METHODS)
async def chat(
    request: Request, access: AccessDep, pool: PoolDep, eligibility: Eligibility = "offered"
) -> Response:
    """The chat as a page of its own."""
    site = await pool.run(lambda: access.site_of_own_page(request))
    return _page("chat.html", site=site.key if site else "", attributes={"eligibility": eligibility})


@router.api_route("/demo", methods=_METHODS)
async def demo(request: Request, access: AccessDep, pool: PoolDep) -> Response:
    """An example page of a portal with the widget."""
    site = await pool.run(lambda: access.site_of_own_page(request))
    return _page("demo.html", site=site.key if site else "")


@router.api_route("/embed", methods=_METHODS)
async def embed(
    request: Request,
    access: AccessDep,
    pool: PoolDep,
    site: str = "",
    lang: Literal["", "zh", "zh-CN", "zh-Hant", "en"] = "",
    theme: Literal["auto", "light", "dark"] = "auto",
    history: Literal["device", "none"] = "device",
    eligibility: Eligibility = "offered",
    heading: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """The chat for frames in pages of that site only; their origins come from the records."""
    found = await pool.run(lambda: access.site(site))
    if found is None:
        raise SiteUnknown("no site has this key. `zhengwen site list` shows the keys in use")
    return _page(
        "embed.html",
        site=found.key,
        framed_by=found.origins,
        attributes={
            "lang": lang,
            "theme": theme,
            "history": history,
            "heading": heading,
            "eligibility": eligibility,
        },
    )


def _page(
    name: str, *, site: str, framed_by: tuple[str, ...] = (), attributes: Mapping[str, str] | None = None
) -> Response:
    """A page; `attributes` are those of its chat element, empty ones left out."""
    given = {key: value for key, value in (attributes or {}).items() if value}
    body = _pages.get_template(name).render(site=site, attributes=given)
    headers = {"Content-Security-Policy": page_policy(framed_by=framed_by), "Cache-Control": "no-store"}
    return Response(body, headers=headers, media_type="text/html; charset=utf-8")


@cache
def _names() -> frozenset[str]:
    return frozenset(path.name for path in assets.STATIC.iterdir() if path.suffix in _TYPES)


@cache
def _asset(name: str) -> assets.Asset:
    return assets.load(name, media_type=_TYPES[name[name.rindex(".") :]])
