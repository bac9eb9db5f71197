"""The page with what replacing a paper changed in its support facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pages_app import Page, client_over, squeezed
from replaced_papers import FIRST, ID, LATER, LATER_ID, SECOND, opened, take

from corpus.store.papers import Store

TODAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with Store(f"sqlite:///{tmp_path_factory.mktemp('papers') / 'papers.sqlite'}") as store:
        for text in (FIRST, SECOND, LATER):
            take(store, text)
        with client_over(*opened(store, today=TODAY)) as client:
            yield client


def _page(client: TestClient, document_id: str, language: str = "zh") -> Page:
    response = client.get(f"/d/{document_id}/facts/changes", headers={"Accept-Language": language})
    assert response.status_code == 200
    return Page(response.text)


def test_old_and_new_words_stand_side_by_side(client: TestClient) -> None:
    words = squeezed(_page(client, ID).words(tag="main"))
    assert "与第1版相比" in words
    assert "时限20个工作日→15个工作日" in words
    assert "废止本文件的《湖南省溪山市人民政府关于深化审批服务改革的若干措施》" in words
    assert "时限15个工作日→8个工作日" in words


def test_the_later_paper_shows_what_is_new_and_what_is_gone(client: TestClient) -> None:
    words = squeezed(_page(client, LATER_ID).words(tag="main"))
    assert (
        "与本文件废止的《湖南省溪山市人民政府关于优化审批服务的若干措施》（溪政发〔2024〕7号）相比" in words
    )
    new, gone = words.partition("新增")[2].split("不再有")
    assert "竹林权属登记自受理之日起5个工作日内办结" in new
    assert "竹制品备案自受理之日起10个工作日内办结" in gone


def test_every_quote_is_marked_in_the_text_it_is_of(client: TestClient) -> None:
    links = {link for id_ in (ID, LATER_ID) for link in _page(client, id_).links() if "?q=" in link}
    assert any("version=1" in link for link in links)
    for link in links:
        shown = Page(client.get(link.partition("#")[0]).text)
        assert squeezed(shown.words(tag="mark")), link


def test_english_keeps_the_words_of_the_papers(client: TestClient) -> None:
    words = _page(client, ID, "en").words(tag="main")
    assert "Compared with version 1" in words
    assert "15个工作日" in words


def test_the_feed_of_the_place_is_linked(client: TestClient) -> None:
    (link,) = [link for link in _page(client, LATER_ID).links() if "feed.atom" in link]
    feed = client.get(link)
    assert feed.headers["content-type"].startswith("application/atom+xml")
    assert "溪政发〔2026〕9号" in feed.text


def test_links_lead_somewhere(client: TestClient) -> None:
    for link in _page(client, LATER_ID).links():
        if not link.startswith("#"):
            assert client.get(link.partition("#")[0]).status_code == 200


def test_a_paper_that_replaced_nothing_says_so(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as store:
        take(store, FIRST)
        with client_over(*opened(store, today=TODAY)) as client:
            assert "没有可以比较的文本" in _page(client, ID).words(tag="main")
            assert client.get("/d/nobody/facts/changes").status_code == 404
