"""The command `zhengwen` with the bundled model: what a person does on the first day."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli.main import app
from api.wire import reply_schemas
from corpus.errors import UnknownClause, UnknownDocument, ZhengwenError

pytestmark = pytest.mark.model

_CHECKOUT = Path(__file__).resolve().parents[2]
_MAIN = [sys.executable, "-c", "from api.cli.main import main; main()"]
_QUESTION = "我们首次拿到创新药注册批件，湖南能奖多少钱？"
_PAPER = """青山市人民政府办公室关于支持竹产业发展的通知

青政办发〔2025〕9号

各区县人民政府：

一、支持竹材加工

（一）对新建竹材加工厂的企业，一次性奖补37万元。

二、附则

（二）本通知自印发之日起施行，有效期3年。

青山市人民政府办公室
2025年4月1日
"""
# zhengwen answers at http://127.0.0.1:41234
_ADDRESS = re.compile(r"zhengwen answers at (http://\S+)")


@pytest.fixture(scope="module")
def variables(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str | None]:
    """The environment: a data folder for this file, and the model that other tests converted too."""
    cache = request.config.cache
    assert cache is not None
    clean: dict[str, str | None] = {name: None for name in os.environ if name.startswith("ZHENGWEN_")}
    return clean | {
        "ZHENGWEN_DATA_DIR": str(tmp_path_factory.mktemp("zhengwen") / "data"),
        "ZHENGWEN_CACHE_DIR": str(cache.mkdir("embedding-model")),
    }


@pytest.fixture(scope="module")
def first(variables: dict[str, str | None]) -> subprocess.CompletedProcess[str]:
    """The very first question, in a process of its own."""
    return subprocess.run(
        [*_MAIN, "ask", _QUESTION],
        env=_environment(variables),
        capture_output=True,
        encoding="utf-8",
        timeout=3000,
        check=False,
    )


def _environment(variables: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in (os.environ | variables).items() if value is not None}


def _zhengwen(variables: dict[str, str | None], *arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, env=variables)


def test_the_first_question_builds_the_index_and_is_answered(
    first: subprocess.CompletedProcess[str],
) -> None:
    assert first.returncode == 0, first.stderr
    assert "500万元" in first.stdout
    assert "湘政办发〔2026〕15号" in first.stdout
    assert "（四）" in first.stdout
    assert "\x1b" not in first.stdout + first.stderr
    assert "indexing" in first.stderr
    assert first.stderr.startswith("First start: ")
    assert first.stdout.count("关于促进生物医药产业创新发展的若干意见") == 1


def test_the_answer_in_the_readme_is_the_answer(first: subprocess.CompletedProcess[str]) -> None:
    for name in ("README.md", "README.zh-CN.md"):
        text = (_CHECKOUT / name).read_text(encoding="utf-8")
        assert f'```text\n$ zhengwen ask "{_QUESTION}"\n{first.stdout}```\n' in text


@pytest.mark.usefixtures("first")
def test_a_refusal_has_a_status_of_its_own_and_errors_name_the_option(
    variables: dict[str, str | None],
) -> None:
    for option in ((), ("--json",)):
        assert _zhengwen(variables, "ask", "明天北京天气怎么样？", *option).exit_code == 3
    unknown = _zhengwen(variables, "ask", _QUESTION, "--document", "nobody")
    assert unknown.exit_code == 2
    assert "--document" in unknown.stderr
    assert "'nobody'" in unknown.stderr
    long = _zhengwen(variables, "ask", "奖" * 2001)
    assert long.exit_code == 2
    assert "QUESTION" in long.stderr


@pytest.mark.usefixtures("first")
def test_the_service_returns_what_json_prints_and_stops_when_told(variables: dict[str, str | None]) -> None:
    printed = _zhengwen(variables, "ask", _QUESTION, "--json")
    assert printed.stderr == ""
    server = subprocess.Popen(
        [*_MAIN, "serve", "--port", "0"],
        env=_environment(variables),
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert server.stderr is not None
    try:
        address = next(filter(None, map(_ADDRESS.match, server.stderr)))[1]
        request = urllib.request.Request(
            f"{address}/v1/ask",
            data=json.dumps({"question": _QUESTION}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=300) as response:
            served = response.read().decode()
    finally:
        server.send_signal(signal.SIGINT)
        log = server.stderr.read()
        server.stderr.close()
        status = server.wait(timeout=300)
    assert status == 130
    assert "Traceback" not in log
    assert _QUESTION not in log
    by_command, by_service = map(reply_schemas.AskResponse.model_validate_json, (printed.stdout, served))
    same = {"id": "", "timings_ms": {}}
    assert by_command.model_copy(update=same) == by_service.model_copy(update=same)
    assert list(json.loads(printed.stdout)) == list(json.loads(served))


@pytest.mark.usefixtures("first")
def test_papers_can_be_looked_at(variables: dict[str, str | None]) -> None:
    listed = json.loads(_zhengwen(variables, "documents", "--json").stdout)["documents"]
    assert {"hunan", "zhejiang"} <= {paper["document_id"] for paper in listed}
    tree = _zhengwen(variables, "show", "hunan").stdout
    assert "（四） 支持创新产品产业化落地" in tree
    clause = _zhengwen(variables, "show", "hunan", "（四）").stdout
    assert clause.splitlines()[1].startswith("（四）支持创新产品产业化落地。")
    assert isinstance(_zhengwen(variables, "show", "nobody").exception, UnknownDocument)
    assert isinstance(_zhengwen(variables, "show", "hunan", "（九十）").exception, UnknownClause)


@pytest.mark.usefixtures("first")
def test_a_file_that_cannot_be_read_does_not_lose_the_others(
    variables: dict[str, str | None], tmp_path: Path
) -> None:
    (tmp_path / "bamboo.txt").write_text(_PAPER, encoding="gb18030")
    (tmp_path / "empty.txt").write_bytes(b"")
    done = _zhengwen(variables, "ingest", str(tmp_path))
    assert done.exit_code == 1
    assert "added      青政办发-2025-9  青山市人民政府办公室关于支持竹产业发展的通知" in done.stdout
    assert re.search(r"^failed     .*empty\.txt", done.stdout, re.MULTILINE)
    answer = _zhengwen(variables, "ask", "新建竹材加工厂奖补多少？", "--document", "bamboo").stdout
    assert "37万元" in answer
    again = _zhengwen(variables, "ingest", str(tmp_path / "bamboo.txt"))
    assert again.exit_code == 0
    assert "already stored as" in again.stdout


@pytest.mark.parametrize("content", [None, b"", b"%PDF-1.7", b"PK\x03\x04 no archive"])
def test_a_file_that_cannot_be_read_is_reported_before_anything_is_opened(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "paper.ofd"
    if content is not None:
        file.write_bytes(content)
    folders = {"ZHENGWEN_DATA_DIR": str(tmp_path / "data"), "ZHENGWEN_CACHE_DIR": str(tmp_path / "cache")}
    done = _zhengwen(dict(folders), "ingest", str(file))
    assert done.exit_code == (2 if content is None else 1)  # a file that is not there is a wrong call
    assert re.search(r"^failed     .*paper\.ofd", done.stdout, re.MULTILINE)
    assert [path.name for path in tmp_path.iterdir()] == ([] if content is None else ["paper.ofd"])


@pytest.mark.usefixtures("first")
def test_a_damaged_index_is_found_and_made_anew(variables: dict[str, str | None]) -> None:
    assert _zhengwen(variables, "doctor").exit_code == 0
    data = Path(str(variables["ZHENGWEN_DATA_DIR"]))
    found = list(data.rglob("chunk_vectors"))
    assert found
    for vectors in found:
        vectors.write_bytes(vectors.read_bytes()[:-100])
    sick = _zhengwen(variables, "doctor")
    assert sick.exit_code == 1
    assert re.search(r"^problem index: .*--rebuild", sick.stdout, re.MULTILINE)
    assert _zhengwen(variables, "ingest", "--rebuild").exit_code == 0
    assert _zhengwen(variables, "doctor").exit_code == 0


@pytest.mark.usefixtures("first")
def test_measuring_prints_figures_and_writes_a_report(
    variables: dict[str, str | None], tmp_path: Path
) -> None:
    case = {
        "id": "one",
        "type": "number",
        "question": _QUESTION,
        "doc": "hunan",
        "articles": ["（四）"],
        "quotes": ["分别给予不超过500万元、100万元、50万元一次性奖补"],
        "answer_must": [["500万"]],
        "difficulty": "easy",
    }
    (tmp_path / "set.jsonl").write_text(json.dumps(case, ensure_ascii=False) + "\n", encoding="utf-8")
    done = _zhengwen(variables, "eval", str(tmp_path / "set.jsonl"), "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.exception
    assert "按文件" in done.stdout
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["provenance"]["model"]
    assert (tmp_path / "out" / "failures.jsonl").read_text(encoding="utf-8") == ""


def test_nothing_to_do_and_nowhere_to_write_are_said(
    variables: dict[str, str | None], tmp_path: Path
) -> None:
    nothing = _zhengwen(variables, "ingest")
    assert nothing.exit_code == 2
    assert "--rebuild" in nothing.stderr
    (tmp_path / "file").touch()
    nowhere = variables | {"ZHENGWEN_DATA_DIR": str(tmp_path / "file" / "data")}
    failed = _zhengwen(nowhere, "documents").exception
    assert isinstance(failed, ZhengwenError | OSError)


@pytest.mark.usefixtures("first")
def test_a_reader_that_goes_away_is_no_error(variables: dict[str, str | None]) -> None:
    shown = subprocess.Popen(
        [*_MAIN, "show", "guangdong", "--json"],
        env=_environment(variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert shown.stdout is not None
    assert shown.stderr is not None
    shown.stdout.close()
    complaint = shown.stderr.read()
    shown.stderr.close()
    shown.wait(timeout=300)
    assert complaint == ""
