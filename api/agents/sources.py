"""The sources of a reply as text, for programs that show only text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.pages.links import web_address
from api.wire.reply_schemas import AskResponse, Cited
from corpus.model import Span
from corpus.notation.paper_names import in_title_marks


@dataclass(frozen=True, slots=True)
class _Frame:
    """The words around the sources, in the language of the reply."""

    sources: str
    nearest: str
    statuses: dict[str, str]


_FRAMES = {
    "zh": _Frame(
        "依据：",
        "最接近的条款：",
        {
            "draft": "征求意见稿",
            "repealed": "已废止",
            "expired": "已过有效期",
            "superseded": "已被取代",
            "not_yet_in_force": "尚未施行",
        },
    ),
    "zh-Hant": _Frame(
        "依據：",
        "最接近的條款：",
        {
            "draft": "徵求意見稿",
            "repealed": "已廢止",
            "expired": "已過有效期",
            "superseded": "已被取代",
            "not_yet_in_force": "尚未施行",
        },
    ),
    "en": _Frame(
        "Sources:",
        "Nearest clauses:",
        {
            "draft": "draft",
            "repealed": "repealed",
            "expired": "expired",
            "superseded": "superseded",
            "not_yet_in_force": "not yet in force",
        },
    ),
}

# "\n\n依据：\n[1] 《…》（湘政办发〔2026〕15号）（四） 支持创新产品产业化落地 — https://…", at the end
_BLOCK = re.compile(
    "\n\n(?:"
    + "|".join(re.escape(words) for frame in _FRAMES.values() for words in (frame.sources, frame.nearest))
    + r")(?:\n\[\d+\] [^\n]+)+\s*\Z"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A clause that the reply cites, and the line of the content that names it."""

    cited: Cited
    line: Span


@dataclass(frozen=True, slots=True)
class ReplyText:
    """A reply as text: its own words, then the sources."""

    text: str
    block: str  # "" when there are none
    sources: tuple[Source, ...]

    @property
    def content(self) -> str:
        return self.text + self.block

    def source_of(self, cited: Cited) -> Source:
        """The source that `cited` quotes from."""
        return next(source for source in self.sources if _clause(source.cited) == _clause(cited))


def reply_text(reply: AskResponse, base: str) -> ReplyText:
    """The reply as text. `base` is the service's own address, "" where it has none."""
    frame = _FRAMES[reply.language]
    cited: Sequence[Cited] = reply.citations or (reply.refusal.nearest if reply.refusal else ())
    if not cited:
        return ReplyText(reply.text, "", ())
    block = f"\n\n{frame.sources if reply.citations else frame.nearest}"
    sources = []
    for number, one in enumerate(_one_a_clause(cited), 1):
        url = address(one, base)
        line = f"[{number}] {named(one)}"
        if status := frame.statuses.get(one.status):
            line += f" [{status}]"
        if url:
            line += f" — {url}"
        start = len(reply.text) + len(block) + 1
        sources.append(Source(one, Span(start, start + len(line))))
        block += f"\n{line}"
    return ReplyText(reply.text, block, tuple(sources))


def without_sources(text: str) -> str:
    """`text` without the appended sources; a client sends them back as history."""
    return _BLOCK.sub("", text)


def address(cited: Cited, base: str) -> str:
    """The address of the clause: on this service, else at the paper's own source."""
    return base + cited.permalink if base else web_address(cited.url)


def named(cited: Cited) -> str:
    """Paper, number and clause in a line: 《…意见》（湘政办发〔2026〕15号）（四） 支持创新产品产业化落地."""
    number = f"（{cited.doc_number}）" if cited.doc_number else ""
    heading = f" {cited.heading}" if cited.heading else ""
    # Titles and headings come from papers and may contain line breaks; a source is one line.
    return " ".join(f"{in_title_marks(cited.title)}{number}{cited.label}{heading}".split())


def _clause(cited: Cited) -> tuple[str, tuple[str, ...], str]:
    return cited.document_id, tuple(cited.path), cited.label


def _one_a_clause(cited: Iterable[Cited]) -> list[Cited]:
    """The first quote of every clause: a clause that is quoted twice is one source."""
    first: dict[object, Cited] = {}
    for one in cited:
        first.setdefault(_clause(one), one)
    return list(first.values())
