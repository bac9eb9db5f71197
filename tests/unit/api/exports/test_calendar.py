"""The calendar: only stated days, with their quotes, in a form that other programs read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from fact_paper import facts_of_paper, paper
from fastapi.testclient import TestClient
from icalendar import Calendar
from pages_app import five, pages_client, written
from written_facts import fact

from corpus.facts.model import EXTRACTOR, PaperFacts
from corpus.model import Document

_DEADLINE = """青山市人民政府关于竹产业用地的若干措施
青政发〔2025〕5号

一、用地
（一）厂房。对2026年9月30日前竣工的竹材加工厂房，一次性给予不超过20万元奖补。
本措施自2025年6月1日起施行，有效期至2027年12月31日。
"""


def deadline_paper() -> tuple[Document, PaperFacts]:
    document = written("changfang", _DEADLINE)
    quote = "对2026年9月30日前竣工的竹材加工厂房，一次性给予不超过20万元奖补"
    clause = next(one for one in document.clauses if quote in document.text_of(one))
    made = fact(document.text, quote, amounts=["20万元"], clause_id=clause.id, document_id=document.id)
    return document, PaperFacts(document.id, EXTRACTOR, (made,))


@pytest.fixture
def client() -> Iterator[TestClient]:
    document, read = deadline_paper()
    derived = paper()
    with pages_client([*five(), derived, document], facts=[read, facts_of_paper(derived)]) as client:
        yield client


def _events(client: TestClient, **parameters: str) -> list[Any]:
    response = client.get("/v1/facts/calendar.ics", params=parameters)
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def test_a_deadline_and_an_end_are_events_of_a_day(client: TestClient) -> None:
    end, deadline = _events(client, document="changfang")
    assert (end["DTSTART"].dt, deadline["DTSTART"].dt) == (date(2027, 12, 31), date(2026, 9, 30))
    assert deadline["DTEND"].dt - deadline["DTSTART"].dt == timedelta(days=1)
    assert "对2026年9月30日前竣工的竹材加工厂房" in deadline["DESCRIPTION"]
    assert "《青山市人民政府关于竹产业用地的若干措施》（青政发〔2025〕5号）" in deadline["DESCRIPTION"]
    assert str(deadline["URL"]) in deadline["DESCRIPTION"]
    assert "推算" not in end["DESCRIPTION"]


def test_a_derived_end_says_so_with_the_words_it_comes_from(client: TestClient) -> None:
    (end,) = _events(client, document="qingshan")
    assert end["DTSTART"].dt == date(2029, 12, 31)
    assert "推算" in end["DESCRIPTION"]
    assert "本措施自2025年1月1日起施行，有效期5年" in end["DESCRIPTION"]


def test_links_lead_to_the_marked_quote(client: TestClient) -> None:
    for event in _events(client):
        path = str(event["URL"]).removeprefix("http://testserver").partition("#")[0]
        assert "<mark" in client.get(path).text


def test_papers_without_a_day_and_drafts_have_no_event(client: TestClient) -> None:
    assert _events(client, document="zhejiang") == []
    assert _events(client, document="yiyang") == []
    assert [event["DTSTART"].dt for event in _events(client, region="湖南省")] == [date(2031, 2, 13)]


def test_an_event_keeps_its_uid_and_uids_differ(client: TestClient) -> None:
    first, again = ([str(event["UID"]) for event in _events(client)] for _ in range(2))
    assert first == again
    assert len(set(first)) == len(first) >= 4
    document, read = deadline_paper()
    moved = replace(read, facts=tuple(replace(one, id="another") for one in read.facts))
    with pages_client([document], today=date(2026, 8, 1), facts=[moved]) as later:
        assert {str(event["UID"]) for event in _events(later)} <= set(first)


def test_lines_are_folded_and_end_as_the_standard_wants(client: TestClient) -> None:
    content = client.get("/v1/facts/calendar.ics").content
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no character is cut


@pytest.mark.parametrize("words", ["\r\nATTENDEE:mailto:x@example.com\r\n", "a;b,c\\d", "\x00\x07", "\ud800"])
def test_words_of_a_paper_add_no_line(words: str) -> None:
    document, read = deadline_paper()
    title = replace(document.head.title, value=f"标题{words}")
    document = replace(document, head=replace(document.head, title=title))
    with pages_client([document], facts=[read]) as client:
        content = client.get("/v1/facts/calendar.ics").content
        assert b"\r\nATTENDEE" not in content
        assert len(Calendar.from_ical(content).walk("VEVENT")) == 2


def test_a_paper_past_its_term_keeps_its_event_and_a_wrong_parameter_is_named(client: TestClient) -> None:
    document, read = deadline_paper()
    with pages_client([document], today=date(2029, 1, 1), facts=[read]) as later:
        assert len(_events(later)) == 2
    assert client.get("/v1/facts/calendar.ics", params={"document": ""}).status_code == 422
