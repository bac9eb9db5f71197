"""The large parts of a paper: head, preamble, body, sign-off, the paper a notice forwards, attachments.

Parts are runs of lines; what is numbered inside a body is the business of corpus.tree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.contents import contents_lines
from corpus.dates import dates_in
from corpus.labels import Label, find_bare_number, find_label
from corpus.lines import Line


class Part(StrEnum):
    """A large part; the values are the labels of the special clauses."""

    HEAD = "标题"
    PREAMBLE = "引言"
    BODY = "正文"
    SIGN_OFF = "落款"
    INNER_TITLE = "方案标题"
    ATTACHMENT_LIST = "附件说明"
    ATTACHMENT = "附件"


@dataclass(frozen=True, slots=True)
class Zone:
    """A run of lines that belong to one part. `label` is the normal form for attachments ("附件1")."""

    part: Part
    lines: tuple[Line, ...]
    label: str


# "（此件主动公开）", "抄送：市委各部门…", "公开方式：主动公开", "…办公厅 2021年2月7日印发", "（联系人：…）"
_TAIL = re.compile(
    r"^[（(\[［]?\s*(?:此件|此文|抄\s*送|抄\s*报|主\s*送：|公开方式|公开属性|信息公开|公开类别|主动公开|依申请公开|不予公开|联系人|主题词)"
    r"|印\s*发\s*[）)]?$"
)
# "附件", "附件1", "附件：三级公立医院绩效考核指标", "附件1.深圳湾口岸…", "附表2", "附录A", "#### 相关附件："
_ATTACHMENT = re.compile(
    r"^(?:相关)?附\s*(?P<word>件|表|录|图)\s*(?P<n>\d{1,2}|[０-９]{1,2}|[一二三四五六七八九十]{1,3}|[A-H](?![A-Za-z]))?"
    r"(?P<mark>\s*[：:.．、—－-]|[ \u3000]+|$)\s*(?P<rest>.*)$"
)
# "各市州、县市区人民政府，省政府各厅委、各直属机构：", "各有关单位：", "广东省人民政府、香港特别行政区政府："
_ADDRESSEES = re.compile(
    r"^(?!.*(?:如下|通知|意见|事项|决定|批复|：.))[^。；？！]{1,240}"
    r"(?:政府|单位|部门|机构|厅|委|局|办|院|会|司|公司|企业|学校|高校|中心|同志|省|市|区|县|部|行|厂|站|所|队)"
    r"(?:[（(][^）)]*[）)])?\s*[：:]$"
)
_SENTENCE_END = re.compile(r"[。；！？]”?$")
# Longest line that can be part of a signature or a title, in characters.
_SHORT = 60
# Most lines a signature takes before its date.
_SIGNATURE_LINES = 8
# Most lines of a list of attachments.
_LISTED_LINES = 20


def is_addressees(line: Line) -> bool:
    """Whether the line names whom the paper is sent to."""
    return _ADDRESSEES.match(line.words) is not None


def zones_of(lines: Sequence[Line]) -> tuple[Zone, ...]:
    """The parts of the paper in order; every line is in exactly one."""
    return tuple(_Splitter(lines).split())


class _Splitter:
    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = tuple(lines)
        self._contents = contents_lines(self._lines)
        self._zones: list[Zone] = []

    def split(self) -> list[Zone]:
        at = self._head_end()
        self._add(Part.HEAD, 0, at)
        at = self._paper(at)
        while at < len(self._lines):
            if self._attachment(at) is not None:
                at = self._attached(at)
            else:
                at = self._inner(at)
        return self._zones

    # -- one part after the other; each returns the index behind what it took --

    def _paper(self, at: int) -> int:
        """Preamble, body, list of attachments and sign-off of a paper."""
        sign_off = self._sign_off(at)
        end = sign_off[0] if sign_off else self._first_attachment(at)
        listed = next((i for i in range(at, end) if self._attachment(i) is not None), end)
        labelled = next((i for i in range(at, listed) if self._label(i) is not None), listed)
        self._add(Part.PREAMBLE, at, labelled)
        self._add(Part.BODY, labelled, listed)
        self._add(Part.ATTACHMENT_LIST, listed, end)
        if sign_off is None:
            return end
        self._add(Part.SIGN_OFF, *sign_off)
        return sign_off[1]

    def _inner(self, at: int) -> int:
        """The paper that a notice forwards: title, then a paper of its own."""
        end = at
        while end < len(self._lines) and self._is_title_line(end):
            end += 1
        if end == len(self._lines):
            # Nothing follows: these lines are the rest of the sign-off.
            self._extend(at, end)
            return end
        self._add(Part.INNER_TITLE, at, end)
        return max(self._paper(end), end, at + 1)

    def _attached(self, at: int) -> int:
        """An attachment: its heading lines, then whatever is numbered in it."""
        label = self._attachment(at)
        end = at + 1
        while end < len(self._lines) and self._attachment(end) is None:
            end += 1
        if self._lists_what_follows(at, end):
            self._add(Part.ATTACHMENT_LIST, at, end)
            return end
        body = next((i for i in range(at + 1, end) if self._label(i) is not None), end)
        self._zones.append(Zone(Part.ATTACHMENT, self._lines[at:body], label or "附件"))
        self._add(Part.BODY, body, end)
        return end

    def _lists_what_follows(self, at: int, end: int) -> bool:
        """Whether the lines only name the attachments that come next: "附表：", "1.…", then "附表1"."""
        if end == len(self._lines) or any(self._is_prose(i) for i in range(at, end)):
            return False
        label, following = self._attachment(at) or "", self._attachment(end) or ""
        return following.startswith(label) and not label[-1].isdecimal() and end - at <= _LISTED_LINES

    def _add(self, part: Part, start: int, end: int) -> None:
        if end > start:
            self._zones.append(Zone(part, self._lines[start:end], part.value))

    def _extend(self, start: int, end: int) -> None:
        last = self._zones.pop() if self._zones else Zone(Part.PREAMBLE, (), Part.PREAMBLE.value)
        self._zones.append(Zone(last.part, last.lines + self._lines[start:end], last.label))

    # -- questions about single lines --

    def _label(self, at: int) -> Label | None:
        if at in self._contents:
            return None
        return find_label(self._lines[at].text) or find_bare_number(self._lines[at].text)

    def _attachment(self, at: int) -> str | None:
        """The label of the attachment that the line opens, if it does."""
        match = _ATTACHMENT.match(self._lines[at].words)
        if match is None or len(match["rest"]) > _SHORT or _SENTENCE_END.search(match["rest"]):
            return None
        return f"附{match['word']}{match['n'] or ''}"

    def _first_attachment(self, at: int) -> int:
        """Where attachments begin in a paper that is not signed."""
        return next((i for i in range(at, len(self._lines)) if self._attachment(i)), len(self._lines))

    def _is_title_line(self, at: int) -> bool:
        if at in self._contents:
            return True
        line = self._lines[at]
        if self._label(at) is not None or self._attachment(at) is not None:
            return False
        bracketed = line.words.startswith(("（", "(")) and line.words.endswith(("）", ")"))
        return bracketed or (len(line.text) <= _SHORT and not _SENTENCE_END.search(line.text))

    def _head_end(self) -> int:
        """Behind the last line of the head: title, number, table of contents."""
        for at, line in enumerate(self._lines):
            if self._label(at) is not None:
                return at
            if is_addressees(line) or self._is_prose(at):
                return at
        return len(self._lines) if len(self._lines) == 1 else min(len(self._lines), 1)

    def _is_prose(self, at: int) -> bool:
        if at in self._contents or self._is_title_line(at):
            return False
        words = self._lines[at].words
        return bool(_SENTENCE_END.search(words)) or len(words) > 2 * _SHORT or "。" in words

    # -- the sign-off --

    def _sign_off(self, at: int) -> tuple[int, int] | None:
        """Begin and end of the sign-off of the paper that begins at `at`."""
        for i in range(at + 1, len(self._lines)):
            if self._attachment(i) is not None and self._opens_content(i):
                return None
            if self._is_date_line(i) and not self._goes_on(at, i):
                start = self._signature_start(at, i)
                return start, self._tail_end(i + 1)
            if _TAIL.search(self._lines[i].words) and len(self._lines[i].text) <= 2 * _SHORT:
                return i, self._tail_end(i + 1)
        return None

    def _opens_content(self, at: int) -> bool:
        """Whether the attachment line at `at` stands before its content, not in a list of names."""
        for i in range(at + 1, len(self._lines)):
            if self._is_date_line(i):
                return False
            if self._is_prose(i):
                return True
        return True

    def _is_date_line(self, at: int) -> bool:
        """Whether the line is a date, alone or behind the name of who signs."""
        text = self._lines[at].words
        dates = dates_in(text) if len(text) <= _SHORT else []
        if (
            not dates
            or dates[-1].span.end != len(text)
            or (text[dates[-1].span.start :][:4].isdecimal()
            and "年" not in text)
        ):
            return False
        before = text[: dates[-1].span.start].strip()
        return not before or bool(
            re.fullmatch(r"[^，。：:；（(\d]{2,40}[厅局委院会部室府办处司署行]", before)
        )

    def _goes_on(self, at: int, date_line: int) -> bool:
        """Whether the numbering of the paper goes on behind the date: then it signs nothing."""
        last = next((label for i in range(date_line - 1, at - 1, -1) if (label := self._label(i))), None)
        for i in range(date_line + 1, len(self._lines)):
            label = self._label(i)
            if label is None or last is None or label.style is not last.style:
                continue
            return label.number[:-1] == last.number[:-1] and label.number[-1] == last.number[-1] + 1 > 1
        return False

    def _signature_start(self, at: int, date_line: int) -> int:
        start = date_line
        while start - 1 > at and date_line - start < _SIGNATURE_LINES and self._signs(start - 1):
            start -= 1
        return start

    def _signs(self, at: int) -> bool:
        line = self._lines[at]
        if self._label(at) is not None or self._attachment(at) is not None:
            return False
        words = line.words
        return len(words) <= 2 * _SHORT // 3 and not re.search(r"[。；，：:.]$|[《》]", words)

    def _tail_end(self, at: int) -> int:
        """Behind the last line of a sign-off: 此件主动公开, 抄送, the printing line."""
        end = at
        for i in range(at, len(self._lines)):
            words = self._lines[i].words
            if self._attachment(i) is not None or self._label(i) is not None:
                break
            if _TAIL.search(words) and len(words) <= 4 * _SHORT:
                end = i + 1
            elif i - end >= 3 or (self._is_prose(i) and not words.endswith("。")):
                break
        return end
