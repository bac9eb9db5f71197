"""The files operators copy: their commands are the README's, their settings exist, tools find no fault."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import tomllib
from configparser import RawConfigParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from api.cli.main import app
from api.cli.setup.configuration import defaults
from api.process.supervisor import SLACK_S
from api.settings import load_settings

_CHECKOUT = Path(__file__).resolve().parents[3]
_INSTRUCTION = re.compile(r"^([A-Z]+) ((?:.*\\\n)*.*)$", re.MULTILINE)  # "RUN useradd … \⏎    && install …"
_CONTINUED = re.compile(r"\\\n\s*")
_SECONDS = re.compile(r"(\d+)s?")  # "30s" in compose.yaml, "30" in the unit


def _read(name: str) -> str:
    return (_CHECKOUT / name).read_text(encoding="utf-8")


def _dockerfile() -> list[tuple[str, str]]:
    """The instructions with their arguments, each in one line."""
    without_comments = re.sub(r"^#.*\n", "", _read("Dockerfile"), flags=re.MULTILINE)
    return [(name, _CONTINUED.sub("", rest)) for name, rest in _INSTRUCTION.findall(without_comments)]


def _set_in_image() -> dict[str, str]:
    pairs = [pair for name, rest in _dockerfile() if name == "ENV" for pair in shlex.split(rest)]
    return dict(pair.split("=", 1) for pair in pairs)


def _compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(_read("compose.yaml"))
    return read


def _unit() -> RawConfigParser:
    # Names repeat in units, and their case counts.
    unit = RawConfigParser(strict=False, comment_prefixes="#", interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(_read("deploy/zhengwen.service"))
    return unit


def _is_understood(command: str) -> bool:
    program, name, *arguments = shlex.split(command)
    group = get_command(app)
    group.commands[name].make_context(name, arguments, resilient_parsing=False).close()  # type: ignore[attr-defined]
    return Path(program).name == "zhengwen"


def _fault(*command: str) -> str:
    """What the tool complains of; empty when it finds nothing. Skips where the tool is absent."""
    done = _done(*command)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def _said(*command: str) -> str:
    """As `_fault`, with what the tool says though it finds no fault."""
    done = _done(*command)
    return done.stdout + done.stderr + (f"status {done.returncode}" if done.returncode else "")


def _done(*command: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which(command[0], path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")
    if program is None:
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False)


def test_the_image_is_built_with_the_commands_of_the_readme() -> None:
    readme = _read("README.md")
    make, install, ask = (
        part.strip() for part in re.findall(r"^python -m venv.*$", readme, re.M)[0].split("&&")
    )
    runs = [rest for name, rest in _dockerfile() if name == "RUN"]
    assert f"{make} && {install}" in runs
    assert ask in runs
    (index,) = re.findall(r"^export PIP_EXTRA_INDEX_URL=(\S+)$", readme, re.M)
    assert _set_in_image()["PIP_EXTRA_INDEX_URL"] == index


def test_the_image_serves_as_nobody_in_particular() -> None:
    instructions = dict(_dockerfile())
    names = [name for name, _ in _dockerfile()]
    assert int(instructions["USER"]) > 0
    assert names.index("USER") < names.index("CMD")
    assert _is_understood(shlex.join(json.loads(instructions["CMD"])))


class _Ready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/ready" else 404)
        self.end_headers()


def test_the_health_check_asks_the_service_and_no_proxy() -> None:
    (check,) = re.findall(r"CMD (\[.*\])", dict(_dockerfile())["HEALTHCHECK"])
    program, flag, code = json.loads(check)
    assert (program, flag) == ("python", "-c")
    assert "127.0.0.1:8000/ready" in code
    environment = os.environ | {"http_proxy": "http://127.0.0.1:1", "no_proxy": ""}
    with ThreadingHTTPServer(("127.0.0.1", 0), _Ready) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        here = code.replace(":8000/", f":{server.server_port}/")
        command = [sys.executable, flag, here]
        assert subprocess.run(command, env=environment, check=False).returncode == 0
        server.shutdown()
    gone = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert gone.returncode != 0


def test_a_change_of_the_source_keeps_the_layer_of_the_dependencies() -> None:
    instructions = _dockerfile()
    (source,) = [number for number, found in enumerate(instructions) if found == ("COPY", ". .")]
    assert any("pip install -c constraints.txt -e ." in rest for _, rest in instructions[:source])
    assert all("--no-deps" in rest for _, rest in instructions[source:] if "pip install" in rest)


def test_compose_passes_every_setting_that_the_files_do_not_set_themselves() -> None:
    given = _compose()["services"]["zhengwen"]["environment"]
    passed = {name for name, value in given.items() if value == f"${{{name}:-}}"}
    fixed = {row.variable for row in defaults()} - passed
    assert fixed == {"ZHENGWEN_SERVER__PORT", "ZHENGWEN_SERVER__TRUSTED_PROXIES"} | {
        name for name in _set_in_image() if name.startswith("ZHENGWEN_")
    }


def test_the_settings_of_image_and_compose_file_exist(unset: None, monkeypatch: pytest.MonkeyPatch) -> None:
    service = _compose()["services"]["zhengwen"]
    variables = _set_in_image() | service["environment"]
    for name, value in variables.items():
        if name.startswith("ZHENGWEN_"):
            # "${ZHENGWEN_SERVER__WORKERS:-1}" is 1 where the shell says nothing.
            monkeypatch.setenv(name, re.sub(r"^\$\{\w+:-(.*)\}$", r"\1", str(value)))
    settings = load_settings()
    assert settings.server.host == "0.0.0.0"
    assert [f"data:{settings.data_dir}"] == service["volumes"]
    assert ("VOLUME", str(settings.data_dir)) in _dockerfile()
    assert service["ports"] == [f"127.0.0.1:{settings.server.port}:{settings.server.port}"]
    (network,) = _compose()["networks"]["default"]["ipam"]["config"]
    assert settings.server.trusted_proxies == network["subnet"]


def test_two_servers_share_one_database(unset: None, monkeypatch: pytest.MonkeyPatch) -> None:
    services = _compose()["services"]
    servers = [services["zhengwen-1"], services["zhengwen-2"]]
    database = services["database"]
    assert all(one["profiles"] == ["servers"] for one in (*servers, database))
    for name in ("ports", "volumes"):
        assert len({one[name][0] for one in (services["zhengwen"], *servers)}) == 3
    assert "ports" not in database
    (secret,) = set(re.findall(r"\$\{\w*PASSWORD\w*:-\}", json.dumps([*servers, database])))
    assert database["environment"]["POSTGRES_PASSWORD"] == secret
    for server in servers:
        assert server["depends_on"] == {"database": {"condition": "service_healthy"}}
        for name in ("read_only", "tmpfs", "cap_drop", "security_opt", "init", "stop_grace_period"):
            assert server[name] == services["zhengwen"][name]
        for name in ("ZHENGWEN_DATABASE_URL", "ZHENGWEN_SERVICE__DATABASE_URL", "ZHENGWEN_SEARCH__ENGINE"):
            monkeypatch.setenv(name, server["environment"][name].replace(secret, "secret"))
        settings = load_settings()
        assert settings.search.engine == "postgres"
        assert settings.store_url == settings.service_url
        assert settings.store_url.endswith("@database/" + database["environment"]["POSTGRES_DB"])
    extras = set(servers[0]["build"]["args"]["EXTRAS"].split(","))
    assert extras <= set(tomllib.loads(_read("pyproject.toml"))["project"]["optional-dependencies"])


def test_the_settings_of_the_unit_exist(unset: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGWEN_ENV_FILE", str(_CHECKOUT / "deploy" / "zhengwen.env"))
    settings = load_settings()
    service = _unit()["Service"]
    assert str(settings.data_dir) == f"/var/lib/{service['StateDirectory']}"
    assert str(settings.cache_dir) == f"/var/cache/{service['CacheDirectory']}"
    assert _is_understood(service["ExecStart"])
    (name,) = re.findall(
        r"^\s*server_name (\S+);$(?=[\s\S]*ssl_certificate )", _read("deploy/nginx.conf"), re.M
    )[:1]
    assert settings.server.public_url == f"https://{name}"


def test_a_stop_leaves_time_to_finish(unset: None) -> None:
    grace = load_settings().server.grace_s
    stops = (_unit()["Service"]["TimeoutStopSec"], _compose()["services"]["zhengwen"]["stop_grace_period"])
    for seconds in stops:
        match = _SECONDS.fullmatch(seconds)
        assert match is not None
        assert int(match[1]) > grace + SLACK_S
        assert f"{match[1]} seconds" in _read("docs/operate.md")
        assert f"{match[1]} 秒" in _read("docs/operate.zh-CN.md")


def test_the_proxy_asks_where_the_service_listens(unset: None) -> None:
    server = load_settings().server
    text = _read("deploy/nginx.conf")
    assert f"server {server.host}:{server.port};" in text
    assert f"client_max_body_size {server.max_body_bytes // 1024}k;" in text
    assert "proxy_buffering off;" in text
    for limit, least in (("proxy_read_timeout", max(15.0, server.timeout_s)), ("client_header_timeout", 0)):
        (seconds,) = re.findall(rf"^\s*{limit} (\d+)s;", text, re.M)
        assert int(seconds) > least
    assert "event-stream" not in "".join(re.findall(r"^\s*gzip_types .*$", text, re.M))
    assert server.trusted_proxies.split(",")[0] == server.host


def test_docker_finds_no_fault() -> None:
    assert _fault("hadolint", str(_CHECKOUT / "Dockerfile")) == ""


def test_compose_finds_no_fault() -> None:
    assert _fault("docker-compose", "--file", str(_CHECKOUT / "compose.yaml"), "config", "--quiet") == ""


def test_systemd_finds_no_fault(tmp_path: Path) -> None:
    unit = tmp_path / "zhengwen.service"
    # It looks for the program, which need not be installed here.
    program = _unit()["Service"]["ExecStart"]
    unit.write_text(_read("deploy/zhengwen.service").replace(program, "/bin/true serve"))
    assert _fault("systemd-analyze", "verify", "--man=no", str(unit)) == ""


def test_nginx_finds_no_fault(tmp_path: Path) -> None:
    # It looks for the certificate, which is the operator's.
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    made = ("-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost")
    assert _fault("openssl", "req", "-x509", *made, "-keyout", str(key), "-out", str(certificate)) == ""
    text = re.sub(r"(ssl_certificate\s+)\S+;", rf"\g<1>{certificate};", _read("deploy/nginx.conf"))
    server, whole = tmp_path / "zhengwen.conf", tmp_path / "nginx.conf"
    server.write_text(re.sub(r"(ssl_certificate_key\s+)\S+;", rf"\g<1>{key};", text))
    whole.write_text(
        f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{ access_log off; include {server}; }}\n"
    )
    assert _said("nginx", "-t", "-q", "-c", str(whole)) == ""  # no warning of a deprecated line either
