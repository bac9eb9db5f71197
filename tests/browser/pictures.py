"""Makes the pictures of the docs: `python tests/browser/pictures.py ADDRESS`, where the service listens."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from chromium import CHROMIUM, FLAGS
from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright
from visitor import Visitor

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
QUESTION = "湖南对首次获批的创新药奖多少？"


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
    visitor.page.mouse.move(0, 0)
    visitor.page.wait_for_timeout(500)
    shot = Image.open(BytesIO(visitor.page.screenshot())).convert("RGB")
    # A palette: a third of the size, and nobody sees the difference.
    shot.quantize(256, dither=Image.Dither.NONE).save(IMAGES / name, optimize=True)
    context.close()


def main() -> None:
    address = sys.argv[1].rstrip("/")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        picture(browser, address, "widget.png", {"width": 1280, "height": 800}, telephone=False)
        picture(browser, address, "widget-mobile.png", {"width": 360, "height": 720}, telephone=True)
        browser.close()


if __name__ == "__main__":
    main()
