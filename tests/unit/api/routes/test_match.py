"""Matching over HTTP: groups with proof, and no trace of the profile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from one_paper import OnePaper

from api.settings import Settings
from api.web.log import JsonLines

_SECRET = "益阳密植农业机械厂"


def _match(client: TestClient, **body: object) -> dict[str, Any]:
    response = client.post("/v1/match", json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def _proofs(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if {"text", "start", "end", "permalink"} <= node.keys():
            yield node
        for inner in node.values():
            yield from _proofs(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _proofs(inner)


def test_every_proof_is_the_papers_own_text(client: TestClient, assistant: OnePaper) -> None:
    found = _match(client, sentence="一家企业", with_others=True)
    every = [*found["applies"], *found["to_confirm"], *found["does_not_apply"]]
    assert every
    assert sum(found["totals"].values()) == len(every)
    proofs = list(_proofs(found))
    assert proofs
    for proof in proofs:
        assert assistant.paper.text[proof["start"] : proof["end"]] == proof["text"]


def test_what_does_not_apply_comes_on_request_only(client: TestClient) -> None:
    assert _match(client, place="四川省成都市")["does_not_apply"] == []
    assert _match(client, place="四川省成都市")["totals"]["does_not_apply"] > 0
    assert _match(client, place="四川省成都市", with_others=True)["does_not_apply"] != []


def test_a_profile_leaves_no_trace(
    client: TestClient, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    _match(client, sentence=f"我们是{_SECRET}，年销售6000万元", titles=[_SECRET])
    wrong = client.post("/v1/match", json={"sentence": _SECRET, _SECRET: _SECRET})
    assert wrong.status_code == 422
    long = client.post("/v1/match", json={"sentence": _SECRET * 1000})
    assert long.status_code == 422
    assert _SECRET not in long.text
    logged = "\n".join(JsonLines().format(one) for one in caplog.records if one.name != "httpx2")
    assert '"route": "/v1/match"' in logged
    assert _SECRET not in logged
    kept = [path.read_bytes() for path in settings.data_dir.rglob("*") if path.is_file()]
    assert kept
    assert not any(_SECRET.encode() in content for content in kept)


def test_a_profile_is_taken_in_the_body_only(client: TestClient) -> None:
    assert client.post(f"/v1/match?sentence={_SECRET}", json={}).status_code == 422
    assert client.get("/v1/match").status_code == 405
