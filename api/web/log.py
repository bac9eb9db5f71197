"""Logs as one line of JSON each, with the id of the request and without the question."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web import metrics

HEADER = "X-Request-ID"
# "7f3a-42.req" from a proxy in front; anything else is replaced, so logs contain no foreign text.
_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{1,64}")

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# The id of the request being answered; threads that work for it see the same value.
request_id: ContextVar[str] = ContextVar("request_id", default="-")

log = logging.getLogger("zhengwen.http")


class JsonLines(logging.Formatter):
    """One JSON object per record: time, level, logger, request id, event and the fields of `extra`."""

    _OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request_id": request_id.get(),
            "event": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in self._OWN}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def configure(level: str) -> None:
    """Sends all logs to stderr as JSON lines, of `level` and above."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # The SDK logs the end of a session for every request, though there are no sessions.
    logging.getLogger("mcp").setLevel(logging.WARNING)


class RequestLog:
    """ASGI middleware: gives each request an id and writes one line when it is done."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        own = given if _ACCEPTABLE.fullmatch(given) else secrets.token_hex(8)
        # Never reset: the server gives each request a task and thereby a context of its own, and the handler
        # of unexpected errors, which runs outside this middleware, logs the id too.
        request_id.set(own)
        began = time.perf_counter()
        status = 500  # when an unexpected error comes before any response

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = own
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            # The route and not the path, which may contain what a visitor reads.
            route = getattr(scope.get("route"), "path", "unknown")
            taken = time.perf_counter() - began
            method = scope["method"] if scope["method"] in _METHODS else "other"
            metrics.REQUESTS.labels(method, route, str(status)).inc()
            metrics.REQUEST_SECONDS.labels(route).observe(taken)
            log.info(
                "request",
                extra={
                    "method": method,
                    "route": route,
                    "status": status,
                    "ms": round(taken * 1000, 1),
                },
            )
