"""Finds the figures that a sentence states, with the words that limit them: 最高不超过500万元, 30个工作日内.

Figures that only name a condition (营业收入10亿元以上的企业) and old values (从200个压缩至80个) are left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from corpus.model import Span
from corpus.notation.figures import Figure, FigureKind, figures
from corpus.notation.phrase_table import PhraseTable
from rag.answer.content.premise import in_force

_WORDS = PhraseTable.read("rag", "figure_words.tsv")
_LONGEST_LIMIT = 24  # characters between the beginning of the words before a figure and the figure
_LONGEST_CLASS = 10  # characters of what follows a condition: 以上的|规模以上工业企业
_OF = "的"
_ABOVE = "以上"
# 每年 limits 500万元 in 每年500万元: a frequency does not separate.
_APART = frozenset(FigureKind) - {FigureKind.FREQUENCY}
_VERB = re.compile("[给按0-9０-９]")  # what follows 的|项目 is no longer the noun
# The parts of a sentence: what limits a figure is in the same part.
_PAUSE = re.compile(r"[，,。；;：:、（）()“”《》\n]")
_COMMA = re.compile(r"[，,。；;：:“”\n]")
# "20" and a dash before "—30万元", "50万元至" before "100万元"
_RANGE = re.compile(r"(?<![0-9０-９.．,，])[0-9０-９.．,，]{1,15}\s{0,2}[-—–~～至到]\s{0,2}\Z")
_JOINED = re.compile(r"\s{0,2}(?:[-—–~～至到]|以上[、，]?)\s{0,2}")  # 200元以上500元以下, too


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A figure, or a range. `span` contains it with the words that limit it; `values` are what it states."""

    kind: FigureKind
    values: tuple[str, ...]
    span: Span
    limit: Span  # the words before it; empty without any


def stated_figures(sentence: str, *, kinds: Collection[FigureKind]) -> list[StatedFigure]:
    """Returns what `sentence` states of these kinds, in order, by offsets into it."""
    found = [_stated(sentence, run) for run in _runs(sentence, kinds)]
    return [stated for stated in found if stated is not None]


def _runs(sentence: str, kinds: Collection[FigureKind]) -> Iterator[list[Figure]]:
    """Yields the figures one by one, those of a range (50万元至100万元) together."""
    run: list[Figure] = []
    for figure in in_force(sentence):
        if figure.kind not in kinds:
            continue
        if run and figure.kind is run[-1].kind:
            between = sentence[run[-1].span.end : figure.span.start]
            if _JOINED.fullmatch(between):
                run.append(figure)
                continue
        if run:
            yield run
        run = [figure]
    if run:
        yield run


def _stated(sentence: str, run: list[Figure]) -> StatedFigure | None:
    whole = Span(run[0].span.start, run[-1].span.end)
    end = whole.end
    while after := _WORDS.spans("after", sentence[end:]):
        end += after[0].end
    if _is_condition(sentence, Span(whole.start, end)) or _is_size(sentence, run[0].kind, whole.end, end):
        return None
    start = _range_start(sentence, whole.start)
    limit = Span(_limits_start(sentence, start), start)
    values = tuple(figure.value for figure in run)
    return StatedFigure(run[0].kind, values, Span(limit.start, end), limit)


def _range_start(sentence: str, start: int) -> int:
    from_here = max(0, start - _LONGEST_LIMIT)
    before = _RANGE.search(sentence[from_here:start])
    return from_here + before.start() if before else start


def _limits_start(sentence: str, start: int) -> int:
    """Returns where the words begin that limit the figure at `start`; `start` without any."""
    part = max((mark.end() for mark in _PAUSE.finditer(sentence, 0, start)), default=0)
    others = (figure.span.end for figure in figures(sentence[:start]) if figure.kind in _APART)
    part = max(part, start - _LONGEST_LIMIT, *others, 0)
    words = _WORDS.spans("before", sentence[part:start])
    return part + words[0].start if words else start


def _is_size(sentence: str, kind: FigureKind, start: int, end: int) -> bool:
    """Whether an amount with 以上 behind it tells the size of something: 年销售额5000万元以上大品种."""
    if kind is not FigureKind.MONEY or _ABOVE not in sentence[start:end]:
        return False
    pause = _PAUSE.search(sentence, end)
    return not _WORDS.has("given", sentence[end : pause.start() if pause else len(sentence)])


def _is_condition(sentence: str, figure: Span) -> bool:
    """Whether the figure, with the words behind it, only says to what something applies."""
    comma = _COMMA.search(sentence, figure.end)
    rest = sentence[figure.end : comma.start() if comma else len(sentence)]
    if rest.startswith(_OF):
        return not _WORDS.has("given", _VERB.split(rest[:_LONGEST_CLASS])[0])
    of, behind = rest.rpartition(_OF)[1:]
    return bool(of) and len(behind) <= _LONGEST_CLASS and not _WORDS.has("given", rest)
