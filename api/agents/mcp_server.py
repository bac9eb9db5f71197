"""The server of the Model Context Protocol: the tools behind the SDK, over stdio or HTTP."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Tool as ToolOnWire
from pydantic import ValidationError
from starlette.requests import HTTPConnection, Request
from starlette.types import Receive, Scope, Send

from api.access.authentication import Access
from api.access.principals import Local, Principal
from api.access.rates import Rates
from api.agents.addresses import base_of
from api.agents.tools import INSTRUCTIONS, TOOLS, Call, Tool
from api.errors import ApiError
from api.service.answer_service import AnswerService
from api.service.pool import Pool
from api.settings import ServerSettings
from api.web import problems

_CALLER = "zhengwen.caller"  # key of the ASGI scope that contains a request's caller
_MOST_ARGUMENTS = 50  # more than any tool takes; each unknown one would be a fault of its own
_BY_NAME = {tool.name: tool for tool in TOOLS}

log = logging.getLogger("zhengwen.mcp")


@dataclass(frozen=True, slots=True)
class _Route:
    """The part of a route that log and metrics read."""

    path: str


_ROUTE = _Route("/mcp")

Context = ServerRequestContext[dict[str, Any], Request]
Calling = Callable[[Context], Call]  # returns the caller, depending on the transport


def build(pool: Pool, calling: Calling) -> Server[dict[str, Any]]:
    """The server with its tools."""
    listed = ListToolsResult(tools=[_on_wire(tool) for tool in TOOLS])

    async def list_tools(_: Context, __: PaginatedRequestParams | None) -> ListToolsResult:
        return listed

    async def call_tool(context: Context, params: CallToolRequestParams) -> CallToolResult:
        tool = _BY_NAME.get(params.name)
        if tool is None:
            names = ", ".join(_BY_NAME)
            raise MCPError(
                code=INVALID_PARAMS, message=f"no tool is called {params.name!r}; there are {names}"
            )
        return await _run(tool, params.arguments or {}, calling(context), pool)

    return Server(
        "zhengwen",
        version=version("zhengwen"),
        title="Policy papers",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def over_stdio(service: AnswerService, pool: Pool, settings: ServerSettings) -> None:
    """Serves the program that started this one, until it closes our stdin."""
    call = Call(service, Local(), settings.public_url, settings.max_question_chars)
    server = build(pool, lambda _: call)
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


class McpEndpoint:
    """ASGI app for `/mcp`: streamable HTTP without sessions, each answer one JSON body.

    No state is kept between requests, so any worker process can serve the next one. The service's access
    rules apply, which also check host and origin (DNS rebinding).
    """

    def __init__(
        self, *, service: AnswerService, pool: Pool, access: Access, rates: Rates, settings: ServerSettings
    ) -> None:
        self._service, self._pool, self._access, self._rates = service, pool, access, rates
        self._settings = settings
        self._server = build(pool, self._call)
        self._manager: StreamableHTTPSessionManager | None = None

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """A context to enter for as long as the app runs."""
        manager = StreamableHTTPSessionManager(self._server, json_response=True, stateless=True)
        async with manager.run():
            self._manager = manager
            try:
                yield
            finally:
                self._manager = None

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
        if self._manager is None:
            raise RuntimeError("the endpoint is called outside `run`. Enter it in the app's lifespan")
        connection = HTTPConnection(scope)
        scope[_CALLER] = await self._pool.run(lambda: self._admitted(connection))
        await self._manager.handle_request(scope, receive, send)

    def _admitted(self, connection: HTTPConnection) -> Principal:
        """The caller. Raises Rejected, which the app reports as for every other request."""
        principal = self._access.principal(connection)
        self._rates.count_question(principal, address=self._access.address(connection))
        return principal

    def _call(self, context: Context) -> Call:
        assert context.request is not None, "a call over HTTP comes with its request"
        principal: Principal = context.request.scope[_CALLER]
        base = base_of(context.request, self._settings.public_url)
        return Call(self._service, principal, base, self._settings.max_question_chars)


async def _run(tool: Tool[Any], given: dict[str, Any], call: Call, pool: Pool) -> CallToolResult:
    """The result of a tool; errors are returned to the model, which can correct its call."""
    if len(given) > _MOST_ARGUMENTS:
        return _failed(f"{tool.name}: {len(given)} arguments are more than any tool takes")
    try:
        arguments = tool.arguments.model_validate(given)
        if tool.heavy:
            async with pool.slot():
                outcome = await pool.step(lambda: tool.run(arguments, call))
        else:
            outcome = await pool.run(lambda: tool.run(arguments, call))
    except ValidationError as error:
        return _failed(f"{tool.name}: {problems.in_one_line(problems.faults_of(error))}")
    except ApiError as error:
        return _failed(str(error))
    except Exception as error:  # noqa: BLE001 - the outermost edge: the model gets a short message, the log the cause
        return _failed(problems.problem_of(error).detail)
    log.info("tool", extra={"tool": tool.name})
    return CallToolResult(
        content=[TextContent(type="text", text=outcome.text)],
        structured_content=outcome.result.model_dump(mode="json"),
    )


def _failed(message: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=message)], is_error=True)


def _on_wire(tool: Tool[Any]) -> ToolOnWire:
    return ToolOnWire(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.arguments.model_json_schema(),
        output_schema=tool.result.model_json_schema(mode="serialization"),
        annotations=ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )
