"""Several processes of one service: one address, one rate, one index, one end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest

from api.records import open_records
from api.settings import Settings

pytestmark = pytest.mark.model

_MAIN = [sys.executable, "-c", "from api.cli.main import main; main()"]
_ADDRESS = re.compile(r"zhengwen answers at (http://\S+) with 2 processes")
_CEILING_S = 1200  # nothing takes so long on the slowest machine; only a fault makes a test wait for it
_PORTAL = "https://portal.example.gov.cn"
_PAPER = """青山市人民政府办公室关于支持竹产业发展的通知

青政办发〔2025〕9号

一、支持竹材加工

（一）对新建竹材加工厂的企业，一次性奖补37万元。

青山市人民政府办公室
2025年4月1日
"""


@pytest.fixture(scope="module")
def variables(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    cache = request.config.cache
    assert cache is not None
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ZHENGWEN_")}
    return clean | {
        "ZHENGWEN_DATA_DIR": str(tmp_path_factory.mktemp("workers") / "data"),
        "ZHENGWEN_CACHE_DIR": str(cache.mkdir("embedding-model")),
        "ZHENGWEN_SERVER__VISITOR_RATE": "10/day",
    }


@pytest.fixture(scope="module")
def service(variables: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    server = subprocess.Popen(
        [*_MAIN, "serve", "--port", "0", "--workers", "2"],
        env=variables,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert server.stderr is not None
    with server, ThreadPoolExecutor(1) as reader:
        try:
            address = next(filter(None, map(_ADDRESS.match, server.stderr)))[1]
            reading = reader.submit(server.stderr.read)  # a full pipe would stop the service
            until = time.monotonic() + _CEILING_S
            while _status(f"{address}/ready") != 200:
                assert server.poll() is None, reading.result()
                assert time.monotonic() < until, "the processes do not start"
                time.sleep(0.1)
            yield address, server
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=_CEILING_S)
        assert "Traceback" not in reading.result()


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=_CEILING_S) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except (urllib.error.URLError, ConnectionError):
        return 0  # no process takes the connection, or the one that took it died


def _post(
    url: str, body: dict[str, Any], headers: dict[str, str] | None = None
) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(
        url,
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Connection": "close"} | (headers or {}),
    )
    try:
        with urllib.request.urlopen(request, timeout=_CEILING_S) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def _children(server: subprocess.Popen[str]) -> set[int]:
    """The processes that listen: forked from one that the command starts."""
    return {pid for template in _forked(server.pid) for pid in _forked(template)}


def _forked(pid: int) -> set[int]:
    found = subprocess.run(
        ["pgrep", "-P", str(pid), "-f", "forkserver"], capture_output=True, encoding="ascii", check=False
    )
    return set(map(int, found.stdout.split()))


def test_one_rate_over_both_processes(
    service: tuple[str, subprocess.Popen[str]], variables: dict[str, str]
) -> None:
    address, server = service
    settings = Settings(data_dir=Path(variables["ZHENGWEN_DATA_DIR"]))
    with open_records(settings.service_url, lock_dir=settings.data_dir) as records:
        site = records.sites.add("门户", origins=[_PORTAL])
    time.sleep(1.1)  # the time after which every process has seen the site
    status, arrived = _post(f"{address}/v1/visitors", {"site": site.key}, {"Origin": _PORTAL})
    assert status == 200, arrived
    headers = {"Authorization": f"Bearer {arrived['token']}", "Origin": _PORTAL}
    with ThreadPoolExecutor(8) as threads:
        sent = [
            threads.submit(_post, f"{address}/v1/ask", {"question": "湖南创新药奖多少？"}, headers)
            for _ in range(30)
        ]
        replies = [one.result() for one in sent]
    assert Counter(status for status, _ in replies) == {200: 10, 429: 20}
    assert len(_children(server)) == 2


def test_both_take_up_new_papers(
    service: tuple[str, subprocess.Popen[str]], variables: dict[str, str], tmp_path: Path
) -> None:
    address, _ = service
    (tmp_path / "bamboo.txt").write_text(_PAPER, encoding="utf-8")
    subprocess.run(
        [*_MAIN, "ingest", str(tmp_path / "bamboo.txt")], env=variables, check=True, timeout=_CEILING_S
    )
    until = time.monotonic() + _CEILING_S
    told: list[int] = []
    while told != [2] * 20:  # of twenty connections each process takes some
        assert time.monotonic() < until, told
        told = []
        for _ in range(20):
            with urllib.request.urlopen(f"{address}/ready", timeout=_CEILING_S) as response:
                told.append(json.loads(response.read())["generation"])
    replies = [_post(f"{address}/v1/ask", {"question": "青山市新建竹材加工厂奖补多少？"}) for _ in range(10)]
    assert all("37万元" in reply["text"] for _, reply in replies)


def test_figures_are_of_both_and_a_process_that_dies_is_replaced(
    service: tuple[str, subprocess.Popen[str]],
) -> None:
    address, server = service
    earlier = _answered(_figures(address))
    for _ in range(10):
        assert _post(f"{address}/v1/ask", {"question": "湖南创新药奖多少？"})[0] == 200
    figures = _figures(address)
    assert _answered(figures) == earlier + 10
    assert re.search(r"^zhengwen_documents 6\.0$", figures, re.MULTILINE)  # the five and the bamboo
    assert re.search(r"^zhengwen_index_generation 2\.0$", figures, re.MULTILINE)
    before = _children(server)
    os.kill(min(before), signal.SIGKILL)
    until = time.monotonic() + _CEILING_S
    while len(_children(server) - {min(before)}) < 2 or _status(f"{address}/ready") != 200:
        assert time.monotonic() < until, "the process is not replaced"
        time.sleep(0.2)


def _figures(address: str) -> str:
    with urllib.request.urlopen(f"{address}/metrics", timeout=_CEILING_S) as response:
        text: str = response.read().decode()
    return text


def _answered(figures: str) -> float:
    """How many questions both processes have answered."""
    answers = r'^zhengwen_answers_total\{channel="ask",outcome="\w+"\} (\S+)'
    return sum(map(float, re.findall(answers, figures, re.MULTILINE)))


def test_the_process_that_they_are_forked_from_is_replaced_with_them(
    service: tuple[str, subprocess.Popen[str]],
) -> None:
    address, server = service
    (template,) = _forked(server.pid)
    assert len(list(Path(f"/proc/{template}/task").iterdir())) == 1  # a fork copies no other thread
    before = _children(server)
    os.kill(template, signal.SIGKILL)
    until = time.monotonic() + _CEILING_S
    while any(map(_runs, before)) or len(_children(server)) < 2 or _status(f"{address}/ready") != 200:
        assert time.monotonic() < until, "the processes are not replaced"
        time.sleep(0.2)


def _runs(pid: int) -> bool:
    """Whether the process is more than an entry that nobody has asked about since it ended."""
    command = Path(f"/proc/{pid}/cmdline")
    return command.exists() and command.read_bytes() != b""


def test_what_is_under_way_is_finished_at_the_end(service: tuple[str, subprocess.Popen[str]]) -> None:
    address, server = service
    with ThreadPoolExecutor(8) as threads:
        sent = [
            threads.submit(_post, f"{address}/v1/ask", {"question": "湖南创新药奖多少？"}) for _ in range(40)
        ]
        wait(sent, return_when=FIRST_COMPLETED)  # the others are under way, or are still to come
        server.send_signal(signal.SIGTERM)
        ended = []
        for one in sent:
            try:
                ended.append(one.result()[0])
            except (urllib.error.URLError, ConnectionError):
                ended.append(0)  # came when nobody took connections any more
    assert server.wait(timeout=_CEILING_S) is not None
    assert 200 in ended
    assert set(ended) <= {200, 0}
