"""Classifies the lines of a paper: labels, attachments, addressees, titles, running text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from corpus.notation.characters import HAN_CHARACTER
from corpus.notation.labels.types import Label
from corpus.notation.numerals import TO_99
from corpus.notation.phrase_table import PhraseTable
from corpus.structure.outline.numbering import labels_of
from corpus.structure.parts.contents import contents_lines
from corpus.text.lines import Line
from corpus.text.stated_fields import is_field_line

# "附件", "附件1", "附件：三级公立医院绩效考核指标", "附件1.深圳湾口岸…", "附表2", "附录A", "#### 相关附件："
_ATTACHMENT = re.compile(
    r"^(?:相关)?附\s*(?P<word>件|表|录|图)(?:下载|列表)?\s*"
    rf"(?P<n>\d(?=(?:19|20)\d\d年)|\d{{1,2}}|[０-９]{{1,2}}|[{TO_99}]{{1,3}}|[A-H](?![A-Za-z]))?"
    r"(?P<mark>\s*[：:.．、—－-]|[ \u3000]+|$)?\s*(?P<rest>.*)$"
)
# "附件1中的指标", "附件一般为…": mentions; "附件1质量指标体系" without a mark between is a heading
_MENTIONED = re.compile(PhraseTable.read("corpus", "paper_parts.tsv").alternation("attachment_mentioned"))
_TABLE = PhraseTable.read("corpus", "authorities.tsv")
# "各市州、县市区人民政府，省政府各厅委、各直属机构：", "各有关单位：", "广东省人民政府、香港特别行政区政府："
_ADDRESSEES = re.compile(
    rf"^(?!.*(?:{_TABLE.alternation('no_addressee')}|：.))[^。；？！]{{1,240}}"
    rf"(?:{_TABLE.alternation('addressee')}|[厅委局办院会司省市区县部行厂站所队])"
    r"(?:[（(][^）)]*[）)])?\s*[：:]$"
)
# A line of running text: a sentence, or one that leads up to more ("…，国务院决定：")
_GOES_ON = re.compile(r"[。；！？：:，,、]”?$")
SENTENCE_END = re.compile(r"[。；！？]”?$")
# Longest line that can be part of a signature or a title, in characters.
SHORT = 60


def _names_attachment(words: str) -> bool:
    """Whether the words directly behind 附件1 are the title of the attachment."""
    return (
        HAN_CHARACTER.match(words) is not None and not _MENTIONED.match(words) and not _GOES_ON.search(words)
    )


def is_addressees(line: Line) -> bool:
    """Whether the line lists the addressees of the paper."""
    return _ADDRESSEES.match(line.words) is not None


class LineKinds:
    """Classification of the lines of one paper; `at` is always an index into `lines`."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = tuple(lines)

    def __len__(self) -> int:
        return len(self.lines)

    @cached_property
    def contents(self) -> frozenset[int]:
        """Indexes of the lines of tables of contents."""
        return contents_lines(self.lines)

    @cached_property
    def _labels(self) -> list[Label | None]:
        return labels_of([line.text for line in self.lines])

    def label(self, at: int) -> Label | None:
        """The label the line begins with; None if it is in a table of contents."""
        return None if at in self.contents else self._labels[at]

    def first_label(self, start: int, end: int) -> int:
        """The first labelled line of `start:end`; `end` when there is none."""
        return next((at for at in range(start, end) if self.label(at) is not None), end)

    def attachment(self, at: int) -> str | None:
        """The label of the attachment that begins with the line, if any."""
        match = _ATTACHMENT.match(self.lines[at].words)
        if match is None or len(match["rest"]) > SHORT or SENTENCE_END.search(match["rest"]):
            return None
        if match["mark"] is None and (match["n"] is None or not _names_attachment(match["rest"])):
            return None
        return f"附{match['word']}{match['n'] or ''}"

    def first_attachment(self, start: int, end: int) -> int:
        """The first line of `start:end` that begins an attachment; `end` when there is none."""
        return next((at for at in range(start, end) if self.attachment(at) is not None), end)

    def is_title_line(self, at: int) -> bool:
        """Whether the line can be part of a title: short, no sentence, no label."""
        if at in self.contents:
            return True
        line = self.lines[at]
        if self.label(at) is not None or self.attachment(at) is not None:
            return False
        bracketed = line.words.startswith(("（", "(")) and line.words.endswith(("）", ")"))
        return bracketed or (len(line.text) <= SHORT and not _GOES_ON.search(line.text))

    def is_prose(self, at: int) -> bool:
        """Whether the line is running text."""
        if at in self.contents or self.is_title_line(at):
            return False
        line = self.lines[at]
        return not is_field_line(line) and bool(
            _GOES_ON.search(line.words) or re.search(r"[。，]", line.words)
        )
