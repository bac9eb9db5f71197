"""Which papers a question is about: named by number, title or region, or limited by a filter."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from corpus.divisions import NATION, Division
from corpus.model import Document, Span
from corpus.regions import Mention, covers, find_divisions, parse_region

# "湘政办发〔2026〕15号", "鄂政办发[2024]48号", "益政办发(2017) 29号"
_NUMBER = re.compile(
    r"(?P<who>[\u4e00-\u9fff]{1,10}?)\s*[〔\[［【(（﹝]\s*(?P<year>(?:19|20)\d{2})\s*[〕\]］】)）﹞]\s*第?\s*(?P<serial>\d{1,6})\s*号"
)
# "29号文", "15号文件"
_SERIAL = re.compile(r"(?<![\d〕\])）］】])(?P<serial>\d{1,4})\s*号(?:文件?|通知|意见|方案)")
# "《民法典》"
_TITLE = re.compile(r"《(?P<title>[^《》]{2,80})》")
# 中华人民共和国妇女权益保障法, 广州市老年人优待办法
_LOCAL = re.compile(r"^(?:中华人民共和国|[\u4e00-\u9fff]{2,6}?(?:省|自治区|市|县|区|州))")
_SHORTEST_TITLE = 6  # characters of a title that is recognised without 《》
_SHORTEST_NAME = 2  # … and of one that an article follows: 公司法第三条, 刑法第120条
_ARTICLE_FOLLOWS = re.compile(r"\s*的?\s*第\s*[〇零一二三四五六七八九十百千\d]+\s*条")
# "修订前的", "旧", "2013年的": an earlier version of a paper is meant
_EARLIER = re.compile(r"旧|修[订改正]前|历史|原来?的|废止|失效|(?:19|20)\d{2}\s*年")
_JOINED = re.compile(r"^\s*(?:[、和与及跟同或/]|还是|以及|vs\.?|and|or)\s*$", re.IGNORECASE)
_NOT_TEXT = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a question is limited to.

    `preferred` are the papers it names; `allowed` adds those that apply as well (a paper of the province,
    for a question about a city). Both empty: no limit. `uncovered` are regions it names that no paper
    covers, `unknown` document numbers or titles that no paper bears or cites.
    """

    preferred: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()  # no limit, but these first: papers of the place, and of no stated place
    uncovered: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()  # those of them that are asked about beside a region with a paper
    unknown: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()  # the words that name papers and regions
    by_number: bool = False  # a paper is named by its number or title
    excluded: bool = False  # the papers it names are not among those that the request is limited to
    subjects: int = 0  # places, or papers by name, that it names; one place may have several papers

    @property
    def named(self) -> bool:
        return bool(self.preferred)


def _key(text: str) -> str:
    return _NOT_TEXT.sub("", text).casefold()


def _number_key(match: re.Match[str]) -> tuple[str, int]:
    return match["year"], int(match["serial"])


def _bears(document: Document, match: re.Match[str]) -> bool:
    own = document.head.doc_number
    found = _NUMBER.search(own.value) if own else None
    return (
        found is not None
        and _number_key(found) == _number_key(match)
        and match["who"].endswith(found["who"][-3:])
    )


def _citing(documents: Sequence[Document], words: str) -> list[str]:
    """The ids of the papers in which the number or title stands."""
    key = _key(words)
    return [document.id for document in documents if key in _folded(document.text)]


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """`_key` of a whole paper, which takes a millisecond and is asked for again and again."""
    return _key(text)


def _titles(document: Document) -> list[str]:
    head = document.head
    return [_key(stated.value) for stated in (head.title, head.inner_title) if stated is not None]


@dataclass(slots=True)
class _Names:
    """Papers that a text calls by number or title."""

    bearers: list[str] = field(default_factory=list)
    subjects: set[tuple[str, ...]] = field(default_factory=set)  # the bearers of each name
    citing: list[str] = field(default_factory=list)  # papers that cite a number nobody bears
    unknown: list[str] = field(default_factory=list)  # names nobody bears or cites
    spans: list[Span] = field(default_factory=list)  # of names that somebody bears
    foreign: list[Span] = field(default_factory=list)  # of the others: the region in them limits nothing


def _by_name(text: str, documents: Sequence[Document]) -> _Names:
    found = _Names()
    for match in _NUMBER.finditer(text):
        bearers = [document.id for document in documents if _bears(document, match)]
        if bearers:
            found.bearers += bearers
            found.subjects.add(tuple(bearers))
            found.spans.append(Span(*match.span()))
            continue
        citing = _citing(documents, f"{match['who'][-3:]}{match['year']}{match['serial']}号")
        found.citing += citing
        found.unknown += [] if citing else [match[0]]
        found.foreign.append(Span(*match.span()))
    for match in _TITLE.finditer(text):
        key = _key(match["title"])
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


def _by_bare_title(text: str, documents: Sequence[Document], found: _Names) -> None:
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


def _applying(division: Division, documents: Sequence[Document]) -> list[Document]:
    """Papers that apply in the division, those of the nearest level first."""
    applying = [document for document in documents if covers(document.head.region, division)]
    return sorted(applying, key=lambda document: -_depth(document))


def _depth(document: Document) -> int:
    region = parse_region(document.head.region)
    return len(region.parents) + 1 if region not in (None, NATION) and region is not None else 0


def _side_by_side(text: str, one: Mention, other: Mention) -> bool:
    first, second = sorted((one, other), key=lambda mention: mention.start)
    return bool(_JOINED.match(text[first.end : second.start]))


def _subject(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions that limit the question.

    A region around another one named (湖南省 beside 益阳) is dropped, unless the two stand side by side.
    """
    kept = []
    for mention in mentions:
        inner = [
            other
            for other in mentions
            if other is not mention and mention.division.code in other.division.parents
        ]
        if (
            not inner
            or any(_side_by_side(text, mention, other) for other in inner)
            or _clauses_apart(text, mention, inner)
        ):
            kept.append(mention)
    return kept


def _clauses_apart(text: str, mention: Mention, others: Sequence[Mention]) -> bool:
    """Whether the regions stand in different sentences, each with a question of its own."""
    return all(
        re.search(r"[？?。；;]", text[min(mention.end, o.end) : max(mention.start, o.start)]) for o in others
    )


def _unique(ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def current(scope: Scope, text: str, documents: Sequence[Document], out_of_force: Collection[str]) -> Scope:
    """`scope` without papers out of force that another paper of the same title, in force, has replaced."""
    if not scope.by_number or len(scope.preferred) < 2 or _EARLIER.search(text):
        return scope
    titles = {d.id: _key(d.head.title.value) for d in documents if d.id in scope.preferred}
    living = {title for i, title in titles.items() if i not in out_of_force}
    replaced = {i for i, title in titles.items() if i in out_of_force and title in living}
    return replace(
        scope,
        preferred=tuple(i for i in scope.preferred if i not in replaced),
        allowed=tuple(i for i in scope.allowed if i not in replaced),
    )


def scope_of(text: str, documents: Sequence[Document]) -> Scope:
    """Read from the question which papers it is about."""
    names = _by_name(text, documents)
    named, inside = names.bearers, names.spans + names.foreign
    # A paper that does not say where it applies may apply anywhere.
    unplaced = [document.id for document in documents if parse_region(document.head.region) is None]
    mentions = [mention for mention in find_divisions(text) if mention.division != NATION]
    mentions = [m for m in mentions if not any(s.start <= m.start and m.end <= s.end for s in inside)]
    preferred, allowed = list(named), list(named)
    covered: list[Mention] = []
    uncovered: list[Mention] = []
    region_spans: list[Span] = []
    for mention in _subject(text, mentions):
        applying = next((found for d in mention.divisions if (found := _applying(d, documents))), [])
        if not applying:
            if not unplaced:
                uncovered.append(mention)
            continue
        covered.append(mention)
        own = any(parse_region(document.head.region) in mention.divisions for document in applying)
        if own and not unplaced:
            # A place below the paper's own region (博罗县) may stand in a clause: it is searched for. So is
            # every place where papers do not say theirs.
            region_spans.append(Span(mention.start, mention.end))
        if not named:
            nearest = _depth(applying[0])
            of_this = tuple(document.id for document in applying if _depth(document) == nearest)
            names.subjects.add(of_this)
            preferred.extend(of_this)
            allowed.extend(document.id for document in applying)
    if not named and preferred and (serial := _SERIAL.search(text)):
        ending = f"{serial['serial']}号"
        by_serial = [
            d.id
            for d in documents
            if d.id in allowed and d.head.doc_number and d.head.doc_number.value.endswith(f"〕{ending}")
        ]
        if by_serial:
            preferred, allowed = by_serial, by_serial
            region_spans.append(Span(*serial.span()))
    # Where papers do not say their place, one of them may be what is meant: nothing is ruled out.
    likely = () if named or not allowed or not unplaced else _unique([*allowed, *unplaced])
    if likely:
        allowed = []
    if not preferred and not uncovered:
        # 湘政办发〔2017〕35号 is not on file; the paper that follows it may say something of it.
        preferred, allowed = names.citing, names.citing
    return Scope(
        preferred=_unique(preferred),
        allowed=_unique(allowed),
        likely=likely,
        uncovered=_unique([mention.words for mention in uncovered]),
        lacking=_unique([m.words for m in uncovered if any(_side_by_side(text, m, o) for o in covered)]),
        unknown=_unique(names.unknown),
        spans=tuple(names.spans + region_spans),
        by_number=bool(named),
        subjects=len(names.subjects),
    )
