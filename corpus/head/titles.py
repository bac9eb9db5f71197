"""Reads the title of a paper from the lines of its head, and the status marked in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.head.history import history_lines
from corpus.model import Span, Stated, Status
from corpus.notation.characters import HAN, HAN_CHARACTER
from corpus.notation.days.dates import dates_in
from corpus.notation.doc_numbers import REGISTRY, numbers_in, whole_number
from corpus.notation.numerals import NUMERAL
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.authorities import split_names
from corpus.structure.parts.contents import CONTENTS_TITLE
from corpus.structure.parts.line_kinds import is_addressees
from corpus.text.lines import Line
from corpus.text.stated_fields import is_field_line

_TABLE = PhraseTable.read("corpus", "paper_titles.tsv")
# Last word of a title: "…若干意见", "…管理办法（试行）", "…行动方案的通知"
_GENRE = re.compile(rf"{_TABLE.alternation('genre')}(?:[（(〔［\[][^）)]{{1,14}}[）)〕］\]])*[》”]?$")
# "（征求意见稿）", "（草案）", "(审议稿)", "（公开征求意见稿）"
DRAFT = re.compile(
    rf"[（(〔［【\[]?\s*(?:[{HAN}]{{0,6}}{_TABLE.alternation('draft_stage')}稿?|草\s*案|{_TABLE.alternation('draft')})"
    r"\s*[）)〕］】\]]?"
)
_DRAFT_LINE = re.compile(rf"^{DRAFT.pattern}$")
# "关于公开征求《…》意见的公告": a draft is published for comments
_DRAFT_NOTICE = re.compile(rf"征求.{{0,80}}意见(?:建议)?的{_TABLE.alternation('comment_notice')}")
# "（已废止）", "【失效】"
_ENDED = re.compile(r"[（(【\[](?:此件|本文件|文件)?(?:已|现已)?(?P<how>废止|失效|作废)[）)】\]]")
# "益阳市人民政府办公室文件", "文件": the red letterhead
_BANNER = re.compile(rf"^[{HAN}\s]{{0,40}}文\s*件$")
# "中华人民共和国国务院令", "广州市人民政府令", "生态环境部 公安部 交通运输部 令"
ORDER = re.compile(rf"^[{HAN}、\s]{{2,60}}(?<!法|条)令(?:\s*第.{{1,8}}号)?$")
# "国家税务总局公告", "禾川市人民代表大会常务委员会公告" above "2019年第5号"
ANNOUNCEMENT = re.compile(rf"^[{HAN}、\s]{{2,60}}(?:公\s*告|通\s*告)$")
ORDER_NUMBER = re.compile(
    rf"^[（(]?\s*(?P<number>(?:\d{{4}}\s*年\s*)?第\s*[\d{NUMERAL}]+(?:\s*\d)*\s*号)\s*[）)]?$"
)
# "DB43/T 1234—2024", "GB 50763-2012": the number of a standard
_STANDARD = re.compile(r"^[A-Z]{1,6}\d{0,4}(?:/[A-Z]{1,3})?\s*[\d.]{1,8}\s*[—–―\-－]\s*\d{4}$")
# "兰政规〔2022〕3号　　签发人：张三"
_SIGNER = re.compile(r"签发人\s*[：:].{0,12}$")
# "（转载）广州市人民政府办公厅关于…"
_REPRINT = re.compile(rf"^(?:[（(【\[]{_TABLE.alternation('reprint')}[）)】\]]|附\s*件\s*[：:])\s*")
# A navigation path that loading did not remove: "首页 > 政策文件"
_NAVIGATION = re.compile(r">|»|^https?:|^首页$|^目\s*[录次]$|当前位置|^附\s*件\s*\d*\s*[：:]?$")


@dataclass(frozen=True, slots=True)
class _Block:
    lines: tuple[Line, ...]

    @property
    def words(self) -> str:
        return join_title([line.words for line in self.lines])

    @property
    def span(self) -> Span:
        return Span(self.lines[0].start, self.lines[-1].end)


def ends_like_title(words: str) -> bool:
    """Whether the last word is a kind of paper: "…管理办法（试行）"."""
    return _GENRE.search(words) is not None


def is_draft_mark(line: Line) -> bool:
    """Whether the line only marks the paper as a draft: （征求意见稿）."""
    return _DRAFT_LINE.match(line.words) is not None


def title_of(lines: Sequence[Line]) -> Stated[str] | None:
    """The title in the head lines; the last one if a page repeats it."""
    blocks = [block for block in _blocks(lines) if len(block.words) >= 4]
    genre = [block for block in blocks if _GENRE.search(block.words)]
    about = [block for block in blocks if "关于" in block.words]
    chosen = (genre or about or blocks)[-1:]
    if not chosen:
        return None
    words = chosen[0].words
    return Stated(words, chosen[0].span) if words else None


def order_line(lines: Sequence[Line]) -> int | None:
    """Index of the line that marks the paper as an order (令)."""
    for at, line in enumerate(lines):
        if ORDER.match(line.words):
            return at
    return None


def banner_numbers(lines: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    """Yields the lines "…令" or "…公告" whose number is on the next line, with that line."""
    for line, following in pairwise(lines):
        banner = ORDER.match(line.words) or ANNOUNCEMENT.match(line.words)
        if banner and ORDER_NUMBER.match(following.words):
            yield line, following


def status_of(lines: Sequence[Line]) -> tuple[Status, Span] | None:
    """The status stated in the title lines with its span, if any."""
    for line in lines:
        if is_field_line(line):
            continue
        for pattern in (DRAFT if _is_title_mark(line) else _DRAFT_LINE, _DRAFT_NOTICE):
            match = pattern.search(line.text)
            if match is not None:
                return Status.DRAFT, Span(line.start + match.start(), line.start + match.end())
        ended = _ENDED.search(line.text)
        if ended is not None:
            status = Status.EXPIRED if ended["how"] == "失效" else Status.REPEALED
            return status, Span(line.start + ended.start(), line.start + ended.end())
    return None


def _is_title_mark(line: Line) -> bool:
    """Whether the line contains a draft mark in brackets after a title."""
    match = DRAFT.search(line.words)
    return match is not None and match[0][0] in "（(〔［【[" and match[0][-1] in "）)〕］】]"


def join_title(parts: Sequence[str]) -> str:
    """Joins the lines of a title, without blanks between Chinese characters, number and reprint mark."""
    joined = " ".join(part.strip() for part in parts)
    for number in reversed(numbers_in(joined)):
        head, tail = (
            joined[: number.span.start].rstrip("（( 〔["),
            joined[number.span.end :].lstrip("）) 〕]"),
        )
        if not tail or not head:
            joined = head + tail
    joined = _REPRINT.sub("", joined)
    joined = re.sub(r"(?<=[^\x00-\x7f])[ \u3000\t]+|[ \u3000\t]+(?=[^\x00-\x7f])", "", joined)
    return DRAFT_TAIL.sub("", _ENDED.sub("", joined)).strip().lstrip("—–-_＿ ")


def without_draft_mark(title: str) -> str:
    """The title without the mark of a draft at its end."""
    return DRAFT_TAIL.sub("", title)


DRAFT_TAIL = re.compile(rf"[（(〔［【\[]{DRAFT.pattern}[）)〕］】\]]$")


def _blocks(lines: Sequence[Line]) -> list[_Block]:
    blocks: list[list[Line]] = [[]]
    skipped = {line.start for line in history_lines(lines)}
    skipped |= {line.start for line, _ in banner_numbers(lines)}
    for line in lines:
        if line.start in skipped or not _belongs(line):
            if not _DRAFT_LINE.match(line.words):
                blocks.append([])
            continue
        current = blocks[-1]
        if current and _starts_anew(current, line):
            blocks.append([])
        blocks[-1].append(line)
    return [_Block(tuple(block)) for block in blocks if block]


def _belongs(line: Line) -> bool:
    words = line.words
    if is_field_line(line) or is_addressees(line) or _DRAFT_LINE.match(words) or _is_column(words):
        return False
    if _BANNER.match(words) or ORDER.match(words) or ORDER_NUMBER.match(words) or REGISTRY.match(words):
        return False
    if whole_number(words) is not None or _STANDARD.match(words):
        return False
    if _NAVIGATION.search(words) or CONTENTS_TITLE.match(words) or len(words) > 120:
        return False
    numbers = numbers_in(words)
    rest = words
    for number in reversed(numbers):
        rest = rest[: number.span.start] + rest[number.span.end :]
    rest = _SIGNER.sub("", rest)
    for day in reversed(dates_in(rest)):
        rest = rest[: day.span.start] + rest[day.span.end :]
    return bool(re.search(rf"[{HAN}A-Za-z]", rest))


def _is_column(words: str) -> bool:
    """Whether the line is the name of a column of a site."""
    return _TABLE.is_whole("column", re.sub(r"\s", "", words))


def _starts_anew(block: Sequence[Line], line: Line) -> bool:
    """Whether the line begins the title a second time, or another one."""
    joined = join_title([part.words for part in block])
    if not _GENRE.search(joined):
        return False
    plain = join_title([line.words])
    # The title repeated in English
    if HAN_CHARACTER.search(joined) and not HAN_CHARACTER.search(plain):
        return True
    if joined.startswith(plain[:6]) or split_names(line.words):
        return True
    return "关于" in joined and "关于" in plain
