"""Facts over HTTP: filters, pages, words with offsets, and files for a spreadsheet."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from one_paper import OnePaper, facts_of_paper

from api.exports.fact_table import COLUMNS
from corpus.catalogue.catalogue import Catalogue
from corpus.facts.model import Fact, FactKind, PaperFacts
from corpus.model import Document, Span, Status

_MARK = "\N{BYTE ORDER MARK}"


def _facts(client: TestClient, **parameters: str | list[str]) -> list[dict[str, Any]]:
    response = client.get("/v1/facts", params=parameters)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["facts"]
    return found


def _rows(client: TestClient, **parameters: str) -> list[dict[str, str]]:
    response = client.get("/v1/facts.csv", params=parameters)
    assert response.status_code == 200
    assert response.text.startswith(_MARK)
    return list(csv.DictReader(io.StringIO(response.text.removeprefix(_MARK))))


def _spans(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.keys() == {"text", "start", "end"}:
            yield node
        for inner in node.values():
            yield from _spans(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _spans(inner)


def _several(assistant: OnePaper, number: int) -> list[Document]:
    """The paper under several ids, each with its facts."""
    papers = [replace(assistant.paper, id=f"p{i}") for i in range(number)]
    assistant.catalogue = Catalogue.of(papers, today=date(2026, 6, 1))
    assistant.read_facts = [_renamed(facts_of_paper(assistant.paper), paper.id) for paper in papers]
    return papers


def _renamed(facts: PaperFacts, document_id: str) -> PaperFacts:
    own = tuple(replace(fact, document_id=document_id) for fact in facts.facts)
    return replace(facts, document_id=document_id, facts=own)


def test_every_field_is_words_of_the_paper_at_their_place(client: TestClient, assistant: OnePaper) -> None:
    body = client.get("/v1/facts").json()
    spans = list(_spans(body))
    assert len(spans) > 10
    for span in spans:
        assert assistant.paper.text[span["start"] : span["end"]] == span["text"]


def test_a_fact_has_values_beside_its_words_and_a_link(client: TestClient, assistant: OnePaper) -> None:
    award = _facts(client, kind="money")[0]
    assert (award["id"], award["clause_id"], award["label"]) == (
        "一、/（一）.money.1",
        "一、/（一）",
        "（一）",
    )
    (amount,) = award["amounts"]
    assert (amount["value"], amount["unit"], amount["bound"], amount["role"]) == (
        5_000_000,
        "元",
        "max",
        "pay",
    )
    assert [span["text"] for span in award["conditions"]] == ["首次获批"]
    assert award["departments"]["units"][0]["text"] == "省科技厅"
    assert award["departments"]["lead"] == []
    quote = award["quote"]
    assert f"?q={quote['start']}-{quote['end']}-" in award["permalink"]
    assert client.get(award["permalink"].partition("#")[0]).status_code == 200


def test_beside_the_facts_are_their_papers_with_status_and_rules(client: TestClient) -> None:
    body = client.get("/v1/facts", params={"kind": "money"}).json()
    (paper,) = body["papers"]
    assert (paper["document_id"], paper["status"], paper["region"]) == ("qing", "draft", "青海省")
    assert (paper["valid_until"], paper["permalink"]) == ("2029-02-28", "/d/qing/facts")
    assert [rule["rule"]["kind"] for rule in paper["rules"]] == ["validity"]
    assert paper["coverage"] == {"sentences": 3, "with_facts": 2}
    assert (body["total"], body["as_of"], body["next"]) == (2, "2026-06-01", None)


@pytest.mark.parametrize(
    ("parameters", "ids"),
    [
        ({"document": "qing"}, 3),
        ({"document": "青政办发〔2024〕3号"}, 3),
        ({"document": ["青政办发〔2024〕3号", "qing"]}, 3),
        ({"region": "青海"}, 3),
        ({"region": "西宁市"}, 3),
        ({"region": "湖南"}, 0),
        ({"kind": "rule"}, 1),
        ({"kind": ["rule", "money"]}, 3),
        ({"beneficiary": "新药"}, 1),
        ({"beneficiary": "新药 首次"}, 1),
        ({"beneficiary": "新药 扩产"}, 0),
        ({"min_yuan": "1000000"}, 1),
        ({"max_yuan": "1000000"}, 1),
        ({"min_yuan": "100000", "max_yuan": "9000000"}, 2),
        ({"as_of": "2026-06-01"}, 0),  # a draft gives nothing yet
    ],
)
def test_each_filter_selects(client: TestClient, parameters: dict[str, str | list[str]], ids: int) -> None:
    assert len(_facts(client, **parameters)) == ids


def test_on_a_day_only_papers_in_force_count(client: TestClient, assistant: OnePaper) -> None:
    issued = replace(assistant.paper, head=replace(assistant.paper.head, status=Status.IN_FORCE))
    assistant.catalogue = Catalogue.of([issued], today=date(2026, 6, 1))
    assert len(_facts(client, as_of="2026-06-01")) == 3
    assert _facts(client, as_of="2035-06-01") == []
    assert len(_facts(client)) == 3


def test_the_pages_have_every_fact_once(client: TestClient, assistant: OnePaper) -> None:
    _several(assistant, 4)
    seen, after = list[tuple[str, str]](), ""
    while True:
        body = client.get("/v1/facts", params={"limit": 5, "after": after}).json()
        assert body["total"] == 12
        assert len(body["facts"]) <= 5
        assert {one["document_id"] for one in body["papers"]} == {one["document_id"] for one in body["facts"]}
        seen += [(one["document_id"], one["id"]) for one in body["facts"]]
        if body["next"] is None:
            break
        after = body["next"]
    assert len(seen) == len(set(seen)) == 12


@pytest.mark.parametrize("after", ["p1#gone", "p9#gone", "x", "#"])
def test_after_what_is_not_in_the_list_is_an_error(
    client: TestClient, assistant: OnePaper, after: str
) -> None:
    _several(assistant, 3)
    response = client.get("/v1/facts", params={"after": after})
    assert response.status_code == 422
    assert [one["field"] for one in response.json()["errors"]] == ["after"]
    assert "Begin without `after`" in response.json()["detail"]


@pytest.mark.parametrize(
    ("address", "parameters"),
    [
        ("/v1/facts", ("document", "region")),
        ("/v1/facts.csv", ("document", "region")),
        ("/v1/facts.xlsx", ("document", "region")),
        ("/v1/facts/calendar.ics", ("document", "region")),
        ("/v1/facts/feed.atom", ("region",)),
    ],
)
def test_what_does_not_exist_is_said_to_be_unknown(
    client: TestClient, address: str, parameters: tuple[str, ...]
) -> None:
    for text in ("火星", "nosuch", "\r\nX:1", "湖南\r\nX:1", "\x00"):
        for name in parameters:
            response = client.get(address, params={name: text})
            assert response.status_code == (404 if name == "document" else 422)
            known = "zhengwen documents" if name == "document" else "no place is called"
            assert known in response.json()["detail"]


@pytest.mark.parametrize(
    "address",
    ["/v1/facts", "/v1/facts.csv", "/v1/facts.xlsx", "/v1/facts/calendar.ics", "/v1/facts/feed.atom"],
)
@pytest.mark.parametrize("around", ["\r\n", "\n", "\t", "\x00", "\u2028", "\u202e"])
def test_control_characters_of_parameters_break_no_reply(
    client: TestClient, address: str, around: str
) -> None:
    asked = {"region": f"湖南{around}", "beneficiary": f"企业{around}"}
    response = client.get(address, params=asked if "/facts/" not in address else {"region": asked["region"]})
    assert response.status_code in (200, 422)


@pytest.mark.parametrize(
    "parameters",
    [
        {"kind": "gold"},
        {"limit": "0"},
        {"limit": "1001"},
        {"min_yuan": "-1"},
        {"min_yuan": "nan"},
        {"max_yuan": "much"},
        {"as_of": "2026-02-30"},
        {"as_of": "1700000000"},
        {"document": ""},
        {"kinds": "money"},
        {"beneficiary": "企" * 201},
    ],
)
def test_a_wrong_parameter_is_named(client: TestClient, parameters: dict[str, str]) -> None:
    for path in ("/v1/facts", "/v1/facts.csv"):
        if "limit" in parameters and path.endswith("csv"):
            continue
        response = client.get(path, params=parameters)
        assert response.status_code == 422
        assert response.json()["errors"][0]["field"].partition(".")[0] == next(iter(parameters))


def test_the_table_has_one_row_a_fact_under_chinese_headers(client: TestClient) -> None:
    response = client.get("/v1/facts.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"].startswith("attachment;")
    award, growth, term = _rows(client)
    assert list(award) == [column.title for column in COLUMNS]
    assert (award["类别"], award["扶持对象"], award["条件"]) == ("奖补资金", "新药", "首次获批")
    assert (award["金额（原文）"], award["金额（元）"], award["金额性质"]) == (
        "500万元",
        "5000000",
        "支付金额",
    )
    assert (award["责任单位"], award["牵头单位"]) == ("省科技厅", "")
    assert (award["状态"], award["有效期至"], award["条款"]) == ("征求意见稿", "2029-02-28", "（一）")
    assert award["链接"].startswith("http://127.0.0.1:8000/d/qing/")
    assert growth["金额（元）"] == "200000"
    assert (term["类别"], term["金额（元）"]) == ("规则", "")
    assert len(_rows(client, kind="rule")) == 1


def test_money_without_a_sum_is_said(client: TestClient, assistant: OnePaper) -> None:
    (award, *others) = facts_of_paper(assistant.paper).facts
    assistant.read_facts = [
        replace(facts_of_paper(assistant.paper), facts=(replace(award, amounts=()), *others))
    ]
    assert _facts(client)[0]["amount_unstated"] is True
    assert _rows(client)[0]["金额（原文）"] == "未写明金额"


@pytest.mark.parametrize("words", ["=1+1", "+7", "-7", "@A1", "\t=1", "\r+1", "＝1"])
def test_no_cell_of_a_hostile_paper_becomes_a_formula(
    client: TestClient, assistant: OnePaper, words: str
) -> None:
    text = words + assistant.paper.text.removeprefix("关于")[len(words) - 2 :]  # offsets stay
    assert len(text) == len(assistant.paper.text)
    head = assistant.paper.head
    stated = replace(head, title=replace(head.title, value=words), region=words, doc_number=None)
    paper = replace(assistant.paper, text=text, head=stated)
    assistant.catalogue = Catalogue.of([paper], today=date(2026, 6, 1))
    own = facts_of_paper(assistant.paper)
    who = (Span(0, len(words)),)
    fact = Fact("标题.money.1", paper.id, "标题", FactKind.MONEY, Span(0, 16), beneficiaries=who)
    assistant.read_facts = [replace(own, facts=(fact,))]
    (row,) = _rows(client)
    assert [row[name][0] for name in ("扶持对象", "原文", "文件", "地区")] == ["'"] * 4
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
    workbook = client.get("/v1/facts.xlsx").content
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_the_workbook_is_one(client: TestClient) -> None:
    response = client.get("/v1/facts.xlsx", params={"kind": "money"})
    assert response.content.startswith(b"PK")
    assert response.headers["content-disposition"].endswith(".xlsx")
