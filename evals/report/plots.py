"""Draws the plots of a report as SVG for embedding in an HTML page.

Colours are custom properties of the page (`var(--accent)`), so that one drawing serves light and
dark; text is not converted to paths. The same figures give the same bytes: ids are hashed with a fixed
salt, and no date is written. The page itself draws categories, whose names come from test sets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from html import escape
from io import StringIO

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

_SIZE = (5.6, 2.9)  # inches; 72 SVG units each
_MARGINS = {"left": 0.13, "right": 0.97, "bottom": 0.17, "top": 0.97}  # shares of the drawing
# matplotlib has no custom properties, so each is represented by a colour that nothing else uses.
_COLOURS = {
    "#010203": "var(--ink)",
    "#010204": "var(--muted)",
    "#010205": "var(--line)",
    "#010206": "var(--accent)",
    "#010207": "var(--bad)",
}
_INK, _MUTED, _LINE, _ACCENT, _BAD = _COLOURS
_STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "zhengwen",
    "axes.edgecolor": _LINE,
    "axes.labelcolor": _MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "grid.color": _LINE,
    "text.color": _INK,
    "xtick.color": _LINE,
    "xtick.labelcolor": _MUTED,
    "ytick.color": _LINE,
    "ytick.labelcolor": _MUTED,
    "ytick.left": False,
}
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
_ID = re.compile(r'((?:\bid|href)="#?|url\(#)')  # id="p1", xlink:href="#m1", url(#p1)
_STYLE_SHEET = re.compile(r"<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)
_ROOT = re.compile(r"<svg [^>]*viewBox=\"([^\"]*)\"[^>]*>")
_BINS = 24


def risk_coverage(
    coverage: Sequence[float],
    risk: Sequence[float],
    *,
    operating: tuple[float, float] | None,
    across: str,
    up: str,
) -> str:
    """Draws the share of wrong answers against the share answered; dotted beyond `operating`.

    `across` and `up` name the axes, here and below.
    """
    texts = _Texts()
    with _style():
        figure, axes = _blank(texts(across), texts(up))
        axes.plot(coverage, risk, color=_MUTED, linewidth=1.5, linestyle=(0, (1, 2)))
        if operating is not None:
            given = [point for point in zip(coverage, risk, strict=True) if point[0] <= operating[0]]
            axes.plot(*zip(*given, operating, strict=True), color=_ACCENT, linewidth=2)
            axes.axvline(operating[0], color=_BAD, linewidth=1, linestyle=(0, (4, 3)))
            axes.plot(*operating, marker="o", markersize=7, color=_BAD)
        axes.set_xlim(0, 1.01)
        axes.set_ylim(0, max(0.05, *risk) * 1.1)
        axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        return _svg(figure, "risk", texts)


def ranks(counts: Mapping[str, int], *, across: str, up: str) -> str:
    """Draws how often the first clause with evidence had each rank; the last bar is `not found`."""
    texts = _Texts()
    with _style():
        figure, axes = _blank(texts(across), texts(up))
        names, heights = [texts(name) for name in counts], list(counts.values())
        colours = [_ACCENT] * (len(names) - 1) + [_BAD]
        bars = axes.bar(range(len(names)), heights, color=colours, width=0.72)
        axes.bar_label(bars, [str(height) if height else "" for height in heights], color=_INK, padding=2)
        axes.set_xticks(range(len(names)), names)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.margins(y=0.12)
        return _svg(figure, "ranks", texts)


def distribution(
    values: Sequence[float], marked: Mapping[str, float], *, name: str, across: str, up: str
) -> str:
    """Draws the distribution of `values`, with a line at each of `marked`; ids begin with `name`.

    The last bar contains everything beyond the largest mark, so that one slow call does not flatten
    the rest.
    """
    texts = _Texts()
    with _style():
        figure, axes = _blank(texts(across), texts(up))
        top = max(marked.values(), default=max(values)) * 1.15 or 1.0
        axes.hist(
            [min(value, top) for value in values], bins=_BINS, range=(0, top), color=_ACCENT, rwidth=0.9
        )
        axes.margins(y=0.3)
        for step, (label, value) in enumerate(marked.items()):
            axes.axvline(value, color=_BAD, linewidth=1, linestyle=(0, (4, 3)))
            height = 0.97 - 0.09 * (step % 3)
            axes.annotate(
                texts(label),
                (value, height),
                xycoords=axes.get_xaxis_transform(),
                xytext=(3, 0),
                textcoords="offset points",
                va="top",
            )
        axes.set_xlim(0, top)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        return _svg(figure, name, texts)


class _Texts:
    """Stands in for texts that matplotlib's own font lacks; the page has fonts for them."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """Returns the text, or for one with other than Latin letters what it is drawn as."""
        if text.isascii():
            return text
        token = f"@{len(self.known)}@"
        self.known[token] = text
        return token


def _style() -> AbstractContextManager[None]:
    """Sets matplotlib's defaults and the style of the report, ignoring the user's matplotlibrc."""
    return matplotlib.style.context(["default", _STYLE])


def _blank(across: str, up: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=_SIZE)
    axes = figure.subplots(gridspec_kw=_MARGINS)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    return figure, axes


def _svg(figure: Figure, name: str, texts: _Texts) -> str:
    """Returns the drawing as an element of a page, with ids that begin with `name`."""
    written = StringIO()
    figure.savefig(written, format="svg", metadata=_NO_METADATA)
    text = written.getvalue()
    text = _STYLE_SHEET.sub("", text[text.index("<svg") :], count=1)
    text = _ROOT.sub(r'<svg viewBox="\1" aria-hidden="true" focusable="false">', text, count=1)
    text = _ID.sub(rf"\g<1>{name}-", text).replace("xlink:href", "href")
    for token, words in texts.known.items():
        text = text.replace(token, escape(words))
    for colour, variable in _COLOURS.items():
        text = text.replace(colour, variable)
    return text
