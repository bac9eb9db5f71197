"""The server of MCP starts with the first admitted request to `/mcp`, once, and ends with the app."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx
import pytest
from endpoints import client_of
from fastapi import FastAPI
from fastapi.testclient import TestClient
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from one_paper import OnePaper

from api.access.rates import Rates
from api.agents import mcp_server
from api.app import create_app
from api.errors import RateLimited
from api.records import Records
from api.settings import Settings

_LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
_ASK = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "ask", "arguments": {"question": "新药奖补多少？"}},
}
_ACCEPT = {"accept": "application/json, text/event-stream"}
_CLIENTS = 8
_MINUTES = 180.0  # seconds after which a test that waits for an event fails


class Starts:
    """Counts the servers that are created; `before` runs in the thread that creates one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.before: Callable[[], object] = lambda: None
        original = mcp_server.over_http

        def counted(*given: Any, **named: Any) -> StreamableHTTPSessionManager:
            self.count += 1
            self.before()
            return original(*given, **named)

        monkeypatch.setattr(mcp_server, "over_http", counted)


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> Starts:
    return Starts(monkeypatch)


@pytest.fixture
def app(assistant: OnePaper, settings: Settings, records: Records) -> FastAPI:
    return create_app(assistant, settings, records=records)


@asynccontextmanager
async def _calling(app: FastAPI) -> AsyncIterator[Callable[..., Any]]:
    """A function that sends a message to `/mcp` and appends the status to a list."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("127.0.0.1", 50_000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:

        async def call(statuses: list[int], message: dict[str, Any]) -> None:
            statuses.append((await client.post("/mcp", json=message, headers=_ACCEPT)).status_code)

        yield call


async def _until(holds: Callable[[], object]) -> None:
    with anyio.fail_after(_MINUTES):
        while not holds():
            await anyio.sleep(0.001)


def _status(client: TestClient, **headers: str) -> int:
    return client.post("/mcp", json=_LIST, headers=_ACCEPT | headers).status_code


def test_first_requests_at_once_start_one_server(
    app: FastAPI, starts: Starts, monkeypatch: pytest.MonkeyPatch
) -> None:
    admitted: list[str] = []
    monkeypatch.setattr(Rates, "count_question", lambda _, __, *, address: admitted.append(address))
    all_admitted = threading.Event()
    starts.before = lambda: all_admitted.wait(_MINUTES)
    statuses: list[int] = []

    async def main() -> None:
        async with (
            app.router.lifespan_context(app),
            _calling(app) as call,
            anyio.create_task_group() as group,
        ):
            for _ in range(_CLIENTS):
                group.start_soon(call, statuses, _LIST)
            await _until(lambda: len(admitted) == _CLIENTS)
            all_admitted.set()

    anyio.run(main)
    assert statuses == [200] * _CLIENTS
    assert starts.count == 1


def test_a_rejected_caller_starts_no_server(
    client: TestClient, starts: Starts, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/mcp").status_code == 405
    assert _status(client, origin="https://evil.example") == 403

    def too_often(_: Rates, __: object, *, address: str) -> None:
        raise RateLimited(f"{address} has asked too often", retry_after_s=1)

    with monkeypatch.context() as during:
        during.setattr(Rates, "count_question", too_often)
        assert _status(client) == 429
    assert starts.count == 0
    assert _status(client) == 200
    assert starts.count == 1


def test_a_start_that_fails_is_reported_and_tried_again(client: TestClient, starts: Starts) -> None:
    def fail() -> None:
        raise ImportError("a broken installation")

    starts.before = fail
    for _ in range(2):
        failed = client.post("/mcp", json=_LIST, headers=_ACCEPT)
        assert failed.status_code == 500
        assert failed.json()["type"].endswith("internal-error")
    starts.before = lambda: None
    assert _status(client) == 200
    assert _status(client) == 200
    assert starts.count == 3


def test_an_app_that_was_never_asked_ends_and_can_run_again(app: FastAPI, starts: Starts) -> None:
    with client_of(app) as client:
        assert client.get("/health").status_code == 200
    assert starts.count == 0
    for runs in (1, 2):
        with client_of(app) as client:
            assert _status(client) == 200
        assert starts.count == runs


def test_the_app_ends_while_the_server_starts(app: FastAPI, starts: Starts) -> None:
    begun, go_on = threading.Event(), threading.Event()
    statuses: list[int] = []

    def before() -> None:
        begun.set()
        go_on.wait(_MINUTES)

    async def main() -> None:
        async with (
            _calling(app) as call,
            anyio.create_task_group() as group,
            app.router.lifespan_context(app),
        ):
            group.start_soon(call, statuses, _LIST)
            await _until(begun.is_set)
            group.start_soon(_later, go_on)

    starts.before = before
    anyio.run(main)
    assert statuses == [503]


def test_the_app_ends_while_a_tool_runs(app: FastAPI, assistant: OnePaper) -> None:
    assistant.gate.clear()
    statuses: list[int] = []

    async def main() -> None:
        async with (
            _calling(app) as call,
            anyio.create_task_group() as group,
            app.router.lifespan_context(app),
        ):
            group.start_soon(call, statuses, _ASK)
            await _until(lambda: assistant.running)
            group.start_soon(_later, assistant.gate)

    anyio.run(main)
    assert len(statuses) == 1


async def _later(event: threading.Event) -> None:
    """Sets the event when the other tasks have nothing to do but wait for it."""
    await anyio.wait_all_tasks_blocked()
    event.set()
