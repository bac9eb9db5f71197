"""Changes of papers over HTTP: off without a key, and as durable as those of the commands."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from endpoints import client_of
from fastapi.testclient import TestClient
from one_paper import OnePaper
from service_app import EDITOR, KEY, service

from api.app import create_app
from api.records import Records
from api.settings import ServerSettings, Settings
from corpus.ingest import ingest_files
from index.model import Embedder
from rag.settings import AnswerSettings
from rag.stored_papers import open_store

_PAPER = """清溪市人民政府关于支持{matter}的通知

溪政发〔2024〕{number}号

各县（市、区）人民政府：

一、支持建设

对新建{matter}工坊的单位，一次性奖补{amount}万元。

清溪市人民政府
2024年5月6日
"""
_QUESTION = {"question": "清溪市新建竹编工坊奖补多少？"}
_ROUTES = [
    ("POST", "/v1/editor/uploads"),
    ("POST", "/v1/editor/rehearsals"),
    ("GET", "/v1/editor/jobs"),
    ("GET", "/v1/editor/jobs/x"),
    ("GET", "/v1/editor/jobs/x/events"),
    ("POST", "/v1/editor/jobs/x/cancel"),
    ("POST", "/v1/editor/jobs/x/retry"),
    ("GET", "/v1/editor/papers/x"),
    ("DELETE", "/v1/editor/papers/x"),
    ("POST", "/v1/editor/papers/x/withdraw"),
    ("POST", "/v1/editor/papers/x/restore"),
    ("POST", "/v1/editor/papers/x/edit"),
    ("POST", "/v1/editor/papers/x/reread"),
    ("GET", "/v1/editor/papers/x/original"),
    ("GET", "/v1/editor/papers/x/facts/corrections"),
    ("POST", "/v1/editor/papers/x/facts/correct"),
    ("POST", "/v1/editor/papers/x/facts/hide"),
    ("POST", "/v1/editor/papers/x/facts/undo"),
    ("GET", "/v1/editor/conflicts"),
    ("POST", "/v1/editor/conflicts"),
    ("GET", "/v1/editor/audit"),
]
_REASON = {"reason": "replaced by the printed text"}


def _paper(matter: str = "竹编", *, number: int = 7, amount: int = 37) -> str:
    return _PAPER.format(matter=matter, number=number, amount=amount)


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
    with open_store(settings) as store:
        path = tmp_path / "in" / "bamboo.txt"
        path.parent.mkdir()
        path.write_text(_paper(), encoding="utf-8")
        ingest_files(store, [path])
    with service(settings, records, tiny_embedder) as client:
        yield client


@pytest.fixture
def paper(settings: Settings) -> str:
    with open_store(settings) as store:
        (document_id,) = store.in_use()
    return document_id


def _call(client: TestClient, method: str, path: str, **given: Any) -> Any:
    return client.request(method, f"/v1/editor{path}", headers=EDITOR, **given)


def test_without_a_key_every_route_is_off_also_here(
    assistant: OnePaper, tmp_path: Path, records: Records
) -> None:
    off = Settings(data_dir=tmp_path, cache_dir=tmp_path)
    with client_of(create_app(assistant, off, records=records)) as client:
        for (method, path), headers in product(_ROUTES, ({}, {"Authorization": "Bearer "}, EDITOR)):
            response = client.request(method, path, headers=headers, json=_REASON)
            assert response.status_code == 403, path
            assert "ZHENGWEN_SERVER__EDITOR_KEY" in response.json()["detail"], path


def test_the_key_is_needed_and_only_that_one(client: TestClient) -> None:
    for (method, path), given in product(_ROUTES, ("", f"Bearer {KEY}x", f"Basic {KEY}", KEY)):
        headers = {"Authorization": given} if given else {}
        response = client.request(method, path, headers=headers, content=b"x")
        assert response.status_code == 401, path
        assert response.headers["WWW-Authenticate"] == "Bearer", path
        assert KEY not in response.text, path


def test_pages_of_other_origins_change_nothing(client: TestClient, paper: str) -> None:
    headers = EDITOR | {"Origin": "https://elsewhere.example"}
    response = client.delete(f"/v1/editor/papers/{paper}", headers=headers)
    assert response.status_code == 403


def test_keys_are_long_and_differ() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        ServerSettings(editor_key="short")
    with pytest.raises(ValueError, match="differ"):
        ServerSettings(editor_key=KEY, api_key=KEY)


def test_wrong_keys_are_counted(settings: Settings, assistant: OnePaper, records: Records) -> None:
    limited = settings.server.model_copy(update={"editor_rate": "3/hour"})
    app = create_app(
        assistant,
        settings.model_copy(update={"server": limited}),
        records=records,
        editing=object(),  # type: ignore[arg-type]
    )
    with client_of(app) as client:
        statuses = [client.get("/v1/editor/audit").status_code for _ in range(4)]
    assert statuses == [401, 401, 401, 429]


def test_withdraw_and_restore(client: TestClient, paper: str) -> None:
    withdrawn = _call(client, "POST", f"/papers/{paper}/withdraw", json=_REASON).json()
    assert withdrawn["withdrawn"] == _REASON["reason"]
    assert withdrawn["generation"] is not None
    versions = _call(client, "GET", f"/papers/{paper}").json()
    assert versions["in_use"] is None
    assert _call(client, "POST", f"/papers/{paper}/restore").json()["withdrawn"] == ""
    again = _call(client, "POST", f"/papers/{paper}/restore")
    assert (again.status_code, "restore" in again.json()["detail"]) == (409, True)


def test_a_reason_is_required(client: TestClient, paper: str) -> None:
    for body in ({}, {"reason": "  "}, {"reason": ""}):
        assert _call(client, "POST", f"/papers/{paper}/withdraw", json=body).status_code == 422


def test_edit_and_undo(client: TestClient, paper: str) -> None:
    body = {"values": {"date_issued": "2024-05-07"}, "reason": "misprint"}
    changed = _call(client, "POST", f"/papers/{paper}/edit", json=body).json()
    assert [(one["field"], one["value"]) for one in changed["corrections"]] == [("date_issued", "2024-05-07")]
    wrong = {"values": {"date_issued": "soon"}, "reason": "misprint"}
    refused = _call(client, "POST", f"/papers/{paper}/edit", json=wrong)
    assert refused.status_code == 422
    assert "date" in refused.json()["detail"]
    undone = _call(client, "POST", f"/papers/{paper}/edit", json={"undo": ["date_issued"], "reason": "no"})
    assert undone.json()["corrections"] == []
    assert _call(client, "POST", f"/papers/{paper}/edit", json={"reason": "no"}).status_code == 422
    assert _call(client, "POST", f"/papers/{paper}/reread").json()["files"][0]["outcome"] == "unchanged"


def test_remove_and_the_audit(client: TestClient, paper: str) -> None:
    removed = _call(client, "DELETE", f"/papers/{paper}", params={"reason": "personal data"}).json()
    assert (removed["versions"], removed["is_complete"]) == (1, True)
    assert _call(client, "DELETE", f"/papers/{paper}").status_code == 404
    assert _call(client, "GET", f"/papers/{paper}").status_code == 404
    lines = _call(client, "GET", "/audit", params={"document_id": paper}).json()["lines"]
    assert [one["action"] for one in lines] == ["added", "removed"]
    assert lines[-1]["details"]["reason"] == "personal data"


def test_conflicts_are_listed_and_decided(client: TestClient, settings: Settings, tmp_path: Path) -> None:
    other = "清溪市人民政府关于供水保障的通知\n\n溪政发〔2024〕7号\n\n各县人民政府：\n\n一、改造水厂\n\n" + (
        "对完成水厂改造的乡镇，每处补助52万元，由市水务局组织验收后拨付。\n\n清溪市人民政府\n2024年5月6日\n"
    )
    path = tmp_path / "in" / "water.txt"
    path.write_text(other, encoding="utf-8")
    with open_store(settings) as store:
        ingest_files(store, [path])
    (found,) = _call(client, "GET", "/conflicts").json()["conflicts"]
    body = {"document_id": found["document_id"], "other_id": found["other_id"], "reason": "both are right"}
    decided = _call(client, "POST", "/conflicts", json=body)
    assert (decided.status_code, decided.json()["conflicts"]) == (200, [])
    assert _call(client, "POST", "/conflicts", json=body).status_code == 404


@pytest.mark.parametrize("public", [True, False])
def test_the_original_is_saved_and_never_shown(client: TestClient, paper: str, public: bool) -> None:
    path = f"/d/{paper}/original" if public else f"/v1/editor/papers/{paper}/original"
    response = client.get(path, headers={} if public else EDITOR)
    assert response.content == _paper().encode()
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"] == "attachment; filename*=UTF-8''bamboo.txt"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in response.headers["content-security-policy"]
    assert client.get("/d/none/original").status_code == 404
    assert f'href="/d/{quote(paper)}/original"' in client.get(f"/d/{paper}").text
