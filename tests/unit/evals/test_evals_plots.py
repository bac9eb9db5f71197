import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

import pytest

from evals.report import plots


def _ranks() -> str:
    return plots.ranks({"1": 40, "2": 0, "none": 3}, across="place", up="questions")


def _risk() -> str:
    return plots.risk_coverage(
        [0.25, 0.5, 0.75, 1.0], [0.0, 0.0, 0.33, 0.25], operating=(0.75, 0.33), across="x", up="y"
    )


def _spread() -> str:
    return plots.distribution(
        [1.0, 2.0, 2.5, 900.0], {"p50": 2.0, "p90": 9.0}, name="latency", across="ms", up="questions"
    )


@pytest.mark.parametrize("draw", [_ranks, _risk, _spread])
def test_a_plot_is_an_element_of_a_page(draw: Callable[[], str]) -> None:
    root = ElementTree.fromstring(draw())
    assert root.tag == "svg"
    assert re.search(r"https?://|<style|<script|<metadata", draw()) is None


@pytest.mark.parametrize("draw", [_ranks, _risk, _spread])
def test_the_same_figures_give_the_same_bytes(draw: Callable[[], str]) -> None:
    assert draw() == draw()


@pytest.mark.parametrize("draw", [_ranks, _risk, _spread])
def test_colours_come_from_the_page(draw: Callable[[], str]) -> None:
    colours = set(re.findall(r"(?:fill|stroke): ([^;\"]+)", draw()))
    assert {"var(--accent)", "var(--muted)"} <= colours
    assert all(colour == "none" or colour.startswith("var(--") for colour in colours)


def test_ids_of_two_plots_do_not_meet() -> None:
    ids = [set(re.findall(r' id="([^"]+)"', svg)) for svg in (_ranks(), _risk(), _spread())]
    assert all(ids)
    assert sum(len(some) for some in ids) == len(set.union(*ids))
    for svg in (_ranks(), _risk(), _spread()):
        pointed = set(re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', svg))
        assert {name for pair in pointed for name in pair if name} <= set(re.findall(r' id="([^"]+)"', svg))


def test_counts_and_marks_are_text() -> None:
    assert _texts(_ranks()) >= {"40", "3", "none", "questions"}
    assert _texts(_spread()) >= {"p50", "p90", "ms"}


def test_texts_that_the_font_of_the_drawing_lacks_are_text_too() -> None:
    svg = plots.distribution([1.0], {"中位<数>": 1.0}, name="a", across="毫秒", up="题数")
    assert _texts(svg) >= {"中位<数>", "毫秒", "题数"}


def test_a_slow_call_does_not_flatten_the_rest() -> None:
    """900 is in the last bar: the axis ends soon after the largest mark."""
    assert not any(text.isdecimal() and int(text) > 20 for text in _texts(_spread()))


def test_one_value_alone_and_zeros_can_be_drawn() -> None:
    assert "<svg" in plots.distribution([0.0], {}, name="a", across="ms", up="题数")
    assert "<svg" in plots.risk_coverage([1.0], [0.0], operating=None, across="a", up="b")
    assert "<svg" in plots.ranks({"1": 0, "none": 0}, across="a", up="b")


def test_the_users_settings_of_matplotlib_do_not_count() -> None:
    import matplotlib

    plain = _ranks()
    with matplotlib.rc_context({"font.size": 30, "axes.grid": False, "svg.fonttype": "path"}):
        assert _ranks() == plain


def _texts(svg: str) -> set[str]:
    return {(text.text or "").strip() for text in ElementTree.fromstring(svg).iter("text")}
