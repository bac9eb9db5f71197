"""Slow, cut and missing connections, and a service that is busy or turns visitors away."""

from __future__ import annotations

import re

import pytest
from fake_service import QUOTE, WAIT_S, FakeService
from playwright.sync_api import expect
from visitor import OpenPage

STATUS = ".chat > [role=status]"


def test_a_slow_answer_grows_and_is_announced_when_it_is_whole(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    visitor = visit(f"{portal}/plain").open().send("慢慢来")
    text = visitor.turn.locator(".text")
    expect(text).to_contain_text("😀问")
    early = text.inner_text()
    assert QUOTE not in early
    expect(visitor.turn.locator(".answer")).to_have_attribute("aria-busy", "true")
    expect(visitor.find(STATUS)).to_have_text("正在查找政策原文…")
    expect(visitor.find(".send")).to_have_attribute("aria-label", "停止")

    service.go_on.set()
    expect(visitor.turn.locator(".tools")).to_be_visible()
    assert text.inner_text().startswith(early)
    expect(visitor.find(STATUS)).to_contain_text(QUOTE)
    assert visitor.turn.locator(".answer").get_attribute("aria-busy") is None


def test_an_answer_can_be_stopped_and_asked_for_again(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    visitor = visit(f"{portal}/plain").open().send("慢慢来")
    expect(visitor.turn.locator(".text")).to_contain_text("😀问")
    visitor.find(".send").click()
    expect(visitor.turn.locator(".trouble")).to_contain_text("已停止")
    expect(visitor.find(".send")).to_have_attribute("aria-label", "发送")
    visitor.turn.get_by_role("button", name="重试").click()
    expect(visitor.turn.locator(".trouble")).to_have_count(0)
    expect(visitor.turn.locator(".text")).to_contain_text("😀问")
    expect(visitor.find(".turn")).to_have_count(1)


def test_a_cut_answer_says_so_and_is_fetched_again(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    visitor = visit(f"{portal}/plain").open().send("断在中间")
    expect(visitor.turn.locator(".text")).to_contain_text("😀问")
    service.go_on.set()
    expect(visitor.turn.locator(".trouble")).to_contain_text("回答中断")
    expect(visitor.turn.locator(".text")).to_contain_text("😀问")
    visitor.turn.get_by_role("button", name="重试").click()
    expect(visitor.turn.locator("q")).to_have_text(QUOTE)
    expect(visitor.turn.locator(".tools")).to_be_visible()


def test_a_busy_service_is_asked_again_by_itself(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/plain", clock=True).open().stop_clock().send("忙吗")
    expect(visitor.turn).to_contain_text("秒后自动重试")
    assert len(service.asked) == 1
    visitor.page.clock.run_for(WAIT_S * 1000)
    visitor.page.clock.resume()
    expect(visitor.turn.locator("q")).to_have_text(QUOTE)
    assert len(service.asked) == 2


def test_who_asks_too_often_is_told_how_long_to_wait(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    visitor = visit(f"{portal}/plain", clock=True).open().stop_clock().send("限制")
    expect(visitor.turn.locator(".trouble")).to_contain_text("提问过于频繁")
    button = visitor.turn.locator(".trouble button")
    expect(button).to_have_text(re.compile(r"\d+ 秒后可重试"))
    expect(button).to_be_disabled()
    visitor.page.clock.run_for(WAIT_S * 1000)
    visitor.page.clock.resume()
    expect(button).to_be_enabled()
    button.click()
    expect(visitor.turn.locator("q")).to_have_text(QUOTE)


def test_a_fault_of_the_service_can_be_tried_again(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    visitor = visit(f"{portal}/plain").open().send("坏了")
    expect(visitor.turn.locator(".trouble")).to_contain_text("服务出现问题")
    visitor.turn.get_by_role("button", name="重试").click()
    expect(visitor.turn.locator("q")).to_have_text(QUOTE)


def test_offline_is_told_and_passes(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/plain").open()
    expect(visitor.find(".welcome .chip").first).to_be_visible()
    visitor.page.context.set_offline(True)
    expect(visitor.find(".offline")).to_contain_text("网络已断开")
    visitor.send("奖多少？")
    expect(visitor.turn.locator(".trouble")).to_contain_text("请检查网络")
    visitor.page.context.set_offline(False)
    expect(visitor.find(".offline")).to_have_text("")
    visitor.turn.get_by_role("button", name="重试").click()
    expect(visitor.turn.locator("q")).to_have_text(QUOTE)


@pytest.mark.parametrize("kind", ["origin-refused", "site-unknown", "local-only"])
def test_a_page_that_may_not_use_the_service_says_whom_to_ask(
    visit: OpenPage, portal: str, service: FakeService, kind: str
) -> None:
    service.turns_away = kind
    visitor = visit(f"{portal}/plain").open()
    trouble = visitor.find(".welcome .trouble")
    expect(trouble).to_contain_text("联系网站管理员")
    expect(trouble.locator("button")).to_have_count(0)


def test_a_service_that_was_away_at_first_is_greeted_later(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    service.turns_away = "internal-error"
    visitor = visit(f"{portal}/plain").open()
    trouble = visitor.find(".welcome .trouble")
    expect(trouble).to_be_visible()
    service.turns_away = ""
    trouble.get_by_role("button", name="重试").click()
    expect(visitor.find(".welcome .chip")).to_have_count(2)
    expect(trouble).to_have_count(0)
