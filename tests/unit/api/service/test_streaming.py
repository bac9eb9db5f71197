"""A streamed reply is the reply: same events in the same order, whatever happens to the connection."""

from __future__ import annotations

import json
import threading
from contextlib import ExitStack
from datetime import date
from functools import partial
from typing import Any

import anyio
import pytest
from endpoints import client_of
from fastapi.testclient import TestClient
from one_paper import OnePaper

from api.access.principals import Local
from api.app import create_app
from api.errors import Busy
from api.records import Records
from api.service.answers import async_answers as answers
from api.service.answers.answer_service import AnswerService, Snapshot
from api.service.answers.events import Done, Found
from api.service.pool import Pool
from api.settings import ServerSettings, Settings
from api.wire.question_schemas import AskRequest

_STREAM = {"Accept": "text/event-stream"}


def _events(body: str) -> list[tuple[str, Any]]:
    """Event names with their data; comments are left out."""
    found = []
    for block in body.replace("\r\n", "\n").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line and line[0] != ":")
        if fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


@pytest.mark.parametrize("question", ["新药首次获批奖多少？", "明天天气怎样？"])
def test_the_parts_are_the_whole(client: TestClient, question: str) -> None:
    response = client.post("/v1/ask", json={"question": question}, headers=_STREAM)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["x-accel-buffering"] == "no"
    events = _events(response.text)
    names = [name for name, _ in events]
    assert names == ["citations", *["text"] * (len(names) - 2), "reply"]
    head, reply = events[0][1], events[-1][1]
    assert "".join(data["text"] for name, data in events if name == "text") == reply["text"]
    assert head.items() <= reply.items()
    assert "text" not in head
    whole = client.post("/v1/ask", json={"question": question}).json()
    assert {**whole, "id": "", "timings_ms": {}} == {**reply, "id": "", "timings_ms": {}}


def test_the_receipt_is_kept_before_anything_is_told(client: TestClient, records: Records) -> None:
    with client.stream("POST", "/v1/ask", json={"question": "奖多少？"}, headers=_STREAM) as response:
        first = next(line for line in response.iter_lines() if line.startswith("data: "))
    reply_id = json.loads(first.removeprefix("data: "))["id"]
    assert records.receipts.get(reply_id).question == "奖多少？"


@pytest.mark.parametrize(
    ("question", "status", "kind"),
    [("过期了吗？", 503, "index-unavailable"), ("出故障了？", 500, "internal-error")],
)
def test_what_fails_after_the_beginning_is_told_as_a_problem(
    client: TestClient, question: str, status: int, kind: str
) -> None:
    response = client.post("/v1/ask", json={"question": question}, headers=_STREAM)
    assert response.status_code == 200
    ((name, problem),) = _events(response.text)
    assert name == "problem"
    assert (problem["status"], problem["type"].rpartition(":")[2]) == (status, kind)
    assert "secret" not in problem["detail"]


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
        for headers in ({}, _STREAM):
            refused = client.post("/v1/ask", json={"question": "奖？"}, headers=headers)
            assert refused.status_code == 503
            assert refused.json()["type"].endswith(":busy")
            assert int(refused.headers["retry-after"]) >= 1
        assistant.gate.set()
        first.join()
        assert client.post("/v1/ask", json={"question": "奖？"}).status_code == 200


def test_a_reader_who_never_reads_holds_up_nobody(
    assistant: OnePaper, settings: Settings, records: Records
) -> None:
    service = AnswerService(
        snapshot=Snapshot(assistant=assistant, today=date(2026, 3, 1)), records=records, settings=settings
    )

    async def main() -> None:
        pool = Pool(1, queue=0, timeout_s=600)
        request = AskRequest(question="奖多少？")
        stream = answers.streamed(pool, service, request, principal=Local(), channel="ask")
        while not isinstance(await anext(stream), Found):
            pass
        # Its words are not taken; others are answered all the same.
        assert pool.working == 0
        await answers.whole(pool, service, request, principal=Local(), channel="ask")
        await stream.aclose()

    anyio.run(main)


def test_work_that_takes_too_long_is_given_up(
    assistant: OnePaper, settings: Settings, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = AnswerService(
        snapshot=Snapshot(assistant=assistant, today=date(2026, 3, 1)), records=records, settings=settings
    )
    times = iter([0.0, 31.0])
    monkeypatch.setattr("api.service.answers.answer_service.time.monotonic", lambda: next(times))
    with pytest.raises(Busy):
        service.ask(AskRequest(question="奖多少？"), principal=Local(), channel="ask")
    assert assistant.asked == []


def test_whoever_stops_listening_stops_the_work(
    assistant: OnePaper, settings: Settings, records: Records
) -> None:
    """A client that goes before the answer is made leaves nothing running and nothing kept."""
    service = AnswerService(
        snapshot=Snapshot(assistant=assistant, today=date(2026, 3, 1)), records=records, settings=settings
    )

    async def main() -> None:
        pool = Pool(1, queue=1, timeout_s=600)
        request = AskRequest(question="奖多少？")
        ask = partial(answers.streamed, pool, service, request, principal=Local(), channel="ask")
        stream = ask()
        await anext(stream)  # understood; the clauses are not looked for yet
        await stream.aclose()
        assert assistant.asked == []
        assert (pool.working, pool.waiting) == (0, 0)
        again = [
            event
            async for event in answers.streamed(pool, service, request, principal=Local(), channel="ask")
        ]
        assert isinstance(again[1], Found)
        assert isinstance(again[-1], Done)

    anyio.run(main)
    assert len(assistant.asked) == 1
