"""Starts the servers to measure, each by its own command."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

PAPERS = Path(__file__).resolve().parents[2] / "corpus" / "documents"
PEER = "baisitong==1.0.6"
_STARTS_IN_S = 300.0  # the first start converts the model and builds the index
_STOPS_IN_S = 60.0
_ASK_AGAIN_S = 0.2


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    name: str
    url: str  # of its endpoint for questions
    pid: int
    template: str  # a body, with @QUESTION@ as a JSON string


def data_dir(folder: Path) -> Path:
    """Returns where our server keeps its data."""
    return folder / "data"


@contextmanager
def zhengwen(folder: Path, *, workers: int | None, settings: Sequence[str]) -> Iterator[Server]:
    """Runs `zhengwen serve` over the five papers; its log is `folder`/zhengwen.log.

    `settings` are variables, such as ZHENGWEN_SERVER__QUEUE=16; variables of the shell are ignored.
    """
    port = free_port()
    environment = {
        key: value for key, value in os.environ.items() if not key.upper().startswith("ZHENGWEN_")
    } | dict(setting.split("=", 1) for setting in settings)
    environment["ZHENGWEN_DATA_DIR"] = str(data_dir(folder))
    # The console script without its name, so that a checkout on PYTHONPATH can be measured as well.
    command = [sys.executable, "-c", "from api.cli.main import main; main()", "serve", "--port", str(port)]
    if workers is not None:
        command += ["--workers", str(workers)]
    with _started(command, environment=environment, log=folder / "zhengwen.log", folder=folder) as pid:
        address = f"http://127.0.0.1:{port}"
        _wait(f"{address}/health", pid)
        yield Server("zhengwen", f"{address}/v1/ask", pid, '{"question": @QUESTION@}')


@contextmanager
def null(folder: Path, reply: bytes) -> Iterator[Server]:
    """Runs a server that returns that reply to every request at once."""
    port = free_port()
    kept = folder / "reply"
    kept.write_bytes(reply)
    command = [sys.executable, str(Path(__file__).with_name("null_server.py")), str(port), str(kept)]
    with _started(command, environment=dict(os.environ), log=folder / "null.log", folder=folder) as pid:
        _wait_for_port(port)
        yield Server("nothing", f"http://127.0.0.1:{port}/", pid, '{"question": @QUESTION@}')


def install_peer(folder: Path) -> Path:
    """Creates a virtual environment with the peer from PyPI, or reuses the existing one."""
    venv = folder / "venv"
    program = venv / "bin" / "baisitong"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        subprocess.run([str(venv / "bin" / "pip"), "install", "--quiet", PEER], check=True)
    return program


@contextmanager
def peer(folder: Path, program: Path) -> Iterator[Server]:
    """Runs the peer by its own command, after replacing its papers with ours by its own upload."""
    port = free_port()
    # With a key of a language model it would call that; without, it works on this machine alone.
    environment = {
        key: value for key, value in os.environ.items() if not re.match(r"LLM_|EMBED_|DATABASE_URL", key)
    }
    command = [str(program), "--host", "127.0.0.1", "--port", str(port)]
    command += ["--db", f"sqlite:///{folder / 'peer.db'}"]
    with _started(command, environment=environment, log=folder / "peer.log", folder=folder) as pid:
        address = f"http://127.0.0.1:{port}"
        _wait(f"{address}/api/health", pid)
        documents = f"{address}/api/knowledge/documents"
        for document in _json(documents)["data"]:
            _json(f"{documents}/{document['id']}", method="DELETE")
        for path in sorted(PAPERS.glob("*.txt")):
            _upload(f"{address}/api/knowledge/upload", path)
        loaded = [document["title"] for document in _json(documents)["data"]]
        if len(loaded) != len(list(PAPERS.glob("*.txt"))):
            sys.exit(f"the peer contains {loaded} instead of the five papers; see {folder / 'peer.log'}")
        # One session per question: no question has a history, as on our side.
        template = '{"session_id": "@NEW@", "message": @QUESTION@}'
        yield Server(PEER.replace("==", " "), f"{address}/api/chat", pid, template)


@contextmanager
def _started(command: list[str], *, environment: dict[str, str], log: Path, folder: Path) -> Iterator[int]:
    with log.open("ab") as sink:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=sink, stderr=sink)
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOPS_IN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            print(f"{command[0]} did not stop in {_STOPS_IN_S:.0f} s and was killed", file=sys.stderr)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _wait(url: str, pid: int) -> None:
    """Waits until the server answers. Exits when it has ended or takes too long."""
    deadline = time.monotonic() + _STARTS_IN_S
    while time.monotonic() < deadline:
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            sys.exit("the server ended before it answered; its log has the reason")
        try:
            _json(url)
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(_ASK_AGAIN_S)
        else:
            return
    sys.exit(f"{url} did not answer within {_STARTS_IN_S:.0f} s")


def _wait_for_port(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionError:
            time.sleep(_ASK_AGAIN_S)
        else:
            return
    sys.exit("the server that does nothing did not start")


def _json(url: str, method: str = "GET") -> dict[str, list[dict[str, str]]]:
    with urlopen(Request(url, method=method), timeout=30) as response:
        read: dict[str, list[dict[str, str]]] = json.load(response)
    return read


def _upload(url: str, path: Path) -> None:
    """Sends a paper as a browser's form does, under the title in its first line."""
    text = path.read_text(encoding="utf-8")
    title = next(line.strip() for line in text.splitlines() if line.strip())
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="title"\r\n\r\n{title}\r\n',
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n'
        f"Content-Type: text/plain\r\n\r\n{text}\r\n--{boundary}--\r\n",
    ]
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    with urlopen(Request(url, "".join(parts).encode(), headers, method="POST"), timeout=60) as response:
        response.read()
