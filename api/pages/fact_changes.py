"""What replacing a paper changed in its support facts, as it is shown on a page and in a feed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from api.pages.banner import Linked
from api.pages.change_words import ChangeWords, change_words_for
from api.pages.fact_rows import Piece
from api.pages.fact_words import FactWords, fact_words_for
from api.pages.links import changes_link, facts_link, paper_link, quote_link
from api.pages.words import Words
from corpus.facts.comparing.differences import FactChange
from corpus.facts.model import Fact
from corpus.head.paper_head import PaperHead
from corpus.model import Span
from rag.facts.replacements import Replacement, Replacing, Side


@dataclass(frozen=True, slots=True)
class ToldField:
    """What differs in a field: words of the earlier text and of the later one; one side may be empty."""

    name: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ToldFact:
    """A fact: its kind, for whom it is, and its words; where it was changed the fields that differ."""

    kind: str
    whom: str  # facts of a list share their quote
    quote: Piece
    fields: tuple[ToldField, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldReplacement:
    """A replacement with its changes."""

    title: str
    day: str  # on which the later text was stored; empty when not known
    ways: tuple[Linked, ...]  # to the other text
    groups: tuple[tuple[str, tuple[ToldFact, ...]], ...]  # changed, new and gone ones, without empty groups
    rest: str  # how many did not change


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """A page."""

    title: str  # of the browser window
    name: str  # of the paper
    canonical: str
    ways: tuple[Linked, ...]
    replacements: tuple[ToldReplacement, ...]
    words: ChangeWords


def changes_page(head: PaperHead, found: Sequence[Replacement], *, words: Words, base: str) -> ChangesPage:
    """The page of a paper with its replacements. `base` is the path of the service."""
    own = change_words_for(words.language)
    return ChangesPage(
        title=f"{own.heading} - {head.title}",
        name=head.title,
        canonical=base + changes_link(head.id),
        ways=(
            Linked(own.facts_page, base + facts_link(head.id)),
            Linked(fact_words_for(words.language).whole_paper, base + paper_link(head.id)),
            Linked(own.feed.format(region=head.region or own.everywhere), base + _feed_link(head.region)),
        ),
        replacements=tuple(_on_page(one, head.id, words=words, base=base) for one in found),
        words=own,
    )


def _feed_link(region: str) -> str:
    """The path of the feed of a place; of all places without one."""
    return "/v1/facts/feed.atom" + (f"?{urlencode({'region': region})}" if region else "")


def _on_page(one: Replacement, document_id: str, *, words: Words, base: str) -> ToldReplacement:
    own = change_words_for(words.language)
    is_later = one.new.head.id == document_id
    other = one.old if is_later else one.new
    title = (own.earlier if is_later else own.later)[one.how]
    version = one.old.version if one.how is Replacing.VERSION else None
    return ToldReplacement(
        title=title.format(paper=other.head.source_name, number=one.old.version),
        day=words.day(one.at.date()) if one.at is not None else "",
        ways=(Linked(other.head.source_name, base + paper_link(other.head.id, version=version)),),
        groups=told_groups(one, language=words.language, base=base),
        rest=own.unchanged.format(number=one.differences.unchanged) if one.differences else own.nothing,
    )


def told_groups(
    one: Replacement, *, language: str, base: str
) -> tuple[tuple[str, tuple[ToldFact, ...]], ...]:
    """The facts that were changed, are new or are gone. `base` is what links begin with."""
    own, names = change_words_for(language), fact_words_for(language)
    found, telling = one.differences, _Telling(one, names, base)
    groups = (
        (own.changed, tuple(map(telling.changed, found.changed))),
        (own.added, tuple(telling.fact(one.new, fact) for fact in found.added)),
        (own.removed, tuple(telling.fact(one.old, fact) for fact in found.removed)),
    )
    return tuple(group for group in groups if group[1])


class _Telling:
    """Makes the facts of one replacement readable."""

    def __init__(self, replacement: Replacement, names: FactWords, base: str) -> None:
        self._replacement, self._names, self._base = replacement, names, base

    def changed(self, change: FactChange) -> ToldFact:
        old, new = self._replacement.old, self._replacement.new
        fields = tuple(
            ToldField(
                self._names.fields[one.field],
                self._words(old, change.old, one.old),
                self._words(new, change.new, one.new),
            )
            for one in change.fields
        )
        told = self.fact(new, change.new)
        return ToldFact(told.kind, told.whom, told.quote, fields)

    def fact(self, side: Side, fact: Fact) -> ToldFact:
        kind = self._names.rules[fact.rule.kind] if fact.rule is not None else self._names.kinds[fact.kind]
        words = side.facts.excerpts.words
        whom = "、".join(map(words, fact.beneficiaries))
        return ToldFact(kind, whom, Piece(words(fact.quote), self._link(side, fact)))

    def _words(self, side: Side, fact: Fact, spans: Iterable[Span]) -> tuple[Piece, ...]:
        """Words of a fact, each with a link to the whole quote: they may stand in a clause above it."""
        link = self._link(side, fact)
        return tuple(Piece(side.facts.excerpts.words(span), link) for span in spans)

    def _link(self, side: Side, fact: Fact) -> str:
        words = side.facts.excerpts.words(fact.quote)
        version = side.version or None
        return self._base + quote_link(side.head.id, fact.clause_id, fact.quote, words=words, version=version)
