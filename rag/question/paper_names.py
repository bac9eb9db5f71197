"""Finds papers that a question names: 湘政办发〔2026〕15号, 《民法典》, 《湖南若干意见》, 公司法第三条."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.catalogue.catalogue import Catalogue
from corpus.model import Span
from corpus.notation.characters import HAN
from corpus.notation.doc_numbers import coded_numbers
from corpus.notation.numerals import NUMERAL
from corpus.notation.paper_names import TITLE, key_of
from rag.language.short_names import papers_called

# Minimum length of a title recognised without 《》; a shorter one needs an article number after it.
_SHORTEST_TITLE = 6
_ARTICLE_FOLLOWS = re.compile(rf"\s{{0,9}}(?:的\s{{0,9}})?第\s*[{NUMERAL}\d]+\s*条")

# The words before an article number, and the fewest of them that are the end of a title.
_PART_OF_TITLE = re.compile(rf"(?P<words>[{HAN}（）()]{{4,40}}?)(?:的)?(?=第\s*[{NUMERAL}\d]+\s*条)")
_SHORTEST_PART = 4


@dataclass(slots=True)
class Names:
    """Papers that a text names by number or title."""

    bearers: list[str] = field(default_factory=list)
    subjects: set[tuple[str, ...]] = field(default_factory=set)  # the papers with each name
    citing: list[str] = field(default_factory=list)  # papers that cite a number that no stored paper has
    unknown: list[str] = field(default_factory=list)  # names that no paper has or cites
    spans: list[Span] = field(default_factory=list)  # of names of stored papers
    foreign: list[Span] = field(default_factory=list)  # of the other names: a region in them limits nothing

    def add(self, ids: tuple[str, ...], span: Span) -> None:
        self.bearers += ids
        self.subjects.add(ids)
        self.spans.append(span)


def by_name(text: str, catalogue: Catalogue) -> Names:
    """Returns the papers that `text` names by number or title. A name of too many papers limits nothing."""
    found = Names()
    for number in coded_numbers(text):
        bearers = catalogue.names.numbered(number)
        if bearers.ids:
            found.add(bearers.ids, number.span)
        elif not bearers.too_many:
            citing = catalogue.names.citing_number(number)
            found.citing += citing.ids
            found.unknown += [] if citing else [number.span.of(text)]
            found.foreign.append(number.span)
    for match in TITLE.finditer(text):
        bearers = papers_called(match["title"], catalogue)
        if bearers.ids:
            found.add(bearers.ids, Span(*match.span()))
        elif not bearers and not catalogue.names.citing(key_of(match["title"])):
            found.unknown.append(match[0])
            found.foreign.append(Span(*match.span()))
    if not found.bearers:
        _by_bare_title(text, catalogue, found)
    if not found.bearers:
        _by_end_of_title(text, catalogue, found)
    return found


def _by_bare_title(text: str, catalogue: Catalogue, found: Names) -> None:
    """Adds papers whose title, with or without state or region, occurs in `text` without 《》."""
    widest: dict[str, Span] = {}
    for name, span in _spoken(text, catalogue):
        for document_id in catalogue.names.titled(name).ids:
            known = widest.get(document_id, span)
            widest[document_id] = max(known, span, key=lambda s: (s.end - s.start, -s.start))
    places: dict[Span, list[str]] = {}
    for document_id in sorted(widest):
        places.setdefault(widest[document_id], []).append(document_id)
    for span, bearers in places.items():
        # 国家安全法 inside 香港特别行政区维护国家安全法 is not a name.
        if not any(o != span and o.start <= span.start and span.end <= o.end for o in places):
            found.add(tuple(bearers), span)


def _spoken(text: str, catalogue: Catalogue) -> Iterator[tuple[str, Span]]:
    """Yields the names in `text`, each at its first place; a short one only before an article number."""
    seen: set[str] = set()
    for name, at in catalogue.names.titles_in(text):
        end = at + len(name)
        clear = len(name) >= _SHORTEST_TITLE or _ARTICLE_FOLLOWS.match(text, end)
        if clear and name not in seen:
            yield name, Span(at, end)
        seen.add(name)


def _by_end_of_title(text: str, catalogue: Catalogue, found: Names) -> None:
    """Adds the paper whose title ends like the words before an article number: 记分管理办法第四条."""
    for match in _PART_OF_TITLE.finditer(text):
        words = match["words"]
        for start in range(len(words) - _SHORTEST_PART + 1):
            bearers = catalogue.names.titled_ending(key_of(words[start:]))
            if bearers.ids:
                # An ending that several titles share (管理办法) names none of them.
                if len(bearers.ids) == 1:
                    found.add(bearers.ids, Span(match.start("words") + start, match.end("words")))
                break
