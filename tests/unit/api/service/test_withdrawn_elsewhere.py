"""A paper that another server withdraws answers nothing from that moment, by search, fact, table or list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from endpoints import client_of
from fastapi.testclient import TestClient

from api.app import create_app
from api.records import Records
from api.settings import Settings
from corpus.store.papers import Store
from index.model import Embedder
from rag.assemble import Opener
from rag.settings import AnswerSettings, SearchSettings
from rag.stored_papers import open_store

_QUESTIONS = (
    "湖南有哪些给钱的条款，各给多少？",
    "哪些省对临床试验有补助？",
    "哪些文件提到了“临床试验”？",
)


@pytest.fixture
def settings(tmp_path: Path, unset: None, postgres_url: str) -> Settings:
    return Settings(
        data_dir=tmp_path,
        cache_dir=tmp_path,
        database_url=postgres_url,
        search=SearchSettings(engine="postgres"),
        answer=AnswerSettings(reader=False),
    )


@pytest.fixture
def client(settings: Settings, records: Records, tiny_embedder: Embedder) -> Iterator[TestClient]:
    """A service that looks for no other index: this server has not heard of what others do."""
    opener = Opener(settings, embedder=lambda *_: tiny_embedder)
    with client_of(create_app(opener.open(today=date.today()), settings, records=records)) as client:
        yield client


@pytest.fixture
def store(settings: Settings, client: TestClient) -> Iterator[Store]:
    """The papers as another server opens them."""
    with open_store(settings) as opened:
        yield opened


def _said(client: TestClient) -> list[str]:
    """Everything that is answered, once each."""
    replies = [client.post("/v1/ask", json={"question": question}) for question in _QUESTIONS]
    replies += [client.get("/v1/facts", params={"limit": 100}), client.get("/v1/facts.csv")]
    replies.append(client.post("/v1/match", json={"sentence": "湖南的生物医药企业，获批创新药"}))
    replies.append(client.post("/v1/search", json={"query": "创新药 奖励", "k": 20}))
    assert [one.status_code for one in replies] == [200] * len(replies), [one.text for one in replies]
    return [one.text for one in replies]


def _naming(document_id: str, said: list[str]) -> list[bool]:
    return [document_id in one for one in said]


def test_a_withdrawn_paper_is_in_no_answer_and_is_back_when_it_is_restored(
    client: TestClient, store: Store
) -> None:
    before = _said(client)
    assert all(_naming("hunan", before)), before
    store.withdrawals.withdraw("hunan", reason="")
    assert not any(_naming("hunan", _said(client)))
    store.withdrawals.restore("hunan")
    assert all(_naming("hunan", _said(client)))


def test_a_removed_paper_is_in_no_answer(client: TestClient, store: Store) -> None:
    store.remove("hunan")
    assert not any(_naming("hunan", _said(client)))
    assert any(_naming("hubei", _said(client)))
