"""Where an enterprise is, and whether that is inside a region: 益阳 is in 湖南, 惠东 by its own rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from corpus.model import Span
from corpus.regions.divisions import NATION, Division, gazetteer
from corpus.regions.mentions import find_divisions, parse_region
from rag.matching.reading.statements import Statement, statements_in
from rag.matching.reading.words import TABLE

_COMMENT, _BETWEEN = "#", "|"
# "江北新区", "经济技术开发区", "前海深港现代服务业合作区": zones with papers of their own
_ZONE = re.compile(r"[\u4e00-\u9fff]{2,10}?(?:新区|开发区|高新区|自贸区|自贸试验区|合作区|示范区)")


@dataclass(frozen=True, slots=True)
class Region:
    """Where a paper applies: divisions, and a zone inside them that is no division (江北新区)."""

    codes: frozenset[str]
    zone: str = ""

    @classmethod
    def named(cls, *texts: str) -> Region | None:
        """Reads a region, a title or the name of an issuer: the first text that names a place decides."""
        for text in filter(None, texts):
            division, zone = parse_region(text), _ZONE.search(_after_places(text))
            if division is not None:
                return cls(frozenset((division.code,)))
            codes = named_codes(text)
            if codes or zone is not None:
                return cls(codes, zone[0] if zone is not None else "")
        return None


def is_inside(places: Iterable[Division] | None, codes: frozenset[str]) -> bool | None:
    """Whether one of the places is in one of the divisions; None if that is not known."""
    if places is None:
        return None
    verdicts = [_is_inside(place, codes) for place in places]
    if True in verdicts:
        return True
    return None if None in verdicts or not verdicts else False


def _is_inside(place: Division, codes: frozenset[str]) -> bool | None:
    if NATION.code in codes or place.code in codes or not codes.isdisjoint(place.parents):
        return True
    divisions = gazetteer().divisions
    below = any(place is NATION or place.code in divisions[code].parents for code in codes)
    return None if below else False


def stated_place(text: str) -> tuple[Division, ...] | None:
    """The place that an attribute names, or None if it names none that is known."""
    found = parse_region(text.strip())
    if found is not None:
        return (found,)
    mentions = find_divisions(text)
    return mentions[-1].divisions if mentions else None


def places_in(sentence: str) -> tuple[Division, ...] | None:
    """Where the enterprise is by its own words: not where it comes from, has nothing, or asks about.

    The first place counts, and further ones that are inside it or that something is said to be in (在浏阳).
    """
    clauses = statements_in(sentence)
    for accepted in (_is_plain, _is_not_negated):
        found: list[Division] = []
        for clause in filter(accepted, clauses):
            for division, is_site in _named_in(clause.text):
                if not found or is_site or any(place.code in division.parents for place in found):
                    found.append(division)
        if found:
            return tuple(one for one in dict.fromkeys(found) if not _has_smaller(one, found))
    return None


def _is_plain(clause: Statement) -> bool:
    return clause.is_plain


def _is_not_negated(clause: Statement) -> bool:
    return clause.negated is None


def _has_smaller(place: Division, others: Iterable[Division]) -> bool:
    return any(place.code in other.parents for other in others)


def _named_in(clause: str) -> Iterator[tuple[Division, bool]]:
    """The places of a clause, but those that something comes from, and whether something is there."""
    origins = TABLE.spans("origin", clause)
    sites = TABLE.spans("site", clause)
    for mention in find_divisions(clause):
        if mention.division is not NATION and all(span.end != mention.start for span in origins):
            yield mention.division, any(span.end == mention.start for span in sites)


def codes_in(text: str) -> frozenset[str]:
    """The divisions that a text names, by themselves or as an area (珠三角地区)."""
    return named_codes(text).union(*(codes for name, codes in areas().items() if name in text))


def named_codes(text: str) -> frozenset[str]:
    """The divisions that a text names by themselves."""
    return frozenset(mention.division.code for mention in find_divisions(text))


def place_spans(text: str) -> Sequence[Span]:
    """The words of a text that name divisions or areas."""
    found = [Span(mention.start, mention.end) for mention in find_divisions(text)]
    found += [Span(at, at + len(name)) for name in areas() if (at := text.find(name)) >= 0]
    return sorted(found, key=lambda span: (span.start, -span.end))


def _after_places(text: str) -> str:
    mentions = find_divisions(text)
    return text[mentions[-1].end :] if mentions else text


@cache
def areas() -> Mapping[str, frozenset[str]]:
    """The divisions in each area, by its names."""
    content = files("rag").joinpath("data", "areas.tsv").read_text(encoding="utf-8")
    lines = (line for line in content.splitlines() if line and not line.startswith(_COMMENT))
    found: dict[str, frozenset[str]] = {}
    for names, divisions in (line.split("\t") for line in lines):
        codes = frozenset(d.code for d in map(parse_region, divisions.split(_BETWEEN)) if d is not None)
        found |= dict.fromkeys(names.split(_BETWEEN), codes)
    return found
