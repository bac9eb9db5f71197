"""The endpoints of papers and clauses, and the description of the service."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from one_paper import OnePaper

from api.web import problems
from api.wire import document_schemas, examples, question_schemas, reply_schemas
from corpus.catalogue.catalogue import Catalogue
from corpus.model import Reference, Span, Stated, Status

# Files for other programs
_FILES = (
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text/calendar",
    "application/atom+xml",
)


def test_the_list_names_each_paper(client: TestClient) -> None:
    (line,) = client.get("/v1/documents").json()["documents"]
    assert line == {
        "document_id": "qing",
        "title": "关于支持[b]新药[/b]的通知",
        "doc_number": "青政办发〔2024〕3号",
        "issuer": "",
        "date_issued": "2024-03-01",
        "status": "draft",
        "status_corrected": False,
        "region": "青海省",
        "level": "省",
        "url": "",
        "clauses": 5,
        "notices": 1,
    }


def test_the_pages_of_the_list_have_every_paper_once(client: TestClient, assistant: OnePaper) -> None:
    papers = [replace(assistant.paper, id=f"p{i}") for i in range(7)]
    assistant.catalogue = Catalogue.of(papers, today=date(2026, 6, 1))
    seen, after = list[str](), ""
    while True:
        body = client.get("/v1/documents", params={"limit": 3, "after": after}).json()
        assert body["total"] == 7
        assert len(body["documents"]) <= 3
        seen += [line["document_id"] for line in body["documents"]]
        if body["next"] is None:
            break
        after = body["next"]
    assert seen == [paper.id for paper in papers]
    assert client.get("/v1/documents").json()["next"] is None
    assert client.get("/v1/documents", params={"limit": 0}).status_code == 422


def test_a_paper_has_head_tree_notices_and_the_text_offsets_point_into(client: TestClient) -> None:
    body = client.get("/v1/documents/qing").json()
    text = body["text"]

    def check(node: Any) -> None:
        """Wherever offsets stand beside a quote, they hold it."""
        if isinstance(node, dict):
            if "quote" in node:
                assert text[node["start"] : node["end"]] == node["quote"]
            for inner in node.values():
                check(inner)
        elif isinstance(node, list):
            for inner in node:
                check(inner)

    check(body)
    assert body["head"]["validity"]["until"] == "2029-02-28"
    assert body["head"]["issuer"] is None
    assert body["notices"][0]["code"] == "gap"
    assert [node["label"] for node in body["clauses"]] == ["标题", "一、", "附则"]
    chapter = body["clauses"][1]
    assert [node["label"] for node in chapter["children"]] == ["（一）", "（二）"]
    assert chapter["tree_end"] == chapter["children"][1]["end"]


def test_relations_have_the_words_that_state_them(client: TestClient, assistant: OnePaper) -> None:
    text = assistant.paper.text
    new = replace(
        assistant.paper,
        id="new",
        head=replace(
            assistant.paper.head,
            title=Stated("扩产办法", Span(0, 4)),
            doc_number=None,
            repeals=(Reference("关于支持[b]新药[/b]的通知", "", Span(0, 10)),),
            status=Status.IN_FORCE,
        ),
    )
    assistant.catalogue = Catalogue.of([assistant.paper, new], today=date(2026, 6, 1))
    body = client.get("/v1/documents/qing/relations").json()
    (edge,) = body["incoming"]
    assert (body["document_id"], body["complete"]) == ("qing", True)
    assert (edge["kind"], edge["stated_in"]) == ("repeals", "new")
    assert edge["quote"] == text[edge["start"] : edge["end"]]
    assert edge["paper"]["document_id"] == "new"
    (back,) = client.get("/v1/documents/new/relations").json()["outgoing"]
    assert back["paper"] == {
        "document_id": "qing",
        "stored": True,
        "title": "关于支持[b]新药[/b]的通知",
        "doc_number": "青政办发〔2024〕3号",
        "status": "draft",
    }
    assert client.get("/v1/documents/nobody/relations").status_code == 404


def test_a_clause_is_found_by_id_and_by_label(client: TestClient, assistant: OnePaper) -> None:
    by_id = client.get("/v1/documents/qing/clauses/一、/（一）").json()
    assert by_id == client.get("/v1/documents/qing/clauses/（一）").json()
    assert by_id["text"] == assistant.paper.text[by_id["start"] : by_id["end"]]
    assert "".join(piece["text"] for piece in by_id["original"]) == by_id["text"]
    assert by_id["responsibility"]["lead"] == ["省科技厅"]
    assert by_id["parent"] == "一、"
    assert client.get("/v1/documents/qing/clauses/一、").json()["children"] == ["一、/（一）", "一、/（二）"]


@pytest.mark.parametrize(
    "name", ["(一)", "( 一 )", "（ 一 ）", "第（一）条", "第一条", "一、(一)", "一、（一）"]
)
def test_a_clause_is_found_however_its_label_is_written(client: TestClient, name: str) -> None:
    stored = client.get("/v1/documents/qing/clauses/一、/（一）").json()
    assert client.get(f"/v1/documents/qing/clauses/{name}").json() == stored


@pytest.mark.parametrize("name", ["(九)", "第九条", "第一条和第二条", "%2F", "第一条" * 40])
def test_no_clause_or_several_are_a_problem(client: TestClient, name: str) -> None:
    response = client.get(f"/v1/documents/qing/clauses/{name}")
    assert response.status_code == 404
    assert response.json()["type"].endswith("unknown-clause")


def test_what_is_not_there_is_a_problem(client: TestClient) -> None:
    for path, kind in (
        ("/v1/documents/nobody", "unknown-document"),
        ("/v1/documents/nobody/clauses/一、", "unknown-document"),
        ("/v1/documents/qing/clauses/九、", "unknown-clause"),
        ("/v1/documents/qing/clauses/", "unknown-clause"),
        ("/v1/documents/%ED%A0%80", "unknown-document"),
    ):
        response = client.get(path)
        assert response.status_code == 404, path
        assert response.json()["type"].endswith(kind)


def test_health_names_version_and_index(client: TestClient) -> None:
    body = client.get("/health").json()
    assert body["status"] == "ok"
    assert body["index"]["documents"] == 1
    assert body["index"]["model"] == "none"


def test_the_description_has_examples_and_problems_for_every_route(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    models = described["components"]["schemas"]
    assert {"Problem", "FieldFault"} <= models.keys()
    assert "HTTPValidationError" not in models
    for name in ("AskRequest", "AskResponse", "SearchRequest", "Problem"):
        assert models[name]["examples"]
    for methods in described["paths"].values():
        for operation in methods.values():
            assert operation["tags"]
            assert operation["summary"]
            for status, response in operation["responses"].items():
                if "content" not in response:
                    assert status == "204"
                elif "openai" in operation["tags"]:  # errors there have OpenAI's form
                    assert "application/json" in response["content"]
                elif status < "400":
                    others = {"text/plain", "text/event-stream", "application/octet-stream", *_FILES}
                    assert response["content"].keys() & {"application/json", *others}
                else:
                    assert list(response["content"]) == [problems.MEDIA_TYPE]


def test_examples_hold_to_the_models() -> None:
    for request in examples.ASK_REQUESTS:
        question_schemas.AskRequest.model_validate(request)
    for request in examples.SEARCH_REQUESTS:
        question_schemas.SearchRequest.model_validate(request)
    for related in examples.RELATIONS_RESPONSES:
        document_schemas.DocumentRelations.model_validate(related)
    for response in examples.ASK_RESPONSES:
        reply = reply_schemas.AskResponse.model_validate(response)
        for citation in reply.citations:
            assert citation.answer_span is not None
            start, end = citation.answer_span
            assert reply.text[start:end] == citation.quote
    problems.Problem.model_validate(examples.PROBLEM)
