"""Real Chromium, a portal's pages on one origin, and a service on another."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import CHROMIUM, FLAGS
from fake_service import FakeService
from playwright.sync_api import Browser, Page, expect, sync_playwright
from portal import Portal
from servers import running
from visitor import PATIENCE_S, OpenPage, Visitor

expect.set_options(timeout=PATIENCE_S * 1000)
# What ran that should not have: the payloads call it, and every violation of a policy is noted.
_WATCH = """
window.ran = [];
window.refused = [];
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  window.refused.push(violatedDirective + " " + blockedURI));
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests here, and run them last.

    Playwright keeps an event loop in this thread until the end, beside which no other test could run one.
    """
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.path.is_relative_to(here))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        message = f"no Chromium at {CHROMIUM}; install Debian's `chromium`, or set CHROMIUM to where it lies"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def _service() -> Iterator[tuple[FakeService, str]]:
    service = FakeService()
    with running(service.app) as address:
        yield service, address


@pytest.fixture
def service(_service: tuple[FakeService, str]) -> FakeService:
    """The fake, as new."""
    _service[0].reset()
    return _service[0]


@pytest.fixture(scope="session")
def service_address(_service: tuple[FakeService, str]) -> str:
    return _service[1]


@pytest.fixture(scope="session")
def portal(service_address: str) -> Iterator[str]:
    """Address of the portal's pages."""
    with running(Portal(service_address, "zws_test").app) as address:
        yield address


@pytest.fixture
def visit(browser: Browser) -> Iterator[OpenPage]:
    """Opens an address in a browser of its own. When the test ends, no page may have reported an error."""
    pages: list[Page] = []
    faults: list[str] = []

    def opened(
        address: str,
        *,
        width: int = 1280,
        height: int = 800,
        touch: bool = False,
        dark: bool = False,
        locale: str = "zh-CN",
        beside: Visitor | None = None,
        before: str = "",
        motion: bool = True,
        clock: bool = False,
    ) -> Visitor:
        context = (
            beside.page.context
            if beside
            else browser.new_context(
                viewport={"width": width, "height": height},
                has_touch=touch,
                is_mobile=touch,
                locale=locale,
                color_scheme="dark" if dark else "light",
                reduced_motion="no-preference" if motion else "reduce",
                permissions=["clipboard-read", "clipboard-write"],
            )
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_S * 1000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.add_init_script(_WATCH + before)
        if clock:  # one that the test turns
            page.clock.install()
        page.goto(address)
        pages.append(page)
        return Visitor(page)

    yield opened
    broken = [page.evaluate("[...window.ran, ...window.refused]") for page in pages]
    for context in {page.context for page in pages}:
        context.close()
    assert faults == []
    assert broken == [[] for _ in pages]
