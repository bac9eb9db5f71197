"""The pages in Chromium: hostile papers run nothing, links scroll, every size and medium is readable."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from fact_paper import facts_of_paper, paper
from fastapi.testclient import TestClient
from hostile_pages import HOSTILE, hostile_paper
from pages_app import client_over, five, pages_client
from playwright.sync_api import Browser, Dialog, Page, Route
from replaced_papers import FIRST, ID, LATER, LATER_ID, SECOND, take
from replaced_papers import opened as facts_opened

from api.pages.links import permalink
from corpus.store.papers import Store

ORIGIN = "https://zhengwen.test"
# What a paper must not be able to put on a page.
# The drawing of the related papers is ours.
FOREIGN = "script, img, svg:not(.related > svg), iframe, base, [onload], [onerror], [onmouseover]"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with pages_client(five()) as client:
        yield client


@contextmanager
def opened(
    browser: Browser, client: TestClient, path: str, **context: Any
) -> Iterator[tuple[Page, list[str]]]:
    """A page of the app, and what went wrong on it: dialogs, errors, requests to others."""
    faults: list[str] = []

    def answer(route: Route) -> None:
        url = route.request.url
        if not url.startswith(ORIGIN + "/"):
            faults.append(f"asked for {url}")
            route.abort()
            return
        response = client.get(url.removeprefix(ORIGIN))
        route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.content)

    def dismiss(dialog: Dialog) -> None:
        faults.append(f"dialog {dialog.message}")
        dialog.dismiss()

    held = browser.new_context(**{"locale": "zh-CN", **context})
    try:
        page = held.new_page()
        page.route("**/*", answer)
        page.on("dialog", dismiss)
        page.on("pageerror", lambda error: faults.append(f"error {error}"))
        page.on("console", lambda message: faults.append(f"console {message.text}"))
        page.goto(ORIGIN + path)
        yield page, faults
    finally:
        held.close()


def clause_four() -> str:
    """The permalink of a quote in the middle of a paper."""
    document = next(document for document in five() if document.id == "hunan")
    clause = next(clause for clause in document.clauses if clause.label == "（四）")
    start, end = clause.body_start, clause.body_start + 30
    return permalink("hunan", clause, start=start, end=end, words=document.text[start:end])


@pytest.mark.parametrize(("policy", "every"), [("with its policy", 6), ("without", 1)])
def test_hostile_papers_run_nothing(browser: Browser, policy: str, every: int) -> None:
    # Even where a policy would not stop it: the text itself must be inert. With it a few are enough.
    for words in HOSTILE[::every]:
        document = hostile_paper(words.replace("alert(1)", "alert(document.domain)"))
        with (
            pages_client([document]) as client,
            opened(browser, client, f"/d/{document.id}", bypass_csp=policy == "without") as (page, faults),
        ):
            assert page.locator("article.paper").count() == 1
            assert page.locator(FOREIGN).count() == 0
            assert faults == []


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 640)])
def test_a_permalink_scrolls_to_the_quote_without_script(
    browser: Browser, client: TestClient, width: int, height: int
) -> None:
    path = clause_four()
    viewport = {"width": width, "height": height}
    with opened(browser, client, path, viewport=viewport, java_script_enabled=False) as (page, faults):
        box = page.locator("mark#quote").bounding_box()
        assert box is not None
        assert 0 <= box["y"] <= height - 40
        heading = page.locator("section.addressed h3").bounding_box()
        assert heading is not None
        assert heading["y"] >= 0
        assert faults == []


def test_a_link_of_the_contents_leads_to_its_clause(browser: Browser, client: TestClient) -> None:
    with opened(browser, client, "/d/guangdong", viewport={"width": 1280, "height": 800}) as (page, faults):
        page.locator("nav.contents a", has_text="三十三、").click()
        box = page.locator("section", has_text="加大医药金融支持").last.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 200
        page.keyboard.press("Tab")
        assert faults == []


@pytest.mark.parametrize(
    "path", ["/d/hunan", "/d/zhejiang", "/d/yiyang", "/d/nobody", "/d/hunan/facts", "/d/zhejiang/facts"]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_nothing_is_cut_off_and_axe_finds_nothing(
    browser: Browser, client: TestClient, path: str, scheme: Any, width: int
) -> None:
    viewport = {"width": width, "height": 700}
    with opened(browser, client, path, viewport=viewport, color_scheme=scheme, bypass_csp=True) as (page, _):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_table_of_facts_is_whole_without_script(browser: Browser, scheme: Any, width: int) -> None:
    document = paper()
    viewport = {"width": width, "height": 700}
    with (
        pages_client([document], facts=[facts_of_paper(document)]) as client,
        opened(
            browser, client, "/d/qingshan/facts", viewport=viewport, color_scheme=scheme, bypass_csp=True
        ) as (page, _),
    ):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        rows = page.locator("table.support").get_by_role("row")
        assert rows.count() == 2 + 2 + 1  # two tables with their heads
        for cell in page.locator("table.support").get_by_role("cell").all():
            box = cell.bounding_box()
            assert box is None or box["x"] + box["width"] <= width
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
        page.emulate_media(media="print")
        assert page.locator("table.support thead").first.is_visible()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("document_id", [ID, LATER_ID])
def test_changes_of_facts_are_whole_without_script(
    browser: Browser, tmp_path: Path, document_id: str, width: int
) -> None:
    viewport = {"width": width, "height": 700}
    with Store(f"sqlite:///{tmp_path / 'papers.sqlite'}") as store:
        for text in (FIRST, SECOND, LATER):
            take(store, text)
        with (
            client_over(*facts_opened(store, today=date(2026, 6, 1))) as client,
            opened(
                browser, client, f"/d/{document_id}/facts/changes", viewport=viewport, bypass_csp=True
            ) as (page, _),
        ):
            assert page.get_by_role("heading", level=2).count() >= 1
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            found = Axe().run(page).response["violations"]
            assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []


def test_the_first_stop_of_the_keyboard_skips_to_the_text(browser: Browser, client: TestClient) -> None:
    with opened(browser, client, "/d/hunan") as (page, _):
        page.keyboard.press("Tab")
        skip = page.locator("a.skip")
        assert skip.evaluate("link => link === document.activeElement")
        box = skip.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "text"


def test_print_keeps_the_banner_and_names_the_address(browser: Browser, client: TestClient) -> None:
    path = clause_four()
    with opened(browser, client, path, color_scheme="dark") as (page, _):
        page.emulate_media(media="print", color_scheme="dark")
        for gone in (".top", "nav.contents", ".contents-narrow", ".link >> nth=0", ".ways", ".skip"):
            assert not page.locator(gone).is_visible(), gone
        for kept in (".banner", ".facts", ".cite", ".address", "mark#quote"):
            assert page.locator(kept).is_visible(), kept
        assert page.locator(".address").inner_text().startswith("http://testserver/d/hunan/")
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(255, 255, 255)"
