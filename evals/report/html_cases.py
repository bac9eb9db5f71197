"""Prepares the failed questions of a run for display: what was expected, and what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from corpus.model import Document, Span
from evals.measures.matching import contains, contains_fact
from evals.measures.summary import failed
from evals.model import Evidence, Item, Observed, Quoted, Report, Result, Shown
from evals.report.html_clauses import Paper, Wanted, misplaced, wanted
from evals.report.html_marks import Piece, cut, find, fold
from evals.report.wording import Wording
from rag.model import Outcome

_PEEK = 120  # characters


@dataclass(frozen=True, slots=True)
class Fact:
    """A group of `answer_must`: any one of its alternatives makes it present."""

    alternatives: tuple[str, ...]
    present: bool


@dataclass(frozen=True, slots=True)
class Cited:
    """A quote of the reply. `gold` is None where no clause is expected."""

    paper: Paper
    label: str
    quote: str
    gold: bool | None
    in_text: bool  # the reply contains the words, so they are not shown again


@dataclass(frozen=True, slots=True)
class Found:
    """A retrieved clause with its rank and the words that would have answered."""

    place: int
    paper: Paper
    label: str
    pieces: list[Piece]
    evidence: bool
    cited: bool

    @property
    def peek(self) -> str:
        """Returns the beginning, for a line that the page truncates."""
        return "".join(piece.text for piece in self.pieces)[:_PEEK]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A turn before the failed one, with a collapsed reply."""

    question: str
    outcome: Outcome
    reply: list[Piece]


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed question with everything needed to see why it failed."""

    result: Result
    anchor: str
    earlier: tuple[Earlier, ...]
    badges: tuple[str, ...]
    accepted: tuple[str, ...]
    facts: tuple[Fact, ...]
    answer: list[Piece]
    cited: tuple[Cited, ...]
    nearest: tuple[Cited, ...]
    expected: tuple[Wanted, ...]
    misplaced: tuple[str, ...]  # gold quotes that no expected clause contains
    found: tuple[Found, ...]

    @property
    def understood(self) -> str:
        """Returns the question as the program rewrote it, where that differs from the original."""
        observed = self.result.observed.understood
        return "" if observed == self.result.item.question else observed

    def accepted_as(self, words: Wording) -> str:
        """Returns the outcomes that are right, in words."""
        return words.either(words.named("expect", name) for name in self.accepted)

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Returns the values that it can be filtered by."""
        return {"set": (self.result.case.set,), "type": (self.result.item.type,), "measure": self.badges}

    @property
    def first_evidence(self) -> int | None:
        return next((hit.place for hit in self.found if hit.evidence), None)


def failures(report: Report, papers: Mapping[str, Document]) -> list[Failure]:
    """Returns every question that failed by some measure, in the order asked."""
    turns = {(result.case.id, result.turn): result for result in report.results}
    return [
        _failure(result, [turns[key] for key in _before(result) if key in turns], papers)
        for result in report.results
        if failed(result)
    ]


def _before(result: Result) -> list[tuple[str, int]]:
    return [(result.case.id, turn) for turn in range(result.turn)]


def _failure(result: Result, earlier: Sequence[Result], papers: Mapping[str, Document]) -> Failure:
    item, observed = result.item, result.observed
    expected = tuple(wanted(item, observed.citations, papers))
    return Failure(
        result,
        f"case-{quote(result.id, safe='')}",
        tuple(Earlier(r.item.question, r.observed.outcome, fold(cut(r.observed.text, {}))) for r in earlier),
        failed(result),
        item.accepted,
        tuple(_facts(item, observed)),
        cut(observed.text, _answer_marks(item, observed)),
        tuple(_cited(quoted, observed.text, expected, papers) for quoted in observed.citations),
        tuple(_cited(quoted, observed.text, expected, papers) for quoted in observed.nearest),
        expected,
        tuple(misplaced(item, papers)),
        tuple(_found(place, hit, item, observed, papers) for place, hit in enumerate(observed.hits, start=1)),
    )


def _facts(item: Item, observed: Observed) -> Iterator[Fact]:
    texts = [observed.text, *(cited.quote for cited in observed.citations)]
    for group in item.answer_must:
        yield Fact(group, observed.answered and any(contains_fact(texts, fact) for fact in group))


def _answer_marks(item: Item, observed: Observed) -> dict[str, list[Span]]:
    facts = [fact for group in item.answer_must for fact in group]
    return {
        "quoted": [span for cited in observed.citations for span in _places(cited, observed.text)],
        "fact": [
            span
            for fact in facts
            for span in find(observed.text, fact)
            if _is_fact(observed.text, span, fact)
        ],
    }


def _is_fact(text: str, span: Span, fact: str) -> bool:
    """Whether the words at `span` are not part of a longer number, judged by the adjacent characters."""
    return contains_fact([text[max(0, span.start - 3) : span.end + 5]], fact)


def _places(quoted: Quoted, text: str) -> list[Span]:
    """Returns where the reply has the quote: its marked place, or else wherever the words occur."""
    return find(text, quoted.quote) if quoted.answer_span is None else [Span(*quoted.answer_span)]


def _cited(quoted: Quoted, text: str, expected: Sequence[Wanted], papers: Mapping[str, Document]) -> Cited:
    gold = any(clause.contains(quoted) for clause in expected) if expected else None
    paper = Paper.of(quoted.document, papers)
    return Cited(paper, quoted.label, quoted.quote, gold, bool(_places(quoted, text)))


def _found(place: int, hit: Shown, item: Item, observed: Observed, papers: Mapping[str, Document]) -> Found:
    evidence = [span for words in _gold(item, hit.document) for span in find(hit.text, words)]
    quotes = [
        cited.quote
        for cited in observed.citations
        if (cited.document, cited.label) == (hit.document, hit.label) and contains(hit.text, cited.quote)
    ]
    quoted = [span for words in quotes for span in find(hit.text, words)]
    return Found(
        place,
        Paper.of(hit.document, papers),
        hit.label,
        fold(cut(hit.text, {"gold": evidence, "quoted": quoted})),
        bool(evidence),
        bool(quotes),
    )


def _gold(item: Item, document: str) -> Iterator[str]:
    entries: tuple[Evidence, ...] = item.evidence + item.alternatives
    return (words for entry in entries if entry.document == document for words in entry.quotes)
