"""Support facts in answers of the service itself, over the five papers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from five_papers import Opened, opened
from playwright.sync_api import Browser, expect
from visitor import OpenPage

from index.model import Embedder


@pytest.fixture(scope="module")
def place(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, tiny_embedder: Embedder
) -> Iterator[Opened]:
    with opened(tmp_path_factory.mktemp("zhengwen"), tiny_embedder) as place:
        yield place


def test_the_card_of_an_answer_leads_to_the_words_of_the_paper(visit: OpenPage, place: Opened) -> None:
    visitor = visit(f"{place.portal}/strict", width=360, height=720, touch=True).open()
    turn = visitor.ask("湖南对首次获得药品注册批件的创新药奖补多少？")
    card = turn.locator(".facts")
    sums = card.locator(".of-sum a")
    expect(sums.first).to_contain_text("不超过")
    assert visitor.faults() == []
    with visitor.page.context.expect_page() as coming:
        sums.nth(1).click()
    marked = coming.value.locator("mark")
    assert marked.first.inner_text() in sums.nth(1).inner_text()


def test_a_table_lists_what_a_paper_gives(visit: OpenPage, place: Opened) -> None:
    visitor = visit(place.service)
    turn = visitor.ask("湖南有哪些给钱的条款，各给多少？")
    table = turn.locator(".facts")
    expect(table.get_by_role("columnheader", name="金额")).to_be_visible()
    assert table.get_by_role("row").count() > 3
    expect(table.get_by_text("未写明金额").first).to_be_visible()
    assert visitor.faults() == []


def test_the_form_leads_from_everyday_words_to_proved_lines(visit: OpenPage, place: Opened) -> None:
    visitor = visit(f"{place.portal}/strict").open()
    visitor.find(".bar").get_by_role("button", name="能申请什么").click()
    form = visitor.find(".apply")
    sentence = "我们是益阳的一家中型中药企业，去年收入6000万元，首次获得中药创新药的注册批件。"
    form.get_by_role("textbox").fill(sentence)
    form.get_by_role("button", name="下一问").click()
    form.get_by_role("button", name="看结果").click()
    expect(form.locator(".to_confirm .match").first).to_be_visible()
    assert visitor.faults() == []
    paid = form.locator(".match").filter(has_text="万元").filter(has=visitor.page.locator(".rule"))
    expect(paid.first).to_contain_text("5000万元")
    words = paid.first.locator(".sum a").last
    shown = words.evaluate("link => link.firstChild.textContent")
    with visitor.page.context.expect_page() as coming:
        words.click()
    assert coming.value.locator("mark").first.inner_text() == shown

    form.get_by_role("button", name="查看不符合的及其原因").click()
    others = form.locator(".does_not_apply .match")
    expect(others.first).to_contain_text("原因")
    assert others.filter(has_text="征求意见稿").count() + others.filter(has_text="地区不符").count() > 0
