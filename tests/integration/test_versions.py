"""Earlier versions of a paper, over HTTP and as pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.records import open_records
from api.settings import Settings
from corpus.progress import Progress
from index.model import Embedder
from rag.assemble import ingest, open_assistant
from rag.settings import AnswerSettings
from rag.settings import Settings as CoreSettings

_PAPER = """云政办发〔2025〕91号

云岭省人民政府办公厅关于支持茶产业的若干意见

各州市人民政府：

一、支持种植

（一）老茶园改造。对改造老茶园的合作社，每亩奖补{amount}元，由县级农业部门验收后发放，同一地块五年内不重复奖补。

（二）品种更新。鼓励使用无性系良种，对良种苗木按购苗款的一半给予补助，具体标准由州市人民政府制定并公布。

本意见自2025年7月1日起施行。

云岭省人民政府办公厅

2025年6月3日
"""


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, tiny_embedder: Embedder
) -> Iterator[tuple[TestClient, str]]:
    """A service over two versions of a paper, and the id of the paper."""
    folder = tmp_path_factory.mktemp("versions")
    settings = Settings(
        data_dir=folder / "data",
        cache_dir=folder,
        starting_papers=False,
        answer=AnswerSettings(reader=False),
    )

    def tiny(_: CoreSettings, __: Progress | None) -> Embedder:
        return tiny_embedder

    file = Path(folder, "tea.txt")
    for amount in ("300", "450"):
        file.write_text(_PAPER.format(amount=amount), "utf-8")
        ingest(settings, [file], embedder=tiny)
    assistant = open_assistant(settings, embedder=tiny)
    (document_id,) = assistant.catalogue.ids
    with (
        open_records(settings.service_url, lock_dir=None) as records,
        TestClient(
            create_app(assistant, settings, records=records),
            base_url="http://127.0.0.1:8000",
            client=("127.0.0.1", 50_000),
            raise_server_exceptions=False,
        ) as client,
    ):
        yield client, document_id


def test_versions_are_listed_and_read(served: tuple[TestClient, str]) -> None:
    client, document_id = served
    listed = client.get(f"/v1/documents/{document_id}/versions").json()
    assert [(one["version"], one["in_use"]) for one in listed["versions"]] == [(1, False), (2, True)]
    first, second = (client.get(f"/v1/documents/{document_id}?version={n}").json() for n in (1, 2))
    assert "每亩奖补300元" in first["text"]
    assert not first["in_use"]
    assert second == client.get(f"/v1/documents/{document_id}").json()
    assert second["in_use"]
    clause = client.get(f"/v1/documents/{document_id}/clauses/（一）?version=1").json()
    assert "300元" in clause["text"]


def test_answers_quote_the_version_in_use_whatever_the_day(served: tuple[TestClient, str]) -> None:
    client, _ = served
    for day in (None, "2025-08-01"):
        asked = {"question": "云岭省改造老茶园每亩奖补多少元？", "as_of": day}
        reply = client.post("/v1/ask", json=asked).json()
        assert "450元" in reply["text"]
        assert "300元" not in reply["text"]


def test_the_page_of_an_earlier_version_says_so_and_leads_to_the_one_in_use(
    served: tuple[TestClient, str],
) -> None:
    client, document_id = served
    listed = client.get(f"/v1/documents/{document_id}/versions").json()["versions"]
    page = client.get(listed[0]["permalink"]).text
    assert "第1版，不是现在采用的版本" in page
    assert f'href="{listed[1]["permalink"]}"' in page
    assert "每亩奖补300元" in page
    assert 'content="noindex, follow"' in page
    assert "?version=1#clause" in page  # links of its clauses stay in the version
    in_use = client.get(listed[1]["permalink"]).text
    assert "不是现在采用的版本" not in in_use
    assert f'href="{listed[0]["permalink"]}"' in in_use
    assert 'content="index, follow"' in in_use
    assert client.get(f"/d/{document_id}?version=2").text == in_use


def test_a_clause_of_an_earlier_version(served: tuple[TestClient, str]) -> None:
    client, document_id = served
    page = client.get(f"/d/{document_id}/（一）?version=1", headers={"Accept-Language": "en"}).text
    assert "It is not the version in use" in page
    assert "每亩奖补300元" in page


@pytest.mark.parametrize("number", ["3", "999999"])
def test_a_version_that_is_not_there(served: tuple[TestClient, str], number: str) -> None:
    client, document_id = served
    for address in (document_id, f"{document_id}/clauses/（一）"):
        problem = client.get(f"/v1/documents/{address}?version={number}")
        assert (problem.status_code, problem.json()["type"]) == (
            404,
            "urn:problem-type:zhengwen:unknown-version",
        )
        assert f"no version {number}" in problem.json()["detail"]
    page = client.get(f"/d/{document_id}?version={number}")
    assert page.status_code == 404
    assert "没有链接所指的版本" in page.text


@pytest.mark.parametrize("number", ["0", "-1", "x", "9999999999"])
def test_a_number_that_is_none(served: tuple[TestClient, str], number: str) -> None:
    client, document_id = served
    for address in (f"/v1/documents/{document_id}", f"/d/{document_id}"):
        assert client.get(f"{address}?version={number}").status_code == 422


def test_versions_of_no_paper(served: tuple[TestClient, str]) -> None:
    client, _ = served
    assert client.get("/v1/documents/nobody/versions").status_code == 404
    assert client.get("/v1/documents/nobody?version=1").status_code == 404
    assert client.get("/d/nobody?version=1").status_code == 404
