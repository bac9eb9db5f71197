"""Which papers a question is about: named by number, title or region, or limited by a filter."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from corpus.catalogue.catalogue import Catalogue
from corpus.catalogue.places import Applying, Either
from corpus.model import Span
from corpus.notation.paper_names import key_of
from corpus.regions.divisions import NATION
from corpus.regions.mentions import Mention, find_divisions
from rag.question.paper_names import by_name

# "29号文", "15号文件"
_SERIAL = re.compile(r"(?<![\d〕\])）］】])(?P<serial>\d{1,4})\s*号(?:文件?|通知|意见|方案)")
# "修订前的", "旧", "2013年的": an earlier version of a paper is meant
_EARLIER = re.compile(r"旧|修[订改正]前|历史|原来?的|废止|失效|(?:19|20)\d{2}\s*年")
_JOINED = re.compile(r"^\s*(?:[、和与及跟同或/]|还是|以及|vs\.?|and|or)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a question is limited to.

    `preferred` are the papers it names; `allowed` adds those that apply as well (a paper of the province,
    for a question about a city). Both empty: no limit. `uncovered` are regions it names that no paper
    covers, `unknown` document numbers or titles that no paper bears or cites.
    """

    preferred: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    likely: Collection[str] = ()  # no limit, but these first: papers of the place, and of no stated place
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


def _around(mention: Mention, others: Sequence[Mention]) -> list[Mention]:
    """The last of `others`, which stand in the order of the text, before it, and the first after it."""
    at = bisect_left(others, mention.start, key=lambda other: other.start)
    return [*others[max(0, at - 1) : at], *others[at : at + 1]]


def _between(text: str, one: Mention, other: Mention) -> str:
    return text[min(one.end, other.end) : max(one.start, other.start)]


def _side_by_side(text: str, mention: Mention, others: Sequence[Mention]) -> bool:
    """Whether any of `others` stands beside the mention: only the ones around it can."""
    return any(_JOINED.match(_between(text, mention, other)) for other in _around(mention, others))


def _subject(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions that limit the question.

    A region around another one named (湖南省 beside 益阳) is dropped, unless the two stand side by side.
    """
    inside: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        for parent in mention.division.parents:
            inside[parent].append(mention)
    kept = []
    for mention in mentions:
        inner = inside.get(mention.division.code, [])
        if not inner or _side_by_side(text, mention, inner) or _clauses_apart(text, mention, inner):
            kept.append(mention)
    return kept


def _clauses_apart(text: str, mention: Mention, others: Sequence[Mention]) -> bool:
    """Whether the regions stand in different sentences, each with a question of its own."""
    return all(re.search(r"[？?。；;]", _between(text, mention, other)) for other in _around(mention, others))


def _unique(ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def current(scope: Scope, text: str, catalogue: Catalogue) -> Scope:
    """`scope` without papers out of force that another paper of the same title, in force, has replaced."""
    if not scope.by_number or len(scope.preferred) < 2 or _EARLIER.search(text):
        return scope
    ended = catalogue.out_of_force
    titles = {i: key_of(catalogue.head(i).title) for i in scope.preferred}
    living = {title for i, title in titles.items() if i not in ended}
    replaced = {i for i, title in titles.items() if i in ended and title in living}
    return replace(
        scope,
        preferred=tuple(i for i in scope.preferred if i not in replaced),
        allowed=tuple(i for i in scope.allowed if i not in replaced),
    )


@dataclass(slots=True)
class _Places:
    """What the regions that a text names come to."""

    nearest: list[str] = field(default_factory=list)  # papers of the nearest level in each of them
    applying: list[str] = field(default_factory=list)  # those papers and all others that apply
    subjects: set[tuple[str, ...]] = field(default_factory=set)
    covered: list[Mention] = field(default_factory=list)
    uncovered: list[Mention] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)  # of regions that are decided by the choice of papers


def _by_place(text: str, mentions: Sequence[Mention], catalogue: Catalogue) -> _Places:
    found = _Places()
    # A paper that does not say where it applies may apply anywhere: no place is uncovered then.
    everywhere = bool(catalogue.without_region)
    for mention in _subject(text, mentions):
        applying = _applying(mention, catalogue)
        if applying is None:
            found.uncovered += [] if everywhere else [mention]
            continue
        found.covered.append(mention)
        own = any(division.code in applying.codes for division in mention.divisions)
        if own and not everywhere:
            # A place below the paper's own region (博罗县) may stand in a clause: it is searched for. So is
            # every place where papers do not say theirs.
            found.spans.append(Span(mention.start, mention.end))
        found.subjects.add(applying.nearest)
        found.nearest += applying.nearest
        found.applying += applying.ids
    return found


def _applying(mention: Mention, catalogue: Catalogue) -> Applying | None:
    """The papers for the likeliest meaning of a place that has any."""
    found = (catalogue.applying(division) for division in mention.divisions)
    return next((applying for applying in found if applying.ids), None)


def _by_serial(text: str, within: Sequence[str], catalogue: Catalogue) -> tuple[list[str], list[Span]]:
    """The papers `within` that 29号文 names by the last part of their number, and where it stands."""
    serial = _SERIAL.search(text)
    if serial is None:
        return [], []
    ending = f"〕{serial['serial']}号"
    found = sorted(i for i in set(within) if catalogue.head(i).doc_number.endswith(ending))
    return found, [Span(*serial.span())] if found else []


def _outside(mentions: Sequence[Mention], spans: Sequence[Span]) -> list[Mention]:
    """The mentions, in the order of the text, that lie in none of `spans`."""
    waiting = sorted(spans, key=lambda span: span.start, reverse=True)
    reached = 0  # how far the spans go that begin before the mention
    found = []
    for mention in mentions:
        while waiting and waiting[-1].start <= mention.start:
            reached = max(reached, waiting.pop().end)
        if mention.end > reached:
            found.append(mention)
    return found


def scope_of(text: str, catalogue: Catalogue) -> Scope:
    """Read from the question which papers it is about."""
    names = by_name(text, catalogue)
    named, inside = names.bearers, names.spans + names.foreign
    mentions = [mention for mention in find_divisions(text) if mention.division != NATION]
    mentions = _outside(mentions, inside)
    places = _by_place(text, mentions, catalogue)
    preferred, allowed = list(named), list(named)
    likely: Collection[str] = ()
    spans = names.spans + places.spans
    if not named:
        names.subjects |= places.subjects
        preferred, allowed = places.nearest, places.applying
        by_serial, where = _by_serial(text, allowed, catalogue)
        if by_serial:
            preferred, allowed, spans = by_serial, by_serial, spans + where
        elif allowed and catalogue.without_region:
            # One of those that do not say their place may be what is meant: nothing is ruled out.
            allowed, likely = [], Either(allowed, catalogue.without_region)
    if not preferred and not places.uncovered:
        # 湘政办发〔2017〕35号 is not on file; the paper that follows it may say something of it.
        preferred, allowed = names.citing, names.citing
    beside = [m for m in places.uncovered if _side_by_side(text, m, places.covered)]
    return Scope(
        preferred=_unique(preferred),
        allowed=_unique(allowed),
        likely=likely,
        uncovered=_unique([mention.words for mention in places.uncovered]),
        lacking=_unique([mention.words for mention in beside]),
        unknown=_unique(names.unknown),
        spans=tuple(spans),
        by_number=bool(named),
        subjects=len(names.subjects),
    )
