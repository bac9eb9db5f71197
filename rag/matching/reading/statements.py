"""Reads what people say of an enterprise clause by clause: what is so, what is not, what is only intended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.model import Span
from rag.matching.reading.words import TABLE, Word, words_in

# The ends of clauses in a folded text; a comma or point inside a number is none.
_END = re.compile(r"(?<![0-9])[,，]|[,，](?![0-9])|[。;；！!？?\n]")


@dataclass(frozen=True, slots=True)
class Statement:
    """A clause of a folded text. Its characters belong to one of four kinds of speech."""

    start: int  # of the clause in the text
    text: str
    negated: Span | None
    intended: Span | None
    asked: Span | None
    towards: Span | None  # from 向, 给, 为 on: others are spoken of
    is_unfulfilled: bool  # nothing is denied but the verb, so of what stands before it: 落地条件还不满足

    @property
    def is_plain(self) -> bool:
        """Whether the whole clause says how things are."""
        return self.negated is None and self.intended is None and self.asked is None

    @property
    def affirmed(self) -> str:
        """The part that says how things are."""
        if self.is_unfulfilled:
            return ""
        ends = [part.start for part in (self.negated, self.intended, self.asked) if part is not None]
        return self.text[: min(ends, default=len(self.text))]

    @property
    def done(self) -> str:
        """The part that says what is so or has happened: nothing of 软件的适配还在做."""
        return "" if TABLE.has("unfinished", self.text) else self.affirmed

    @property
    def denied(self) -> str:
        """What is said not to be so."""
        if self.negated is None or _begins_in(self.negated.start, self.asked, self.intended):
            return ""
        return self.negated.of(self.text)

    @property
    def missed(self) -> str:
        """What is said not to have come about, before the verb that denies it: 专精特新 of 专精特新没评上."""
        if self.negated is None or not self.is_unfulfilled or not self.denied:
            return ""
        return self.text[: self.negated.start]

    @property
    def own(self) -> tuple[Word, ...]:
        """The words of `affirmed` that are said of the enterprise itself."""
        limit = self.towards.start if self.towards is not None else len(self.text)
        return tuple(word for word in words_in(self.affirmed) if word.start < limit)


def statements_in(text: str) -> list[Statement]:
    """The clauses of a folded text."""
    return list(_statements(text))


def _statements(text: str) -> Iterator[Statement]:
    # What follows a 但 is a statement of its own: 没客人但一个人没裁.
    ends = [match.start() for match in _END.finditer(text)]
    ends += [span.start for span in TABLE.spans("contrast", text)]
    at = 0
    for end in sorted((*ends, len(text))):
        if text[at:end].strip():
            yield _statement(text[at:end], at)
        at = end


def _statement(clause: str, start: int) -> Statement:
    negations = TABLE.spans("negation", clause)
    return Statement(
        start,
        clause,
        negated=Span(negations[0].start, len(clause)) if negations else None,
        intended=_first(clause, "intent"),
        asked=_first(clause, "asking"),
        towards=_first(clause, "recipient"),
        is_unfulfilled=bool(negations) and _says_only_that(clause[negations[0].end :].strip()),
    )


def _says_only_that(tail: str) -> bool:
    """Whether what follows a negation is a verb alone, or nothing: 注册证还没有, 厂房没建."""
    return not tail or TABLE.is_whole("fulfils", tail)


def _first(clause: str, sense: str) -> Span | None:
    """From the end of the first phrase of the sense to the end of the clause."""
    spans = TABLE.spans(sense, clause)
    return Span(spans[0].start, len(clause)) if spans else None


def _begins_in(at: int, *parts: Span | None) -> bool:
    return any(part is not None and part.start <= at for part in parts)
