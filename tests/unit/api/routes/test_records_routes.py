"""Conversations and feedback over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from one_paper import OnePaper

from api.app import create_app
from api.records import Records, open_records
from api.settings import ServiceSettings, Settings

Headers = dict[str, str]


def _visitor(client: TestClient) -> Headers:
    arrived = client.post("/v1/visitors", json={})
    assert arrived.status_code == 200, arrived.text
    return {"Authorization": f"Bearer {arrived.json()['token']}"}


@pytest.fixture
def visitor(client: TestClient) -> Headers:
    return _visitor(client)


def _kind(answer: Any) -> str:
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    return f"{answer.status_code} {body['type'].removeprefix('urn:problem-type:zhengwen:')}"


def _ask(client: TestClient, headers: Headers, question: str, conversation: str | None = None) -> Any:
    asked = client.post("/v1/ask", json={"question": question, "conversation": conversation}, headers=headers)
    assert asked.status_code == 200, asked.text
    return asked.json()


def test_a_conversation_from_start_to_end(client: TestClient, visitor: Headers, assistant: OnePaper) -> None:
    started = client.post("/v1/conversations", json={}, headers=visitor)
    assert started.status_code == 201
    conversation = started.json()["id"]
    replies = [_ask(client, visitor, question, conversation) for question in ("首次获批奖多少？", "扩产呢？")]
    # The second question is answered from what the service kept of the first.
    assert [turn.content for turn in assistant.asked[-1].history] == [
        "首次获批奖多少？",
        replies[0]["text"],
    ]
    listed = client.get("/v1/conversations", headers=visitor)
    assert listed.headers["cache-control"] == "no-store"
    (one,) = listed.json()["conversations"]
    assert (one["id"], one["title"], one["turns"]) == (conversation, "首次获批奖多少？", 2)
    shown = client.get(f"/v1/conversations/{conversation}", headers=visitor).json()
    assert [turn["question"] for turn in shown["turns"]] == ["首次获批奖多少？", "扩产呢？"]
    assert [turn["reply"] for turn in shown["turns"]] == [reply | {"hits": []} for reply in replies]
    gone = client.delete(f"/v1/conversations/{conversation}", headers=visitor)
    assert (gone.status_code, gone.content) == (204, b"")
    for answer in (
        client.get(f"/v1/conversations/{conversation}", headers=visitor),
        client.delete(f"/v1/conversations/{conversation}", headers=visitor),
        client.post("/v1/ask", json={"question": "？", "conversation": conversation}, headers=visitor),
    ):
        assert _kind(answer) == "404 unknown-conversation"


def test_a_visitor_sees_nothing_of_another(client: TestClient, visitor: Headers) -> None:
    other = _visitor(client)
    conversation = client.post("/v1/conversations", json={}, headers=visitor).json()["id"]
    reply = _ask(client, visitor, "首次获批奖多少？", conversation)
    assert client.get("/v1/conversations", headers=other).json() == {"conversations": []}
    assert _kind(client.get(f"/v1/conversations/{conversation}", headers=other)) == "404 unknown-conversation"
    assert client.delete("/v1/conversations", headers=other).status_code == 204
    said = client.post("/v1/feedback", json={"answer": reply["id"], "thumb": "down"}, headers=other)
    assert _kind(said) == "404 unknown-answer"
    assert len(client.get(f"/v1/conversations/{conversation}", headers=visitor).json()["turns"]) == 1
    assert client.delete("/v1/conversations", headers=visitor).status_code == 204
    assert client.get("/v1/conversations", headers=visitor).json() == {"conversations": []}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/conversations"),
        ("GET", "/v1/conversations"),
        ("GET", "/v1/conversations/x"),
        ("DELETE", "/v1/conversations/x"),
        ("DELETE", "/v1/conversations"),
    ],
)
def test_conversations_need_a_visitors_token(client: TestClient, method: str, path: str) -> None:
    assert _kind(client.request(method, path)) == "401 token-missing"
    forged = {"Authorization": "Bearer zwv.x"}
    assert _kind(client.request(method, path, headers=forged)) == "401 token-invalid"


def test_feedback_is_kept_and_replaced(client: TestClient, visitor: Headers, records: Records) -> None:
    answer = _ask(client, visitor, "首次获批奖多少？")["id"]
    for body in (
        {"answer": answer, "thumb": "down", "reason": "unclear", "text": "看不懂\x00"},
        {"answer": answer, "thumb": "up", "reason": None},
        {"answer": answer, "thumb": "down", "reason": "wrong", "text": "应当是 600 万\x1b"},
    ):
        said = client.post("/v1/feedback", json=body, headers=visitor)
        assert (said.status_code, said.content) == (204, b"")
    (one,) = records.feedback.all()
    assert (one.receipt.id, one.thumb, one.reason, one.text) == (answer, "down", "wrong", "应当是 600 万 ")


def test_whoever_asks_from_this_machine_can_speak_too(client: TestClient, records: Records) -> None:
    answer = _ask(client, {}, "首次获批奖多少？")["id"]
    assert client.post("/v1/feedback", json={"answer": answer, "thumb": "up"}).status_code == 204
    assert len(list(records.feedback.all())) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"answer": "x"},
        {"answer": "", "thumb": "up"},
        {"answer": "x" * 201, "thumb": "up"},
        {"answer": "x", "thumb": "sideways"},
        {"answer": "x", "thumb": "up", "reason": "dislike"},
        {"answer": "x", "thumb": "up", "text": "长" * 2001},
        {"answer": "x", "thumb": "up", "stars": 5},
    ],
)
def test_feedback_that_is_none_is_refused(client: TestClient, visitor: Headers, body: object) -> None:
    assert _kind(client.post("/v1/feedback", json=body, headers=visitor)) == "422 invalid-request"


@pytest.fixture
def silent(assistant: OnePaper, settings: Settings) -> Iterator[TestClient]:
    """A service that keeps no texts."""
    settings = settings.model_copy(update={"service": ServiceSettings(keep_texts=False)})
    with (
        open_records(settings.service_url, lock_dir=None, keep_texts=False) as records,
        TestClient(
            create_app(assistant, settings, records=records),
            base_url="http://127.0.0.1:8000",
            client=("127.0.0.1", 50_000),
            raise_server_exceptions=False,
        ) as client,
    ):
        yield client


def test_without_texts_conversations_are_not_kept(silent: TestClient) -> None:
    arrived = silent.post("/v1/visitors", json={}).json()
    assert arrived["keeps_conversations"] is False
    visitor = {"Authorization": f"Bearer {arrived['token']}"}
    assert _kind(silent.post("/v1/conversations", json={}, headers=visitor)) == "403 not-kept"
    assert _kind(silent.get("/v1/conversations", headers=visitor)) == "403 not-kept"
    assert _kind(silent.get("/v1/conversations/x", headers=visitor)) == "403 not-kept"
    answer = _ask(silent, visitor, "首次获批奖多少？")["id"]
    said = silent.post("/v1/feedback", json={"answer": answer, "thumb": "up"}, headers=visitor)
    assert said.status_code == 204
