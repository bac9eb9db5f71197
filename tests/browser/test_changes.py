"""Pages that lay the chat out, move it, take it away, and change it while an answer is coming."""

from __future__ import annotations

from fake_service import QUOTE, FakeService
from playwright.sync_api import expect
from visitor import OpenPage

_SET = "([name, value]) => document.querySelector('zhengwen-chat').setAttribute(name, value)"


def test_a_page_lays_out_the_element(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/laid-out")
    for n in range(4):
        visitor.ask(f"第{n}问")
    box = visitor.panel.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (20, 20, 500, 660)
    assert visitor.field.evaluate("field => getComputedStyle(field).lineHeight") != "0px"
    page = visitor.page
    assert page.evaluate("document.documentElement.scrollHeight") == 800  # the window
    page.evaluate("document.querySelector('zhengwen-chat').style.display = 'none'")
    expect(visitor.panel).to_be_hidden()


def test_a_change_during_an_answer_waits_for_its_end(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    visitor = visit(f"{portal}/plain").open().send("慢慢来")
    expect(visitor.turn.locator(".text")).to_contain_text("😀问")
    visitor.field.fill("还有")
    visitor.page.evaluate(_SET, ["lang", "en"])
    visitor.page.wait_for_timeout(100)
    expect(visitor.field).to_have_attribute("aria-label", "请输入您的问题")
    service.go_on.set()
    expect(visitor.field).to_have_attribute("aria-label", "Your question")
    expect(visitor.turn.locator("q")).to_have_text(QUOTE)
    expect(visitor.turn.locator(".tools")).to_be_visible()
    expect(visitor.field).to_have_value("还有")
    assert visitor.focused() == "textarea"
    visitor.field.press("Enter")
    expect(visitor.find(".turn")).to_have_count(2)
    expect(visitor.turn.locator(".tools")).to_be_visible()
    assert len(service.asked) == 2


def test_an_answer_outlives_that_the_element_is_moved(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    for width in (1280, 400):
        service.go_on.clear()
        visitor = visit(f"{portal}/plain", width=width).open().send("慢慢来")
        expect(visitor.turn.locator(".text")).to_contain_text("😀问")
        visitor.page.evaluate("document.body.prepend(document.querySelector('zhengwen-chat'))")
        service.go_on.set()
        expect(visitor.turn.locator(".tools")).to_be_visible()
        expect(visitor.turn.locator("q")).to_have_text(QUOTE)
        visitor.find(".bar").get_by_role("button", name="关闭").click()
        expect(visitor.panel).to_be_hidden()


def test_focus_stays_in_the_turn_that_is_tried_again(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    visitor = visit(f"{portal}/plain").open().send("坏了")
    visitor.turn.get_by_role("button", name="重试").focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.turn.locator("q")).to_have_text(QUOTE)
    assert visitor.focused() == "turn"

    service.turns_away = "internal-error"
    other = visit(f"{portal}/plain").open()
    other.find(".welcome .trouble button").focus()
    service.turns_away = ""
    other.page.keyboard.press("Enter")
    expect(other.find(".welcome .chip")).to_have_count(2)
    assert other.focused() == "textarea"


def test_the_chat_comes_again_with_its_script_tag(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/plain")
    page = visitor.page
    visitor.open().ask("奖多少？")
    page.evaluate("document.body.innerHTML = '<main>另一页</main>'")
    expect(visitor.launcher).to_have_count(0)
    page.evaluate("document.body.append(document.querySelector('script').cloneNode())")
    expect(visitor.launcher).to_have_count(1)
    visitor.open()
    expect(visitor.turn.locator("q")).to_have_text(QUOTE)
    page.evaluate("document.querySelector('zhengwen-chat').remove(); document.body.append('x')")
    expect(visitor.launcher).to_have_count(0)
    page.evaluate("document.body.replaceWith(document.createElement('body'))")
    expect(visitor.launcher).to_have_count(1)


def test_a_redirected_script_finds_its_tag(visit: OpenPage, portal: str, service: FakeService) -> None:
    expect(visit(f"{portal}/redirected").launcher).to_be_visible()


def test_a_page_that_asks_sees_the_conversation(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/plain").open()
    expect(visitor.find(".welcome .chip")).to_have_count(2)
    clock = visitor.find(".bar").get_by_role("button", name="历史对话")
    clock.click()
    expect(clock).to_have_attribute("aria-expanded", "true")
    visitor.page.keyboard.press("Escape")
    expect(clock).to_be_focused()
    clock.click()
    asked = "question => document.querySelector('zhengwen-chat').ask(question)"
    assert [visitor.page.evaluate(asked, words) for words in ("  ", None, "问" * 200_001)] == [False] * 3
    expect(visitor.find(".over")).to_contain_text("超出 1 字")
    assert visitor.page.evaluate(asked, " 慢慢来 ") is True
    assert visitor.page.evaluate(asked, "第二问") is False
    service.go_on.set()
    expect(visitor.turn.locator(".tools")).to_be_visible()
    assert [one["question"] for one in service.asked] == ["慢慢来"]


def test_opening_again_leaves_what_is_open(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/plain").open()
    visitor.ask("奖多少？")
    visitor.page.reload()
    visitor.open()
    expect(visitor.find(".welcome .coverage")).to_be_visible()
    visitor.turn.locator(".mark").click()
    visitor.page.evaluate("document.querySelector('zhengwen-chat').hide()")
    visitor.open()
    expect(visitor.turn.locator(".card")).to_be_visible()


def test_a_change_leaves_a_failed_question_in_the_field(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    visitor = visit(f"{portal}/plain").open().send("坏了")
    expect(visitor.turn.locator(".trouble")).to_be_visible()
    visitor.page.evaluate(_SET, ["heading", "问政"])
    expect(visitor.find(".title")).to_have_text("问政")
    expect(visitor.field).to_have_value("坏了")
    visitor.field.press("Enter")
    expect(visitor.turn.locator("q")).to_have_text(QUOTE)
    expect(visitor.field).to_have_value("")
