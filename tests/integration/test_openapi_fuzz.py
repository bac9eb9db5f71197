"""What the description of the service promises, tried on every operation.

benchmarks/service/fuzz.py sends more.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
import uvicorn
from hypothesis import given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from api.process import listening
from api.records import open_records
from api.settings import ServerSettings, Settings
from rag.assistant import Assistant

_TODAY = date(2026, 3, 1)
_EXAMPLES = 20  # random requests of each kind for an operation, besides those at the bounds
_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def address(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service on a socket, where requests arrive that the test client would not send."""
    folder: Path = tmp_path_factory.mktemp("fuzz")
    often = "1000000/second"
    server_settings = ServerSettings(visitor_rate=often, site_rate=often, arrival_rate=often)
    own = Settings(data_dir=folder, cache_dir=folder, server=server_settings)
    listener = listening.listen("127.0.0.1", 0)
    with listener, open_records(own.service_url, lock_dir=None) as records:
        app = create_app(assistant, own, records=records, today=_TODAY)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, server_header=False))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
        thread.start()
        yield listening.address_of(listener)
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def description(address: str) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{address}/openapi.json")


@pytest.fixture(params=["this machine", "a visitor"])
def session(request: pytest.FixtureRequest, address: str) -> Iterator[requests.Session]:
    """Connections of each kind of caller."""
    with requests.Session() as opened:
        if request.param == "a visitor":
            token = opened.post(f"{address}/v1/visitors", json={"site": "", "visitor": ""}).json()["token"]
            opened.headers["Authorization"] = f"Bearer {token}"
        yield opened


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_whatever_is_sent_the_reply_is_as_described(
    description: schemathesis.BaseSchema, session: requests.Session, mode: GenerationMode
) -> None:
    tried = 0
    for found in description.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        # Any text is an id, so that only bodies can be wrong.
        if mode is GenerationMode.NEGATIVE and not operation.body:
            continue

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(max_examples=_EXAMPLES, deadline=None, database=None, derandomize=True)
        def as_described(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(session=session, checks=_CHECKS)

        as_described()
        tried += 1
    assert tried >= 3
