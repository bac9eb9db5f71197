"""Reads the questions of this folder; README.md describes the files and keys."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

FOLDER: Final = Path(__file__).parent / "data"
# Folders of questions, and of the invented clauses that they are about.
LAWS: Final = "laws"
PAPERS: Final = "papers"
CLAIMS: Final = "claims"  # about laws
INVENTED: Final = "invented"
CLOSE: Final = "close"
EVERYDAY: Final = "everyday"
WRITTEN: Final = (LAWS, PAPERS, CLAIMS, INVENTED, CLOSE, EVERYDAY)
WITH_CLAUSES: Final = (INVENTED, CLOSE, EVERYDAY)
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
    """A line of the folder statements: a condition, and what an enterprise says of itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(min_length=1)  # of the condition, which has several statements
    subject: str  # of the invented paper
    sentence: str  # that has the condition
    condition: str = Field(min_length=1)
    statement: str = Field(min_length=1)
    verdict: Met


class WrittenClause(BaseModel):
    """A clause of an invented paper, in the folders WITH_CLAUSES."""

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


def read_clauses(folder: str) -> list[WrittenClause]:
    """Reads invented clauses. Raises pydantic.ValidationError for an invalid line."""
    return [WrittenClause.model_validate_json(line) for line in _lines(folder, "clauses")]


def read_questions(folder: str) -> list[Question]:
    """Reads the questions of a folder. Raises pydantic.ValidationError for an invalid line."""
    return [Question.model_validate_json(line) for line in _lines(folder, "questions")]


def read_statements() -> list[Statement]:
    """Reads the statements. Raises pydantic.ValidationError for an invalid line."""
    return [Statement.model_validate_json(line) for line in _lines("statements", "statements")]


def _lines(folder: str, name: str) -> list[str]:
    """The lines of the files NAME.jsonl, or NAME-1.jsonl and so on where they are long."""
    files = sorted((FOLDER / folder).glob(f"{name}*.jsonl"))
    return [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
