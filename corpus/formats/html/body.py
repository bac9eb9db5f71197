"""Extracts the paper from an HTML page: the article, and the metadata that the page shows around it."""

from __future__ import annotations

import html
import re
from collections import Counter

from corpus.formats.html.elements import Element, Placed, read
from corpus.formats.html.table import META_KEY, tables_as_rows
from corpus.formats.html.tags import SMALL
from corpus.model import Furniture
from corpus.notation.characters import HAN, HAN_CHARACTER
from corpus.notation.doc_numbers import YEAR_AND_SERIAL
from corpus.notation.phrase_table import PhraseTable
from corpus.text.boilerplate import is_site_text
from corpus.text.source_text import Extracted

_SITE = PhraseTable.read("corpus", "site_text.tsv")
_TITLES = PhraseTable.read("corpus", "paper_titles.tsv")
# Share of the page's sentences that an element must contain to be the container of the whole article.
_WHOLE = 0.9
_SENTENCE = re.compile(r"[，。；]")
_TITLE = re.compile(r"<title[^>]*>([^<]{4,300})</title", re.I)
# class="policy-content-footer", id="share"
_SITE_NAMES = re.compile(r"foot|share|related|recommend|sidebar|qrcode|comment|copyright", re.I)
# "广州市老年人优待办法 - 广州市人民政府门户网站"
_SITE_NAME = re.compile(r"\s+[-–—|]\s*|\s*[_|]\s*")
# "发布日期：2024-09-12", "发表时间：2022-07-14 20:24"
_META_LINE = re.compile(rf"{_SITE.alternation('page_fact')}[：:]\S")
# "穗府办规〔2024〕13号"
_NUMBER_LINE = re.compile(rf"[{HAN}]{{2,12}}{YEAR_AND_SERIAL}")
# "附件：广州市公共租赁住房申请表.doc" after the article
_ATTACHMENT = re.compile(r"(?:相关)?附[件表图][：:\d一二三]|附：")
# "厦门市文化和旅游局关于印发《厦门市民宿管理办法》的通知" in an <h2>
_HEADLINE = re.compile(rf"关于.{{4,}}|.{{4,}}{_TITLES.alternation('headline')}")
_SHORTEST_TITLE = 8  # characters in the title bar; a shorter text may be a word of the menu
_LONGEST_HEAD = 120  # characters of a metadata line or attachment name; longer ones are prose


def extract(original: str) -> Extracted:
    """Extracts the article of the page, with title, number and metadata if they are outside of it."""
    placed = tables_as_rows(read(original))
    if not any(_prose(entry.line.text) for entry in placed):
        placed = tables_as_rows(read(original, hide=False))
    body = _article(placed)
    inside = [index for index, entry in enumerate(placed) if body in (None, *entry.element.above())]
    if not inside:
        return Extracted([])
    first, last = inside[0], _behind_attachments(body, placed, inside[-1])
    outside = {index for index in range(len(placed)) if not first <= index <= last}
    wanted = {index for index in outside if _belongs(placed[index], before=index < first)}
    wanted |= set(_title_lines(original, placed[:first]))
    furniture = []
    for index in sorted(outside - wanted):
        place = placed[index].line.source.place
        furniture.append(Furniture("navigation" if index < first else "footer", place.start, place.end))
    lines = [entry.line for index, entry in enumerate(placed) if index not in outside or index in wanted]
    return Extracted(lines, furniture=furniture)


def _article(placed: list[Placed]) -> Element | None:
    """The innermost container that contains nearly all sentences of the page."""
    weights: Counter[Element] = Counter()
    total = 0
    for entry in placed:
        site = entry.line.linked or is_site_text(entry.line.text)
        weight = 0 if site else _prose(entry.line.text)
        total += weight
        for element in entry.element.above():
            weights[element] += weight
    whole = [
        element
        for element, weight in weights.items()
        if weight >= _WHOLE * total and element.tag not in SMALL
    ]
    return max(whole, key=lambda element: element.depth, default=None)


def _behind_attachments(body: Element | None, placed: list[Placed], last: int) -> int:
    """Index of the last line of the paper, including attachments directly after `body`."""
    while body is not None and body.parent is not None:
        body = body.parent
        behind = []
        for index in range(last + 1, len(placed)):
            if body not in placed[index].element.above():
                break
            behind.append(index)
        if any(_is_site(placed[index]) for index in behind):
            break
        if any(_is_attachment(placed[index].line.text) for index in behind):
            last = behind[-1]
    return last


def _is_site(entry: Placed) -> bool:
    names = " ".join(element.names for element in entry.element.above())
    return entry.line.linked or is_site_text(entry.line.text) or bool(_SITE_NAMES.search(names))


def _is_attachment(text: str) -> bool:
    return bool(_ATTACHMENT.match("".join(text.split()))) or _prose(text) > 0


def _prose(text: str) -> int:
    """Number of Chinese characters (without any, a third of all) in a line with a sentence, else 0."""
    if not _SENTENCE.search(text) and ". " not in text:
        return 0
    return len(HAN_CHARACTER.findall(text)) or len(text) // 3


def _belongs(entry: Placed, *, before: bool) -> bool:
    """Whether a line outside of the article is metadata (before) or names an attachment (after)."""
    text = "".join(entry.line.text.split())
    if len(text) > _LONGEST_HEAD:
        return False
    if not before:
        return bool(_ATTACHMENT.match(text))
    key = META_KEY.match(text)
    named = key is not None and key[0].endswith(("：", ":")) and len(text) > len(key[0])
    return named or bool(_META_LINE.match(text) or _NUMBER_LINE.fullmatch(text))


def _title_lines(original: str, placed: list[Placed]) -> list[int]:
    """Indexes of the lines of the last title before the article; it may be split by a <br>."""
    found = _titles(original, placed) or _headlines(placed)
    start = found[-1] if found else 0
    while found and start and placed[start - 1].element is placed[start].element:
        start -= 1
    return list(range(start, found[-1] + 1)) if found else []


def _headlines(placed: list[Placed]) -> list[int]:
    """Indexes of the headings that look like the title of a paper."""
    return [
        index
        for index, entry in enumerate(placed)
        if entry.line.heading and _HEADLINE.search("".join(entry.line.text.split())) and not _is_site(entry)
    ]


def _titles(original: str, placed: list[Placed]) -> list[int]:
    """Indexes of the lines before the article that agree with the <title> of the page."""
    match = _TITLE.search(original)
    shown = "".join(_SITE_NAME.split(html.unescape(match[1]).strip())[0].split()) if match else ""
    found = []
    for index, entry in enumerate(placed):
        text = "".join(entry.line.text.split())
        whole = len(shown) >= _SHORTEST_TITLE and shown in text and len(text) <= _LONGEST_HEAD
        if whole or (text in shown and len(text) >= max(6, len(shown) // 2)):
            found.append(index)
    return found
