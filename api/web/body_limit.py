"""Limits on the size of a request body and on the time it takes to arrive."""

from __future__ import annotations

import anyio
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web.problems import problem


class BodyLimit:
    """ASGI middleware: answers 413 to a body of more than `limit` bytes and reads no further, and 408 to
    a body that is not complete after `within_s` seconds, so that slow senders occupy nothing.

    The web framework's own limit answers in plain text; every error of this service is a problem.
    """

    def __init__(self, app: ASGIApp, limit: int, within_s: float) -> None:
        self._app, self._limit, self._within_s = app, limit, within_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared[:20]) > self._limit:
            await problem(413, "content-too-large", self._detail)(scope, receive, send)
            return
        seen, whole = 0, False
        until = anyio.current_time() + self._within_s

        async def receiving() -> Message:
            nonlocal seen, whole
            if whole:  # from here on only the message that the client has disconnected
                return await receive()
            try:
                with anyio.fail_after(until - anyio.current_time()):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, "the body did not come in time. Send it at once") from None
            seen += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if seen > self._limit:
                raise HTTPException(413, self._detail)
            return message

        await self._app(scope, receiving, send)

    @property
    def _detail(self) -> str:
        return f"the body is larger than {self._limit} bytes. Send less of the history"
