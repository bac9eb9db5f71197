"""Errors in the format that OpenAI's clients read."""

from __future__ import annotations

import json
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.agents.chat.schemas import Error, ErrorBody, ErrorType
from api.errors import ApiError
from api.web.problems import MEDIA_TYPE

_TYPES: Mapping[int, ErrorType] = {
    401: "authentication_error",
    403: "permission_error",
    429: "rate_limit_error",
}
_PATHS = ("/v1/chat/", "/v1/models")


class Refused(ApiError):
    """A valid OpenAI request that this service does not support."""

    def __init__(
        self, message: str, *, param: str, code: str = "unsupported_value", status: int = 400
    ) -> None:
        super().__init__(message)
        self.param, self.code, self.status = param, code, status


def body_of(message: str, *, status: int, code: str, param: str | None = None) -> Error:
    """The error in OpenAI's format."""
    kind = _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return Error(error=ErrorBody(message=message, type=kind, param=param, code=code))


def refusal(error: Refused) -> Response:
    body = body_of(str(error), status=error.status, code=error.code, param=error.param)
    return Response(body.model_dump_json(), status_code=error.status, media_type="application/json")


class OpenAIErrors:
    """ASGI middleware: turns a problem response of OpenAI's endpoints into OpenAI's format.

    It wraps everything that may reject a request, so that rejections by other middleware (too large, not
    allowed, too many) have the same format as those of the route.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_PATHS):
            await self._app(scope, receive, send)
            return
        translating = _Translating(send)
        try:
            await self._app(scope, receive, translating)
        except Exception as error:
            # Whatever it is: the framework would answer it outside of all middleware, as a problem. It is
            # raised again, so that the server logs it as any other.
            if not translating.began:
                foreseen = await scope["app"].exception_handlers[Exception](Request(scope), error)
                await foreseen(scope, receive, translating)
            raise


class _Translating:
    """Forwards a response, but rewrites a problem."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None  # of a problem, delayed until its body has arrived
        self._body = b""
        self.began = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.began = True
            if MutableHeaders(scope=message).get("content-type", "").startswith(MEDIA_TYPE):
                self._start = message
                return
        if self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._translate(self._start)

    async def _translate(self, start: Message) -> None:
        problem = json.loads(self._body)
        faults = problem.get("errors") or [{}]
        error = body_of(
            problem["detail"],
            status=problem["status"],
            code=problem["type"].rpartition(":")[2],
            param=faults[0].get("field") or None,
        )
        body = error.model_dump_json().encode()
        headers = MutableHeaders(scope=start)
        headers["content-type"] = "application/json"
        headers["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})
