"""The page with the support facts of a paper: words, links, coverage, status."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from fact_paper import facts_of_paper, paper
from fastapi.testclient import TestClient
from hostile_pages import HOSTILE, hostile_paper
from pages_app import Page, client_over, five, pages_client, squeezed
from replaced_papers import FIRST, ID, opened, take

from api.routes.facts import pages as fact_pages
from api.routes.papers import pages
from corpus.facts.extract import facts_of
from corpus.facts.model import EXTRACTOR, Checked, Fact, FactKind, PaperFacts
from corpus.model import Document, Span
from corpus.store.papers import Store
from corpus.structure.clauses import RESERVED

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    document = paper()
    with pages_client([*five(), document], facts=[facts_of_paper(document)]) as client:
        yield client


def _page(client: TestClient, document_id: str = "qingshan", **headers: str) -> Page:
    response = client.get(f"/d/{document_id}/facts", headers=headers)
    assert response.status_code == 200
    return Page(response.text)


def test_every_linked_word_is_marked_where_its_link_leads(client: TestClient) -> None:
    page = _page(client)
    links = [link for link in page.links() if "?q=" in link]
    assert len(links) > 8
    for link in links:
        address, _, fragment = link.partition("#")
        target = client.get(address)
        assert fragment == "quote"
        shown = Page(target.text)
        start, end = map(int, address.partition("?q=")[2].split("-")[:2])
        assert squeezed(shown.words(tag="mark")) == squeezed(paper().text[start:end])


def test_a_row_has_sum_limit_department_and_clause(client: TestClient) -> None:
    page = _page(client)
    words = squeezed(page.words(within="support"))
    for wanted in (
        "奖补资金",
        "对象新建竹材加工厂的企业",
        "支付金额不超过50万元",
        "责任单位市林业局",
        "（一）",
    ):
        assert wanted in words
    assert "金额未写明金额按规定" in words
    assert "择优或视情" in words
    assert "未拆分" in words


def test_status_validity_and_rules_stand_above_the_table(client: TestClient) -> None:
    page = _page(client)
    assert "现行" in page.words(within="banner")
    assert "2029年12月31日" in page.words(within="facts")
    assert "施行与有效期自2025年1月1日起施行，有效期5年" in squeezed(page.words(within="beside"))


def test_sentences_that_were_not_read_are_listed(client: TestClient) -> None:
    words = squeezed(_page(client).words(within="beside"))
    assert "共3句，其中2句读出了事项" in words
    assert "（三）参加展会的，给予最高3万元补贴，每年不超过2次" in words


def test_a_draft_says_so_and_a_paper_past_its_term_too(client: TestClient) -> None:
    assert "征求意见稿" in _page(client, "zhejiang").words(within="banner")
    document = paper()
    with pages_client([document], today=date(2031, 1, 1), facts=[facts_of_paper(document)]) as later:
        assert "已失效" in _page(later).words(within="banner")


@pytest.mark.parametrize("document", five(), ids=lambda document: document.id)
def test_every_fact_of_the_papers_has_a_row(client: TestClient, document: Document) -> None:
    page = _page(client, document.id)
    rows = [attrs for tag, attrs in page.elements if tag == "th" and attrs.get("role") == "rowheader"]
    read = facts_of(document)
    assert len(rows) == len(read.facts)
    if not read.facts:
        assert "没有从这份文件中读出扶持事项" in page.words(tag="main")


def test_english_names_fields_and_leaves_the_words_of_the_paper(client: TestClient) -> None:
    page = _page(client, **ENGLISH)
    assert page.first("html")["lang"] == "en"
    words = page.words(within="support")
    assert "For whom, on what condition" in words
    assert "no sum stated" in words
    assert "新建竹材加工厂的企业" in words
    assert "2 of 3 sentences" in page.words(within="beside")


def test_links_lead_somewhere_and_ids_are_unique(client: TestClient) -> None:
    page = _page(client)
    ids = page.ids()
    assert len(ids) == len(set(ids))
    for link in page.links():
        if link.startswith("#"):
            assert unquote(link[1:]) in ids
        else:
            assert client.get(link.partition("#")[0]).status_code == 200, link


def test_the_paper_leads_to_its_facts_and_back(client: TestClient) -> None:
    assert "/d/qingshan/facts" in Page(client.get("/d/qingshan").text).links()
    assert "/d/qingshan" in _page(client).links()


def test_a_clause_keeps_its_address_beside_the_facts(client: TestClient) -> None:
    assert client.get("/d/qingshan/" + quote("（一）")).status_code == 200
    missing = client.get("/d/nobody/facts")
    assert missing.status_code == 404
    assert "没有收录这份文件" in missing.text


def test_what_editors_corrected_is_marked_and_what_they_hid_is_counted(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as store:
        take(store, FIRST)
        start = store.document(ID).text.index("竹材采伐许可")
        chosen = [Span(start, start + len("竹材采伐许可"))]
        made = store.fact_corrections
        made.correct(ID, "一、（一）.time_limit.1", "limit.what", chosen, reason="原文如此")
        made.hide(ID, "一、（二）.time_limit.1", reason="误读")
        with client_over(*opened(store, today=date(2026, 6, 1))) as client:
            page = _page(client, ID)
            assert page.words(within="corrected") == "编辑更正：原文如此"
            words = squeezed(page.words(tag="main"))
            assert "竹材采伐许可" in squeezed(page.words(within="support"))
            assert "另有1项由编辑认定读取有误" in words
            facts = client.get("/v1/facts", params={"kind": "time_limit"}).json()["facts"]
            assert [one["field"] for one in facts[0]["corrections"]] == ["limit.what"]
            assert len(facts) == 1
            assert "原文如此" in client.get("/v1/facts.csv").text


def test_corrections_that_no_longer_fit_are_listed_with_what_they_said(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as store:
        take(store, FIRST)
        start = store.document(ID).text.index("竹材采伐许可")
        made = store.fact_corrections
        made.correct(ID, "一、（一）.time_limit.1", "limit.what", [Span(start, start + 6)], reason="原文如此")
        made.hide(ID, "一、（二）.time_limit.1", reason="误读")
        with client_over(*opened(store, today=date(2026, 6, 1))) as client:
            assert "不再适用" not in _page(client, ID).words(tag="main")
        take(
            store,
            FIRST.replace("竹材采伐许可自", "木材采伐许可自").replace(
                "竹制品备案自受理之日起10", "备案另行通知，20"
            ),
        )
        with client_over(*opened(store, today=date(2026, 6, 1))) as client:
            words = squeezed(_page(client, ID).words(tag="main"))
            assert "不再适用的更正" in words
            assert "时限竹材采伐许可编辑更正：原文如此" in words
            assert "竹制品备案自受理之日起10个工作日内办结读取有误编辑更正：误读" in words
            assert "time limit" in _page(client, ID, **ENGLISH).words(tag="main").lower()


def test_every_fixed_address_below_a_paper_is_kept_free_of_clauses() -> None:
    paths = {getattr(route, "path", "") for route in (*fact_pages.router.routes, *pages.router.routes)}
    below = {path.removeprefix("/d/{document_id}/") for path in paths if path.startswith("/d/{document_id}/")}
    fixed = {path for path in below if "{" not in path}
    assert "facts" in fixed
    assert fixed <= set(RESERVED)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_text(words: str) -> None:
    document = hostile_paper(words)
    start = document.text.index(words)
    clause = next(one for one in document.clauses if one.start <= start < one.end)
    span = Span(start, start + len(words))
    made = Fact(f"{clause.id}.money.1", document.id, clause.id, FactKind.MONEY, span, beneficiaries=(span,))
    read = PaperFacts(document.id, EXTRACTOR, (made,), (Checked(clause.id, span, has_facts=False),))
    with pages_client([document], facts=[read]) as client:
        page = _page(client, document.id)
        assert {tag for tag, _ in page.elements} <= {
            *(
                "html",
                "head",
                "meta",
                "title",
                "link",
                "body",
                "a",
                "header",
                "p",
                "main",
                "h1",
                "bdi",
                "div",
            ),
            *(
                "strong",
                "span",
                "table",
                "tbody",
                "thead",
                "tr",
                "th",
                "td",
                "ul",
                "li",
                "section",
                "h2",
                "footer",
            ),
        }
        assert all(not name.startswith("on") for _, attrs in page.elements for name in attrs)


def test_a_paper_that_replaces_nothing_has_no_link_to_changes(client: TestClient) -> None:
    page = _page(client)
    assert not [link for link in page.links() if link.endswith("/facts/changes")]
