"""Permalinks: the paper as it is, what became of it, and the clause or quote that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import quote, unquote

import pytest
from fastapi.testclient import TestClient
from pages_app import Page, five, pages_client, squeezed, written

from api.pages.links import permalink, permalink_of
from corpus.head.corrections import corrected
from corpus.model import Correction, Document, HeadField, Status
from corpus.store.shipped_papers import starting_papers
from rag.model import Citation

CLAUSE = "/d/hunan/" + quote("（四）")
ENGLISH = {"Accept-Language": "en-GB,en;q=0.9,zh;q=0.5"}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with pages_client(five(), originals={one.document_id: one.data for one in starting_papers()}) as client:
        yield client


def paper(document_id: str) -> Document:
    return next(document for document in five() if document.id == document_id)


def page_at(client: TestClient, path: str, **headers: str) -> Page:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, path
    return Page(response.text)


@pytest.mark.parametrize("document", five(), ids=lambda document: document.id)
def test_the_words_of_the_paper_are_all_there_and_no_others(client: TestClient, document: Document) -> None:
    page = page_at(client, f"/d/{document.id}")
    assert squeezed(page.words(within="paper")) == squeezed(document.text)


@pytest.mark.parametrize("document", five(), ids=lambda document: document.id)
def test_every_clause_is_reached_by_its_permalink(client: TestClient, document: Document) -> None:
    for clause in document.clauses:
        address, _, fragment = permalink(document.id, clause).partition("#")
        page = page_at(client, address)
        assert fragment in page.ids()
        assert squeezed(page.words(within="addressed")) == squeezed(document.text_of(clause))
        current = [attrs for _, attrs in page.elements if attrs.get("aria-current") == "location"]
        assert {unquote(attrs["href"] or "") for attrs in current} == {f"#c-{clause.id}"}


@pytest.mark.parametrize("document", five(), ids=lambda document: document.id)
def test_links_on_a_page_lead_somewhere_and_ids_are_unique(client: TestClient, document: Document) -> None:
    page = page_at(client, f"/d/{document.id}")
    ids = page.ids()
    assert len(ids) == len(set(ids))
    for link in page.links():
        if link.startswith("#"):
            assert unquote(link[1:]) in ids
        elif link.startswith("/"):
            assert client.get(link.partition("#")[0]).status_code == 200


@pytest.mark.parametrize("document", five(), ids=lambda document: document.id)
def test_a_quote_is_marked_to_the_letter(client: TestClient, document: Document) -> None:
    for clause in document.clauses[:: max(1, len(document.clauses) // 12)]:
        start = clause.start + (clause.end - clause.start) // 4
        words = document.text[start : start + 40].rstrip()
        if not words.strip() or start + len(words) > clause.end:
            continue
        citation = Citation.quote(document, clause, words, status=Status.IN_FORCE)
        address, _, fragment = permalink_of(citation).partition("#")
        page = page_at(client, address)
        assert squeezed(page.words(tag="mark")) == squeezed(citation.words)
        assert squeezed(page.words(within="paper")) == squeezed(document.text)
        assert fragment in page.ids()
        assert squeezed(citation.words) in squeezed(page.words(tag="blockquote"))


@pytest.mark.parametrize(
    "place",
    [
        "5-5",
        "9-5",
        "0-999999",
        "999999999-999999999",
        "1-",
        "-1-5",
        "x",
        "1-2-3",
        "１-５",
        "0-9",
        "1 - 9",
        "<b>",
    ],
)
def test_a_quote_that_is_not_in_the_clause_is_not_marked_and_that_is_said(
    client: TestClient, place: str
) -> None:
    page = page_at(client, f"{CLAUSE}?q={quote(place)}")
    assert page.words(tag="mark") == ""
    assert "引文" in page.words(within="moved")
    assert squeezed(page.words(within="paper")) == squeezed(paper("hunan").text)


def test_a_quote_of_another_version_of_the_paper_is_not_marked(client: TestClient) -> None:
    document = paper("hunan")
    clause = next(c for c in document.clauses if c.label == "（四）")
    span = (clause.body_start, clause.body_start + 8)
    for words, marked in ((document.text[slice(*span)], True), ("别的版本里的话语", False)):
        address = permalink(document.id, clause, start=span[0], end=span[1], words=words)
        page = page_at(client, address.partition("#")[0])
        assert bool(page.words(tag="mark")) is marked
        assert bool(page.words(within="moved")) is not marked


def test_a_label_leads_to_the_clause_and_the_canonical_address_to_its_id(client: TestClient) -> None:
    page = page_at(client, CLAUSE)
    clause = next(c for c in paper("hunan").clauses if c.label == "（四）")
    assert page.first("link", rel="canonical")["href"] == "/d/hunan/" + quote(clause.id)
    assert page.words(tag="title") == (
        "（四） 支持创新产品产业化落地 - 湖南省人民政府办公厅关于促进生物医药产业创新发展的若干意见"
    )
    assert page.words(tag="cite").endswith("若干意见》（湘政办发〔2026〕15号）（四）")
    draft = page_at(client, "/d/zhejiang/" + quote("（四）"))
    assert draft.words(tag="cite").endswith("指导意见》（征求意见稿）（四）")


def test_the_facts_of_the_paper_stand_in_a_table(client: TestClient) -> None:
    facts = page_at(client, "/d/hunan").words(within="facts")
    for words in (
        "湖南省人民政府办公厅",
        "湘政办发〔2026〕15号",
        "2026年2月14日",
        "有效期至2031年2月13日（按文件所载期限推算）",
        "湖南省",
        "现行",
        "（湘政办发〔2021〕44号）",
    ):
        assert words in facts
    assert "文件未写明" in page_at(client, "/d/hubei").words(within="facts")


OLD = """青海省人民政府办公厅关于支持新药的通知
青政办发〔2020〕3号
各市州人民政府：
一、奖励
（一）首次获批。对首次获批的新药，奖补500万元。
本通知自2020年3月1日起施行，有效期至2025年2月28日。
青海省人民政府办公厅
2020年3月1日
"""
NEW = """青海省人民政府办公厅关于进一步支持新药的通知
青政办发〔2024〕9号
各市州人民政府：
一、奖励
（一）首次获批。对首次获批的新药，奖补900万元。
本通知自印发之日起施行。《青海省人民政府办公厅关于支持新药的通知》（青政办发〔2020〕3号）同时废止。
青海省人民政府办公厅
2024年3月1日
"""


def test_the_banner_says_what_became_of_the_paper(client: TestClient) -> None:
    assert "有效期至2031年2月13日" in page_at(client, "/d/hunan").words(within="in_force")
    assert "征求意见稿" in page_at(client, "/d/zhejiang").words(within="draft")
    old, new = written("old", OLD), written("new", NEW)
    with pages_client([old], today=date(2024, 1, 1)) as alone:
        assert "有效期至2025年2月28日" in page_at(alone, "/d/old").words(within="in_force")
    with pages_client([old], today=date(2025, 3, 1)) as later:
        assert "2025年2月28日" in page_at(later, "/d/old").words(within="expired")
    with pages_client([old, new]) as both:
        page = page_at(both, "/d/old")
        assert "已废止" in page.words(within="repealed")
        assert "（青政办发〔2024〕9号）" in page.words(within="repealed")
        assert "/d/new" in page.links()


def test_the_source_is_linked_when_it_is_a_web_page() -> None:
    for url, linked in (
        ("https://www.hunan.gov.cn/a?b=1&c=2", True),
        ("http://example.gov.cn/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,<script>alert(1)</script>", False),
        ("file:///etc/passwd", False),
        ("//evil.example/", False),
        ("https://", False),
        ("https://a b/", False),
        ("http://[::1", False),
        ("", False),
    ):
        with pages_client([written("old", OLD, url=url)]) as client:
            links = page_at(client, "/d/old").links()
            assert (url in links) is linked, url
            assert all(link.startswith(("/", "#", "http")) for link in links)


def test_what_is_not_there_is_a_page_with_a_way_on(client: TestClient) -> None:
    for path, way_on in (("/d/nobody", "/d/hunan"), ("/d/hunan/" + quote("（九十九）"), "/d/hunan")):
        response = client.get(path)
        assert response.status_code == 404
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        page = Page(response.text)
        assert way_on in page.links()
        assert page.first("meta", name="robots")["content"] == "noindex"
    with pages_client([]) as empty:
        assert "没有收录文件" in empty.get("/d/x").text


def test_english_labels_where_the_browser_asks_for_them_first(client: TestClient) -> None:
    english = page_at(client, CLAUSE, **ENGLISH)
    assert english.first("html")["lang"] == "en"
    assert "In force Valid until 13 February 2031. No paper" in english.words(within="in_force")
    assert english.first("article")["lang"] == "zh-CN"
    assert squeezed(english.words(within="paper")) == squeezed(paper("hunan").text)
    for header in (
        "zh-CN,zh;q=0.9,en;q=0.8",
        "zh,en",
        "fr,zh;q=0.4",
        "",
        "*",
        "en;q=0,zh",
        "x" * 5000,
        ";;q=,",
    ):
        chinese = page_at(client, CLAUSE, **{"Accept-Language": header})
        assert chinese.first("html")["lang"] == "zh-CN", header


def test_a_page_that_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    first = client.get(CLAUSE)
    tag = first.headers["etag"]
    for held in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = client.get(CLAUSE, headers={"If-None-Match": held})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    for other in (
        client.get("/d/hunan"),
        client.get(CLAUSE, headers=ENGLISH),
        client.get(CLAUSE + "?q=1060-1070"),
    ):
        assert other.headers["etag"] != tag
    old = written("old", OLD)
    with pages_client([old], today=date(2024, 1, 1)) as before, pages_client([old]) as after:
        assert before.get("/d/old").headers["etag"] != after.get("/d/old").headers["etag"]


def test_head_is_get_without_the_body(client: TestClient) -> None:
    for path in (
        "/d/hunan",
        CLAUSE,
        "/d/nobody",
        Page(client.get("/d/hunan").text).first("link")["href"] or "",
    ):
        whole, head = client.get(path), client.head(path)
        assert head.content == b""
        assert head.status_code == whole.status_code
        assert dict(head.headers) == dict(whole.headers)


def test_nothing_on_a_page_needs_more_than_the_strictest_policy(client: TestClient) -> None:
    for path in ("/d/hunan", CLAUSE + "?q=1060-1070", "/d/nobody"):
        response = client.get(path)
        policy = response.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'")
        assert "script-src" not in policy
        page = Page(response.text)
        assert not {tag for tag, _ in page.elements} & {"script", "style", "iframe", "object", "form", "base"}
        assert not [
            name for _, attrs in page.elements for name in attrs if name == "style" or name[:2] == "on"
        ]
        for attrs in (attrs for tag, attrs in page.elements if tag == "link" and attrs["rel"] != "canonical"):
            loaded = client.get(attrs["href"] or "")
            assert loaded.status_code == 200
            assert "immutable" in loaded.headers["cache-control"]
    assert client.get("/pages/paper.css").status_code == 404


def test_addresses_where_the_service_is_known_under_another_name() -> None:
    with pages_client(five(), public_url="https://zc.example.gov.cn") as client:
        page = page_at(client, "/d/hunan")
        assert page.first("link", rel="canonical")["href"] == "https://zc.example.gov.cn/d/hunan"
        assert page.words(within="address") == "https://zc.example.gov.cn/d/hunan"
    with pages_client(five(), root_path="/zhengwen") as client:
        page = page_at(client, "/d/hunan")
        assert page.first("link", rel="canonical")["href"] == "/zhengwen/d/hunan"
        assert page.words(within="address") == "http://testserver/zhengwen/d/hunan"
        assert all(link.startswith(("/zhengwen/", "#")) for link in page.links())


def test_a_table_of_a_paper_is_a_table(client: TestClient) -> None:
    text = OLD.replace("一、奖励\n", "一、奖励\n类别\t金额\n创新药\t500万元\n")
    document = written("old", text)
    with pages_client([document]) as over:
        page = page_at(over, "/d/old")
        assert squeezed(page.words(within="rows")) == "类别金额创新药500万元"
        assert squeezed(page.words(within="paper")) == squeezed(document.text)


def test_the_banner_says_what_other_papers_and_editors_have_changed() -> None:
    rules = written(
        "rules",
        "禾川市水务局关于印发管网巡检办法的通知\n禾水发〔2021〕7号\n各单位：\n现印发给你们，请遵照执行。\n"
        "禾川市水务局\n2021年3月1日\n管网巡检办法\n第一条 为规范巡检，制定本办法。\n"
        "第二条 巡检每公里补助60元。\n第三条 本办法自2021年4月1日起施行，有效期3年。\n",
    )
    other = written(
        "other",
        "禾川市水务局关于管网巡检工作的通知\n禾水发〔2024〕5号\n各单位：\n"
        "一、《管网巡检办法》（禾水发〔2021〕7号）第二条同时废止。\n"
        "二、《管网巡检办法》（禾水发〔2021〕7号）有效期延长至2027年3月31日。\n禾川市水务局\n2024年2月20日\n",
    )
    with pages_client([rules, other]) as client:
        banner = squeezed(page_at(client, "/d/rules").words(within="banner"))
    assert "有效期至2027年3月31日" in banner
    assert "第二条已由下列文件废止：" in banner
    assert "有效期由下列文件延长：" in banner
    made = Correction(HeadField.STATUS, "expired", "<b>已停办</b>", datetime(2026, 5, 1, tzinfo=UTC))
    with pages_client([corrected(rules, [made]), other]) as client:
        page = page_at(client, "/d/rules")
    assert "本状态由编辑更正。" in page.words(within="banner")
    assert "状态：已失效（<b>已停办</b>）" in page.words(within="facts")
