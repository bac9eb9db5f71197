"""The report of an evaluation in Chromium: readable for everyone, in both languages, light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from evals_asked import CASES, MADE, PAPERS, run
from playwright.sync_api import Browser

from evals.report.wording import ReportLanguage
from evals.report.writer import HTML, write


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [(ReportLanguage.CHINESE, "light", 1280), (ReportLanguage.ENGLISH, "dark", 390)],
)
def test_axe_finds_nothing_in_the_report(
    browser: Browser,
    tmp_path: Path,
    language: ReportLanguage,
    scheme: Literal["light", "dark"],
    width: int,
) -> None:
    write(run(CASES, made=MADE), tmp_path, papers=PAPERS.by_id, language=language)
    # The policy of the page allows no script, and axe is one.
    context = browser.new_context(
        bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    try:
        page = context.new_page()
        page.goto((tmp_path / HTML).as_uri())
        for details in page.locator("details").all():
            details.evaluate("element => { element.open = true }")
        found = Axe().run(page).response["violations"]
        targets = [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]
        assert targets == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    finally:
        context.close()
