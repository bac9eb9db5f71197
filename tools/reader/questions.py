"""Reads the questions of this folder; README.md describes the files and keys."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

FOLDER: Final = Path(__file__).parent
LAWS: Final = "law_questions.jsonl"
PAPERS: Final = "paper_questions.jsonl"
CLAIMS: Final = "claim_pairs.jsonl"
CLAUSE_QUESTIONS: Final = "clause_questions.jsonl"
CLAUSES: Final = "clauses.jsonl"
CLOSE_QUESTIONS: Final = "close_questions.jsonl"
CLOSE_CLAUSES: Final = "close_clauses.jsonl"
STATEMENTS: Final = "statements.jsonl"
REGION: Final = "{R}"  # where the name of a province or city goes in a question


class Type(StrEnum):
    """What the article is to the question."""

    STATED = "stated"
    NOT_STATED = "not_stated"
    TRUE_CLAIM = "true_claim"
    FALSE_CLAIM = "false_claim"
    MATTER = "matter"


class Met(StrEnum):
    """Whether an enterprise meets a condition by what it says."""

    MET = "met"
    OPEN = "open"
    UNMET = "unmet"


class Statement(BaseModel):
    """A line of the file STATEMENTS: a condition, and what an enterprise says of itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)  # of the condition, which has several statements
    subject: str  # of the invented paper
    sentence: str  # that has the condition
    condition: str = Field(min_length=1)
    statement: str = Field(min_length=1)
    verdict: Met


class WrittenClause(BaseModel):
    """A clause of an invented paper, in the files CLAUSES and CLOSE_CLAUSES."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)
    title: str = ""  # of the paper, then the label of the clause
    heading: str = ""
    text: str = Field(min_length=1)


class Question(BaseModel):
    """A line of the files. `answer`, `near` and `quote` are verbatim words of the article."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    article: str = Field(min_length=1)
    type: Type
    kind: str = ""
    question: str = Field(min_length=1)
    answer: str = ""
    near: str = ""
    quote: str = ""
    right: str = ""
    matter: str = ""

    @property
    def words(self) -> str:
        """The words of the article that the question is about; empty for Type.MATTER."""
        return self.answer or self.near or self.quote


def read_clauses(name: str) -> list[WrittenClause]:
    """Reads invented clauses. Raises pydantic.ValidationError for an invalid line."""
    return [WrittenClause.model_validate_json(line) for line in _lines(name)]


def read_questions(name: str) -> list[Question]:
    """Reads a file of this folder. Raises pydantic.ValidationError for an invalid line."""
    return [Question.model_validate_json(line) for line in _lines(name)]


def read_statements() -> list[Statement]:
    """Reads STATEMENTS. Raises pydantic.ValidationError for an invalid line."""
    return [Statement.model_validate_json(line) for line in _lines(STATEMENTS)]


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()
