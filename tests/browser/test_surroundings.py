"""Pages that are hard on what they embed: hostile CSS, strict policies, frames, small displays, languages."""

from __future__ import annotations

from typing import Any

import pytest
from fake_service import QUOTE, FakeService
from playwright.sync_api import Locator, expect
from visitor import OpenPage, Visitor

_LOOKS = (
    "fontSize",
    "color",
    "backgroundColor",
    "letterSpacing",
    "lineHeight",
    "opacity",
    "visibility",
    "direction",
)


def _looks(place: Locator) -> dict[str, Any]:
    box = place.bounding_box()
    styles = place.evaluate(
        "(element, names) => names.map((name) => getComputedStyle(element)[name])", list(_LOOKS)
    )
    assert box is not None
    return {
        "width": round(box["width"]),
        "height": round(box["height"]),
        **dict(zip(_LOOKS, styles, strict=True)),
    }


def test_hostile_css_changes_nothing_inside(visit: OpenPage, portal: str, service: FakeService) -> None:
    def looks(visitor: Visitor) -> list[dict[str, Any]]:
        before = _looks(visitor.launcher)
        visitor.open()
        turn = visitor.ask("奖多少？")
        turn.locator(".mark").click()
        places = (
            ".panel",
            ".bar",
            ".question",
            ".text",
            ".mark",
            ".card",
            ".chip",
            ".composer textarea",
            ".send",
        )
        return [before, *(_looks(visitor.find(place).last) for place in places)]

    assert looks(visit(f"{portal}/hostile")) == looks(visit(f"{portal}/plain"))


def test_nothing_of_the_widget_leaks_into_the_page(
    visit: OpenPage, portal: str, service: FakeService
) -> None:
    visitor = visit(f"{portal}/plain")
    page = visitor.page
    own = page.locator("#own")
    embedded = _looks(own)
    globals_before = set(page.evaluate("Object.keys(window)"))
    visitor.open().ask("奖多少？")
    page.evaluate("document.querySelector('zhengwen-chat').remove()")
    assert _looks(own) == embedded
    assert set(page.evaluate("Object.keys(window)")) == globals_before
    assert page.evaluate("[document.styleSheets.length, document.adoptedStyleSheets.length]") == [0, 0]
    page.locator("#mine").click()


def test_a_strict_policy_refuses_nothing(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/strict").open()
    turn = visitor.ask("奖多少？")
    turn.locator(".mark").click()
    expect(turn.locator(".card")).to_contain_text(QUOTE)
    assert _looks(visitor.launcher)["backgroundColor"] == "rgb(26, 86, 168)"
    assert visitor.page.evaluate("window.refused") == []


def test_in_a_frame_of_a_page_that_runs_no_script(visit: OpenPage, portal: str, service: FakeService) -> None:
    page = visit(f"{portal}/framed").page
    framed = Visitor(page, page.frame_locator("iframe"))
    expect(framed.find(".welcome .chip").first).to_be_visible()
    expect(framed.ask("奖多少？").locator("q")).to_have_text(QUOTE)
    assert service.arrivals[0]["site"] == "zws_test"
    expect(framed.find(".launcher")).to_have_count(0)
    box = framed.panel.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (400, 640)


def test_a_telephone_shows_it_on_the_whole_screen(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/plain", width=360, height=640, touch=True).open()
    page = visitor.page
    box = visitor.panel.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 640)
    visitor.ask("奖多少？" * 20)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert visitor.find(".log").evaluate("log => log.scrollWidth <= log.clientWidth")
    assert float(_looks(visitor.field)["fontSize"].removesuffix("px")) >= 16
    for button in visitor.find(".bar button").all():
        size = button.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 36
    visitor.find(".bar").get_by_role("button", name="关闭").click()
    expect(visitor.panel).to_be_hidden()
    assert visitor.focused() == "launcher"


def test_the_field_stays_above_the_keyboard(visit: OpenPage, portal: str, service: FakeService) -> None:
    keyboard = """
      const view = Object.assign(new EventTarget(), { height: innerHeight, offsetTop: 0, scale: 1 });
      Object.defineProperty(window, "visualViewport", { value: view });"""
    visitor = visit(f"{portal}/plain", width=360, height=640, touch=True, before=keyboard).open()
    visitor.page.evaluate(
        "Object.assign(visualViewport, { height: 300, offsetTop: 20 }).dispatchEvent(new Event('resize'))"
    )
    field = visitor.field.bounding_box()
    panel = visitor.panel.bounding_box()
    assert field is not None
    assert panel is not None
    assert (panel["y"], panel["height"]) == (20, 300)
    assert field["y"] > 20
    assert field["y"] + field["height"] < 320


def test_zoomed_to_twice_the_size_nothing_is_lost(visit: OpenPage, portal: str, service: FakeService) -> None:
    # To a page, zooming to 200 % is a window of half the size.
    visitor = visit(f"{portal}/plain", width=640, height=400).open()
    turn = visitor.ask("奖多少？")
    turn.locator(".mark").click()
    for place in (turn.locator(".card-foot a >> nth=0"), visitor.field, visitor.find(".bar button").last):
        place.scroll_into_view_if_needed()
        expect(place).to_be_in_viewport(ratio=1)
    assert visitor.find(".log").evaluate("log => log.scrollWidth <= log.clientWidth")


@pytest.mark.parametrize(
    ("query", "locale", "button", "note"),
    [
        ("pagelang=zh-CN", "en-GB", "打开政策问答", "仅供参考"),
        ("pagelang=en", "zh-CN", "Open policy Q&A", "for reference"),
        ("pagelang=en&lang=zh-Hant", "en-GB", "開啟政策問答", "僅供參考"),
        ("pagelang=", "en-GB", "Open policy Q&A", "for reference"),
    ],
)
def test_it_speaks_the_language_of_the_page(
    visit: OpenPage, portal: str, service: FakeService, query: str, locale: str, button: str, note: str
) -> None:
    visitor = visit(f"{portal}/plain?{query}", locale=locale)
    expect(visitor.launcher).to_have_accessible_name(button)
    visitor.open()
    expect(visitor.find(".hint")).to_contain_text(note)
    turn = visitor.ask("How much?")
    assert turn.locator("q").get_attribute("lang") == "zh-CN"


def test_attributes_take_effect_at_once(visit: OpenPage, portal: str, service: FakeService) -> None:
    visitor = visit(f"{portal}/plain?position=left&theme=dark&heading=产业政策").open()
    visitor.ask("奖多少？")
    box = visitor.panel.bounding_box()
    assert box is not None
    assert box["x"] < 100
    expect(visitor.find(".title")).to_have_text("产业政策")
    dark = _looks(visitor.panel)["backgroundColor"]
    visitor.page.evaluate(
        """() => {
          const chat = document.querySelector("zhengwen-chat");
          chat.setAttribute("theme", "light");
          chat.setAttribute("lang", "en");
          chat.style.setProperty("--zhengwen-accent", "rgb(120, 10, 10)");
          chat.style.setProperty("--zhengwen-z-index", "77");
        }"""
    )
    assert _looks(visitor.panel)["backgroundColor"] != dark
    assert _looks(visitor.launcher)["backgroundColor"] == "rgb(120, 10, 10)"
    assert visitor.launcher.evaluate("element => getComputedStyle(element).zIndex") == "77"
    expect(visitor.find(".bar").get_by_role("button", name="New conversation")).to_be_visible()
    expect(visitor.turn.locator(".question")).to_contain_text("奖多少？")


def test_less_motion_where_it_is_asked_for(visit: OpenPage, portal: str, service: FakeService) -> None:
    animated = "panel => getComputedStyle(panel).animationName"
    assert visit(f"{portal}/plain").open().panel.evaluate(animated) == "rise"
    assert visit(f"{portal}/plain", motion=False).open().panel.evaluate(animated) == "none"
