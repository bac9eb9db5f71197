"""The five formats of lines of a test set, as pydantic models. docs/evaluation.md describes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    model_validator,
)

from corpus.ids import document_id_of
from evals.model import Evidence, Expect, Item

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
# The id of a stored paper, or the name of its file without the ending, from which the id is derived.
Paper = Annotated[Words, AfterValidator(lambda name: document_id_of(f"{name}.txt"))]
Facts = list[Annotated[list[Words], Field(min_length=1)]]
Difficulty = Literal["easy", "paraphrase", "hard"]
Line = TypeVar("Line", bound=BaseModel)


class _Line(BaseModel):
    """Fields of every line. An unknown key is an error, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Words
    split: str = ""
    group: str = ""
    style: Words = "plain"


class _Support(BaseModel):
    """A piece of evidence; `articles`/`quotes` and `article`/`quote` mean the same."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    doc: Paper | None = None
    article: Words | None = None
    quote: Words | None = None
    articles: list[Words] = Field(default_factory=list)
    quotes: list[Words] = Field(default_factory=list)

    def evidence(self, document: str) -> Evidence:
        articles = [*([self.article] if self.article else []), *self.articles]
        quotes = [*([self.quote] if self.quote else []), *self.quotes]
        return Evidence(self.doc or document, tuple(articles), tuple(quotes))


class _Judged(BaseModel):
    """Facts and alternatives of a question, in every format."""

    answer_must: Facts = Field(default_factory=list)
    alternatives: list[_Support] = Field(default_factory=list)
    also_accept: list[Expect | Literal["partial"]] = Field(default_factory=list)

    def item(
        self,
        question: str,
        *,
        type: str,
        difficulty: str,
        evidence: Sequence[Evidence],
        expect: Expect = Expect.ANSWER,
        standalone: str = "",
        about: str = "",
        missing: str = "",
    ) -> Item:
        home = evidence[0].document if evidence else ""
        return Item(
            question,
            type,
            difficulty,
            expect,
            tuple(evidence),
            tuple(support.evidence(home) for support in self.alternatives),
            tuple(tuple(group) for group in self.answer_must),
            tuple(accepted for accepted in self.also_accept if isinstance(accepted, Expect)),
            accepts_partial="partial" in self.also_accept,
            about=about,
            missing=missing,
            standalone=standalone,
        )


class SingleLine(_Line, _Judged):
    """A question that one paper answers."""

    type: Words
    question: Words
    doc: Paper
    articles: list[Words] = Field(min_length=1)
    quotes: list[Words] = Field(min_length=1)
    difficulty: Difficulty

    def items(self) -> tuple[Item, ...]:
        own = Evidence(self.doc, tuple(self.articles), tuple(self.quotes))
        return (self.item(self.question, type=self.type, difficulty=self.difficulty, evidence=[own]),)


class _PlacedSupport(_Support):
    """Evidence that names its paper, one article and one quote."""

    doc: Paper
    article: Words
    quote: Words


class CrossLine(_Line, _Judged):
    """A question that several papers answer together."""

    type: Words
    question: Words
    docs: list[Paper] = Field(min_length=1)
    evidence: list[_PlacedSupport] = Field(min_length=1)
    difficulty: Difficulty

    @model_validator(mode="after")
    def _every_paper_has_evidence(self) -> Self:
        return _same_papers(self, self.docs, self.evidence)

    def items(self) -> tuple[Item, ...]:
        evidence = _by_paper(self.evidence, self.docs)
        return (self.item(self.question, type=self.type, difficulty=self.difficulty, evidence=evidence),)


class _Notes(BaseModel):
    """Notes of the author for reviewers. None of them is scored; the report has a row for each kind."""

    kind: str = ""  # of the requested fact
    looks_like: str = ""  # what a control could be mistaken for
    asked: str = ""  # kind of the fact that the paper does not state
    claim_kind: str = ""  # kind of the false premise
    matter: str = ""  # what the question is about
    pattern: str = ""
    absent: list[Words] = Field(default_factory=list)  # words of the matter that occur in no paper
    tempts: list[Words] = Field(default_factory=list)  # words of the question that a paper uses
    seen: list[dict[str, str]] = Field(default_factory=list)  # the closest clauses, and why not
    other_industry: JsonValue = None  # the paper grants the same, but to another industry

    def noted(self, item: Item) -> Item:
        """Returns the item with the kind that it is counted under."""
        kind = self.asked or self.claim_kind or self.kind
        return replace(item, kind=kind, looks_like=self.looks_like)


class ControlLine(_Line, _Judged, _Notes):
    """A question that resembles one to refuse or correct, but has an answer.

    With `missing` only a part of it is answered.
    """

    type: Words
    question: Words
    expect: Literal[Expect.ANSWER]
    doc: Paper | None = None
    articles: list[Words] = Field(min_length=1)
    evidence: list[_PlacedSupport] = Field(min_length=1)
    difficulty: Difficulty | Literal[""] = ""
    missing: str = ""  # the part of the question that no paper answers

    def items(self) -> tuple[Item, ...]:
        asked = self.item(
            self.question,
            type=self.type,
            difficulty=self.difficulty,
            evidence=_by_paper(self.evidence, []),
            missing=self.missing,
        )
        return (self.noted(asked),)


class RefusalLine(_Line, _Judged, _Notes):
    """A question that should be refused, corrected or answered as small talk."""

    type: Words
    question: Words
    expect: Literal[Expect.REFUSE, Expect.CORRECT, Expect.SMALLTALK]
    difficulty: Difficulty | Literal[""] = ""
    doc: Paper | None = None  # the paper that the question is about, if any
    evidence: list[_PlacedSupport] = Field(default_factory=list)
    related: list[_PlacedSupport] = Field(default_factory=list)  # clauses that a good refusal may offer

    def items(self) -> tuple[Item, ...]:
        asked = self.item(
            self.question,
            type=self.type,
            difficulty=self.difficulty,
            evidence=_by_paper(self.evidence, []),
            expect=self.expect,
            about=self.doc or "",
        )
        return (self.noted(asked),)


class TurnLine(_Judged):
    """A turn of a dialogue. `articles` and `quotes` repeat what `evidence` says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    turn: int = Field(ge=1)
    type: Words
    question: Words
    docs: list[Paper] = Field(min_length=1)
    evidence: list[_PlacedSupport] = Field(min_length=1)
    difficulty: Difficulty
    standalone: str = ""
    articles: list[Words] = Field(default_factory=list)
    quotes: list[Words] = Field(default_factory=list)

    @model_validator(mode="after")
    def _every_paper_has_evidence(self) -> Self:
        return _same_papers(self, self.docs, self.evidence)


class DialogueLine(_Line):
    """Questions of one dialogue, in order."""

    turns: list[TurnLine] = Field(min_length=1)

    def items(self) -> tuple[Item, ...]:
        return tuple(
            turn.item(
                turn.question,
                type=turn.type,
                difficulty=turn.difficulty,
                evidence=_by_paper(turn.evidence, turn.docs),
                standalone=turn.standalone,
            )
            for turn in self.turns
        )


AnyLine = SingleLine | CrossLine | ControlLine | RefusalLine | DialogueLine


def format_of(keys: Mapping[str, object]) -> type[AnyLine] | None:
    """Returns the format of a line by the keys that only one format has; None without any of them."""
    if "turns" in keys:
        return DialogueLine
    if "expect" in keys:
        return ControlLine if keys["expect"] == Expect.ANSWER else RefusalLine
    if "docs" in keys:
        return CrossLine
    return SingleLine if "doc" in keys else None


def _by_paper(supports: Iterable[_PlacedSupport], documents: Sequence[str]) -> list[Evidence]:
    """Merges supports into one entry per paper; `documents` first."""
    grouped: dict[str, list[_PlacedSupport]] = {document: [] for document in documents}
    for support in supports:
        grouped.setdefault(support.doc, []).append(support)
    return [
        Evidence(
            document,
            tuple(dict.fromkeys(support.article for support in entries)),
            tuple(support.quote for support in entries),
        )
        for document, entries in grouped.items()
    ]


def _same_papers(line: Line, documents: Sequence[str], supports: Sequence[_PlacedSupport]) -> Line:
    named = {support.doc for support in supports}
    if named != set(documents):
        raise ValueError(f"docs are {sorted(documents)}, evidence is from {sorted(named)}")
    return line
