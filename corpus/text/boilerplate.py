"""Finds and removes boilerplate of web pages and printed sheets, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.model import Furniture, Span
from corpus.notation.labels.reading import opens_clause
from corpus.notation.phrase_table import PhraseTable
from corpus.text.source_text import Line

_TABLE = PhraseTable.read("corpus", "site_text.tsv")
# "扫一扫在手机打开当前页"
_SCAN = r"(?:扫一扫|手机扫).{0,12}"
_BUTTON_WORDS = rf"{_SCAN}|{_TABLE.alternation('button')}"
# "【打印】 【小 中 大】 570", "分享到：", "字体：大 中 小"
_BUTTONS = re.compile(rf"(?:(?:{_BUTTON_WORDS})|[\s【】\[\]［］（）()：:|｜/·\-+]|\d++)++")
_BUTTON = re.compile(_BUTTON_WORDS)
# "浏览次数： 1024", "【字体：大 中 小】", "[打印]" within "发布时间：2024-10-09 来源：…"
_META_BUTTON = re.compile(
    rf"[【\[［]\s*{_TABLE.alternation('bracket_button')}[^】\]］\n]{{0,16}}[】\]］]"
    r"|(?:浏览|访问|阅读|点击)(?:次数|量|数)?\s*[：:]\s*[\d\-]*\s*次?"
    r"|(?:浏览)?字[体号](?:大小)?\s*[：:]\s*[【\[]?\s*(?:[小中大默认特超]\s*)+[】\]]?"
    r"|分享(?:到|至)?\s*[：:]"
)
# "发布时间：2024-10-09 10:00 来源：广东省人民政府门户网站", "来源：市人社局", "2021-02-09 来源：…"
_META_LINE = re.compile(rf"\d{{4}}[-年/.]|{_TABLE.alternation('page_line')}")
# "[首页] > 政策文件 > 政策法规", "当前位置：首页>政务公开"
_BREADCRUMB = re.compile(
    r"(?:您?(?:现在|当前|所在)的?(?:所在)?位置|当前位置|所在位置)\s*[：:]?.{0,120}"
    r"|(?:首页|主页|网站首页|Home)\s*[>＞»›→/\\].{0,120}"
)
# The button of a page translator, alone or after the sentence it was shown at.
_TRANSLATE_LINE = "译"
_TRANSLATE_END = re.compile(r"(?<=[。！？；）」”])\s*译$")
# "【法宝引证码】 CLI.12.5679380", "原文链接：https://www.pkulaw.com/…"
_EXPORT_LINE = re.compile(rf"【法宝引证码】.*|{_TABLE.alternation('link_key')}[：:]\s*(?:https?://|www\.)\S*")
# "↓ https://www.chinalawtranslate.com/en/…"
_LINK_LINE = re.compile(r"[↓↑→←▼\s]*(?:https?://|www\.)\S+")
# "版权所有：广东省交通运输厅 主办：… 粤ICP备2022083830号 网站标识码4400000045"
_FOOTER = re.compile(_TABLE.alternation("footer"))
# Lines that a notice may contain too; next to one of the above they belong to the footer.
_FOOTER_TOO = re.compile(rf"{_TABLE.alternation('site_role')}\s*[：:]|{_TABLE.alternation('site_link')}")
# "相关阅读", "上一篇：…", "责任编辑：李某"
_AFTER = re.compile(rf"{_TABLE.alternation('behind_paper')}\s*(?:[：:】].{{0,60}})?")
# "首页 | 走进益阳 | 政务公开"
_NAVIGATION = re.compile(rf"(?:{_TABLE.alternation('menu')}|(?:走进|魅力)\S{{2,4}}|[|｜·>\s])++")
# "主 题 词：" in a table of metadata, without a value
_EMPTY_FIELD = re.compile(
    "(?:" + "|".join(r"\s*".join(field) for field in _TABLE.written("empty_field")) + r")\s*[：:]"
)
# "——————": a rule above notes, drawn with characters
_RULE = re.compile(r"[—\-_=*~－─━＿]{3,}")
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|txt|jpe?g|png)\s*$", re.I)
_TERMINAL = re.compile(r"[。；！？]")
_PROSE = 40  # characters; a longer line contains a sentence and so belongs to the paper


@dataclass(frozen=True, slots=True)
class Cleaned:
    lines: list[Line]
    furniture: list[Furniture]


def remove_boilerplate(lines: Iterable[Line]) -> Cleaned:
    """Removes what is not the paper: buttons, navigation, links, footer, translation marks."""
    kept: list[Line] = []
    furniture: list[Furniture] = []
    for line in lines:
        kind = kind_of(line.text)
        if kind:
            furniture.append(_furniture(kind, line))
            continue
        cuts = _cuts(line.text)
        furniture += [_furniture("button", line.cut(cut.start, cut.end)) for cut in cuts]
        cleaned = line.without(cuts).stripped()
        if cleaned.text:
            kept.append(cleaned)
    end = _footer_start(kept)
    furniture += [_furniture("footer", line) for line in kept[end:]]
    start = _navigation_end(kept[:end])
    furniture += [_furniture("navigation", line) for line in kept[:start]]
    return Cleaned(kept[start:end], furniture)


def kind_of(text: str) -> str:
    """The kind of furniture that the whole line is; empty if it is part of the paper."""
    if text == _TRANSLATE_LINE:
        return "button"
    if _RULE.fullmatch(text):
        return "rule"
    if len(text) > 200:
        return ""
    if _BUTTONS.fullmatch(text) and len(_BUTTON.findall(text)) > 0:
        return "button"
    if _BREADCRUMB.fullmatch(text) and not _TERMINAL.search(text):
        return "navigation"
    if _EXPORT_LINE.fullmatch(text):
        return "export_header"
    if _LINK_LINE.fullmatch(text):
        return "link"
    if _EMPTY_FIELD.fullmatch(text):
        return "empty_field"
    return ""


def is_site_text(text: str) -> bool:
    """Whether the line belongs to the website, not the paper, regardless of its position."""
    return bool(kind_of(text) or _FOOTER.search(text) or _FOOTER_TOO.search(text) or _AFTER.fullmatch(text))


def names_file(text: str) -> bool:
    """Whether the line ends with the name of a file, such as that of an attachment."""
    return _FILE.search(text) is not None


def _cuts(text: str) -> list[Span]:
    """Buttons inside a line that is otherwise kept."""
    cuts: list[Span] = []
    if len(text) < 200 and _META_LINE.match(text):
        cuts += [Span(match.start(), match.end()) for match in _META_BUTTON.finditer(text)]
    translate = _TRANSLATE_END.search(text)
    if translate is not None:
        cuts.append(Span(translate.start(), translate.end()))
    return cuts


def _footer_start(lines: list[Line]) -> int:
    """Index of the first line of the site's footer; the number of lines when there is none."""
    start = possible = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        text = lines[index].text
        if _FOOTER.search(text) or _AFTER.fullmatch(text):
            start = index
        elif _FOOTER_TOO.search(text):
            possible = index
        elif _is_paper(text):
            break
    if start < len(lines):
        start = min(start, possible)
    while 0 < start < len(lines) and lines[start - 1].linked and not _FILE.search(lines[start - 1].text):
        start -= 1
    return start


def _is_paper(text: str) -> bool:
    return (
        opens_clause(text)
        or bool(_FILE.search(text))
        or (len(text) > _PROSE and bool(_TERMINAL.search(text)))
    )


def _navigation_end(lines: list[Line]) -> int:
    """Index of the first line after the menus at the top."""
    start = 0
    for index, line in enumerate(lines[:60]):
        if _is_paper(line.text) or len(line.text) > 100:
            break
        if _NAVIGATION.fullmatch(line.text):
            start = index + 1
    return start


def _furniture(kind: str, line: Line) -> Furniture:
    place = line.source.place
    return Furniture(kind, place.start, place.end)
