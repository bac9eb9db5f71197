"""Reads facts about time limits and cuts of them from a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from corpus.facts.context import receivers, strength
from corpus.facts.kinds.limit_figures import Figure, figures_in
from corpus.facts.kinds.parts import Parts
from corpus.facts.model import Bound, Fact, FactKind, Period, Reduction, TimeLimit
from corpus.facts.sentences import Sentence
from corpus.model import Span
from corpus.notation.phrase_table import PhraseTable

_TABLE = PhraseTable.read("corpus", "time_limits.tsv")
_OBLIGED = rf"(?:{_TABLE.alternation('obliged')})*"
# "各多中心临床研究参与单位须在", "省内医疗机构在清单发布": who acts, before the time
_ACTOR = re.compile(
    rf"(?P<actor>[^，,：:]{{0,60}}?{_TABLE.alternation('actor')}){_OBLIGED}(?:[在于自从]|收到|接到|$)"
)
# "自申报资料通过后", "申报后", "在清单发布": from when the time is counted
_START = re.compile(
    rf"(?:^|[在于至应须]|(?P<since>[自从]))(?P<event>[^在于自从至，,]{{0,40}}?{_TABLE.alternation('event')})[，,]?[在于的]?\s*$"
)
# "将…审评时限", "力争审批时限": before what takes the time
_OPENS = re.compile(rf"^(?:{_TABLE.alternation('opens')})+")
_CLOSES = re.compile(
    rf"(?:{_TABLE.alternation('adverb')}|[由从比在较](?:{_TABLE.alternation('legal')})?)+\s*$"
)
_COMPARED = re.compile(rf"(?:比|较|在){_TABLE.alternation('legal')}")
_LONGEST_LEAD = 120  # characters of a sentence before a figure that are quoted with it


def facts_in(sentence: Sentence) -> Iterator[Fact]:
    """Yields the facts about time limits and cuts of them in a sentence."""
    figures = figures_in(sentence.text)
    if not figures:
        return
    parts = Parts.of(sentence.text)
    free = 0  # end of the quote before
    starts = [figure.start for figure in figures[1:]] + [len(sentence.text)]
    who = receivers.Receivers()  # the last one named holds for what follows
    for figure, following in zip(figures, starts, strict=True):
        quote = _quote(parts, figure, free)
        free = quote.end
        what = None if figure.is_within else _what_takes_time(parts, figure)
        named = receivers.of_limit(sentence, quote, what)
        who = named if named.beneficiaries else who
        fact = _fact(sentence, parts, figure, quote, following)
        yield replace(
            fact, beneficiaries=who.beneficiaries, conditions=who.conditions, thresholds=who.thresholds
        )


def _quote(parts: Parts, figure: Figure, free: int) -> Span:
    """The part with the figure, and what leads to it up to the figure before."""
    first = last = parts.index(figure.start)
    while last + 1 < len(parts.spans) and parts.spans[last].end < figure.end:
        last += 1
    # "5个工作日内，提出意见": what is done stands behind the comma
    if figure.is_within and parts.spans[last].end == figure.end and last + 1 < len(parts.spans):
        last += 1
    while (
        first > 0
        and parts.spans[first - 1].start >= free
        and (figure.start - parts.spans[first - 1].start <= _LONGEST_LEAD)
    ):
        first -= 1
    return Span(parts.spans[first].start, parts.spans[last].end)


def _fact(sentence: Sentence, parts: Parts, figure: Figure, quote: Span, following: int) -> Fact:
    place = sentence.place(quote.start, quote.end)
    grade, grade_span = strength.read(sentence, place)
    return Fact(
        id="",
        document_id=sentence.document.id,
        clause_id=sentence.clause.id,
        kind=FactKind.TIME_LIMIT,
        quote=place,
        strength=grade,
        strength_span=grade_span,
        limit=_limit(sentence, parts, figure, following),
        reduction=_reduction(sentence, parts, figure),
        must_act=_actor(sentence, parts, figure),
    )


def _limit(sentence: Sentence, parts: Parts, figure: Figure, following: int) -> TimeLimit:
    what = _what_is_done(parts, figure, following) if figure.is_within else _what_takes_time(parts, figure)
    start = _start(parts, figure)
    return TimeLimit(
        what=_placed(sentence, what),
        period=_period(sentence, figure) if not figure.is_cut else None,
        bound=Bound.EXACT if figure.bound_span is None and not figure.is_cut else Bound.MAX,
        bound_span=_placed(sentence, figure.bound_span),
        before=(
            Period(
                sentence.place(figure.before.start, figure.before.end),
                figure.before_value,
                figure.unit_before,
            )
            if figure.before is not None
            else None
        ),
        start=_placed(sentence, start),
    )


def _period(sentence: Sentence, figure: Figure) -> Period:
    return Period(sentence.place(figure.number.start, figure.number.end), figure.value, figure.unit)


def _reduction(sentence: Sentence, parts: Parts, figure: Figure) -> Reduction | None:
    if not figure.is_cut:
        return None
    part = parts.at(figure.start)
    compared = _COMPARED.search(parts.text, part.start, figure.end)
    relative = Span(compared.start() + 1, compared.end()) if compared else None
    return Reduction(
        sentence.place(figure.number.start, figure.number.end),
        figure.value,
        figure.unit,
        _placed(sentence, relative),
        _placed(sentence, figure.bound_span),
    )


def _what_is_done(parts: Parts, figure: Figure, following: int) -> Span | None:
    """The words behind 内, up to the next comma or figure."""
    rest = parts.text[figure.end : figure.end + _LONGEST_LEAD]
    begin = figure.end + len(rest) - len(rest.lstrip("，,、 "))
    if begin >= min(len(parts.text), following):
        return None
    end = min(max(begin, parts.at(begin).end), following)
    return Span(begin, begin + len(parts.text[begin:end].rstrip("、，, ")))


def _what_takes_time(parts: Parts, figure: Figure) -> Span | None:
    """The words before the figure: 首次注册审评时限."""
    part = parts.at(figure.start)
    for span in (
        Span(part.start, min(figure.start, part.end)),
        parts.spans[max(0, parts.index(figure.start) - 1)],
    ):
        words = span.of(parts.text)
        opening, closing = _OPENS.match(words), _CLOSES.search(words)
        left = opening.end() if opening else 0
        right = closing.start() if closing else len(words)
        if left < right:
            return Span(span.start + left, span.start + right)
    return None


def _start(parts: Parts, figure: Figure) -> Span | None:
    if not figure.is_within:
        return None
    part = parts.at(figure.start)
    index = parts.index(figure.start)
    # "自受理之日起，5个工作日内": the event is the part before
    begin = part.start if figure.start > part.start or index == 0 else parts.spans[index - 1].start
    match = _START.search(parts.text, begin, figure.start)
    if match is None:
        return None
    actor = _ACTOR.match(match["event"]) if match["since"] is None else None
    skipped = actor.end("actor") if actor and actor.end("actor") < len(match["event"]) else 0
    return Span(
        match.start("since") if match["since"] else match.start("event") + skipped, match.end("event")
    )


def _actor(sentence: Sentence, parts: Parts, figure: Figure) -> Span | None:
    if not figure.is_within:
        return None
    part = parts.at(figure.start)
    match = _ACTOR.match(parts.text, part.start, figure.start)
    return sentence.place(*match.span("actor")) if match else None


def _placed(sentence: Sentence, span: Span | None) -> Span | None:
    return sentence.place(span.start, span.end) if span is not None and span.start < span.end else None
