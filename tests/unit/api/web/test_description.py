"""GET /openapi.json names every operation, where the service is, and who may call what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from endpoints import client_of
from fastapi.testclient import TestClient
from one_paper import OnePaper

from api.app import create_app
from api.records import Records
from api.settings import ServerSettings, Settings

_DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "api.md"
# Programs are generated with these names: none may change.
_OPERATIONS = {
    "ask",
    "search",
    "listDocuments",
    "getDocument",
    "getClause",
    "getRelations",
    "listVersions",
    "listFacts",
    "match",
    "downloadFactsCsv",
    "downloadFactsWorkbook",
    "downloadFactsCalendar",
    "followFactChanges",
    "createVisitor",
    "createConversation",
    "listConversations",
    "getConversation",
    "deleteConversation",
    "deleteConversations",
    "sendFeedback",
    "uploadPapers",
    "rehearseUpload",
    "listJobs",
    "getJob",
    "followJob",
    "cancelJob",
    "retryJob",
    "getVersions",
    "removePaper",
    "withdrawPaper",
    "restorePaper",
    "editPaper",
    "rereadPaper",
    "downloadOriginal",
    "listFactCorrections",
    "correctFact",
    "hideFact",
    "undoFactCorrection",
    "listConflicts",
    "decideConflict",
    "listAudit",
    "createChatCompletion",
    "listModels",
    "getModel",
    "getHealth",
    "getReadiness",
    "getMetrics",
}


def _operations(client: TestClient) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Method, path and description of each operation."""
    paths = client.get("/openapi.json").json()["paths"]
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in paths.items()
        for method, operation in methods.items()
    }


def test_every_operation_has_its_name(client: TestClient) -> None:
    assert _operations(client).keys() == _OPERATIONS


def test_every_operation_says_who_may_call_it(client: TestClient) -> None:
    schemes = client.get("/openapi.json").json()["components"]["securitySchemes"]
    named = {name for *_, one in _operations(client).values() for way in one["security"] for name in way}
    assert named == schemes.keys()


@pytest.mark.parametrize("name", sorted(_OPERATIONS))
def test_who_needs_nothing_by_the_description_needs_nothing(client: TestClient, name: str) -> None:
    method, path, operation = _operations(client)[name]
    response = client.request(method, path, json={})
    if operation["tags"] == ["editors"]:
        assert response.status_code == 403  # off: no key is set
        return
    open_here = not operation["security"] or {} in operation["security"]
    assert (response.status_code == 401) is not open_here


def test_the_server_is_the_address_that_visitors_use(
    assistant: OnePaper, settings: Settings, records: Records, client: TestClient
) -> None:
    assert client.get("/openapi.json").json()["servers"] == [{"url": "/"}]
    public = ServerSettings(public_url="https://ask.example.gov.cn")
    app = create_app(assistant, settings.model_copy(update={"server": public}), records=records)
    with client_of(app) as other:
        (server,) = other.get("/openapi.json").json()["servers"]
    assert server == {"url": "https://ask.example.gov.cn"}


def test_requests_do_not_wait_for_the_description(
    assistant: OnePaper, settings: Settings, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(assistant, settings, records=records)
    described: list[str] = []
    monkeypatch.setattr(app, "openapi", lambda: described.append("made"))
    with client_of(app) as client:
        assert client.get("/v1/documents", params={"limit": 1, "after": "a"}).status_code == 200
        unknown = client.get("/v1/documents", params={"limt": 1})
    assert unknown.status_code == 422
    assert "There are: after, limit" in unknown.json()["detail"]
    assert described == []


def test_every_query_parameter_of_the_description_is_accepted(client: TestClient) -> None:
    offered = [
        (method, path, parameter["name"])
        for method, path, operation in _operations(client).values()
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query"
    ]
    assert offered
    for method, path, name in offered:
        assert "Unknown query parameter" not in client.request(method, path, params={name: 1}).text


def test_every_route_stands_in_the_document_of_the_api(client: TestClient) -> None:
    text = _DOCUMENT.read_text(encoding="utf-8")
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for method in methods:
            assert f"`{method.upper()} {path}`" in text
