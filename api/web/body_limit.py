"""Limits on the size of a request body and on the time it takes to arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import anyio
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.web.problems import problem


@dataclass(frozen=True, slots=True)
class Limit:
    """Most bytes of a body, the seconds within which it has to arrive, and the cure for a larger one."""

    bytes: int
    within_s: float
    cure: str


class BodyLimit:
    """ASGI middleware: answers 413 to a body of more than `limit` bytes and reads no further, and 408 to
    a body that is not complete in time, so that slow senders occupy nothing. `others` has the limits of some
    paths.

    The web framework's own limit answers in plain text; every error of this service is a problem.
    """

    def __init__(self, app: ASGIApp, limit: Limit, others: Mapping[str, Limit]) -> None:
        self._app, self._limit, self._others = app, limit, others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = str(scope["path"]).removeprefix(scope.get("root_path", ""))
        limit = self._others.get(path, self._limit)
        detail = f"the body is larger than {limit.bytes} bytes. {limit.cure}"
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared[:20]) > limit.bytes:
            await problem(413, "content-too-large", detail)(scope, receive, send)
            return
        seen, whole = 0, False
        until = anyio.current_time() + limit.within_s

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
            if seen > limit.bytes:
                raise HTTPException(413, detail)
            return message

        await self._app(scope, receiving, send)
