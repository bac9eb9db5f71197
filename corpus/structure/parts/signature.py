"""Finds the sign-off of a paper: names, date, 此件主动公开, 抄送, the printing line."""

from __future__ import annotations

import re

from corpus.notation.days.dates import dates_in
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.authorities import division_of_issuer, split_names
from corpus.structure.parts.line_kinds import SENTENCE_END, SHORT, LineKinds
from corpus.text.lines import Line

# "（此件主动公开）", "抄送：市委各部门…", "公开方式：主动公开", "…办公厅 2021年2月7日印发"
_TABLE = PhraseTable.read("corpus", "paper_parts.tsv")
_TAIL = re.compile(rf"^[（(\[［]?\s*(?:{_TABLE.alternation('tail')}|抄\s*[送报]|主\s*送：)|印\s*发\s*[）)]?$")
# "联系人：张三，电话：…" may end a clause; in brackets it belongs to the signature
_CONTACT = re.compile(r"联系人")
# "部长　李小鹏", "市长：某某": a person who signs
_PERSON = re.compile(rf"{_TABLE.alternation('signs_in_person')}[\s：:]")
# The authority before a date on the same line: "国务院办公厅 2019年1月16日"
_SIGNER = re.compile(r"[^，。：:；（(\d]{2,40}[厅局委院会部室府办处司署行]")
# Most lines of a signature before its date.
_SIGNATURE_LINES = 8
# Most unrecognised lines between two lines of the tail: "市人大常委会办公室，市政协办公室…"
_STRAY_LINES = 3


def find_sign_off(kinds: LineKinds, start: int, end: int) -> tuple[int, int] | None:
    """Begin and end (line indexes) of the sign-off of the paper in the lines start:end, if any."""
    for at in range(start + 1, end):
        if kinds.attachment(at) is not None and _opens_content(kinds, at, end):
            return None
        if is_date_line(kinds, at) and not _numbering_continues(kinds, start, at, end):
            return _first_name(kinds, start, at), _tail_end(kinds, at + 1, end)
        line = kinds.lines[at]
        if is_tail_line(line) and len(line.text) <= 2 * SHORT:
            return at, _tail_end(kinds, at + 1, end)
    return _names_at_end(kinds, start, kinds.first_attachment(start + 1, end))


def _names_at_end(kinds: LineKinds, start: int, end: int) -> tuple[int, int] | None:
    """The names of authorities with which the paper ends, where it states no date."""
    first = end
    while first - 1 > start and end - first < _SIGNATURE_LINES and _is_name(kinds, first - 1):
        first -= 1
    signs = first < end and first > start and SENTENCE_END.search(kinds.lines[first - 1].words)
    return (first, end) if signs else None


def _is_name(kinds: LineKinds, at: int) -> bool:
    words = kinds.lines[at].words
    return _may_be_name(kinds, at) and bool(split_names(words)) and division_of_issuer(words) is not None


def _opens_content(kinds: LineKinds, at: int, end: int) -> bool:
    """Whether the attachment line at `at` is followed by its content and is not in a list of names."""
    for i in range(at + 1, end):
        if is_date_line(kinds, i):
            return False
        if kinds.is_prose(i):
            return True
    return True


def is_tail_line(line: Line) -> bool:
    """Whether the line stands below a signature: （此件主动公开）, 抄送, the printing line."""
    return _TAIL.search(line.words) is not None and _CONTACT.match(line.words) is None


def is_date_line(kinds: LineKinds, at: int) -> bool:
    """Whether the line is a date, alone or after the name of the signing authority."""
    text = kinds.lines[at].words
    dates = dates_in(text) if len(text) <= 3 * SHORT else []
    if not dates or dates[-1].span.end != len(text) or "年" not in dates[-1].span.of(text):
        return False
    before = text[: dates[-1].span.start].strip()
    return not before or _SIGNER.fullmatch(before) is not None or bool(split_names(before))


def _numbering_continues(kinds: LineKinds, start: int, date_line: int, end: int) -> bool:
    """Whether the numbering of the paper continues after the date, which then is not part of a sign-off."""
    last = next((label for i in range(date_line - 1, start - 1, -1) if (label := kinds.label(i))), None)
    for i in range(date_line + 1, end):
        label = kinds.label(i)
        if label is None or last is None or label.style is not last.style:
            continue
        return label.number[:-1] == last.number[:-1] and label.number[-1] == last.number[-1] + 1 > 1
    return False


def _first_name(kinds: LineKinds, start: int, date_line: int) -> int:
    first = date_line
    while first - 1 > start and date_line - first < _SIGNATURE_LINES and _may_be_name(kinds, first - 1):
        first -= 1
    stray = [at for at in range(first, date_line - 1) if _is_stray(kinds, at)]
    return stray[-1] + 1 if stray else first


def _is_stray(kinds: LineKinds, at: int) -> bool:
    """Whether the line names no authority, while the next one is a name that begins with its region."""
    words, below = kinds.lines[at].words, kinds.lines[at + 1].words
    if split_names(words) or _PERSON.search(words) or not split_names(below):
        return False
    return division_of_issuer(below) is not None


def _may_be_name(kinds: LineKinds, at: int) -> bool:
    if kinds.label(at) is not None or kinds.attachment(at) is not None:
        return False
    words = kinds.lines[at].words
    return len(words) <= 2 * SHORT // 3 and not re.search(r"[。；，：:.]$|[《》]", words)


def _tail_end(kinds: LineKinds, start: int, end: int) -> int:
    """Index after the last line of the sign-off whose date or first line is directly before `start`."""
    last = start
    for at in range(start, end):
        words = kinds.lines[at].words
        if kinds.attachment(at) is not None or kinds.label(at) is not None:
            break
        if _TAIL.search(words) and len(words) <= 4 * SHORT:
            last = at + 1
        elif at - last >= _STRAY_LINES or (kinds.is_prose(at) and not words.endswith("。")):
            break
    return last
