"""`zhengwen mcp` as a program starts it: a process of its own, with the bundled model."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp_types import CallToolResult

pytestmark = pytest.mark.model

_COMMAND = ["-c", "from api.cli.main import main; main()", "mcp"]
_QUESTION = "我们首次拿到创新药注册批件，湖南能奖多少钱？"
_QUOTE = "分别给予不超过500万元、100万元、50万元一次性奖补"
_STARTS_WITHIN_S = 300


@pytest.fixture(scope="module")
def variables(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment: a data folder for this file, and the model that other tests converted too."""
    cache = request.config.cache
    assert cache is not None
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ZHENGWEN_")}
    return clean | {
        "ZHENGWEN_DATA_DIR": str(tmp_path_factory.mktemp("zhengwen") / "data"),
        "ZHENGWEN_CACHE_DIR": str(cache.mkdir("embedding-model")),
    }


def test_the_sdks_client_asks_and_verifies(variables: dict[str, str]) -> None:
    # Older forms of the protocol are tried over HTTP, where a start takes no seconds.
    server = StdioServerParameters(command=sys.executable, args=_COMMAND, env=variables)

    async def talk() -> list[CallToolResult]:
        async with Client(server, read_timeout_seconds=_STARTS_WITHIN_S) as client:
            return [
                await client.call_tool("list_documents", {}),
                await client.call_tool("ask", {"question": _QUESTION}),
                await client.call_tool(
                    "verify_citation", {"document": "hunan", "label": "（四）", "quote": _QUOTE}
                ),
                await client.call_tool("get_clause", {"document": "hunan", "clause": "（九十九）"}),
            ]

    listed, answered, verified, wrong = asyncio.run(talk())
    assert len(_structured(listed)["documents"]) == 5
    assert "500万元" in _structured(answered)["text"]
    assert {citation["document_id"] for citation in _structured(answered)["citations"]} == {"hunan"}
    assert _structured(verified)["verified"]
    assert wrong.is_error


def test_only_the_protocol_is_on_stdout(variables: dict[str, str], tmp_path: Path) -> None:
    """Also at the first start, which reads the papers and builds the index."""
    hello: dict[str, Any] = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    }
    sent: list[dict[str, Any]] = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "ask", "arguments": {}}},
    ]
    process = subprocess.Popen(
        [sys.executable, *_COMMAND],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=variables | {"ZHENGWEN_DATA_DIR": str(tmp_path / "data")},
        encoding="utf-8",
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        for message in sent:
            process.stdin.write(json.dumps(message) + "\n")
        process.stdin.flush()
        replies = [json.loads(process.stdout.readline()) for message in sent if "id" in message]
        rest, noise = process.communicate(timeout=_STARTS_WITHIN_S)
    assert [reply["id"] for reply in replies] == [1, 2]
    assert replies[0]["result"]["serverInfo"]["name"] == "zhengwen"
    assert replies[1]["result"]["isError"]
    assert rest == ""
    assert "reading" in noise
    assert process.returncode == 0


def test_it_collects_as_often_as_a_service(variables: dict[str, str]) -> None:
    """A command collects rarely, as it ends soon; this one runs as long as the agent."""
    code = (
        "import atexit, gc, sys; usual = gc.get_threshold(); from api.cli.main import main; "
        "atexit.register(lambda: print('usual', gc.get_threshold() == usual, file=sys.stderr)); main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "mcp"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=variables,
        encoding="utf-8",
        timeout=_STARTS_WITHIN_S,
        check=True,
    )
    assert "usual True" in done.stderr


def _structured(result: CallToolResult) -> dict[str, Any]:
    assert not result.is_error
    assert isinstance(result.structured_content, dict)
    return result.structured_content
