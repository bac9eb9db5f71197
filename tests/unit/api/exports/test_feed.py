"""The feed of changes: valid Atom, stable ids, the times at which papers were stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from pages_app import client_over
from replaced_papers import FIRST, ID, LATER, SECOND, opened, take

from api.exports.feed import changes_feed
from corpus.store.papers import Store
from rag.facts.replacements import Replacements

_ATOM = "{http://www.w3.org/2005/Atom}"
_TODAY = date(2026, 6, 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as made:
        yield made


def _feed(client: TestClient, **parameters: str) -> ElementTree.Element:
    response = client.get("/v1/facts/feed.atom", params=parameters)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def _entries(store: Store, **parameters: str) -> list[ElementTree.Element]:
    with client_over(*opened(store, today=_TODAY)) as client:
        return _feed(client, **parameters).findall(f"{_ATOM}entry")


def _ids(entries: list[ElementTree.Element]) -> list[str]:
    return [entry.findtext(f"{_ATOM}id") or "" for entry in entries]


def test_a_feed_has_what_the_standard_asks_for(store: Store) -> None:
    for text in (FIRST, SECOND, LATER):
        take(store, text)
    with client_over(*opened(store, today=_TODAY), public_url="https://z.example") as client:
        feed = _feed(client, region="湖南省")
        for element in (feed, *feed.findall(f"{_ATOM}entry")):
            for name in ("id", "title", "updated"):
                assert len(element.findall(f"{_ATOM}{name}")) == 1
            at = datetime.fromisoformat(element.findtext(f"{_ATOM}updated") or "")
            assert at.tzinfo is not None
            assert (element.findtext(f"{_ATOM}id") or "").startswith("urn:uuid:")
        assert feed.find(f"{_ATOM}author/{_ATOM}name") is not None
        links = {link.get("rel"): link.get("href") or "" for link in feed.findall(f"{_ATOM}link")}
        assert links["self"].startswith("https://z.example/v1/facts/feed.atom?region=")
        for entry in feed.findall(f"{_ATOM}entry"):
            link = entry.find(f"{_ATOM}link")
            assert link is not None
            path = (link.get("href") or "").removeprefix("https://z.example")
            assert client.get(path).status_code == 200


def test_entries_say_what_changed_newest_first(store: Store) -> None:
    for text in (FIRST, SECOND, LATER):
        take(store, text)
    repeal, version = _entries(store)
    assert "废止《湖南省溪山市人民政府关于优化审批服务的若干措施》" in (
        repeal.findtext(f"{_ATOM}title") or ""
    )
    words = "".join("".join(version.itertext()).split())
    assert "时限：20个工作日→15个工作日" in words
    times = [entry.findtext(f"{_ATOM}updated") for entry in (repeal, version)]
    assert times == sorted(times, key=str, reverse=True)
    line = store.audit.lines(ID)[-1]
    assert abs(datetime.fromisoformat(times[1] or "") - line.at).total_seconds() < 60


def test_ids_stay_when_more_is_stored_and_papers_are_read_again(store: Store) -> None:
    take(store, FIRST)
    take(store, SECOND)
    before = _ids(_entries(store))
    assert before == _ids(_entries(store))
    take(store, SECOND.replace("15个工作日", "14个工作日"))
    after = _ids(_entries(store))
    assert len(after) == len(set(after)) == 2
    assert after[1:] == before


def test_a_place_has_its_own_feed(store: Store) -> None:
    take(store, FIRST)
    take(store, SECOND)
    assert _entries(store, region="湖南省")
    assert _entries(store, region="广东省") == []
    with client_over(*opened(store, today=_TODAY)) as client:
        ids = {_feed(client, **asked).findtext(f"{_ATOM}id") for asked in ({}, {"region": "广东省"})}
    assert len(ids) == 2


def test_a_feed_without_entries_is_one(store: Store) -> None:
    with client_over(*opened(store, today=_TODAY)) as client:
        feed = _feed(client)
    assert feed.findall(f"{_ATOM}entry") == []
    assert datetime.fromisoformat(feed.findtext(f"{_ATOM}updated") or "").tzinfo == UTC


@pytest.mark.parametrize("words", ["<b>&amp;</b>", "]]>", "\x00\x1b[31m", "\ud800", "'\"><script>", "\ufffe"])
def test_hostile_words_stay_text(store: Store, words: str) -> None:
    take(store, FIRST)
    take(store, SECOND)
    (one,) = Replacements(*opened(store, today=_TODAY)).latest(None, most=1)
    hostile = replace(one.new, head=replace(one.new.head, title=words, doc_number=""))
    made = changes_feed([replace(one, new=hostile)], regions=["湖南省"], own="x", address="https://z.example")
    feed = ElementTree.fromstring(made)
    assert len(feed.findall(f"{_ATOM}entry")) == 1
    assert not list(feed.iter("{http://www.w3.org/1999/xhtml}script"))
