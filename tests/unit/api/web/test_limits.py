"""A body that does not come holds nothing up."""

from __future__ import annotations

import json
from typing import Any

import anyio
from fastapi import FastAPI
from one_paper import OnePaper

from api.app import create_app
from api.records import Records
from api.settings import ServerSettings, Settings

_BODY = json.dumps({"question": "奖多少？"}).encode()


async def _sent(app: FastAPI, pieces: list[bytes], *, pause_s: float) -> tuple[int, bytes]:
    """Status and body of the response to a request whose body comes in pieces."""
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/v1/ask",
        "raw_path": b"/v1/ask",
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1:8000"), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
    }
    waiting = iter(pieces)
    messages: list[Any] = []

    async def receive() -> Any:
        await anyio.sleep(pause_s)
        piece = next(waiting, None)
        if piece is None:
            await anyio.sleep_forever()
        return {"type": "http.request", "body": piece, "more_body": piece != pieces[-1]}

    async def send(message: Any) -> None:
        messages.append(message)

    await app(scope, receive, send)
    return messages[0]["status"], b"".join(message.get("body", b"") for message in messages)


def test_a_body_that_drips_is_cut_off(assistant: OnePaper, settings: Settings, records: Records) -> None:
    quick = settings.model_copy(update={"server": ServerSettings(timeout_s=0.3)})
    app = create_app(assistant, quick, records=records)
    drops = [_BODY[i : i + 1] for i in range(len(_BODY))]
    status, body = anyio.run(lambda: _sent(app, drops, pause_s=0.1))
    assert status == 408
    assert json.loads(body)["type"] == "urn:problem-type:zhengwen:request-timeout"
    assert assistant.asked == []


def test_a_body_in_pieces_is_read(assistant: OnePaper, settings: Settings, records: Records) -> None:
    app = create_app(assistant, settings, records=records)
    status, body = anyio.run(lambda: _sent(app, [_BODY[:5], _BODY[5:9], _BODY[9:]], pause_s=0.0))
    assert (status, json.loads(body)["outcome"]) == (200, "answered")
