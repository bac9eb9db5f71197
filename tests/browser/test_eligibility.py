"""The form “能申请什么”: its questions, its result, what is printed, and what is kept of a profile."""

from __future__ import annotations

import json

import pytest
from fake_service import QUOTE, FakeService, Json, match, matches, open_question
from playwright.sync_api import Locator, Page, expect
from visitor import OpenPage, Visitor

SENTENCE = "我们在湖南，做创新药"


def _form(visitor: Visitor) -> Locator:
    visitor.find(".bar").get_by_role("button", name="能申请什么").click()
    expect(visitor.find(".ask")).to_be_visible()
    return visitor.find(".apply")


def _button(form: Locator, name: str) -> Locator:
    return form.get_by_role("button", name=name, exact=True)


def _result(form: Locator) -> Locator:
    expect(form.locator(".results")).to_be_visible()
    return form.locator(".results")


def test_from_everyday_words_to_what_applies(
    visit: OpenPage, portal: str, service: FakeService, service_address: str
) -> None:
    visitor = visit(f"{portal}/strict").open()
    form = _form(visitor)
    expect(form).to_contain_text("第 1 问，最多 6 问")
    form.get_by_role("textbox").fill(SENTENCE)
    _button(form, "下一问").click()
    expect(form.get_by_role("group", name="下列哪些符合您的情况？")).to_be_visible()
    form.get_by_role("checkbox", name="首次获得药品注册批件").check()
    _button(form, "下一问").click()

    result = _result(form)
    expect(result).to_contain_text("以主管部门审核为准")
    expect(result.locator(".applies .match")).to_have_count(1)
    applies = result.locator(".applies .match")
    for words in (QUOTE, "不超过500万元", "省药品监督管理局", "每家企业每年最高不超过1000万元", "（四）"):
        expect(applies).to_contain_text(words)
    expect(applies.locator(".computed")).to_contain_text("20%")
    expect(applies.locator(".computed")).to_contain_text("1000 万元")
    link = applies.get_by_role("link", name="500万元").first
    assert link.get_attribute("href") == f"{service_address}/d/hunan/%E4%B8%80%E3%80%81?q=22-27#quote"
    expect(result.locator(".to_confirm .match")).to_have_count(2)
    expect(result.locator(".to_confirm")).to_contain_text("是否符合“通过一致性评价”？")
    expect(result.locator(".does_not_apply")).to_have_count(0)
    _button(result, "查看不符合的及其原因").click()
    others = _result(form).locator(".does_not_apply .match")
    expect(others).to_contain_text("征求意见稿，尚未施行")
    expect(others).to_contain_text("如果施行符合")
    expect(others.locator(".badge")).to_have_text("征求意见稿")
    assert service.matched[0] == {"sentence": SENTENCE, "with_others": False}
    assert service.matched[1]["events"] == [{"what": "首次获得药品注册批件"}]


def test_skipping_asks_what_decides_most_and_back_returns_with_the_answer(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    asked = [
        *[match(n, open_question("revenue", "年销售收入过5000万元")) for n in range(3)],
        *[match(n, open_question("size", "中小企业")) for n in range(3, 5)],
        match(5, open_question("place", "本省"), open_question("type", "企业")),
    ]

    def answer(body: Json) -> Json:
        left = [one for one in asked if not any(question["aspect"] in body for question in one["questions"])]
        return matches({"with_others": False}) | {"to_confirm": left}

    service.match = answer
    visitor = visit(f"{portal}/plain").open()
    form = _form(visitor)
    _button(form, "跳过").click()
    expect(form).to_contain_text("上一年度营业收入多少万元？")
    expect(form).to_contain_text("与 3 项待确认的扶持有关")
    form.get_by_role("textbox").fill("很多")
    _button(form, "下一问").click()
    expect(form.get_by_role("alert")).to_have_text("请填数字，单位为万元")
    form.get_by_role("textbox").fill("６０００万元")
    _button(form, "下一问").click()
    expect(form.get_by_role("group", name="企业规模？")).to_be_visible()
    _button(form, "上一问").click()
    expect(form.get_by_role("textbox")).to_have_value("６０００万元")
    _button(form, "下一问").click()
    form.get_by_role("radio", name="中型").check()
    _button(form, "下一问").click()
    expect(form).to_contain_text("第 4 问")
    _button(form, "跳过").click()
    expect(form).to_contain_text("第 5 问")
    _button(form, "看结果").click()
    _button(_result(form), "继续回答，确认更多").click()
    _button(form, "跳过").click()
    expect(_result(form).get_by_role("button", name="继续回答")).to_have_count(0)
    assert service.matched[0] == {"with_others": False}
    assert service.matched[-1] == {"revenue": 60_000_000, "size": "中型", "with_others": False}


def test_no_more_than_six_questions(visit: OpenPage, portal: str, service: FakeService) -> None:
    aspects = ("place", "type", "industry", "product", "stage", "size", "revenue", "investment", "figures")
    many = [match(n, open_question(aspect, aspect)) for n, aspect in enumerate(aspects)]
    service.match = lambda body: matches({"with_others": False}) | {"to_confirm": many}
    visitor = visit(f"{portal}/plain").open()
    form = _form(visitor)
    for number in range(1, 7):
        expect(form).to_contain_text(f"第 {number} 问")
        _button(form, "跳过").click()
    expect(_result(form)).to_be_visible()
    assert len(service.matched) == 6


def _kept(page: Page) -> str:
    """Everything that a page keeps, and its address."""
    kept: str = page.evaluate(
        "() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])"
    )
    return kept


def test_a_profile_stays_in_the_memory_of_the_page(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    service.keeps = True
    visitor = visit(f"{portal}/plain").open()
    visitor.ask("第一问")
    addresses: list[str] = []
    logged: list[str] = []
    visitor.page.on("request", lambda request: addresses.append(request.url))
    visitor.page.on("console", lambda message: logged.append(message.text))
    form = _form(visitor)
    before = _kept(visitor.page)
    form.get_by_role("textbox").fill(SENTENCE)
    _button(form, "下一问").click()
    form.get_by_role("checkbox").first.check()
    _button(form, "下一问").click()
    expect(_result(form)).to_be_visible()
    assert _kept(visitor.page) == before
    assert [address for address in addresses if "match" in address] == [addresses[-1]] * 2
    assert not any("?" in address and "eligibility.js" not in address for address in addresses)
    assert logged == []
    assert len(service.asked) == 1

    # It is there when the form is opened again, and gone with the page.
    _button(form, "返回对话").click()
    expect(visitor.find(".turn")).to_be_visible()
    visitor.find(".bar").get_by_role("button", name="能申请什么").click()
    expect(form.locator(".applies .match")).to_have_count(1)
    _button(form, "清空重填").click()
    expect(form.get_by_role("textbox")).to_have_value("")
    visitor.page.reload()
    visitor.open()
    expect(_form(visitor).get_by_role("textbox")).to_have_value("")


def test_the_result_is_printed_with_every_quote_and_address(
    visit: OpenPage, portal: str, service: FakeService, service_address: str
) -> None:
    visitor = visit(f"{portal}/strict").open()
    form = _form(visitor)
    form.get_by_role("textbox").fill(SENTENCE)
    _button(form, "下一问").click()
    _button(form, "看结果").click()
    sent = len(service.matched)
    with visitor.page.context.expect_page() as coming:
        _button(_result(form), "打印").click()
    paper = coming.value
    assert paper.url == "about:blank"
    expect(paper.get_by_role("heading", level=1)).to_have_text("能申请什么")
    expect(paper.locator("main")).to_contain_text(SENTENCE)
    expect(paper.locator("main")).to_contain_text("以主管部门审核为准")
    lines = paper.locator(".match")
    expect(lines).to_have_count(3)
    for line in lines.all():
        expect(line.locator("blockquote")).to_have_text(QUOTE)
        address = line.locator(".source a").get_attribute("href") or ""
        assert address.startswith(f"{service_address}/d/hunan/")
        shown = line.locator(".source a").evaluate("a => getComputedStyle(a, '::after').content")
        assert address in shown
    assert Visitor(paper).faults() == []
    assert len(service.matched) == sent


def test_a_blocked_window_is_told(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/plain", before="window.open = () => null;").open()
    form = _form(visitor)
    _button(form, "跳过").click()
    _button(form, "看结果").click()
    _button(_result(form), "打印").click()
    expect(form.locator(".said")).to_contain_text("请允许本页弹出窗口")


@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_a_telephone_and_axe_finds_nothing(
    visit: OpenPage, portal: str, service: FakeService, dark: bool
) -> None:
    visitor = visit(f"{portal}/plain", width=360, height=720, touch=True, dark=dark).open()
    form = _form(visitor)

    def is_sound() -> bool:
        assert visitor.faults() == []
        narrow: bool = form.evaluate("form => form.scrollWidth <= form.clientWidth")
        return narrow

    assert is_sound()
    form.get_by_role("textbox").fill("做创新药")
    _button(form, "下一问").click()
    expect(form).to_contain_text("企业在哪里？")
    assert is_sound()
    form.get_by_role("textbox").fill("湖南")
    _button(form, "下一问").click()
    expect(form.get_by_role("group", name="下列哪些符合您的情况？")).to_be_visible()
    assert is_sound()
    form.get_by_role("checkbox").first.check()
    _button(form, "下一问").click()
    _button(_result(form), "查看不符合的及其原因").click()
    expect(_result(form).locator(".does_not_apply .match")).to_be_visible()
    assert is_sound()


def test_the_keyboard_is_enough(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/plain").open()
    visitor.find(".bar").get_by_role("button", name="能申请什么").focus()
    keys = visitor.page.keyboard
    keys.press("Enter")
    expect(visitor.find(".ask textarea")).to_be_focused()
    keys.type(SENTENCE)
    keys.press("Tab")
    keys.press("Enter")
    expect(visitor.find(".checks input").first).to_be_focused()
    keys.press("Space")
    keys.press("Enter")
    expect(visitor.find(".applies .match")).to_have_count(1)
    assert visitor.page.evaluate(
        "() => document.querySelector('zhengwen-chat').shadowRoot.querySelector('.apply')"
        ".contains(document.querySelector('zhengwen-chat').shadowRoot.activeElement)"
    )
    keys.press("Escape")
    expect(visitor.find(".apply")).to_have_count(0)
    assert "icon-button" in visitor.focused()


def test_it_can_be_switched_off_and_speaks_english(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    visitor = visit(f"{portal}/plain?eligibility=none").open()
    expect(visitor.find(".bar .icon-button")).to_have_count(3)
    expect(visitor.find(".welcome")).not_to_contain_text("能申请什么")
    english = visit(f"{portal}/plain?lang=en").open()
    english.find(".welcome").get_by_role("button", name="Answer a few questions").click()
    form = english.find(".apply")
    expect(form).to_contain_text("Question 1 of at most 6")
    assert english.faults() == []


def test_a_page_may_show_it_first(
    visit: OpenPage, portal: str, service: FakeService, service_address: str
) -> None:
    visitor = visit(f"{portal}/plain?eligibility=first")
    visitor.page.wait_for_timeout(200)
    assert service.arrivals == []
    visitor.open()
    expect(visitor.find(".ask textarea")).to_be_focused()
    _button(visitor.find(".apply"), "返回对话").click()
    expect(visitor.find(".welcome")).to_be_visible()
    visitor.find(".panel").get_by_role("button", name="关闭").click()
    visitor.page.evaluate("document.querySelector('zhengwen-chat').showEligibility()")
    expect(visitor.find(".ask textarea")).to_be_focused()


def test_words_of_papers_make_no_element(visit: OpenPage, portal: str, service: FakeService) -> None:
    bad = '<img src=x onerror="ran.push(1)">'
    text = json.dumps(matches({"with_others": True}), ensure_ascii=False)
    hostile = json.loads(
        text.replace("首次获得药品注册批件", bad.replace('"', "'")).replace("/d/hunan", "javascript:ran")
    )
    service.match = lambda body: hostile
    visitor = visit(f"{portal}/plain").open()
    form = _form(visitor)
    _button(form, "跳过").click()
    form.get_by_role("textbox").fill("湖南")
    _button(form, "下一问").click()
    expect(form).to_contain_text("<img src=x")
    _button(form, "看结果").click()
    assert _result(form).locator("img").count() == 0
    assert form.locator("a[href^=javascript]").count() == 0


def test_a_file_that_does_not_load_is_told_and_tried_again(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    visitor = visit(f"{portal}/plain").open()
    visitor.page.route("**/static/eligibility.js*", lambda route: route.abort())
    visitor.find(".bar").get_by_role("button", name="能申请什么").click()
    expect(visitor.find(".loading")).to_contain_text("暂时连接不上服务")
    visitor.page.unroute("**/static/eligibility.js*")
    visitor.find(".loading").get_by_role("button", name="重试").click()
    expect(visitor.find(".ask")).to_be_visible()
