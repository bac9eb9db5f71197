"""Feedback of users on replies: one record per line of a file, described in docs/drafting.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from evals.errors import FeedbackFault

MAX_LINE = 1_000_000  # bytes of one record; a reply with ten whole clauses has about ten thousand
MAX_RECORDS = 100_000
_MAX_QUESTION, _MAX_COMMENT, _MAX_TEXT = 2_000, 5_000, 100_000  # characters
_MAX_TURNS, _MAX_CITATIONS = 50, 200

# Control characters and bidirectional marks come with pasted text, or on purpose.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def _text_only(text: str) -> str:
    return _NO_TEXT.sub(" ", text).strip()


Question = Annotated[str, Field(max_length=_MAX_QUESTION), AfterValidator(_text_only), Field(min_length=1)]
Comment = Annotated[str, Field(max_length=_MAX_COMMENT), AfterValidator(_text_only)]
Text = Annotated[str, Field(max_length=_MAX_TEXT), AfterValidator(_text_only)]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_text_only)]

Reason = Literal[
    "wrong", "incomplete", "wrong_document", "outdated", "refused_wrongly", "should_refuse", "other"
]


class EarlierTurn(BaseModel):
    """A message of the conversation before the question."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Literal["user", "assistant"]
    content: Text


class CitedClause(BaseModel):
    """The needed fields of a citation of `POST /v1/ask`; others are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    document_id: Name
    label: Name
    quote: Annotated[str, Field(min_length=1, max_length=_MAX_TEXT)]  # compared with the paper as it is
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]


class RatedReply(BaseModel):
    """The needed fields of a reply of `POST /v1/ask`; others are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    outcome: Literal["answered", "partial", "corrected", "refused", "chitchat"]
    text: Text
    citations: Annotated[list[CitedClause], Field(max_length=_MAX_CITATIONS)] = []
    rewritten: Text = ""


class Feedback(BaseModel):
    """A thumb up or down for a reply. An unknown key is an error, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: Question
    history: Annotated[list[EarlierTurn], Field(max_length=_MAX_TURNS)] = []
    verdict: Literal["up", "down"]
    reason: Reason | None = None
    comment: Comment = ""
    reply: RatedReply
    time: AwareDatetime

    @property
    def asked_before(self) -> tuple[str, ...]:
        """Returns the questions before this one, in order."""
        return tuple(turn.content for turn in self.history if turn.role == "user" and turn.content)


def read_feedback(file: Path) -> list[Feedback]:
    """Reads the records of a file of feedback.

    Raises FeedbackFault, with file and line number, for a line that is not a record or is too long.
    """
    try:
        with file.open("rb") as stream:
            records = [_record(line, f"{file}:{number}") for number, line in _lines(stream, file)]
    except OSError as error:
        raise FeedbackFault(str(file), f"it cannot be read ({error.strerror or error})") from error
    if not records:
        raise FeedbackFault(str(file), "it contains no record")
    return records


def _lines(stream: BinaryIO, file: Path) -> Iterator[tuple[int, bytes]]:
    """Yields the non-empty lines with their numbers, within the limits on memory."""
    number = records = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise FeedbackFault(f"{file}:{number}", f"the line has more than {MAX_LINE:,} bytes")
        line = line.removeprefix(b"\xef\xbb\xbf").strip() if number == 1 else line.strip()
        if line:
            records += 1
            if records > MAX_RECORDS:
                raise FeedbackFault(f"{file}:{number}", f"there are more than {MAX_RECORDS:,} records")
            yield number, line


def _record(line: bytes, place: str) -> Feedback:
    try:
        return Feedback.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        message = " ".join(str(first["msg"]).split())
        raise FeedbackFault(place, f"{where}: {message}" if where else message) from error
