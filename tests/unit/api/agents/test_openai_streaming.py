"""A stream for OpenAI's clients: it holds nothing while it is told, and its beginning has a status."""

from __future__ import annotations

import json
import threading
from contextlib import ExitStack
from typing import Any

import anyio
from endpoints import client_of
from fastapi.testclient import TestClient
from one_paper import OnePaper

from api.app import create_app
from api.records import Records
from api.settings import ServerSettings, Settings

_BODY = {"model": "zhengwen", "messages": [{"role": "user", "content": "奖多少？"}], "stream": True}


def test_a_reader_who_never_reads_holds_no_place(
    assistant: OnePaper, settings: Settings, records: Records
) -> None:
    small = settings.model_copy(update={"server": ServerSettings(concurrency=1, queue=0)})
    app = create_app(assistant, small, records=records)
    body = json.dumps(_BODY).encode()
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/v1/chat/completions",
        "raw_path": b"/v1/chat/completions",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1:8000"), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
    }

    async def main() -> None:
        came, status, told = anyio.Event(), 0, iter([{"type": "http.request", "body": body}])

        async def receive() -> Any:
            message = next(told, None)
            return message if message else await anyio.sleep_forever()

        async def send(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                return
            came.set()
            await anyio.sleep_forever()  # the socket is full, and stays so

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(app, scope, receive, send)
            with anyio.fail_after(30):
                await came.wait()
            assert status == 200
            assert app.state.pool.working == 0
            tasks.cancel_scope.cancel()

    anyio.run(main)


def test_what_goes_wrong_before_the_beginning_is_told_by_the_status(client: TestClient) -> None:
    for question, status in (("过期了吗？", 503), ("出故障了？", 500)):
        body = _BODY | {"messages": [{"role": "user", "content": question}]}
        assert client.post("/v1/chat/completions", json=body).status_code == status
    long = _BODY | {"messages": [{"role": "user", "content": "长" * 2_001}]}
    assert client.post("/v1/chat/completions", json=long).status_code == 422


def test_a_full_queue_is_told_by_the_status(
    assistant: OnePaper, settings: Settings, records: Records
) -> None:
    small = settings.model_copy(update={"server": ServerSettings(concurrency=1, queue=0)})
    assistant.gate.clear()
    with client_of(create_app(assistant, small, records=records)) as client, ExitStack() as at_end:
        at_end.callback(assistant.gate.set)  # a failure does not wait for those who wait
        first = threading.Thread(target=client.post, args=("/v1/ask",), kwargs={"json": {"question": "奖？"}})
        first.start()
        while assistant.running < 1:
            threading.Event().wait(0.001)
        refused = client.post("/v1/chat/completions", json=_BODY)
        assert refused.status_code == 503
        assert refused.json()["error"]["code"] == "busy"
        assert int(refused.headers["retry-after"]) >= 1
        assistant.gate.set()
        first.join()
        told = client.post("/v1/chat/completions", json=_BODY)
        assert told.status_code == 200
        assert told.text.endswith("data: [DONE]\n\n")
