"""The widget and the service together, over the five papers: on a portal's page and on the service's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from five_papers import Opened, opened
from playwright.sync_api import Browser, expect
from visitor import OpenPage, Visitor

from index.model import Embedder

QUESTION = "湖南对首次获得药品注册批件的创新药奖补多少？"
QUOTE = "分别给予不超过500万元、100万元、50万元一次性奖补"


@pytest.fixture(scope="module")
def place(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, tiny_embedder: Embedder
) -> Iterator[Opened]:
    with opened(tmp_path_factory.mktemp("zhengwen"), tiny_embedder) as place:
        yield place


def test_a_portals_visitor_gets_from_the_question_to_the_paper(visit: OpenPage, place: Opened) -> None:
    visitor = visit(f"{place.portal}/strict").open()
    expect(visitor.find(".title")).to_have_text("医药政策问答")
    expect(visitor.find(".welcome")).to_contain_text("可查询的 5 份文件")
    turn = visitor.ask(QUESTION)
    expect(turn.locator("q").first).to_contain_text(QUOTE)
    turn.locator(".mark").first.click()
    with visitor.page.context.expect_page() as coming:
        turn.locator(".card").get_by_role("link", name="查看原文").click()
    paper = coming.value
    expect(paper.get_by_text(QUOTE).first).to_be_visible()
    assert paper.evaluate("window.opener") is None

    turn.get_by_role("button", name="有帮助", exact=True).click()
    expect(turn.locator(".said")).to_have_text("感谢您的反馈。")


def test_a_conversation_goes_on_and_is_forgotten_everywhere(visit: OpenPage, place: Opened) -> None:
    visitor = visit(f"{place.portal}/plain").open()
    visitor.ask(QUESTION)
    turn = visitor.ask("由哪些部门负责？")
    expect(turn.locator(".rewritten")).to_contain_text("理解为")
    visitor.page.reload()
    visitor.open()
    expect(visitor.find(".turn")).to_have_count(2)
    visitor.find(".bar").get_by_role("button", name="历史对话").click()
    visitor.find(".history").get_by_role("button", name="删除对话").click()
    expect(visitor.find(".history .said")).to_have_text("已删除。")
    expect(visitor.find(".earlier")).to_have_count(0)


def test_who_gets_no_answer_is_sent_to_the_sites_own_desk(visit: OpenPage, place: Opened) -> None:
    turn = visit(f"{place.portal}/plain").open().ask("今天天气怎么样")
    for words in ("无法答复", "请拨打 12345 转医药专席。", "可查询的 5 份文件"):
        expect(turn).to_contain_text(words)


def test_framed_by_its_site_alone(visit: OpenPage, place: Opened) -> None:
    page = visit(f"{place.portal}/framed").page
    framed = Visitor(page, page.frame_locator("iframe"))
    expect(framed.ask(QUESTION).locator("q").first).to_contain_text(QUOTE)


@pytest.mark.parametrize("path", ["/", "/demo"])
def test_the_services_own_pages(visit: OpenPage, place: Opened, path: str) -> None:
    visitor = visit(place.service + path, motion=False)
    if path == "/demo":
        visitor.open()
    expect(visitor.ask(QUESTION).locator("q").first).to_contain_text(QUOTE)
    assert visitor.faults() == []
