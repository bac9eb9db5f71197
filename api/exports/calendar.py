"""Ends of validity and deadlines as an iCalendar file (RFC 5545)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from api.pages.links import paper_link, quote_link
from api.pages.text import shown
from rag.facts.stated_days import DayKind, Source, StatedDay

if TYPE_CHECKING:
    from icalendar import Event

_PRODUCT = "-//zhengwen//support facts//ZH"
_NAMESPACE = uuid.UUID("5d0fd1a8-5f0c-4d0a-9f0e-3f2d4f6f8a11")  # any; it must stay the same
_LONGEST_SUMMARY = 60  # characters of a quote in a title; the description has all of it
_HOW = {
    Source.STATED: "",
    Source.DERIVED: "该日期由文件所载施行日期和期限推算，文件未直接写明。",
    Source.EXTENDED: "该日期由后来的文件延长有效期而来：{by}。",
    Source.CORRECTED: "该日期由编辑填写。",
}


def facts_calendar(days: Iterable[StatedDay], *, name: str, address: str, today: date) -> bytes:
    """The days as events of a calendar with that name. `address` is that of the service.

    The same days give the same bytes on the same day. The end of a paper keeps its UID when it is extended.
    """
    from icalendar import Calendar  # imported here because only this format needs it

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", " ".join(shown(name).split()))  # a line break in it is an error
    stamp = datetime.combine(today, time(), UTC)
    for day in days:
        calendar.add_component(_event(day, address, stamp))
    written: bytes = calendar.to_ical()
    return written


def _event(day: StatedDay, address: str, stamp: datetime) -> Event:
    from icalendar import Event

    event = Event()
    path = quote_link(day.paper.id, day.clause_id, day.span, words=day.quote) if day.quote else ""
    link = address + (path or paper_link(day.paper.id))
    event.add("uid", str(uuid.uuid5(_NAMESPACE, _identity(day))))
    event.add("dtstamp", stamp)
    event.add("dtstart", day.day)
    event.add("dtend", day.day + timedelta(days=1))  # the day after the last one
    event.add("transp", "TRANSPARENT")
    event.add("summary", shown(_summary(day)))
    event.add("description", shown(_description(day, link)))
    event.add("url", link)
    return event


def _identity(day: StatedDay) -> str:
    """What an event is recognised by: the end of a paper, or the words of a deadline."""
    if day.kind is DayKind.VALIDITY:
        return f"{day.paper.id} {day.kind.value}"
    return f"{day.paper.id} {day.kind.value} {day.day.isoformat()} {''.join(day.quote.split())}"


def _summary(day: StatedDay) -> str:
    if day.kind is DayKind.VALIDITY:
        return f"有效期届满：{day.paper.title}"
    quote = "".join(day.quote.split())
    return f"截止：{quote[:_LONGEST_SUMMARY]}{'…' if len(quote) > _LONGEST_SUMMARY else ''}"


def _description(day: StatedDay, link: str) -> str:
    by = "、".join(other.source_name for other in day.extended_by)
    lines = [
        f"“{day.quote}”" if day.quote else "",
        day.paper.source_name,
        _HOW[day.source].format(by=by),
        "以原文和主管部门解释为准。",
        link,
    ]
    return "\n".join(line for line in lines if line)
