"""Papers that a question calls by number or title: 湘政办发〔2026〕15号, 《民法典》, 公司法第三条."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from corpus.model import Document, Span
from corpus.notation.characters import HAN
from corpus.notation.doc_numbers import DocNumber, coded_numbers
from corpus.notation.numerals import NUMERAL

# "《民法典》"
_TITLE = re.compile(r"《(?P<title>[^《》]{2,80})》")
# 中华人民共和国妇女权益保障法, 广州市老年人优待办法
_LOCAL = re.compile(rf"^(?:中华人民共和国|[{HAN}]{{2,6}}?(?:省|自治区|市|县|区|州))")
_SHORTEST_TITLE = 6  # characters of a title that is recognised without 《》
_SHORTEST_NAME = 2  # … and of one that an article follows: 公司法第三条, 刑法第120条
_ARTICLE_FOLLOWS = re.compile(rf"\s{{0,9}}(?:的\s{{0,9}})?第\s*[{NUMERAL}\d]+\s*条")
_NOT_TEXT = re.compile(r"[\W_]+")


def key_of(text: str) -> str:
    """A name as it is compared: without case, white space and punctuation."""
    return _NOT_TEXT.sub("", text).casefold()


def _bears(document: Document, number: DocNumber) -> bool:
    stated = document.head.doc_number
    own = next(coded_numbers(stated.value), None) if stated else None
    return (
        own is not None
        and own.year_and_serial == number.year_and_serial
        and number.code.endswith(own.code[-3:])
    )


def _citing(documents: Sequence[Document], words: str) -> list[str]:
    """The ids of the papers in which the number or title stands."""
    key = key_of(words)
    return [document.id for document in documents if key in _folded(document.text)]


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """`key_of` a whole paper, which takes a millisecond and is asked for again and again."""
    return key_of(text)


def _titles(document: Document) -> list[str]:
    head = document.head
    return [key_of(stated.value) for stated in (head.title, head.inner_title) if stated is not None]


@dataclass(slots=True)
class Names:
    """Papers that a text calls by number or title."""

    bearers: list[str] = field(default_factory=list)
    subjects: set[tuple[str, ...]] = field(default_factory=set)  # the bearers of each name
    citing: list[str] = field(default_factory=list)  # papers that cite a number nobody bears
    unknown: list[str] = field(default_factory=list)  # names nobody bears or cites
    spans: list[Span] = field(default_factory=list)  # of names that somebody bears
    foreign: list[Span] = field(default_factory=list)  # of the others: the region in them limits nothing


def by_name(text: str, documents: Sequence[Document]) -> Names:
    """The papers that `text` calls by number or title."""
    found = Names()
    for number in coded_numbers(text):
        bearers = [document.id for document in documents if _bears(document, number)]
        if bearers:
            found.bearers += bearers
            found.subjects.add(tuple(bearers))
            found.spans.append(number.span)
            continue
        citing = _citing(documents, f"{number.code[-3:]}{number.year}{number.serial}号")
        found.citing += citing
        found.unknown += [] if citing else [number.span.of(text)]
        found.foreign.append(number.span)
    for match in _TITLE.finditer(text):
        key = key_of(match["title"])
        bearers = _bearing(key, documents)
        if bearers:
            found.bearers += bearers
            found.subjects.add(tuple(bearers))
            found.spans.append(Span(*match.span()))
        elif not _citing(documents, match["title"]):
            found.unknown.append(match[0])
            found.foreign.append(Span(*match.span()))
    if not found.bearers:
        _by_bare_title(text, documents, found)
    return found


def _bearing(key: str, documents: Sequence[Document]) -> list[str]:
    """The papers of that title, whole or without state or region; else those whose title ends in it."""
    titles = {document.id: _titles(document) for document in documents}
    exact = [i for i, own in titles.items() if any(key in (title, _LOCAL.sub("", title)) for title in own)]
    return exact or [i for i, own in titles.items() if any(title.endswith(key) for title in own)]


def _by_bare_title(text: str, documents: Sequence[Document], found: Names) -> None:
    """Papers whose title, or its name without state or region, stands in `text` without 《》."""
    places: dict[Span, list[str]] = {}
    for document in documents:
        names = {name for title in _titles(document) for name in (title, _LOCAL.sub("", title))}
        spans = [span for name in names for span in _standing(name, text)]
        if spans:
            widest = max(spans, key=lambda span: (span.end - span.start, -span.start))
            places.setdefault(widest, []).append(document.id)
    for span, bearers in places.items():
        # 国家安全法 is not meant inside 香港特别行政区维护国家安全法.
        if not any(o != span and o.start <= span.start and span.end <= o.end for o in places):
            found.bearers += bearers
            found.subjects.add(tuple(bearers))
            found.spans.append(span)


def _standing(name: str, text: str) -> list[Span]:
    """The first place where `name` stands in `text`; a short one only where an article follows it."""
    at = text.find(name) if len(name) >= _SHORTEST_NAME else -1
    if at < 0 or (len(name) < _SHORTEST_TITLE and not _ARTICLE_FOLLOWS.match(text, at + len(name))):
        return []
    return [Span(at, at + len(name))]
