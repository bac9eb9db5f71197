"""Finds the papers that a question is about: named by number, title or region, or limited by a filter."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from corpus.catalogue.by_region import Applying, Either
from corpus.catalogue.catalogue import Catalogue
from corpus.model import Span
from corpus.notation.paper_names import key_of
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.divisions import NATION
from corpus.regions.mentions import Mention, find_divisions
from rag.question.paper_names import by_name
from rag.question.parts import asking_spans
from rag.question.places import only_based, part_of, side_by_side, subjects

# What a question is limited to where no paper is left: no paper has this id.
NO_PAPER = ("",)
_REMEMBERED = 16  # texts, each with the catalogue it was read with
# "29号文", "15号文件"
_SERIAL = re.compile(r"(?<![\d〕\])）］】])(?P<serial>\d{1,4})\s*号(?:文件?|通知|意见|方案)")
# "修订前的", "旧", "2013年的": asks for an earlier version of a paper
_EARLIER = re.compile(
    PhraseTable.read("rag", "scope.tsv").alternation("earlier_version") + r"|(?:19|20)\d{2}\s*年"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """The papers that a question is limited to, as ids.

    `preferred` are the papers it names; `allowed` adds those that apply as well (a paper of the province,
    for a question about a city). Both empty: no limit. `uncovered` are regions it names that no paper
    covers, `unknown` document numbers or titles that no paper has or cites.
    """

    preferred: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    likely: Collection[str] = ()  # no limit, but ranked first: papers of the place, and of no stated place
    uncovered: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()  # uncovered regions named together with a covered one
    unknown: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()  # where the question names papers and regions
    by_number: bool = False  # the question names a paper by number or title
    excluded: bool = False  # the filters of the request exclude the papers it names
    issued_later: bool = False  # every paper that it is limited to was issued after the day asked about
    subjects: int = 0  # number of places and papers it names; one place may have several papers

    @property
    def named(self) -> bool:
        return bool(self.preferred)


def _unique(ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def current(scope: Scope, text: str, catalogue: Catalogue) -> Scope:
    """Removes papers out of force from `scope` when another paper of the same title is in force."""
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


def issued_by_then(scope: Scope, catalogue: Catalogue) -> Scope:
    """Limits the scope to papers that were issued by the day of the catalogue.

    A paper that the question names by title or number is kept: the question is about that one.
    """
    later = catalogue.issued_later
    if scope.by_number or not later:
        return scope
    kept = tuple(i for i in scope.allowed or catalogue.ids if i not in later)
    return replace(
        scope,
        preferred=tuple(i for i in scope.preferred if i not in later),
        allowed=kept or NO_PAPER,
        issued_later=not kept,
    )


@dataclass(slots=True)
class _Places:
    """The papers of the regions that a text names."""

    nearest: list[str] = field(default_factory=list)  # papers of the nearest level in each of them
    applying: list[str] = field(default_factory=list)  # those papers and all others that apply
    subjects: set[tuple[str, ...]] = field(default_factory=set)
    covered: list[Mention] = field(default_factory=list)
    uncovered: list[Mention] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)  # of regions that the choice of papers already covers


def _by_place(text: str, mentions: Sequence[Mention], catalogue: Catalogue) -> _Places:
    found = _Places()
    # A paper without a stated region may apply anywhere: no place is uncovered then.
    everywhere = bool(catalogue.places.without_region)
    asked_about = _asked_about(text, mentions, catalogue)
    for mention in subjects(text, asked_about):
        applying = _applying(mention, catalogue)
        if applying is None:
            found.uncovered += [] if everywhere else [mention]
            continue
        found.covered.append(mention)
        own = any(division.code in applying.codes for division in mention.divisions)
        if own:
            # A place below the paper's own region (博罗县) may occur in a clause, so it stays a search term.
            found.spans.append(Span(mention.start, mention.end))
        found.subjects.add(applying.nearest)
        found.nearest += applying.nearest
        found.applying += applying.ids
    # Of a city where somebody is, in the province that is asked about, the papers apply as well.
    codes = {mention.division.code for mention in found.covered}
    starts = {mention.start for mention in asked_about}
    for mention in mentions:
        if mention.start not in starts and codes.intersection(mention.division.parents):
            applying = _applying(mention, catalogue)
            found.nearest += applying.nearest if applying is not None else ()
            found.applying += applying.ids if applying is not None else ()
    return found


def _asked_about(text: str, mentions: Sequence[Mention], catalogue: Catalogue) -> list[Mention]:
    """Returns the mentions without those where somebody is or comes from, if a place with papers is left."""
    if len(mentions) < 2:
        return list(mentions)
    kept = [mention for mention in mentions if not only_based(text, mention)]
    return kept if any(_applying(mention, catalogue) is not None for mention in kept) else list(mentions)


def _applying(mention: Mention, catalogue: Catalogue) -> Applying | None:
    """Returns the papers for the likeliest meaning of a place that has any, or None."""
    found = (catalogue.places.applying(division) for division in mention.divisions)
    return next((applying for applying in found if applying.ids), None)


def _by_serial(text: str, within: Sequence[str], catalogue: Catalogue) -> tuple[list[str], list[Span]]:
    """Returns the papers `within` that 29号文 names by the serial of their number, and its places."""
    serial = _SERIAL.search(text)
    if serial is None:
        return [], []
    ending = f"〕{serial['serial']}号"
    found = sorted(i for i in set(within) if catalogue.head(i).doc_number.endswith(ending))
    return found, [Span(*serial.span())] if found else []


def _outside(mentions: Sequence[Mention], spans: Sequence[Span]) -> list[Mention]:
    """Returns the mentions, in text order, that lie in none of `spans`."""
    waiting = sorted(spans, key=lambda span: span.start, reverse=True)
    reached = 0  # end of the spans that begin before the mention
    found = []
    for mention in mentions:
        while waiting and waiting[-1].start <= mention.start:
            reached = max(reached, waiting.pop().end)
        if mention.end > reached:
            found.append(mention)
    return found


@lru_cache(maxsize=_REMEMBERED)
def scope_of(text: str, catalogue: Catalogue) -> Scope:
    """Returns the papers that the question is about, read from its text.

    The last few are remembered, because one question is read by the rules for follow-ups several times.
    """
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
        elif allowed and catalogue.places.without_region:
            # The question may be about a paper without a stated region: no paper is excluded.
            allowed, likely = [], Either(allowed, catalogue.places.without_region)
    if not preferred and not places.uncovered:
        # 湘政办发〔2017〕35号 is not stored; a paper that cites it may answer.
        preferred, allowed = names.citing, names.citing
    asking = asking_spans(text)
    covered = {part_of(mention, asking) for mention in places.covered}
    beside = [
        mention
        for mention in places.uncovered
        if side_by_side(text, mention, places.covered) or not covered <= {part_of(mention, asking)}
    ]
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
