"""Reads facts about numeric targets and duties from a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from corpus.facts.context import strength
from corpus.facts.kinds.parts import Parts
from corpus.facts.kinds.target_figures import MONEY, SHARES, Aimed, aimed_in
from corpus.facts.model import Bound, Fact, FactKind, Target, TargetKind
from corpus.facts.sentences import Sentence
from corpus.model import Span
from corpus.notation.numerals import HALF_WIDTH
from corpus.notation.phrase_table import PhraseTable
from corpus.notation.quantities import Quantity

_TABLE = PhraseTable.read("corpus", "targets.tsv")
# "到2027年", "至2022年末", "2025年底前": until when
_DEADLINE = re.compile(
    r"(?:[到至]|截至|截止)\s{0,2}(?P<year>20[0-9０-９]{2})\s{0,2}年[底末]?(?!\s{0,2}[0-9]{1,2}\s{0,2}月)"
)
_BEFORE = re.compile(r"(?P<year>20[0-9]{2})\s{0,2}年(?:[底末]|[0-9]{1,2}月[底末]?)?之?前")
_OFTEN = re.compile(_TABLE.alternation("often"))
# "至少每季度召开药事会": a duty whose figure is the frequency itself
_HELD = re.compile(
    rf"(?:至少|不少于|应当?|须)(?P<often>{_TABLE.alternation('often')})(?P<what>(?:召开|开展|组织|举办|进行|公布|发布|调整|更新)[^，,]{{1,30}})"
)
_UNTIL = _DEADLINE.pattern.replace("?P<year>", "?:")
_BEGINNINGS = "|".join((*(_TABLE.alternation(sense) for sense in ("reach", "aims", "often")), _UNTIL))
_LEADING = re.compile(rf"^.*?(?:{_BEGINNINGS})+")
_TRAILING = re.compile(
    rf"(?:{_TABLE.alternation('grows')}|{_TABLE.alternation('at_least')}|{_TABLE.alternation('about')}|\s)+$"
)
_OPENS = re.compile(r"(?:以上|左右|以内|及以上|的|\s)+")
_LATER = re.compile(rf"\s*{_TABLE.alternation('later')}")
_ACTOR = re.compile(
    rf"(?:鼓励|支持|引导|推动)?(?P<actor>[^，,。；]{{0,60}}?{_TABLE.alternation('closes')})(?:按|应|须|要|至少|每)"
)
_DEADLINE_REACH = 1_500  # characters of the clause before a sentence that are searched for its deadline
_LISTED = ("、", "和", "及")
_ONE = Decimal(1)
_PERIOD_UNITS = {
    "季度": "季度",
    "季": "季度",
    "月": "月",
    "半年": "半年",
    "年": "年",
    "周": "周",
    "年度": "年",
}


def facts_in(sentence: Sentence) -> Iterator[Fact]:
    """Yields the facts about numeric targets and duties in a sentence.

    A target without a deadline of its own has that of the sentences before it in its clause.
    """
    text = sentence.text
    deadlines = list(_deadlines(sentence))
    if not any(char.isdigit() or char in "一二三四五六七八九十百千万亿每" for char in text):
        return
    parts = Parts.of(text)
    first = min((span.start - sentence.span.start for span, _ in deadlines), default=None)
    for aimed in aimed_in(parts, deadline=first):
        yield _fact(
            sentence, parts, aimed, _last_before(deadlines, sentence.span.start + aimed.quantity.span.start)
        )
    for match in _HELD.finditer(text):
        yield _held(sentence, parts, match)


def _deadlines(sentence: Sentence) -> Iterator[tuple[Span, int]]:
    """The deadlines of the clause up to the end of the sentence."""
    text = sentence.document.text
    begin = max(sentence.clause.body_start, sentence.span.start - _DEADLINE_REACH)
    for pattern in (_DEADLINE, _BEFORE):
        for match in pattern.finditer(text, begin, sentence.span.end):
            yield Span(*match.span()), int(match["year"].translate(HALF_WIDTH))


def _last_before(deadlines: list[tuple[Span, int]], offset: int) -> tuple[Span, int] | None:
    earlier = [deadline for deadline in deadlines if deadline[0].start <= offset]
    return max(earlier, key=lambda one: one[0].start, default=None)


def _fact(sentence: Sentence, parts: Parts, aimed: Aimed, deadline: tuple[Span, int] | None) -> Fact:
    quote = _quote(parts, aimed)
    place = sentence.place(quote.start, quote.end)
    grade, grade_span = strength.read(sentence, place)
    quantity = aimed.quantity
    often = _OFTEN.search(parts.text, quote.start, quantity.span.start)
    return Fact(
        id="",
        document_id=sentence.document.id,
        clause_id=sentence.clause.id,
        kind=FactKind.TARGET,
        quote=place,
        strength=grade,
        strength_span=grade_span,
        must_act=_actor(sentence, quote) if aimed.kind is TargetKind.DUTY else None,
        target=Target(
            indicator=_placed(sentence, _indicator(parts, aimed) or quantity.span),
            span=_placed(sentence, quantity.span),
            value=quantity.value,
            unit=_unit(quantity, often),
            bound=aimed.bound,
            kind=aimed.kind,
            upper=quantity.upper,
            bound_span=_placed(sentence, aimed.bound_span) if aimed.bound_span else None,
            deadline=deadline[0] if deadline else sentence.place(*often.span()) if often else None,
            year=deadline[1] if deadline else None,
        ),
    )


def _unit(quantity: Quantity, often: re.Match[str] | None) -> str:
    if often is None:
        return quantity.unit
    period = often[0].removeprefix("每")
    return f"{quantity.unit}/{_PERIOD_UNITS.get(period, period)}"


def _quote(parts: Parts, aimed: Aimed) -> Span:
    """The part with the figure, and the one before it where that names the indicator."""
    part = parts.spans[aimed.part]
    words = Span(part.start, aimed.quantity.span.start).of(parts.text)
    names_nothing = not _TRAILING.sub("", words).strip()
    first = parts.spans[aimed.part - 1] if names_nothing and aimed.part > 0 else part
    return Span(first.start, max(part.end, aimed.quantity.span.end))


def _indicator(parts: Parts, aimed: Aimed) -> Span | None:
    """What is counted: behind the figure (3—5个临床研究平台), else before it (标志性产品150个)."""
    text, figure = parts.text, aimed.quantity.span
    quote = _quote(parts, aimed)
    opening = _OPENS.match(text, figure.end, max(figure.end, aimed.end))
    start = opening.end() if opening else figure.end
    behind = Span(start, max(start, aimed.end))
    before = Span(aimed.start if aimed.start > parts.spans[aimed.part].start else quote.start, figure.start)
    leading, trailing = _LEADING.match(before.of(text)), _TRAILING.search(before.of(text))
    right = before.start + trailing.start() if trailing else before.end
    left = before.start + (leading.end() if leading else 0)
    # "规模突破1000亿元": the verb stands between the indicator and its figure
    is_level = left >= right and aimed.quantity.unit in (*SHARES, *MONEY)
    before = Span(before.start if is_level else min(left, right), right)
    # "企业3家、团队5个": what follows 、 is counted by the next figure
    listed = behind.of(text).startswith(_LISTED)
    first_behind = aimed.quantity.unit not in SHARES and not listed and not _LATER.match(behind.of(text))
    for span in (behind, before) if first_behind else (before, behind):
        words = span.of(text)
        trimmed = words.strip("，,、 \n（(")
        if trimmed:
            start = span.start + words.index(trimmed)
            return Span(start, start + len(trimmed))
    return None


def _held(sentence: Sentence, parts: Parts, match: re.Match[str]) -> Fact:
    part = parts.at(match.start())
    place = sentence.place(part.start, part.end)
    grade, grade_span = strength.read(sentence, place)
    period = match["often"].removeprefix("每")
    return Fact(
        id="",
        document_id=sentence.document.id,
        clause_id=sentence.clause.id,
        kind=FactKind.TARGET,
        quote=place,
        strength=grade,
        strength_span=grade_span,
        must_act=_actor(sentence, part),
        target=Target(
            indicator=sentence.place(*match.span("what")),
            span=sentence.place(*match.span("often")),
            value=_ONE,
            unit=f"次/{_PERIOD_UNITS.get(period, period)}",
            bound=Bound.MIN,
            kind=TargetKind.DUTY,
            bound_span=sentence.place(match.start(), match.start("often")),
        ),
    )


def _actor(sentence: Sentence, quote: Span) -> Span | None:
    match = _ACTOR.match(sentence.text, quote.start, quote.end)
    return sentence.place(*match.span("actor")) if match else None


def _placed(sentence: Sentence, span: Span) -> Span:
    return sentence.place(span.start, span.end)
