"""The server of the Model Context Protocol: the tools behind the SDK, over stdio or HTTP."""

from __future__ import annotations

import logging
from collections.abc import Callable
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
from starlette.requests import Request
from starlette.types import Scope

from api.access.principals import Local, Principal
from api.agents.addresses import base_of
from api.agents.tools import INSTRUCTIONS, TOOLS, Call, Outcome, Tool
from api.errors import ApiError
from api.service.answers.answer_service import AnswerService
from api.service.pool import Pool
from api.settings import ServerSettings
from api.web import problems

_MOST_ARGUMENTS = 50  # more than any tool takes; each unknown one would be a fault of its own
_BY_NAME = {tool.name: tool for tool in TOOLS}

log = logging.getLogger("zhengwen.mcp")


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


def over_http(
    service: AnswerService, pool: Pool, settings: ServerSettings, *, caller: Callable[[Scope], Principal]
) -> StreamableHTTPSessionManager:
    """Serves requests to `/mcp`, each answer one JSON body; `caller` returns the caller of a request.

    There are no sessions: no state is kept between requests, so any worker process can serve the next one.
    """

    def calling(context: Context) -> Call:
        assert context.request is not None, "a call over HTTP comes with its request"
        base = base_of(context.request, settings.public_url)
        return Call(service, caller(context.request.scope), base, settings.max_question_chars)

    return StreamableHTTPSessionManager(build(pool, calling), json_response=True, stateless=True)


async def _run(tool: Tool[Any], given: dict[str, Any], call: Call, pool: Pool) -> CallToolResult:
    """The result of a tool; errors are returned to the model, which can correct its call."""
    if len(given) > _MOST_ARGUMENTS:
        return _failed(f"{tool.name}: {len(given)} arguments are more than any tool takes")
    try:
        arguments = tool.arguments.model_validate(given)

        def work() -> Outcome:
            return call.service.with_sound_papers(lambda: tool.run(arguments, call))

        if tool.heavy:
            async with pool.slot():
                outcome = await pool.step(work)
        else:
            outcome = await pool.run(work)
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
