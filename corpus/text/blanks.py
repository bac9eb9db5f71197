"""Removes meaningless blanks: at line ends within Chinese text, in letter-spaced headings, wide gaps."""

from __future__ import annotations

import re
from itertools import pairwise

from corpus.model import Span
from corpus.notation.characters import HAN
from corpus.notation.labels.reading import find_label
from corpus.notation.phrase_table import PhraseTable
from corpus.text.source_text import Line

_CJK = rf"[{HAN}，。、；：！？（）《》〈〉“”‘’〔〕【】「」『』—…＋％]"
# "生物医药产业高质量 发展", "原料药, 加快": one blank within Chinese text
_TRACE = re.compile(rf"(?<={_CJK})[ \xa0](?={_CJK})|(?<={_CJK}[,;:\"]) (?={_CJK})|(?<={_CJK}[,;:]) (?=\")")
_GAP = re.compile(r"(?<=\S)[ \u3000\xa0\u2002\u2003\t]{2,}(?=\S)")
_WIDE = re.compile(r"[ \u3000\xa0\u2002\u2003]{2,}")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\xad]")
_SENTENCE = re.compile(r"[，。；,;]")
_MISPRINTED = re.compile(r"第\S{1,6}[编章节条][，、.]?[ \u3000\xa0]+")
_TOKEN = re.compile(r"[^\s\u3000\xa0]+")
_SINGLE = re.compile(rf"[{HAN}][：:]?")
# "文　号： 穗人社规字〔2019〕6号", "主 题 词：环保"
_SPREAD_KEY = re.compile(rf"[{HAN}](?:[ \u3000\xa0]+[{HAN}]){{1,4}}[：:][ \u3000\xa0]*(?=\S)")
# "中共中央办公厅 国务院办公厅", "广州市人力资源和社会保障局 广州市公安局"
_BODY_END = re.compile(r"(?:办公[厅室]|人民政府|[局厅委部院署会])$")
_LONGEST_END = 4  # characters of its longest alternative
_BODY = re.compile(rf"(?!关于|会同|[和及与、])[{HAN}]{{2,16}}?(?:办公[厅室]|人民政府|[局厅委部院署会])")
# A title that names its genre continues over a line end like a sentence.
_TITLE = re.compile(
    PhraseTable.read("corpus", "paper_titles.tsv").alternation("running_title") + r"(?:\s*[（(].*)?$"
)
_RUNNING = 25  # characters; a longer line contains a sentence


def tidy(line: Line) -> Line:
    """Removes meaningless blanks; keeps those after a label, between words and in alignments."""
    line = line.without(_found(_INVISIBLE, line.text)).stripped()
    if line.fixed:
        return line.without([Span(span.start + 1, span.end) for span in _found(_WIDE, line.text)])
    line = line.without(_letter_spacing(line.text))
    if _is_running(line):
        start = _behind_label(line.text)
        line = line.without([span for span in _traces(line.text) if span.start >= start])
    return line.without([Span(span.start + 1, span.end) for span in _found(_GAP, line.text)])


def _behind_label(text: str) -> int:
    """Offset of the words after the label, which may be misprinted ("第二十-条 对…")."""
    label = find_label(text)
    if label is not None:
        return label.end
    misprinted = _MISPRINTED.match(text)
    return misprinted.end() if misprinted else 0


def _is_running(line: Line) -> bool:
    text = line.text
    if line.heading or _TITLE.search(text):
        return True
    return len(text) >= _RUNNING and bool(_SENTENCE.search(text))


def _traces(text: str) -> list[Span]:
    """Spans of blanks left by a line end; not those between two authorities that issue a paper jointly."""
    return [
        span
        for span in _found(_TRACE, text)
        if not (
            _BODY_END.search(text, max(0, span.start - _LONGEST_END), span.start)
            and _BODY.match(text, span.end)
        )
    ]


def _letter_spacing(text: str) -> list[Span]:
    """Spans of the blanks in "济 南 市 公 安 局", "第一章 总 则", "目　录", and in the key of "文　号：…"."""
    if (field := _SPREAD_KEY.match(text)) is not None:
        return _found(re.compile(r"[\s\u3000]+"), text[: field.end()])
    label = find_label(text)
    words = list(_TOKEN.finditer(text, label.end if label else 0))
    result: list[Span] = []
    run: list[re.Match[str]] = []
    for word in [*words, None]:
        if word is not None and _SINGLE.fullmatch(word[0]):
            run.append(word)
            continue
        spelled = "".join(match[0] for match in run)
        if spelled != "年月日" and (len(run) >= 4 or (len(run) >= 2 and len(run) == len(words))):
            result += [Span(a.end(), b.start()) for a, b in pairwise(run)]
        run = []
    return result


def _found(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [Span(match.start(), match.end()) for match in pattern.finditer(text)]
