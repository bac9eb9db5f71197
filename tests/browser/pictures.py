"""Makes the pictures of the docs: `python tests/browser/pictures.py ADDRESS`, where the service listens."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from chromium import CHROMIUM, FLAGS
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from visitor import Visitor

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
QUESTION = "湖南对首次获批的创新药奖多少？"
ENTERPRISE = "我们是长沙的一家药企，1类创新药上个月首次获得药品注册批件"


def picture(browser: Browser, address: str, name: str, size: ViewportSize, *, telephone: bool) -> None:
    """The demonstration page with an answer and the clause it quotes."""
    context = browser.new_context(
        viewport=size,
        locale="zh-CN",
        is_mobile=telephone,
        has_touch=telephone,
        device_scale_factor=2 if telephone else 1,
    )
    visitor = Visitor(context.new_page())
    visitor.page.goto(f"{address}/demo")
    visitor.open().ask(QUESTION).locator(".mark").first.click()
    _save(visitor.page, name)
    context.close()


def form_picture(browser: Browser, address: str, name: str) -> None:
    """The form on the service's own page with what applies to an enterprise."""
    context = browser.new_context(viewport={"width": 900, "height": 760}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}/?eligibility=first")
    form = Visitor(page).find(".apply")
    form.get_by_role("textbox").fill(ENTERPRISE)
    form.get_by_role("button", name="下一问").click()
    form.get_by_role("button", name="看结果").click()
    form.locator(".match .sum").first.scroll_into_view_if_needed()
    _save(page, name)
    context.close()


def _save(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
    # A palette: a third of the size, and nobody sees the difference.
    shot.quantize(256, dither=Image.Dither.NONE).save(IMAGES / name, optimize=True)


def main() -> None:
    address = sys.argv[1].rstrip("/")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        picture(browser, address, "widget.png", {"width": 1280, "height": 800}, telephone=False)
        picture(browser, address, "widget-mobile.png", {"width": 360, "height": 720}, telephone=True)
        form_picture(browser, address, "eligibility.png")
        browser.close()


if __name__ == "__main__":
    main()
