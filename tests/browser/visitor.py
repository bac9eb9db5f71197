"""What a visitor sees of the widget, and does with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FrameLocator, Locator, Page, expect

PATIENCE_S = 60  # also on a busy machine; only a failure waits for it
_axe = Axe()


class Visitor:
    """`inside` is where the widget is: the page, or a frame or element in it."""

    def __init__(self, page: Page, inside: Page | FrameLocator | Locator | None = None) -> None:
        self.page = page
        self.inside: Page | FrameLocator | Locator = inside or page

    def find(self, selector: str) -> Locator:
        return self.inside.locator(selector)

    @property
    def launcher(self) -> Locator:
        return self.find(".launcher")

    @property
    def panel(self) -> Locator:
        return self.find(".panel")

    @property
    def field(self) -> Locator:
        return self.find(".composer textarea")

    @property
    def turn(self) -> Locator:
        """The last question and its answer."""
        return self.find(".turn").last

    def open(self) -> Visitor:
        self.launcher.click()
        expect(self.panel).to_be_visible()
        return self

    def send(self, question: str) -> Visitor:
        self.field.fill(question)
        self.field.press("Enter")
        return self

    def ask(self, question: str) -> Locator:
        """Ask and wait for the whole answer."""
        self.send(question)
        expect(self.turn.locator(".question")).to_contain_text(question[:40])
        expect(self.turn.locator(".tools")).to_be_visible()
        return self.turn

    def expect(self, seen: Callable[[], bool]) -> None:
        """Wait until `seen`: what a page sends is under way for a while after the page shows it."""
        ends = time.monotonic() + PATIENCE_S
        while not seen():
            assert time.monotonic() < ends, "this has not come true"
            self.page.wait_for_timeout(20)

    def stop_clock(self) -> Visitor:
        """Time passes when the test says so; for pages that are visited with `clock`."""
        self.page.clock.pause_at(datetime.now() + timedelta(minutes=1))
        return self

    def focused(self) -> str:
        """Class or tag of what has the focus, looked for in shadow roots too."""
        found: str = self.page.evaluate(
            """() => {
              let at = document.activeElement;
              while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
              return at.className || at.id || at.tagName.toLowerCase();
            }"""
        )
        return found

    def faults(self) -> list[str]:
        """What axe finds wrong with the page as it is."""
        found = _axe.run(self.page).response["violations"]
        return [f"{one['impact']}: {one['id']}: {node['html']}" for one in found for node in one["nodes"]]


OpenPage = Callable[..., Visitor]
