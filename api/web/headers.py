"""Default headers of every response, and CORS."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web.log import HEADER

# For responses that are not pages. A page lists the sources of what it loads.
_NOTHING = "default-src 'none'; frame-ancestors 'none'"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": _NOTHING,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Browsers accept these from https only, and warn about the second elsewhere. A year, in seconds.
_OVER_HTTPS = {
    "Strict-Transport-Security": "max-age=31536000",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def page_policy(*, framed_by: tuple[str, ...] = ()) -> str:
    """The Content-Security-Policy of a page of ours: its own files only."""
    ancestors = " ".join(framed_by) or "'none'"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    )


def download_headers(name: str) -> dict[str, str]:
    """Headers with which every browser saves the file and none shows it: it may be HTML with scripts."""
    encoded = quote(name, safe="")
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{encoded}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }


class SecurityHeaders:
    """ASGI middleware: sets the headers above where a response lacks them."""

    def __init__(self, app: ASGIApp, https: bool) -> None:
        self._app = app
        self._headers = _ALWAYS | (_OVER_HTTPS if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)


class SiteCors(CORSMiddleware):
    """CORS for the pages of registered sites only. No cookies are used."""

    def __init__(
        self, app: ASGIApp, allows: Callable[[str], bool], refused: Callable[[str], Response]
    ) -> None:
        super().__init__(
            app,
            allow_methods=("GET", "POST", "DELETE"),
            allow_headers=("Accept", "Authorization", "Content-Type", HEADER),
            expose_headers=("Retry-After", HEADER),
            max_age=600,
        )
        self._allows, self._refused = allows, refused

    def preflight_response(self, request_headers: Headers) -> Response:
        """The framework's preflight response; a rejection is a problem, as every error is."""
        response = super().preflight_response(request_headers)
        if response.status_code < 400:
            return response
        detail = "pages of this origin may not send this request. `zhengwen site add` registers origins"
        return self._refused(detail)

    def is_allowed_origin(self, origin: str) -> bool:
        return self._allows(origin)
