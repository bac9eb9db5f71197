"""The endpoints of questions: the wire contract, its limits, its errors."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from typing import Any

import pytest
from endpoints import client_of
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from one_paper import OnePaper

from api.app import create_app
from api.records import Records
from api.settings import ServerSettings, Settings
from api.web.log import JsonLines
from api.wire import reply_schemas
from rag.model import AsOf

_SAME_CLIENT = hypothesis_settings(max_examples=150)


def _problem(response: Any, status: int, kind: str) -> dict[str, Any]:
    """The body, once it is proved to be a problem of that kind."""
    body: dict[str, Any] = response.json()
    assert response.status_code == status, body
    assert response.headers["content-type"] == "application/problem+json"
    assert body["type"] == f"urn:problem-type:zhengwen:{kind}"
    assert body["status"] == status
    assert body["instance"].endswith(response.headers["x-request-id"])
    return body


def test_answer_has_the_fields_of_the_contract(client: TestClient) -> None:
    body = client.post("/v1/ask", json={"question": "新药首次获批奖多少？"}).json()
    assert body["outcome"] == "answered"
    assert body["refusal"] is None
    assert body["warnings"] == ["draft"]
    assert body["timings_ms"] == {"total": 1.23}
    assert len(body["hits"]) == 10
    citation, listed = body["citations"]
    start, end = citation["answer_span"]
    assert body["text"][start:end] == citation["quote"]
    assert listed["answer_span"] is None
    assert citation | {"answer_span": None} == {
        "document_id": "qing",
        "title": "关于支持[b]新药[/b]的通知",
        "doc_number": "青政办发〔2024〕3号",
        "status": "draft",
        "uncertain": [],
        "region": "青海省",
        "path": ["一、", "（一）"],
        "label": "（一）",
        "heading": "首次获批",
        "quote": "对首次获批的新药，奖补500万元。",
        "start": listed["start"],
        "end": listed["end"],
        "page": 1,
        "url": "",
        "permalink": listed["permalink"],
        "answer_span": None,
        "highlights": [{"start": 11, "end": 16}],
    }
    assert [citation["quote"][h["start"] : h["end"]] for h in citation["highlights"]] == ["500万元"]
    assert [body["text"][h["start"] : h["end"]] for h in body["highlights"]] == ["500万元"]
    assert body["hits"][0].keys() == {"document_id", "label", "path", "text", "score"}


def test_the_day_of_the_request_reaches_the_core(client: TestClient, assistant: OnePaper) -> None:
    body = client.post("/v1/ask", json={"question": "新药奖多少？", "as_of": "2023-05-01"}).json()
    assert body["outcome"] == "answered"
    assert assistant.asked[-1].as_of == AsOf(date(2023, 5, 1))
    client.post("/v1/ask", json={"question": "新药奖多少？", "as_of": None})
    assert assistant.asked[-1].as_of is None


@pytest.mark.parametrize(
    "day", ["2023-02-30", "2023", "1850-01-01", "01-05-2023", "2023-05-01T00:00:00", 1682899200, True, ["x"]]
)
def test_a_day_that_is_none_is_named(client: TestClient, day: object) -> None:
    for address, field in (("/v1/ask", "question"), ("/v1/search", "query")):
        problem = _problem(client.post(address, json={field: "奖多少", "as_of": day}), 422, "invalid-request")
        assert [error["field"] for error in problem["errors"]] == ["as_of"]


def test_refusal_offers_the_nearest_clauses(client: TestClient) -> None:
    body = client.post("/v1/ask", json={"question": "明天天气怎样？"}).json()
    assert body["outcome"] == "refused"
    assert body["citations"] == []
    assert body["refusal"]["reason"] == "out_of_domain"
    assert body["refusal"]["nearest"][0]["quote"] == "奖补20万元"
    assert len(body["hits"]) == 2


def test_every_reply_has_another_id(client: TestClient) -> None:
    ids = {client.post("/v1/ask", json={"question": "奖多少？"}).json()["id"] for _ in range(5)}
    assert len(ids) == 5
    assert min(map(len, ids)) >= 20


def test_history_and_filters_reach_the_core(client: TestClient, assistant: OnePaper) -> None:
    client.post(
        "/v1/ask",
        json={
            "question": "封顶\x00多少？",
            "history": [{"role": "user", "content": "奖多少？"}],
            "filters": {"documents": ["qing"], "regions": ["青海"]},
        },
    )
    (question,) = assistant.asked
    assert question.text == "封顶 多少？"
    assert [(turn.role, turn.content) for turn in question.history] == [("user", "奖多少？")]
    assert (question.documents, question.regions) == (("qing",), ("青海",))


def test_search_gives_the_chunk_that_matched(client: TestClient) -> None:
    body = client.post("/v1/search", json={"query": "奖补", "k": 2}).json()
    assert [hit["label"] for hit in body["hits"]] == ["标题", "一、"]
    assert body["hits"][1]["chunk_text"] == "一、奖"
    assert body["hits"][1]["score"] == 0.9877


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "question",
        None,
        {"question": 5},
        {"question": "奖多少？", "quesiton": ""},
        {"question": "奖多少？", "history": [{"role": "system", "content": "x"}]},
        {"question": "奖多少？", "history": [{"role": "user"}] * 51},
        {"question": "奖多少？", "filters": {"document": []}},
        {"question": "奖多少？", "\udfff": 1},
    ],
)
def test_a_wrong_body_is_a_problem_with_fields(client: TestClient, body: Any) -> None:
    response = client.post("/v1/ask", content=json.dumps(body), headers={"content-type": "application/json"})
    assert _problem(response, 422, "invalid-request")["errors"]


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'{"question": NaN}', b"[" * 100_000, b"1" * 9_000])
def test_a_body_that_is_no_json_is_a_problem(client: TestClient, content: bytes) -> None:
    response = client.post("/v1/ask", content=content, headers={"content-type": "application/json"})
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["", " \n", "？！……", "\0"])
def test_a_search_without_a_word_finds_nothing(client: TestClient, query: str) -> None:
    assert client.post("/v1/search", json={"query": query}).json() == {"hits": []}


@pytest.mark.parametrize("content", [None, b"", b"null", b"[]", b"3"])
def test_a_body_that_is_missing_or_no_object_is_named(client: TestClient, content: bytes | None) -> None:
    for path in ("/v1/ask", "/v1/search", "/v1/feedback", "/v1/visitors"):
        headers = {"content-type": "application/json"}
        body = _problem(client.post(path, content=content, headers=headers), 422, "invalid-request")
        assert [fault["field"] for fault in body["errors"]] == ["body"]
        assert body["detail"].startswith("body: ")


def test_a_field_that_is_missing_is_named_whatever_it_is_called(client: TestClient) -> None:
    body = _problem(client.post("/v1/search", json={}), 422, "invalid-request")
    assert [fault["field"] for fault in body["errors"]] == ["query"]


def test_of_a_body_that_is_no_json_no_field_is_blamed(client: TestClient) -> None:
    headers = {"content-type": "application/json"}
    body = _problem(client.post("/v1/ask", content=b"{bad", headers=headers), 400, "bad-request")
    assert "not JSON" in body["detail"]
    assert "errors" not in body


@pytest.mark.parametrize(
    "path",
    [
        "/v1/documents",
        "/v1/documents/qing",
        "/v1/documents/qing/clauses/（一）",
        "/health",
        "/ready",
        "/metrics",
    ],
)
def test_an_unknown_query_parameter_is_named(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200
    body = _problem(client.get(path, params={"regoin": "湖南"}), 422, "invalid-request")
    assert [fault["field"] for fault in body["errors"]] == ["regoin"]
    assert "湖南" not in body["detail"]


def test_unknown_query_parameters_of_questions_are_named_and_pages_take_any(client: TestClient) -> None:
    response = client.post("/v1/ask", params={"k": 3}, json={"question": "奖多少？"})
    assert "k: " in _problem(response, 422, "invalid-request")["detail"]
    assert client.get("/d/qing", params={"utm_source": "portal"}).status_code == 200


def test_a_question_that_is_too_long_says_how_long_it_may_be(client: TestClient) -> None:
    problem = _problem(client.post("/v1/ask", json={"question": "奖" * 2001}), 422, "invalid-request")
    assert "2000" in problem["detail"]
    _problem(client.post("/v1/search", json={"query": "奖" * 2001}), 422, "invalid-request")
    assert client.post("/v1/ask", json={"question": "奖" * 2000}).status_code == 200


def test_a_filter_of_a_paper_that_is_not_there_is_named(client: TestClient) -> None:
    filters = {"documents": ["qing", "nobody"]}
    for path, field in (("/v1/ask", "question"), ("/v1/search", "query")):
        response = client.post(path, json={field: "奖多少？", "filters": filters})
        body = _problem(response, 422, "invalid-request")
        assert "'nobody'" in body["detail"]
        assert [fault["field"] for fault in body["errors"]] == ["filters.documents"]


def test_a_body_that_is_too_large_is_rejected(client: TestClient) -> None:
    large = b'{"question": "' + b"x" * 300_000 + b'"}'
    headers = {"content-type": "application/json"}
    _problem(client.post("/v1/ask", content=large, headers=headers), 413, "content-too-large")
    in_pieces = (large[start : start + 50_000] for start in range(0, len(large), 50_000))
    _problem(client.post("/v1/ask", content=in_pieces, headers=headers), 413, "content-too-large")


def test_routes_that_are_not_there_are_problems(client: TestClient) -> None:
    _problem(client.get("/v2/ask"), 404, "not-found")
    response = client.get("/v1/ask")
    _problem(response, 405, "method-not-allowed")
    assert response.headers["allow"] == "POST"


def test_an_index_that_cannot_be_used_names_the_cure(client: TestClient) -> None:
    problem = _problem(client.post("/v1/ask", json={"question": "过期"}), 503, "index-unavailable")
    assert "--rebuild" in problem["detail"]


def test_an_unexpected_error_reveals_no_internals(client: TestClient) -> None:
    response = client.post("/v1/ask", json={"question": "故障"})
    _problem(response, 500, "internal-error")
    assert "secret" not in response.text


def test_a_request_id_is_kept_when_it_is_harmless(client: TestClient) -> None:
    assert client.get("/health", headers={"X-Request-ID": "abc-1.2"}).headers["x-request-id"] == "abc-1.2"
    replaced = client.get("/health", headers={"X-Request-ID": 'x" onload="'}).headers["x-request-id"]
    assert replaced.isalnum()


def test_the_core_runs_beside_the_event_loop_and_within_bounds(
    assistant: OnePaper, settings: Settings, records: Records
) -> None:
    two = settings.model_copy(update={"server": ServerSettings(concurrency=2)})
    assistant.gate.clear()
    app = create_app(assistant, two, records=records)
    with client_of(app) as client, ThreadPoolExecutor(6) as threads, ExitStack() as at_end:
        at_end.callback(assistant.gate.set)  # a failure does not wait for those who wait
        replies = [threads.submit(client.post, "/v1/ask", json={"question": "奖？"}) for _ in range(6)]
        while assistant.running < 2:
            threading.Event().wait(0.001)
        assert client.get("/health").status_code == 200  # while both threads of the core are taken
        assistant.gate.set()
        assert [reply.result().status_code for reply in replies] == [200] * 6
    assert assistant.most_running == 2


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
_nearly_right = st.fixed_dictionaries(
    {"question": st.text(st.characters(), max_size=50)},
    optional={"history": _anything, "filters": _anything, "k": _anything, "query": _anything},
)


@_SAME_CLIENT
@given(body=_anything | _nearly_right, path=st.sampled_from(["/v1/ask", "/v1/search"]))
def test_no_body_makes_the_service_fail(client: TestClient, body: Any, path: str) -> None:
    response = client.post(path, content=json.dumps(body), headers={"content-type": "application/json"})
    assert response.status_code in (200, 422)


@_SAME_CLIENT
@given(content=st.binary(max_size=200))
def test_no_bytes_make_the_service_fail(client: TestClient, content: bytes) -> None:
    response = client.post("/v1/ask", content=content, headers={"content-type": "application/json"})
    assert response.status_code in (200, 400, 422)


@_SAME_CLIENT
@given(question=st.text(st.characters(), max_size=60))
def test_any_text_may_be_asked(client: TestClient, question: str) -> None:
    body = json.dumps({"question": question})
    response = client.post("/v1/ask", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 200
    reply_schemas.AskResponse.model_validate_json(response.content)


def test_logs_hold_no_words_of_a_question(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    for words in ("我的病历号是多少", "故障：我的病历号"):
        client.post("/v1/ask", json={"question": words, "history": [{"role": "user", "content": words}]})
    client.get("/v1/documents/病历号")
    logged = "\n".join(JsonLines().format(record) for record in caplog.records if record.name != "httpx2")
    assert '"event": "request"' in logged
    assert '"outcome": "answered"' in logged
    assert "病历号" not in logged
