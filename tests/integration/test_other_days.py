"""Questions about another day through every channel, over the five papers."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient

_ASKED = "湖南对医药产业有哪些奖励？"


def test_the_reply_says_for_which_day_it_is(client: TestClient) -> None:
    today = client.post("/v1/ask", json={"question": _ASKED}).json()
    then = client.post("/v1/ask", json={"question": _ASKED, "as_of": "2026-02-20"}).json()
    assert (today["as_of"], then["as_of"]) == ("2026-03-01", "2026-02-20")
    assert then["text"] == f"以下按2026年2月20日的情况答复。\n{today['text']}"
    for citation in then["citations"]:
        if citation["answer_span"] is not None:
            start, end = citation["answer_span"]
            assert then["text"][start:end] == citation["quote"]


def test_statuses_are_of_the_day(client: TestClient) -> None:
    asked = {"question": "益阳市对医药产业有什么支持？", "filters": {"documents": ["yiyang"]}}
    now, later = (client.post("/v1/ask", json=asked | day).json() for day in ({}, {"as_of": "2034-01-01"}))
    assert {citation["status"] for citation in now["citations"]} == {"in_force"}
    assert "这一天还没有到" in later["text"]


@pytest.mark.parametrize("words", ["按2012年的规定，", "2012年的时候，", "as of 2012, "])
def test_before_any_paper(client: TestClient, words: str) -> None:
    reply = client.post("/v1/ask", json={"question": words + _ASKED}).json()
    assert (reply["outcome"], reply["as_of"]) == ("refused", "2012-12-31")
    assert reply["citations"] == []


def test_streams_and_chats_say_it_too(client: TestClient) -> None:
    asked = {"question": _ASKED, "as_of": "2026-02-20"}
    streamed = client.post("/v1/ask", json=asked, headers={"Accept": "text/event-stream"}).text
    head = next(line for line in streamed.splitlines() if line.startswith("data: "))
    assert json.loads(head.removeprefix("data: "))["as_of"] == "2026-02-20"
    chat = {
        "model": "zhengwen",
        "messages": [{"role": "user", "content": _ASKED}],
        "zhengwen": {"as_of": "2026-02-20"},
    }
    message = client.post("/v1/chat/completions", json=chat).json()["choices"][0]["message"]
    assert message["zhengwen"]["as_of"] == "2026-02-20"
    assert message["content"].startswith("以下按2026年2月20日")


def test_search_on_a_day(client: TestClient) -> None:
    found = client.post("/v1/search", json={"query": "创新药 奖补", "as_of": "2019-01-01"}).json()["hits"]
    assert {hit["document_id"] for hit in found} <= {"yiyang", "zhejiang"}
