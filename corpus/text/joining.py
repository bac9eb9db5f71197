"""Joins lines that were broken by the page width or a page break into paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from corpus.notation.characters import HAN_CHARACTER
from corpus.notation.labels.reading import find_label
from corpus.notation.numerals import NUMERAL
from corpus.text.sentences import begins_block, closes_more, ends_sentence, open_brackets
from corpus.text.source_text import Line, joined

_MIDDLE = re.compile(r"[，、,（(《〔“‘+＋/／—]$")  # a paragraph does not end with these
# "2）。对已经…" below "…（见附件"; a line that consists of a punctuation mark
_STRAY_LABEL = re.compile(r"\d{1,3}[）)][，。；、]")
_ONLY_MARKS = re.compile(r"[，。；：、！？）〕》”]{1,3}")
_INNER_END = re.compile(r"[。；！？]")
_COMMA = re.compile(r"[，,、]")
_LONG = 45  # characters; a longer line is not a heading or title
_TAIL_LENGTH = 500  # characters; a bracket that has been open for longer is a misprint
_SHORTEST = 15  # characters; shorter lines say nothing about the width of the page
# Lines cut at a fixed width differ by a few characters: punctuation hangs over, Latin words do not break.
_SLACK = 4
_LATIN_SLACK = 14
_LATIN = re.compile(r"[A-Za-z0-9%,;:.)\]'\"-]$")
_LATIN_START = re.compile(r"[A-Za-z0-9(\[\"']")


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the lines of a text are broken."""

    width: int  # characters of a full line; 0 if lines are not broken at a fixed width
    slack: int
    blanks_end: bool  # blanks after a line mean that the paragraph ends
    spaced: bool  # nearly every line has a blank line before it, which then means nothing


@dataclass(slots=True)
class _Paragraph:
    """An unfinished paragraph. Only its last characters decide whether a line continues it."""

    lines: list[Line]
    joints: list[str]
    tail: str

    @property
    def last(self) -> Line:
        return self.lines[-1]

    def add(self, line: Line, joint: str) -> None:
        self.lines.append(line)
        self.joints.append(joint)
        self.tail = (self.tail + joint + line.text)[-_TAIL_LENGTH:]

    def whole(self) -> Line:
        return joined(self.lines, self.joints)


def paragraphs(lines: list[Line], *, markup: bool) -> list[Line]:
    """Joins lines to one line per paragraph. `markup`: markup, not blank lines, separates paragraphs."""
    layout = _layout(lines, markup=markup)
    result: list[_Paragraph] = []
    for line in lines:
        if result and _goes_on(result[-1], line, layout=layout):
            result[-1].add(line, joint(result[-1].tail, line.text))
        else:
            result.append(_Paragraph([line], [], line.text[-_TAIL_LENGTH:]))
    return [paragraph.whole() for paragraph in result]


def _goes_on(above: _Paragraph, line: Line, *, layout: _Layout) -> bool:
    """Whether `line` continues the sentence of `above`."""
    text, tail = line.text, above.tail
    if above.last.fixed or line.fixed:
        return False
    if (_STRAY_LABEL.match(text) and open_brackets(tail)) or _ONLY_MARKS.fullmatch(text):
        return True
    if begins_block(text) or above.last.heading or line.heading:
        return False
    if open_brackets(tail) and closes_more(text) and not ends_sentence(tail):
        return not line.indented
    if layout.width and _continues_full(above, line, layout=layout):
        return True
    return _is_cut(tail) and _continues(line, above=tail)


def _continues_full(above: _Paragraph, line: Line, *, layout: _Layout) -> bool:
    """In text broken at a fixed width: a full line continues unless its layout shows an end."""
    full = abs(len(above.last.text) - layout.width) <= layout.slack
    if not full or line.indented or (line.apart and not layout.spaced):
        return False
    if layout.blanks_end:
        return not above.last.ended
    return not ends_sentence(above.tail) or len(line.text) > layout.width - 2


def _is_cut(text: str) -> bool:
    """Whether the text is an incomplete sentence, not a heading or a title."""
    if ends_sentence(text):
        return False
    if _MIDDLE.search(text):
        return len(text) > 12
    words = text[label.end :] if (label := find_label(text)) is not None else text
    running = bool(_INNER_END.search(text)) or (len(text) > _LONG and bool(_COMMA.search(words)))
    if not HAN_CHARACTER.search(text):
        return len(text) > _LONG and (text[-1].islower() or text[-1] in ",-")
    return running


def _continues(line: Line, *, above: str) -> bool:
    """Whether the line looks like the rest of a sentence."""
    text = line.text
    if line.indented:
        return False
    if not HAN_CHARACTER.search(above):
        return text[:1].islower()
    return ends_sentence(text) or closes_more(text) or len(text) > 20


def joint(above: str, below: str) -> str:
    """A blank between Latin words; empty in Chinese or after a hyphen."""
    if _LATIN.search(above) and _LATIN_START.match(below) and not above.endswith("-"):
        chinese = bool(HAN_CHARACTER.search(above[-12:]) or HAN_CHARACTER.search(below[:12]))
        return "" if chinese and not (above[-1].isalpha() and below[0].isalpha()) else " "
    return ""


def _layout(lines: list[Line], *, markup: bool) -> _Layout:
    long = [line for line in lines if len(line.text) >= _SHORTEST and not line.fixed]
    chinese = sum(bool(HAN_CHARACTER.search(line.text)) for line in long) * 2 >= len(long)
    slack = _SLACK if chinese else _LATIN_SLACK
    width = _width([len(line.text) for line in long], slack=slack)
    full = [line for line in long if abs(len(line.text) - width) <= slack]
    cut = [line for line in full if not ends_sentence(line.text)]
    if len(full) < 8 or len(full) * 3 < len(long) or len(cut) * 2 < len(full):
        return _Layout(0, slack, blanks_end=False, spaced=False)
    short = [line for line in lines if len(line.text) < width - slack and ends_sentence(line.text)]
    blanks_end = (
        bool(short)
        and sum(line.ended for line in short) * 5 >= len(short) * 4
        and sum(line.ended for line in cut) * 10 <= len(cut)
    )
    spaced = not markup and sum(line.apart for line in lines) * 5 >= len(lines) * 4
    return _Layout(width, slack, blanks_end=blanks_end, spaced=spaced)


def _width(lengths: list[int], *, slack: int) -> int:
    """The length around which most lines end, at the upper end of the cluster."""
    counts = Counter(lengths)
    within = {
        top: sum(count for length, count in counts.items() if top - slack <= length <= top) for top in counts
    }
    return max(within, key=lambda top: (within[top], -top), default=0)


def split_headings(lines: list[Line]) -> list[Line]:
    """Splits a chapter heading and an article on the same line that are separated by wide blanks.

    "第一章　总则　　第一条　为规范…" → "第一章　总则", "第一条　为规范…"
    """
    result: list[Line] = []
    for line in lines:
        match = _CHAPTER_AND_ARTICLE.match(line.text)
        if match is None:
            result.append(line)
        else:
            result.append(line.cut(0, match.end("head")).stripped())
            rest = line.cut(match.end("head"), len(line.text)).stripped()
            result.append(replace(rest, heading=False, apart=True))
    return result


_CHAPTER_AND_ARTICLE = re.compile(
    rf"(?P<head>第[{NUMERAL}\d]{{1,4}}[编章节][\s\u3000]*\S{{1,30}}(?:\s\S{{1,4}}){{0,3}}?)[\s\u3000]{{2,}}(?=第[{NUMERAL}\d]{{1,5}}条)"
)
