"""The commands that people wait for import none of the heavy libraries that they can do without."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

pytestmark = pytest.mark.model

_QUESTION = "湖南对首次获批的创新药奖多少？"
_HEAVY = frozenset({"torch", "transformers", "sentence_transformers", "scipy", "matplotlib", "bm25s", "onnx"})
_SERVER_ONLY = frozenset({"fastapi", "alembic", "mcp", "uvicorn"})
# import time:      1216 |      41370 |     scipy.sparse
_IMPORTED = re.compile(r"^import time: +\d+ \| +\d+ \| +(\w+)", re.MULTILINE)
_ADDRESS = re.compile(r"zhengwen answers at (http://\S+)")


@pytest.fixture(scope="module")
def environment(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A data folder for this file, where one question has been answered, and the model of other tests."""
    cache = request.config.cache
    assert cache is not None
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ZHENGWEN_")}
    found = clean | {
        "ZHENGWEN_DATA_DIR": str(tmp_path_factory.mktemp("zhengwen") / "data"),
        "ZHENGWEN_CACHE_DIR": str(cache.mkdir("embedding-model")),
    }
    _finished(found, "ask", _QUESTION)
    return found


def _started(environment: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-X", "importtime", "-c", "from api.cli.main import main; main()", *arguments]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8"
    )


def _finished(environment: Mapping[str, str], *arguments: str) -> set[str]:
    """The packages that a command imported."""
    with _started(environment, *arguments) as process:
        _, written = process.communicate()
    assert process.returncode == 0, written
    return set(_IMPORTED.findall(written))


def test_a_question(environment: dict[str, str]) -> None:
    imported = _finished(environment, "ask", _QUESTION)
    assert "onnxruntime" in imported
    assert not imported & (_HEAVY | _SERVER_ONLY | {"langchain_text_splitters"})


def test_a_paper_that_is_added(environment: dict[str, str], tmp_path: Path) -> None:
    paper = tmp_path / "notice.txt"
    paper.write_text(
        "青山市人民政府办公室关于支持竹产业发展的通知\n\n（一）对新建竹材加工厂的企业，一次性奖补37万元。\n",
        encoding="utf-8",
    )
    imported = _finished(environment, "ingest", str(paper))
    assert "onnxruntime" in imported
    assert not imported & (_HEAVY | _SERVER_ONLY)


def test_a_list_of_papers(environment: dict[str, str]) -> None:
    imported = _finished(environment, "documents")
    assert "sqlalchemy" in imported
    assert not imported & (_HEAVY | _SERVER_ONLY | {"onnxruntime", "faiss", "tokenizers"})


def test_a_server_without_and_with_requests_to_mcp(environment: dict[str, str]) -> None:
    imported: set[str] = set()
    # Requests run beside the reading: a full pipe would stop the server.
    with _started(environment, "serve", "--port", "0") as process, ThreadPoolExecutor(1) as requests:

        def read_until(found: Callable[[str], object]) -> str:
            assert process.stderr is not None
            for line in process.stderr:
                imported.update(_IMPORTED.findall(line))
                if found(line):
                    return line
            raise AssertionError("the server has ended")

        try:
            address = _ADDRESS.match(read_until(_ADDRESS.match))[1]  # type: ignore[index]
            assert "onnxruntime" in imported
            assert not imported & (_HEAVY | {"mcp"})
            rejected = requests.submit(_list_tools, address, {"Origin": "https://evil.example"})
            read_until(_logged("/mcp", 403))
            assert rejected.result() == 403
            assert "mcp" not in imported
            admitted = requests.submit(_list_tools, address, {})
            read_until(_logged("/mcp", 200))
            assert admitted.result() == 200
            assert "mcp" in imported
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate()
    assert not imported & _HEAVY


def _logged(route: str, status: int) -> Callable[[str], bool]:
    """Whether a line of the server's stderr is its log line of such a request."""
    return lambda line: f'"route": "{route}", "status": {status},' in line


def _list_tools(address: str, headers: dict[str, str]) -> int:
    """Calls `/mcp`; returns the status."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()
    accept = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(f"{address}/mcp", body, accept | headers)
        ) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_processes_are_forked_from_one_that_has_imported_mcp(environment: dict[str, str]) -> None:
    code = "import sys; from api.process import preloaded; print('mcp' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, encoding="utf-8", check=True
    )
    assert ran.stdout == "True\n"


@pytest.mark.parametrize(
    "command", [["ask", _QUESTION], ["ingest", __file__], ["serve", "--port", "0"], ["mcp"]]
)
def test_what_takes_long_is_announced_before_what_takes_long_to_import(
    environment: dict[str, str], tmp_path: Path, command: list[str]
) -> None:
    fresh = environment | {"ZHENGWEN_DATA_DIR": str(tmp_path), "ZHENGWEN_CACHE_DIR": str(tmp_path)}
    with _started(fresh, *command) as process:
        assert process.stderr is not None
        before = []
        for line in process.stderr:
            before.append(line)
            if line.startswith("First start: "):
                break
        process.kill()
        process.communicate()
    assert before[-1].startswith("First start: ")
    imported = set(_IMPORTED.findall("".join(before)))
    assert "pydantic" in imported
    # Papers are stored, which is quick, before the index of them is announced.
    late = {"onnxruntime"} if command[0] == "ingest" else {"onnxruntime", "faiss", "sqlalchemy"}
    assert not imported & (_HEAVY | _SERVER_ONLY | late)
