"""Finds where the heading of a clause ends and its text begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.notation.characters import HAN
from corpus.notation.labels.types import ARTICLES, ORDINALS, Label
from corpus.notation.numerals import NUMERAL
from corpus.notation.phrase_table import PhraseTable
from corpus.structure.units import is_remark
from corpus.text.lines import Line
from corpus.text.sentences import open_brackets

_PROVISIONS = PhraseTable.read("corpus", "provisions.tsv")
_TITLES = PhraseTable.read("corpus", "paper_titles.tsv")
# Longest heading that runs into the text, and longest that fills a line, in characters.
_RUN_IN = 45
_WHOLE = 60
# Longest run-in heading of an item below a 条: "（一）申请。申请人可登录…".
_ITEM = 16
_FULL_STOPS = ("。", "；", ";", ".", "，", ",")
# "【目的】", "（目的和依据）" after the number of an article
_BRACKETED = re.compile(r"^[【（(\[]([^】）)\]]{2,20})[】）)\]]\s*")
# "支持龙头企业。对首次…", "推广光伏应用。": the phrase that opens an article
_PHRASE = re.compile(r"([^，。；：,;:]{4,24})(?:。|：|$)\s*")
# Fewest articles, and their least share, that must open with a phrase for the phrases to be headings.
_FEWEST_TITLED, _TITLED_SHARE = 3, 0.6
# End of a run-in heading: "支持产品研发创新。加大…", "产品名称：建议…"
_STOP = re.compile(r"[。：？?！!\t]|:(?!\d|//)|\*\*")
# Words of a sentence that regulates something; headings do not contain them.
_SENTENCE = re.compile(
    rf"{_PROVISIONS.alternation('regulates')}|的，|，由|^由|由.{{2,20}}负责|，应|有关规定$|[；;]|[，,].*[，,]"
    rf"|，(?:禁止|严禁)|{_TITLES.alternation('rules_from')}自|^将[第“《]|^删[去除]"
    rf"|^本[{HAN}]{{1,8}}(?:自|由|适用|有效|所称)"
    rf"|^{_PROVISIONS.alternation('opens_sentence')}.*，|^自.{{2,12}}(?:起|止)"
)
# "《门楼牌管理办法》（市人民政府令第252号公布）", "《印花税法》第四条": the name of a paper is no heading
_NAMED = re.compile(
    r"《[^《》]*(?:《[^《》]*》[^《》]*)*》(?:[（(][^（）()]*[）)])?"
    rf"(?:[、和及]?第[{NUMERAL}\d]{{1,6}}[条款项])*[；。]?$"
)
# "一、强化基础设施（牵头单位：市交通运输局）": responsible units are not part of the heading
_RESPONSIBLE = re.compile(
    r"([^（(【\[。：:；]{2,60})([（(【\[](?=[^）)】\]]*(?:责任(?:单位|部门)|牵头|配合|负责))[^）)】\]]*[）)】\]])$"
)
# "（二）滥用职权的：…" is a condition
_CONDITION = re.compile(r"(?<!目)的[：:。]$")
# "第二章　总　则{align=\"center\"}": attributes of Markdown dialects
_ATTRIBUTES = re.compile(r"\s*\{[^{}]*\}$")


@dataclass(frozen=True, slots=True)
class Heading:
    """Words of the heading (may be empty) and the offset in the line where the text after it begins."""

    words: str
    body: int


def heading_of(
    line: Line, label: Label, *, below_article: bool, followed: bool, titled: bool = False
) -> Heading:
    """The heading after `label`. `followed`: there are text or sub-clauses below the line.

    `titled`: the articles of this paper begin with a heading (see `articles_are_titled`).
    """
    rest = line.text[label.end :]
    if label.style in ARTICLES:
        return _of_article(rest, label.end, followed, titled)
    if label.style in ORDINALS:
        return Heading(_clean(rest), len(line.text))
    return _of_other(line, rest, label.end, below_article, followed)


def is_phrase(line: Line, label: Label, heading: Heading) -> bool:
    """Whether the layout shows that the heading is one: in bold, or a line of its own without a full stop."""
    if heading.body < len(line.text):
        return bool(line.strong_end) and line.start + heading.body <= line.strong_end + 2
    return not line.text.endswith(_FULL_STOPS)


def articles_are_titled(articles: Sequence[tuple[str, bool]]) -> bool:
    """Whether most articles open with a short phrase: "第二条 推广光伏应用。对屋顶…".

    Each article is given as the words after its label and whether there is anything below that line. In a
    statute hardly any article opens so, and one that does has no heading.
    """
    titles = [_phrase(rest, followed) for rest, followed in articles]
    return len(articles) >= _FEWEST_TITLED and sum(map(bool, titles)) >= _TITLED_SHARE * len(articles)


def _phrase(rest: str, followed: bool) -> re.Match[str] | None:
    """The phrase with which an article opens, if text follows it and it regulates nothing itself."""
    match = _PHRASE.match(rest)
    goes_on = match is not None and (followed or match.end() < len(rest))
    return match if match is not None and goes_on and not _SENTENCE.search(match[1]) else None


def _of_article(rest: str, at: int, followed: bool, titled: bool) -> Heading:
    bracketed = _BRACKETED.match(rest)
    if bracketed is not None and (followed or rest[bracketed.end() :]):
        return Heading(bracketed[1], at + bracketed.end())
    phrase = _phrase(rest, followed) if titled else None
    if phrase is not None:
        return Heading(_clean(phrase[1]), at + phrase.end())
    if rest and followed and len(rest) <= 24 and not re.search(r"[，。；：:,;]", rest):
        return Heading(_clean(rest), at + len(rest))
    return Heading("", at)


def _of_other(line: Line, rest: str, at: int, below_article: bool, followed: bool) -> Heading:
    strong = line.strong_end - line.start - at if line.strong_end else 0
    if 0 < strong < len(rest):
        words = rest[:strong]
        if len(words) <= _WHOLE:
            return Heading(_clean(words), at + strong)
    named = _RESPONSIBLE.match(rest)
    if named is not None and not below_article and not _SENTENCE.search(named[1]):
        return Heading(_clean(named[1]), at + named.start(2))
    stop = _STOP.search(rest)
    words = rest[: stop.start()] if stop else rest
    end = _behind(rest, stop.end()) if stop else len(rest)
    if end < len(rest):
        # "（二）渔获拍卖窗口设在渔港大厅。（负责部门：市商务局）": the one sentence is the text
        if not followed and is_remark(rest[end:].strip()):
            return Heading("", at)
        longest = _ITEM if below_article else _RUN_IN
        fits = len(words) <= longest and not (below_article and re.search(r"[，,]", words))
        fits = (
            fits and not _SENTENCE.search(words) and not _CONDITION.search(rest[: stop.end()] if stop else "")
        )
        return Heading(_clean(words), at + end) if fits and not open_brackets(words) else Heading("", at)
    closed = stop is not None and rest[stop.start()] != "*"
    if below_article and (closed or not followed):
        return Heading("", at)
    if _NAMED.match(rest):
        return Heading("", at)
    short = len(words) <= (_RUN_IN if closed else _WHOLE)
    # A single sentence with nothing below it is the text of the clause.
    sentence = (closed and not followed) or _SENTENCE.search(rest) or open_brackets(words)
    if not words or not short or sentence:
        return Heading("", at)
    return Heading(_clean(words), at + end)


def _behind(rest: str, end: int) -> int:
    """The offset after the marks and blanks that close a heading: "**", "。**"."""
    match = re.compile(r"(?:\*\*|__|\s)*").match(rest, end)
    return match.end() if match else end


def _clean(words: str) -> str:
    plain = _ATTRIBUTES.sub("", words).replace("**", "").replace("__", "").strip()
    return re.sub(r"[。：:；;，,]+$", "", plain).strip("# ").strip()
