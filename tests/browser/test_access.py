"""For everyone: keyboard alone, screen readers, input methods, contrast."""

from __future__ import annotations

import re

from fake_service import TITLE, FakeService
from playwright.sync_api import expect
from visitor import OpenPage


def test_everything_is_reached_with_the_keyboard_alone(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    visitor = visit(f"{portal}/plain")
    keys = visitor.page.keyboard

    def press_until(wanted: str, key: str = "Tab") -> None:
        for _ in range(25):
            if visitor.focused().startswith(wanted):
                return
            keys.press(key)
        raise AssertionError(f"{wanted!r} is not reached; the focus is on {visitor.focused()!r}")

    press_until("launcher")
    keys.press("Enter")
    expect(visitor.launcher).to_have_attribute("aria-expanded", "true")
    assert visitor.focused() == "textarea"
    keys.type("奖多少")
    keys.press("Shift+Enter")
    keys.type("？")
    assert service.asked == []
    keys.press("Enter")
    expect(visitor.turn.locator(".tools")).to_be_visible()
    assert service.asked[0]["question"] == "奖多少\n？"
    assert visitor.focused() == "textarea"

    press_until("mark", "Shift+Tab")
    keys.press("Enter")
    card = visitor.turn.locator(".card")
    expect(card).to_be_visible()
    keys.press("Tab")
    assert visitor.focused() == "icon-button"
    keys.press("Escape")
    expect(card).to_have_count(0)
    assert visitor.focused() == "mark"

    press_until("icon-button", "Shift+Tab")
    visitor.find(".bar").get_by_role("button", name="历史对话").focus()
    keys.press("Enter")
    assert visitor.focused() == "history"
    keys.press("Escape")
    expect(visitor.find(".history")).to_have_count(0)
    expect(visitor.panel).to_be_visible()
    keys.press("Escape")
    expect(visitor.panel).to_be_hidden()
    assert visitor.focused() == "launcher"


def test_full_screen_holds_the_focus_and_the_window_does_not(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    small = visit(f"{portal}/plain", width=400, height=640).open()
    for _ in range(20):
        small.page.keyboard.press("Tab")
        assert small.focused() not in ("mine", "launcher")
    small.page.keyboard.press("Escape")
    expect(small.panel).to_be_hidden()
    assert small.focused() == "launcher"

    wide = visit(f"{portal}/plain").open()
    wide.page.locator("#mine").click()
    assert wide.focused() == "mine"
    expect(wide.panel).to_be_visible()


def test_enter_of_an_input_method_sends_nothing(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/plain").open()
    visitor.field.focus()
    devtools = visitor.page.context.new_cdp_session(visitor.page)
    devtools.send("Input.imeSetComposition", {"selectionStart": 3, "selectionEnd": 3, "text": "jia"})
    devtools.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": "Enter", "windowsVirtualKeyCode": 229})
    visitor.field.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    devtools.send("Input.insertText", {"text": "奖"})
    visitor.page.wait_for_timeout(100)
    assert service.asked == []
    expect(visitor.field).to_have_value("奖")
    visitor.field.press("Enter")
    expect(visitor.turn.locator(".tools")).to_be_visible()


def test_axe_finds_nothing_on_a_portals_page(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/plain", motion=False)
    assert visitor.faults() == []
    visitor.open()
    visitor.find(".coverage summary").click()
    assert visitor.faults() == []
    visitor.ask("奖多少？").locator(".mark").click()
    assert visitor.faults() == []
    turn = visitor.ask("拒绝")
    turn.locator(".nearest summary").click()
    turn.get_by_role("button", name="没有帮助").click()
    assert visitor.faults() == []
    visitor.send("限制")
    expect(visitor.turn.locator(".trouble")).to_be_visible()
    assert visitor.faults() == []
    visitor.find(".bar").get_by_role("button", name="历史对话").click()
    assert visitor.faults() == []


def test_axe_finds_nothing_in_the_dark_and_on_telephones(
    visit: OpenPage, portal: str, service: FakeService, service_address: str
) -> None:
    dark = visit(f"{portal}/plain?lang=en", dark=True, motion=False).open()
    dark.ask("奖多少？").locator(".mark").click()
    turn = dark.ask("拒绝")
    turn.locator(".nearest summary").click()
    assert dark.faults() == []

    small = visit(f"{portal}/plain", width=360, height=640, touch=True, motion=False).open()
    small.ask("奖多少？").locator(".mark").click()
    assert small.faults() == []

    whole = visit(f"{service_address}/", motion=False)
    whole.ask("奖多少？")
    assert whole.faults() == []


def test_what_is_said_to_screen_readers(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/plain").open()
    expect(visitor.page.get_by_role("dialog", name="政策问答")).to_be_visible()
    turn = visitor.ask("奖多少？")
    mark = turn.locator(".mark")
    expect(mark).to_have_accessible_name(
        f"引文 1：《{TITLE}》（湘政办发〔2026〕15号）（四）支持创新产品产业化落地"
    )
    mark.click()
    controlled = mark.get_attribute("aria-controls")
    assert turn.locator(".card").get_attribute("id") == controlled
    expect(visitor.find(".log")).to_have_attribute("aria-live", "off")
    expect(turn.locator(".sources a").first).to_have_accessible_name(
        re.compile(f"^《{TITLE}》.*（在新窗口打开）$")
    )
