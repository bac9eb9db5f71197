"""Puts an editor's corrections into the metadata of a paper."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from corpus.errors import BadCorrection
from corpus.model import (
    DAYS,
    Correction,
    Document,
    HeadData,
    HeadField,
    Level,
    Span,
    Stated,
    Status,
    Validity,
)

T = TypeVar("T")

_NOWHERE = Span(0, 0)  # of a value for which the paper has no words
_LONGEST = 500  # characters of a value
_AHEAD = timedelta(days=366)  # a paper may be dated ahead, but not by years
_REQUIRED = (HeadField.TITLE, HeadField.STATUS)
# "2026-3-1", "2026年3月1日", "2026/03/01"
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def checked_value(field: HeadField, value: str) -> str:
    """The value as it is stored: without blanks around it, a date as 2026-03-01. Raises BadCorrection.

    An empty value says that the paper has none.
    """
    value = " ".join(value.split())
    if not value and field in _REQUIRED:
        raise BadCorrection(f"{field.value} cannot be empty. Give its value: {field.value}=…")
    if len(value) > _LONGEST:
        raise BadCorrection(f"{field.value} has {len(value)} characters, {_LONGEST} are allowed. Shorten it")
    if value and field in DAYS:
        return _day(field, value)
    kinds = {HeadField.STATUS: [one.value for one in Status], HeadField.LEVEL: [one.value for one in Level]}
    if value and field in kinds and value not in kinds[field]:
        raise BadCorrection(f"{field.value} cannot be {value!r}. Choose one of {', '.join(kinds[field])}")
    return value


def check_days(head: HeadData, fields: Collection[HeadField], *, today: date) -> None:
    """Raises BadCorrection if corrected days contradict each other, or the paper is of the far future."""
    issued, validity = head.date_issued, head.validity
    if HeadField.DATE_ISSUED in fields and issued and issued.value > today + _AHEAD:
        raise BadCorrection(
            f"date_issued cannot be {issued.value.isoformat()}, more than a year from today. Check the year"
        )
    since, until = (validity.since, validity.until) if validity else (None, None)
    if since and until and since > until and {HeadField.VALID_SINCE, HeadField.VALID_UNTIL} & set(fields):
        raise BadCorrection(
            f"valid_since {since.isoformat()} is after valid_until {until.isoformat()}. Correct both "
            "at once, or check the years"
        )


def corrected(document: Document, corrections: Iterable[Correction]) -> Document:
    """The paper with the values of the corrections, each at the words that they correct.

    A value for which the paper has no words is at an empty span.
    """
    made = tuple(corrections)
    if not made:
        return document
    head = document.head
    for one in made:
        head = _with(head, one.field, one.value)
    return replace(document, head=head, corrections=made)


def _day(field: HeadField, value: str) -> str:
    match = _DAY.fullmatch(value)
    try:
        if match is not None:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        pass
    raise BadCorrection(f"{field.value} cannot be {value!r}. Give a day such as 2026-03-01")


def _with(head: HeadData, field: HeadField, value: str) -> HeadData:
    day = date.fromisoformat(value) if value and field in DAYS else None
    match field:
        case HeadField.TITLE:
            return replace(head, title=Stated(value, head.title.span))
        case HeadField.DOC_NUMBER:
            return replace(head, doc_number=_stated(value, head.doc_number))
        case HeadField.ISSUER:
            return replace(head, issuer=_stated(value, head.issuer))
        case HeadField.REGION:
            return replace(head, region=value)
        case HeadField.LEVEL:
            return replace(head, level=Level(value) if value else None)
        case HeadField.STATUS:
            return replace(head, status=Status(value))
        case HeadField.DATE_ISSUED:
            return replace(head, date_issued=_stated(day, head.date_issued))
        case HeadField.VALID_SINCE:
            return replace(head, validity=replace(head.validity or _ALWAYS, since=day))
        case HeadField.VALID_UNTIL:
            validity = replace(head.validity or _ALWAYS, until=day, until_derived=False)
            return replace(head, validity=validity)


_ALWAYS = Validity(_NOWHERE, None, None, "", until_derived=False)


def _stated(value: T | None, old: Stated[T] | None) -> Stated[T] | None:
    if not value:
        return None
    return Stated(value, old.span if old is not None else _NOWHERE)
