"""Reads the places to which a clause limits itself, or by which it divides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.model import Document, Level, Span
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.divisions import Division
from corpus.regions.mentions import find_divisions, parse_region

_TABLE = PhraseTable.read("corpus", "places.tsv")
_AREA = re.compile(_TABLE.alternation("area"))
# "武汉大学", "浙江农业博览会"
_IN_NAME = re.compile(rf"[^，,。、的；]{{0,8}}{_TABLE.alternation('in_name')}")
_JOINT = re.compile(rf"(?:等|等地|市|区|县|地区)?\s*{_TABLE.alternation('joint')}\s*")
_LIMITS = re.compile(
    rf"(?:^|[，,、：:]|{_TABLE.alternation('limits')})(?:我省|全省|本省|我市|全市|本市|省内|市内|有条件的)?$"
)
_OPEN_BRACKET = re.compile(r"\s*[（(]")
_NAMES = re.compile(r"《[^》\n]{0,80}》|“[^”\n]{0,60}”")
_OTHERS = re.compile(r"等[^，,。；（(]{0,14}?(?:[市县州]|(?:产业)?集聚区|园区|地区|片区|地)(?![域位])")
_OWN = re.compile("本[省市区县州](?:行政区域)?(?:范围内|内|辖区内|辖区)?(?=[^级])")
_LOOK_BACK = 8  # characters before a place that are searched for what limits the clause to it
_LONGEST_EXCEPTION = 200  # characters of the bracket behind an area


def read(document: Document, quote: Span, *, is_scope: bool = False) -> Span | None:
    """The first places inside the quote that limit it, with the exceptions in a bracket behind them.

    `is_scope`: the quote says where the paper holds, so that its own region counts too.
    """
    if is_scope:
        return _scope(document, quote)
    return next(iter(all_in(document, quote)), None)


def _scope(document: Document, quote: Span) -> Span | None:
    words = quote.of(document.text)
    own = _OWN.search(words)
    if own is not None:
        return Span(quote.start + own.start(), quote.start + own.end())
    named = (one for one in find_divisions(words) if one.division.level is not Level.NATION)
    return next((Span(quote.start + one.start, quote.start + one.end) for one in named), None)


def all_in(document: Document, quote: Span) -> tuple[Span, ...]:
    """The places inside the quote that limit or divide it; names joined by 、 are one span.

    A place that contains the paper's own region limits nothing.
    """
    text = document.text
    words = quote.of(text)
    own = parse_region(document.head.region) if document.head.region else None
    names = [Span(*match.span()) for match in _NAMES.finditer(words)]
    found: list[Span] = []
    for place in _places(words, own):
        if any(name.start <= place.start < name.end for name in names) or _IN_NAME.match(words, place.end):
            continue
        if found and (place.start == found[-1].end or _JOINT.fullmatch(words, found[-1].end, place.start)):
            found[-1] = Span(found[-1].start, place.end)
        elif _LIMITS.search(words[max(0, place.start - _LOOK_BACK) : place.start]):
            found.append(place)
    whole: list[Span] = []
    for place in found:
        # Those in a bracket behind a place are its exceptions.
        if not whole or quote.start + place.start >= whole[-1].end:
            whole.append(_with_rest(text, quote, place))
    return tuple(whole)


def _places(words: str, own: Division | None) -> Iterator[Span]:
    """Divisions below the paper's own and other parts of it, in reading order."""
    named = [Span(one.start, one.end) for one in find_divisions(words) if _is_part(one.division, own)]
    areas = [Span(*match.span()) for match in _AREA.finditer(words)]
    reach = 0
    for span in sorted((*named, *areas), key=lambda one: (one.start, -one.end)):
        if span.start >= reach:
            yield span
        reach = max(reach, span.end)


def _is_part(division: Division, own: Division | None) -> bool:
    if own is None or own.level is Level.NATION:
        return division.level is not Level.NATION
    return own.code in division.parents


def _with_rest(text: str, quote: Span, place: Span) -> Span:
    """The place with 等…区 and the bracket behind it: 粤东粤西粤北地区（惠州市惠东县…）."""
    end = quote.start + place.end
    if others := _OTHERS.match(text, end, quote.end):
        end = others.end()
    opening = _OPEN_BRACKET.match(text, end, quote.end)
    if opening is not None:
        closing = re.compile("[）)]").search(text, opening.end(), min(quote.end, end + _LONGEST_EXCEPTION))
        if closing is not None and find_divisions(text[opening.end() : closing.start()]):
            end = closing.end()
    return Span(quote.start + place.start, end)
