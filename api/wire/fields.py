"""Wire, the base of all models, and the types that their fields share."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_MOST_FIELDS = 100  # fields of one object; none of ours has as many
# "奖多少\\x00钱" has one: control characters except tab and line feed, and halves of surrogate pairs.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def _text_only(text: str) -> str:
    """Removes control characters, which come with text pasted from PDF, and halves of emojis."""
    return _NO_TEXT.sub(" ", text)


Words = Annotated[str, AfterValidator(_text_only)]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_text_only)]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EARLIEST = date(1900, 1, 1)  # no paper on file is older


def _day_only(given: object) -> object:
    """Accepts a day as text only: a number would be taken for seconds since 1970."""
    if given is None:
        return None
    day = given if type(given) is date else None
    if isinstance(given, str) and _DAY.fullmatch(given):
        with suppress(ValueError):  # 2023-02-30
            day = date.fromisoformat(given)
    if day is None:
        raise ValueError("write a day that exists, as in 2023-05-01")
    if day < _EARLIEST:
        raise ValueError(f"the day must not be before {_EARLIEST}")
    return day


Day = Annotated[date, BeforeValidator(_day_only)]
AsOfDay = Annotated[
    Day | None,
    Field(
        description="the day whose papers in force are asked about, as in 2023-05-01; null for the day that "
        "the words of the question name (按2023年的规定, as of 2023), and today where they name none"
    ),
]
OutcomeName = Literal["answered", "partial", "corrected", "refused", "chitchat"]
StatusName = Literal["in_force", "draft", "repealed", "expired", "superseded", "not_yet_in_force"]
LanguageName = Literal["zh", "zh-Hant", "en"]


class Wire(BaseModel):
    """Unknown fields are an error: a misspelt one would be ignored silently."""

    # Errors do not repeat the input: it would end up in logs.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _is_small(cls, given: object) -> object:
        """Rejects objects with thousands of unknown fields, each of which would be a fault."""
        if isinstance(given, dict) and len(given) > _MOST_FIELDS:
            raise ValueError(f"{len(given)} fields are more than there are")
        return given
