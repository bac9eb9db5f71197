"""Finds the words of a clause that name the departments in charge."""

from __future__ import annotations

import re

from corpus.model import Document, Responsibility, Span

_LONGEST = 120  # characters; a longer list is not the beginning of an answer
# "牵头", "等按职责分工负责" between the last name and the end of the bracket
_ROLE = re.compile(r"[^，,；;：:。()（）［］\[\]【】〔〕]{0,16}")
# "；配合单位：": the names before it have a title too
_TITLED = re.compile(r"[；;，,]\s*[^，,；;：:、]{2,8}[：:]")
_TITLE = re.compile(r"(?:牵头|主办|责任)[^：:（(]{0,6}[：:]\s{0,2}\Z")


def stated_units(document: Document, duty: Responsibility, *, only_lead: bool) -> Span | None:
    """Returns the place of the names as one list; None where it is long or a name is not found literally.

    `only_lead`: of the units that lead, where the paper names some.
    """
    some = only_lead and bool(duty.lead and duty.participants)
    names = duty.lead if some else duty.units
    places = [place for name in names if (place := _place(document.text, name, duty.span))]
    if len(places) < len(names):
        return None
    start, end = min(place.start for place in places), max(place.end for place in places)
    if not some:
        end += _role_length(document.text, end, duty.span.end)
        start = _with_title(document.text, Span(start, end), duty.span)
    return Span(start, end) if end - start <= _LONGEST else None


def _place(text: str, name: str, within: Span) -> Span | None:
    """Returns where the name stands; white space inside it, as at a line break, does not count."""
    found = re.compile(r"\s*".join(map(re.escape, name))).search(text, within.start, within.end)
    return Span(*found.span()) if found else None


def _role_length(text: str, at: int, end: int) -> int:
    role = _ROLE.match(text, at, end)
    return len(role[0].rstrip()) if role else 0


def _with_title(text: str, names: Span, within: Span) -> int:
    """Returns where the title before the names begins, if a second title tells their roles apart."""
    title = _TITLE.search(text, within.start, names.start)
    return title.start() if title and _TITLED.search(names.of(text)) else names.start
