"""The widget on a portal's page: from the launcher to the answer, and what is kept of it."""

from __future__ import annotations

import re

from fake_service import QUOTE, TITLE, FakeService, reply
from playwright.sync_api import expect
from visitor import OpenPage

_CLICK_TWICE = "button => { button.click(); button.click(); }"


def test_nothing_is_asked_of_the_service_before_a_visitor_opens_it(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    visitor = visit(f"{portal}/plain")
    expect(visitor.launcher).to_be_visible()
    expect(visitor.panel).to_be_hidden()
    assert service.arrivals == []
    assert visitor.page.evaluate("localStorage.length") == 0


def test_a_suggested_question_is_answered_with_its_quote(
    visit: OpenPage, portal: str, service: FakeService, service_address: str
) -> None:
    visitor = visit(f"{portal}/plain").open()
    expect(visitor.find(".welcome")).to_contain_text("可查询的 2 份文件")
    visitor.find(".chip").first.click()
    turn = visitor.turn
    expect(turn.locator("q")).to_have_text(QUOTE)
    expect(turn.locator(".tools")).to_be_visible()
    assert service.asked[0]["question"] == service.suggestions[0]
    expect(visitor.find(".welcome .chip").first).to_be_hidden()

    mark = turn.locator(".mark")
    assert turn.locator(".text").inner_text().endswith(f"“{QUOTE}”1")
    mark.click()
    card = turn.locator(".card")
    for words in (TITLE, "湘政办发〔2026〕15号", "（四）支持创新产品产业化落地", "现行", QUOTE):
        expect(card).to_contain_text(words)
    link = card.get_by_role("link", name="查看原文")
    facts = card.get_by_role("link", name="扶持事项")
    assert facts.get_attribute("href") == f"{service_address}/d/hunan/facts"
    assert link.get_attribute("href") == f"{service_address}/d/hunan/%E4%B8%80%E3%80%81?q=0-31#quote"
    assert link.get_attribute("rel") == "noopener noreferrer"
    mark.click()
    expect(card).to_have_count(0)

    turn.locator(".chip").last.click()
    expect(visitor.turn.locator(".question")).to_contain_text("湖北呢？")
    expect(visitor.turn.locator(".tools")).to_be_visible()
    assert [said["role"] for said in service.asked[1]["history"]] == ["user", "assistant"]


def test_an_answer_is_copied_with_its_sources(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/plain").open()
    turn = visitor.ask("奖多少？")
    turn.get_by_role("button", name="复制答复和依据").click()
    expect(turn.locator(".said")).to_have_text("已复制")
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert f"“{QUOTE}”[1]" in copied
    assert f"[1] 《{TITLE}》（湘政办发〔2026〕15号）（四）" in copied
    assert "/d/hunan/" in copied


def test_copying_needs_no_clipboard_api(visit: OpenPage, portal: str, service: FakeService) -> None:
    gone = "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
    visitor = visit(f"{portal}/plain", before=gone).open()
    turn = visitor.ask("奖多少？")
    turn.get_by_role("button", name="复制答复和依据").click()
    expect(turn.locator(".said")).to_have_text("已复制")
    visitor.field.press("Control+v")
    expect(visitor.field).to_have_value(re.compile(QUOTE))


def test_a_thumb_down_asks_what_is_wrong(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/plain").open()
    turn = visitor.ask("奖多少？")
    with visitor.page.expect_response("**/v1/feedback"):
        turn.get_by_role("button", name="没有帮助").click()
    turn.get_by_role("radio", name="已过时").check()
    turn.locator(".reasons textarea").fill("文件换了")
    with visitor.page.expect_response("**/v1/feedback"):
        turn.get_by_role("button", name="提交").click()
    expect(turn.locator(".reasons")).to_have_count(0)
    expect(turn.locator(".said")).to_have_text("感谢您的反馈。")
    with visitor.page.expect_response("**/v1/feedback"):
        turn.get_by_role("button", name="有帮助", exact=True).click()
    expect(turn.get_by_role("button", name="有帮助", exact=True)).to_have_attribute("aria-pressed", "true")
    assert [(one["thumb"], one["reason"], one["text"]) for one in service.feedback] == [
        ("down", None, ""),
        ("down", "outdated", "文件换了"),
        ("up", None, ""),
    ]


def test_conversations_stay_on_the_device_until_they_are_deleted(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    service.keeps = True
    visitor = visit(f"{portal}/plain", clock=True).open()
    visitor.ask("第一问")
    visitor.page.reload()
    visitor.open()
    expect(visitor.turn.locator(".question")).to_contain_text("第一问")
    visitor.expect(lambda: len(service.arrivals) == 2)
    assert service.arrivals[1]["visitor"] == "secret"
    visitor.ask("第二问")
    assert [one["conversation"] for one in service.asked] == ["kept-1", "kept-1"]

    visitor.find(".bar").get_by_role("button", name="新对话").click()
    expect(visitor.find(".turn")).to_have_count(0)
    visitor.ask("另一件事")
    visitor.find(".bar").get_by_role("button", name="历史对话").click()
    expect(visitor.find(".earlier-title")).to_have_text(["另一件事", "第一问"])
    visitor.find(".earlier").last.click()
    expect(visitor.find(".turn")).to_have_count(2)

    visitor.find(".bar").get_by_role("button", name="历史对话").click()
    visitor.stop_clock()
    visitor.find(".history").get_by_role("button", name="全部删除").evaluate(_CLICK_TWICE)
    sure = visitor.find(".history").get_by_role("button", name="确定全部删除？")
    expect(sure).to_be_visible()
    assert service.forgotten == []
    visitor.page.clock.run_for(800)
    sure.click()
    visitor.expect(lambda: service.forgotten == ["kept-1", "kept-1"])
    expect(visitor.find(".earlier")).to_have_count(0)
    assert visitor.page.evaluate("Object.keys(localStorage).filter((key) => key.includes(':c:'))") == []


def test_nothing_is_stored_where_the_page_forbids_it(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    service.keeps = True
    visitor = visit(f"{portal}/plain?history=none").open()
    visitor.ask("第一问")
    assert visitor.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert service.asked[0]["conversation"] is None
    visitor.find(".bar").get_by_role("button", name="历史对话").click()
    expect(visitor.find(".history")).to_contain_text("仅保留到您离开本页面")
    expect(visitor.find(".earlier")).to_have_count(1)


def test_a_browser_that_blocks_storage_can_still_ask(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    blocked = """for (const name of ["localStorage", "sessionStorage"])
      Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });"""
    visitor = visit(f"{portal}/plain", before=blocked).open()
    expect(visitor.ask("第一问").locator("q")).to_have_text(QUOTE)


def test_who_gets_no_answer_is_told_where_to_turn(visit: OpenPage, portal: str, service: FakeService) -> None:
    service.site["handoff"] = "请拨打 0731-12345 咨询。"
    visitor = visit(f"{portal}/plain").open()
    turn = visitor.ask("拒绝我")
    for words in ("无法答复", "内容最接近的条款", "可查询的 2 份文件", "请拨打 0731-12345 咨询。"):
        expect(turn).to_contain_text(words)
    turn.locator(".nearest summary").click()
    expect(turn.locator(".nearest .card")).to_contain_text("征求意见稿")


def test_outcome_and_understanding_are_told_in_words(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    service.answer = lambda question: reply(question, outcome="corrected", rewritten="湖南的奖补？")
    turn = visit(f"{portal}/plain").open().ask("奖补呢")
    for words in ("更正", "理解为：湖南的奖补？"):
        expect(turn).to_contain_text(words)


def test_what_was_asked_is_bold_in_answer_and_card(visit: OpenPage, portal: str) -> None:
    turn = visit(f"{portal}/plain").open().ask("奖多少")
    expect(turn.locator("strong")).to_have_text(["不超过500万元"])
    turn.locator(".mark").click()
    expect(turn.locator(".card strong")).to_have_text(["不超过500万元"])


def test_two_tabs_and_two_elements_keep_apart(visit: OpenPage, portal: str, service: FakeService) -> None:
    one = visit(f"{portal}/plain").open()
    other = visit(f"{portal}/plain", beside=one).open()
    for visitor, name in ((one, "甲"), (other, "乙")):
        visitor.send(f"慢{name}")
    for visitor in (one, other):
        expect(visitor.turn.locator(".text")).to_contain_text("😀问")
    service.go_on.set()
    for visitor, name in ((one, "甲"), (other, "乙")):
        expect(visitor.turn.locator(".text")).to_contain_text(f"问：慢{name}")
        expect(visitor.turn.locator(".tools")).to_be_visible()
        expect(visitor.find(".turn")).to_have_count(1)

    service.go_on.clear()
    page = visit(f"{portal}/two").page
    for name in ("a", "b"):
        page.locator(f"#{name} textarea").fill(f"慢{name}")
        page.locator(f"#{name} textarea").press("Enter")
        expect(page.locator(f"#{name} .text")).to_contain_text("😀问")
    service.go_on.set()
    for name in ("a", "b"):
        expect(page.locator(f"#{name} .text")).to_contain_text(f"问：慢{name}")
        expect(page.locator(f"#{name} .tools")).to_be_visible()
        expect(page.locator(f"#{name} .turn")).to_have_count(1)
    assert all(asked["history"] == [] for asked in service.asked)


def test_an_expired_token_is_renewed_unseen(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/plain").open()
    expect(visitor.find(".welcome .chip").first).to_be_visible()
    service.token = "token-2"
    expect(visitor.ask("奖多少？").locator("q")).to_have_text(QUOTE)
    assert len(service.arrivals) == 2


def test_a_page_may_drive_the_element(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/plain")
    visitor.page.evaluate(
        """() => {
          window.heard = [];
          for (const name of ["zhengwen-open", "zhengwen-close", "zhengwen-answer"])
            addEventListener(name, ({ detail }) => window.heard.push([name, detail && detail.outcome]));
          document.querySelector("zhengwen-chat").ask("奖多少？");
        }"""
    )
    expect(visitor.turn.locator(".tools")).to_be_visible()
    visitor.page.evaluate("document.querySelector('zhengwen-chat').hide()")
    expect(visitor.panel).to_be_hidden()
    assert visitor.page.evaluate("window.heard") == [
        ["zhengwen-open", None],
        ["zhengwen-answer", "answered"],
        ["zhengwen-close", None],
    ]


def test_a_page_that_opens_it_keeps_the_focus(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/plain?open")
    expect(visitor.panel).to_be_visible()
    expect(visitor.find(".welcome .chip")).to_have_count(2)
    assert visitor.focused() == "body"
    visitor.find(".bar").get_by_role("button", name="关闭").click()
    expect(visitor.panel).to_be_hidden()


def test_what_was_asked_stays_when_the_greeting_comes_late(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    service.turns_away = "internal-error"
    visitor = visit(f"{portal}/plain").open().send("奖多少？")
    expect(visitor.turn.locator(".trouble")).to_be_visible()
    service.turns_away = ""
    visitor.find(".welcome .trouble button").click()
    expect(visitor.find(".welcome .coverage")).to_be_visible()
    visitor.turn.get_by_role("button", name="重试").click()
    expect(visitor.turn.locator("q")).to_have_text(QUOTE)
