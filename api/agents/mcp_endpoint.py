"""The endpoint `/mcp` of the Model Context Protocol; its first admitted request imports the SDK (20 MiB)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio
from anyio.abc import TaskGroup, TaskStatus
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.authentication import Access
from api.access.principals import Principal
from api.access.rates import Rates
from api.errors import Busy
from api.service.answers.answer_service import AnswerService
from api.service.pool import Pool
from api.settings import ServerSettings
from api.web import problems

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

_CALLER = "zhengwen.caller"  # key of the ASGI scope that contains a request's caller
_RESTART_S = 5  # after which a service that is being replaced can be asked again


@dataclass(frozen=True, slots=True)
class _Route:
    """The part of a route that log and metrics read."""

    path: str


_ROUTE = _Route("/mcp")


class McpEndpoint:
    """ASGI app for `/mcp`.

    The service's access rules apply, which also check host and origin (DNS rebinding).
    """

    def __init__(
        self, *, service: AnswerService, pool: Pool, access: Access, rates: Rates, settings: ServerSettings
    ) -> None:
        self._service, self._pool, self._access, self._rates = service, pool, access, rates
        self._settings = settings
        self._server: _LazyServer | None = None

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """A context to enter for as long as the app runs."""
        async with anyio.create_task_group() as group:
            self._server = _LazyServer(group, self._pool, self._manager)
            try:
                yield
            finally:
                self._server.end()
                self._server = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Log and metrics name the route of a request; the framework sets it for its own routes only.
        scope.setdefault("route", _ROUTE)
        if scope["method"] != "POST":
            # There are no sessions to end and no messages of our own to receive.
            refused = problems.problem(
                405,
                "method-not-allowed",
                "send a POST: this server keeps no sessions",
                headers={"Allow": "POST"},
            )
            await refused(scope, receive, send)
            return
        server = self._server
        if server is None:
            raise RuntimeError("the endpoint is called outside `run`. Enter it in the app's lifespan")
        connection = HTTPConnection(scope)
        # Before the server is started: a caller that is rejected must not make this process larger.
        scope[_CALLER] = await self._pool.run(lambda: self._admitted(connection))
        answer = await server.started()
        await answer(scope, receive, send)

    def _admitted(self, connection: HTTPConnection) -> Principal:
        """The caller. Raises Rejected, which the app reports as for every other request."""
        principal = self._access.principal(connection)
        self._rates.count_question(principal, address=self._access.address(connection))
        return principal

    def _manager(self) -> StreamableHTTPSessionManager:
        from api.agents import mcp_server

        return mcp_server.over_http(
            self._service, self._pool, self._settings, caller=lambda scope: scope[_CALLER]
        )


class _LazyServer:
    """The server of the SDK, started by the first request and kept in a task of `group` until `end`."""

    def __init__(
        self, group: TaskGroup, pool: Pool, create: Callable[[], StreamableHTTPSessionManager]
    ) -> None:
        self._group, self._pool, self._create = group, pool, create
        self._starting = anyio.Lock()
        self._ended = anyio.Event()
        self._answer: ASGIApp | None = None

    async def started(self) -> ASGIApp:
        """The app that answers. Raises Busy after `end`, and errors of a start; the next call tries again."""
        async with self._starting:
            if self._answer is None and not self._ended.is_set():
                self._answer = await self._group.start(self._keep)
        if self._answer is None or self._ended.is_set():
            raise Busy("the service is being stopped. Try again in a few seconds", retry_after_s=_RESTART_S)
        return self._answer

    def end(self) -> None:
        """Lets the server end; `group` waits for it."""
        self._ended.set()

    async def _keep(self, *, task_status: TaskStatus[ASGIApp]) -> None:
        # In a thread, because the import takes half a second, in which other requests are answered.
        manager = await self._pool.run(self._create)
        # In a task of its own: the one that enters this context has to leave it, and a request ends earlier.
        async with manager.run():
            task_status.started(manager.handle_request)
            await self._ended.wait()
