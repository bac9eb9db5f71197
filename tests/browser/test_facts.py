"""Support facts in an answer: the card over it, and the table of those that answer it."""

from __future__ import annotations

import pytest
from fake_service import QUOTE, FakeService, reply, table
from playwright.sync_api import Locator, expect
from visitor import OpenPage, Visitor


def _wider_than_itself(visitor: Visitor) -> bool:
    wide: bool = visitor.find(".log").evaluate("log => log.scrollWidth > log.clientWidth")
    return wide


def _size(place: Locator) -> float:
    box = place.bounding_box()
    assert box is not None
    return box["width"]


@pytest.mark.parametrize("dark", [False, True])
def test_an_answer_on_money_begins_with_a_card_that_fits_a_telephone(
    visit: OpenPage, portal: str, service: FakeService, service_address: str, dark: bool
) -> None:
    service.answer = lambda question: reply(question, card=table(without=[]))
    visitor = visit(f"{portal}/plain", width=360, height=720, touch=True, dark=dark).open()
    turn = visitor.ask("奖多少？")
    card = turn.locator(".facts")
    expect(card.get_by_role("row")).to_have_count(3)
    for words in ("不超过500万元", "未写明金额", "征求意见稿", "有效期5年", "省财政厅"):
        expect(card).to_contain_text(words)
    link = card.get_by_role("link", name="不超过500万元")
    assert link.get_attribute("href") == f"{service_address}/d/hunan/%E4%B8%80%E3%80%81?q=0-31#quote"
    assert turn.evaluate("turn => turn.querySelector('.answer > :not(.hidden)').className") == "facts"
    assert not _wider_than_itself(visitor)
    assert visitor.faults() == []


def test_a_table_is_a_table_on_a_page_and_cards_in_a_panel(
    visit: OpenPage, portal: str, service: FakeService, service_address: str
) -> None:
    service.answer = lambda question: reply(question, table=table())
    for visitor, is_wide in ((visit(service_address), True), (visit(f"{portal}/plain").open(), False)):
        facts = visitor.ask("哪些省有奖补？").locator(".facts")
        cells = facts.get_by_role("cell")
        expect(facts.get_by_role("columnheader").first).to_be_attached()
        assert (_size(cells.first) < _size(facts) / 2) is is_wide
        expect(facts.locator(".without")).to_have_text("湖北省：未规定")
        facts.get_by_text("原文").first.click()
        expect(facts.locator("blockquote").first).to_have_text(QUOTE)
        assert not _wider_than_itself(visitor)
        assert visitor.faults() == []


def test_the_card_is_there_before_the_words_are_complete(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    service.answer = lambda question: reply(question, card=table())
    visitor = visit(f"{portal}/plain").open()
    visitor.send("慢慢说")
    expect(visitor.turn.locator(".text")).to_contain_text("😀问")
    expect(visitor.turn.locator(".facts")).to_contain_text("不超过500万元")
    service.go_on.set()
    expect(visitor.turn.locator(".tools")).to_be_visible()
    expect(visitor.turn.locator(".facts")).to_have_count(1)
