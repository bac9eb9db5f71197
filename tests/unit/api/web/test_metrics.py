"""The figures count what happens, and come back to nothing when it is over."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient


def _figure(client: TestClient, name: str) -> float:
    """A sample as it is told, 0 before it was first counted."""
    told = re.search(rf"^{re.escape(name)} (\S+)$", client.get("/metrics").text, re.MULTILINE)
    return float(told[1]) if told else 0.0


def test_answers_thumbs_and_refusals_are_counted(client: TestClient) -> None:
    names = (
        'zhengwen_answers_total{channel="ask",outcome="answered"}',
        "zhengwen_answer_seconds_count",
        'zhengwen_feedback_total{thumb="down"}',
        'zhengwen_rejected_total{kind="token-invalid"}',
        'zhengwen_requests_total{method="POST",route="/v1/ask",status="200"}',
    )
    before = {name: _figure(client, name) for name in names}
    answer = client.post("/v1/ask", json={"question": "奖多少？"}).json()["id"]
    said = client.post("/v1/feedback", json={"answer": answer, "thumb": "down", "reason": None})
    assert said.status_code == 204
    forged = client.post("/v1/ask", json={"question": "奖？"}, headers={"Authorization": "Bearer zwv.forged"})
    assert forged.status_code == 401
    assert {name: _figure(client, name) - before[name] for name in names} == dict.fromkeys(names, 1.0)
    assert _figure(client, "zhengwen_working") == _figure(client, "zhengwen_waiting") == 0
    assert _figure(client, "zhengwen_documents") == 1


def test_a_thumb_that_is_not_kept_is_not_counted(client: TestClient) -> None:
    name = 'zhengwen_feedback_total{thumb="up"}'
    before = _figure(client, name)
    assert client.post("/v1/feedback", json={"answer": "none", "thumb": "up"}).status_code == 404
    assert _figure(client, name) == before
