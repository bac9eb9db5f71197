"""Corrections of facts over HTTP: chosen words only, shown as such, and undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from replaced_papers import FIRST, ID
from service_app import EDITOR, KEY, service

from api.records import Records
from api.settings import ServerSettings, Settings
from corpus.ingest import ingest_files
from index.model import Embedder
from rag.settings import AnswerSettings
from rag.stored_papers import open_store

_FACT, _WHAT = "一、（一）.time_limit.1", "竹材采伐许可"


@pytest.fixture
def settings(tmp_path: Path, unset: None) -> Settings:
    return Settings(
        data_dir=tmp_path,
        cache_dir=tmp_path,
        starting_papers=False,
        answer=AnswerSettings(reader=False),
        server=ServerSettings(editor_key=KEY, reload_s=0.02),
    )


@pytest.fixture
def client(
    settings: Settings, records: Records, tiny_embedder: Embedder, tmp_path: Path
) -> Iterator[TestClient]:
    _store(settings, tmp_path, FIRST)
    with service(settings, records, tiny_embedder, works=False) as client:
        yield client


def _store(settings: Settings, tmp_path: Path, text: str) -> None:
    path = tmp_path / "in" / "paper.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    with open_store(settings) as store:
        ingest_files(store, [path])


def _call(client: TestClient, action: str, body: dict[str, Any]) -> Any:
    return client.post(f"/v1/editor/papers/{ID}/facts/{action}", json=body, headers=EDITOR)


def _listed(client: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(
        f"/v1/editor/papers/{ID}/facts/corrections", headers=EDITOR
    ).json()["corrections"]
    return found


def _edit(client: TestClient, **other: Any) -> dict[str, Any]:
    text = client.get(f"/v1/documents/{ID}").json()["text"]
    start = text.index(_WHAT)
    spans = [{"start": start, "end": start + len(_WHAT)}]
    return {"fact_id": _FACT, "part": "limit.what", "spans": spans, "reason": "原文如此"} | other


def test_other_words_are_chosen_and_shown_as_corrected(client: TestClient) -> None:
    corrected = _call(client, "correct", _edit(client))
    assert corrected.status_code == 200
    (one,) = corrected.json()["corrections"]
    assert (one["fact_id"], one["field"], one["words"]) == (_FACT, "limit.what", [_WHAT])
    assert _listed(client) == [one]
    audit = client.get("/v1/editor/audit", params={"document_id": ID}, headers=EDITOR).json()["lines"]
    assert audit[-1]["details"]["reason"] == "原文如此"


def test_a_correction_outlasts_a_new_version(client: TestClient, settings: Settings, tmp_path: Path) -> None:
    _call(client, "correct", _edit(client))
    _store(settings, tmp_path, FIRST.replace("10个工作日", "7个工作日"))  # of another clause
    (one,) = _listed(client)
    assert (one["words"], one["attached"]) == ([_WHAT], True)


def test_a_fact_is_hidden_and_shown_again(client: TestClient) -> None:
    (one,) = _call(client, "hide", {"fact_id": _FACT, "reason": "误读"}).json()["corrections"]
    assert one["field"] == ""
    assert _call(client, "undo", {"number": one["number"], "reason": "复核"}).json()["corrections"] == []
    again = _call(client, "undo", {"number": one["number"], "reason": "复核"})
    assert (again.status_code, again.json()["errors"][0]["field"]) == (422, "number")


def test_nothing_but_words_of_the_clause_is_accepted(client: TestClient) -> None:
    wrong: list[dict[str, Any]] = [
        {"spans": [{"start": 5, "end": 5}]},
        {"spans": [{"start": 9, "end": 3}]},
        {"spans": [{"start": 0, "end": 5}]},  # the title, which is no part of the clause
        {"spans": [{"start": 10**8, "end": 10**8 + 1}]},
        {"spans": [{"start": -1, "end": 3}]},
        {"part": "colour"},
        {"part": ""},
        {"reason": " "},
        {"words": "企业"},  # free text is no words of the paper
    ]
    for other in wrong:
        refused = _call(client, "correct", _edit(client, **other))
        assert refused.status_code == 422, (other, refused.text)
        assert _listed(client) == []


def test_a_fact_or_paper_that_is_not_there(client: TestClient) -> None:
    missing = _call(client, "correct", _edit(client, fact_id="一、（九）.money.1"))
    assert (missing.status_code, missing.json()["type"].rpartition(":")[2]) == (404, "unknown-fact")
    path = "/v1/editor/papers/nobody/facts/hide"
    assert client.post(path, json={"fact_id": _FACT, "reason": "误"}, headers=EDITOR).status_code == 404
