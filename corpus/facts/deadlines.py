"""Finds the last days that a fact states: 2026年9月30日前, 截止到2025年12月底, 执行至2027年12月31日."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from corpus.facts.model import Fact, FactKind
from corpus.model import Span, Stated
from corpus.notation.days.dates import last_days_in
from corpus.notation.phrase_table import PhraseTable

_TABLE = PhraseTable.read("corpus", "deadlines.tsv")
# "2026年9月30日 前", "截止到 2026年9月30日"
_BEHIND = re.compile(rf"[ \u3000]{{0,2}}(?:{_TABLE.alternation('behind')})")
_BEFORE = re.compile(rf"(?:{_TABLE.alternation('before')})[ \u3000]{{0,2}}$")
_LONGEST_BEFORE = 12  # characters
# A day, or the end of a month or year. 2026年6月前 may mean its first day or its last.
_CERTAIN = re.compile(r"(?:[日底末]|\d)$")


def deadlines_of(fact: Fact, words: Callable[[Span], str]) -> Iterator[Stated[date]]:
    """Yields the last days in the quote of a fact. Rules state days of the paper, and none of a benefit.

    `words` returns those at a span of the paper.
    """
    if fact.kind is FactKind.RULE:
        return
    text, offset = words(fact.quote), fact.quote.start
    for day in last_days_in(text):
        start, end = day.span.start, day.span.end
        is_last = _BEHIND.match(text, end) or _BEFORE.search(text[max(0, start - _LONGEST_BEFORE) : start])
        if is_last and _CERTAIN.search(text[start:end]):
            yield Stated(day.value, Span(offset + start, offset + end))
