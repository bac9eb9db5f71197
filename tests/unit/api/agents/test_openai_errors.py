"""Problems told as OpenAI's clients read them, from wherever they come."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

from api.agents.chat.errors import OpenAIErrors
from api.errors import Busy, LocalOnly, RateLimited, RequestFault, TokenMissing
from api.web import problems
from api.web.body_limit import BodyLimit, Limit


class _Body(BaseModel):
    question: str


def _app(fail: Callable[[], None]) -> FastAPI:
    app = FastAPI()
    problems.install(app)
    app.add_middleware(BodyLimit, limit=Limit(1000, 10, "Send less"), others={})
    app.add_middleware(OpenAIErrors)

    @app.post("/v1/chat/completions")
    @app.post("/v1/ask")
    def ask(body: _Body) -> dict[str, Any]:
        fail()
        return {"answer": body.question}

    return app


def _raises(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def _client(fail: Callable[[], None] = lambda: None) -> TestClient:
    return TestClient(_app(fail), raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("error", "status", "kind", "code", "retry_after"),
    [
        (TokenMissing("a key is missing"), 401, "authentication_error", "token-missing", None),
        (LocalOnly("only this machine"), 403, "permission_error", "local-only", None),
        (RequestFault("too long"), 422, "invalid_request_error", "invalid-request", None),
        (RateLimited("too often", retry_after_s=7), 429, "rate_limit_error", "rate-limited", "7"),
        (Busy("many ask", retry_after_s=2), 503, "server_error", "busy", "2"),
        (LookupError("a secret path"), 500, "server_error", "internal-error", None),
    ],
)
def test_an_error_of_any_part_has_openais_form(
    error: Exception, status: int, kind: str, code: str, retry_after: str | None
) -> None:
    response = _client(_raises(error)).post("/v1/chat/completions", json={"question": "x"})
    told = response.json()["error"]
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json"
    assert response.headers.get("retry-after") == retry_after
    assert (told["type"], told["code"], told["param"]) == (kind, code, None)
    assert "secret" not in response.text
    if status != 500:
        assert told["message"] == str(error)


def test_a_wrong_field_is_named() -> None:
    response = _client().post("/v1/chat/completions", json={})
    assert response.status_code == 422
    assert response.json()["error"]["param"] == "question"


def test_refusals_of_middleware_and_routing_have_it_too() -> None:
    client = _client()
    long = client.post("/v1/chat/completions", json={"question": "长" * 1000})
    assert (long.status_code, long.json()["error"]["code"]) == (413, "content-too-large")
    wrong = client.put("/v1/chat/completions")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (405, "method-not-allowed")
    assert "POST" in wrong.headers["allow"]
    missing = client.get("/v1/models/none/other")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not-found")
    broken = client.post("/v1/chat/completions", content=b"{", headers={"content-type": "application/json"})
    assert broken.json()["error"]["type"] == "invalid_request_error"


def test_other_addresses_and_answers_are_left_alone() -> None:
    client = _client()
    assert client.post("/v1/chat/completions", json={"question": "问"}).json() == {"answer": "问"}
    problem = client.post("/v1/ask", json={})
    assert problem.headers["content-type"] == problems.MEDIA_TYPE
    assert json.loads(problem.content)["status"] == 422
