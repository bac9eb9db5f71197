"""Reads the metadata of a paper: title, number, issuer, dates, status, validity, other papers.

Only the head, the sign-off and sentences about the paper itself are read. A cited number or title, the
operator of a website and the date of printing are never the paper's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from corpus.head.history import Event, amendments_in, events_in, history_lines, issued_in, takes_effect_in
from corpus.head.issuer import read_issuer
from corpus.head.own_number import number_beside_day, own_number, registry_number
from corpus.head.titles import order_line, status_of, title_of
from corpus.head.validity import validity_in
from corpus.model import Extension, HeadData, Loaded, Reference, Span, Stated, Status, Validity
from corpus.notation.characters import HAN
from corpus.notation.citations import references
from corpus.notation.citations.extensions import extended_by
from corpus.notation.citations.repeals import Repealed, names_repealed, repealed_by, repealed_by_list
from corpus.notation.days.dates import dates_in
from corpus.notation.doc_numbers import same_number
from corpus.notation.paper_names import name_of_untitled
from corpus.notation.phrase_table import PhraseTable
from corpus.structure.parts.line_kinds import is_addressees
from corpus.structure.parts.zones import Part, Zone
from corpus.text.lines import Line
from corpus.text.stated_fields import StatedField, stated_fields

_TITLES = PhraseTable.read("corpus", "paper_titles.tsv")
_PROVISIONS = PhraseTable.read("corpus", "provisions.tsv")
_ENDED = {"废止": Status.REPEALED, "失效": Status.EXPIRED}
_OPENING_LINES = 8  # of the body that may state the basis of a paper without articles
# A signed "…关于印发《…办法》的通知": the paper is issued, even if 审议稿 is left below its title
_ISSUES = re.compile(r"^(?!.*征求).*印发")
# "（此件主动公开）", "公开方式：主动公开", "信息公开选项：依申请公开"
_DISCLOSURE = re.compile(
    rf"此件[{HAN}]{{2,10}}|(?<=：)[ \u3000]*(?:主动公开|依申请公开|不予公开)|^(?:主动公开|依申请公开)$"
)
# "2017年12月12日印发", "2021年2月7日印发"
_PRINTED = re.compile(r"印\s*发\s*[）)]?$")
# "请径向省工业和信息化厅反映", "请与市财政局联系"
_CONTACT = re.compile(
    rf"请{_PROVISIONS.alternation('ask_adverb')}*(?:向|与|联系)"
    rf"(?P<who>[^，。；向与]{{2,30}}?){_PROVISIONS.alternation('asks')}"
)
# "本意见", "本方案", "本实施意见", "本通知"
_SELF = re.compile(rf"本{_TITLES.alternation('own_sort')}?{_TITLES.alternation('own_kind')}(?!律|规|院|人)")


def read_head(loaded: Loaded, zones: Sequence[Zone]) -> HeadData:
    """Reads the metadata of the paper whose parts are `zones`."""
    return _Reader(loaded, zones).read()


class _Reader:
    def __init__(self, loaded: Loaded, zones: Sequence[Zone]) -> None:
        self._text, self._name = loaded.text, loaded.source.name
        self._zones = zones

    def read(self) -> HeadData:
        title, inner = self._titles()
        # A paper of another authority that the notice passes on has its own number.
        relayed = _TITLES.has("relays", title.value)
        number = own_number(self._head, self._fields, inner=() if relayed else self._inner)
        issued, printed = self._issued(), self._printed()
        region, level, issuer = read_issuer(
            title=title,
            head=self._head,
            signature=self._signature,
            history=self._inner,
            number=number,
            fields=self._fields,
            text=self._text,
        )
        status, status_span = self._status(title.value)
        own = {title.value, inner.value if inner else ""}
        repealed, validity = self._repeals(), self._validity(issued or printed)
        return HeadData(
            title=title,
            status=status,
            region=region,
            level=level,
            status_span=status_span,
            inner_title=inner,
            doc_number=number,
            registry_number=registry_number(self._head, self._fields),
            issuer=issuer,
            addressees=self._addressees(),
            date_issued=issued,
            date_printed=printed,
            date_published=self._fields.get(StatedField.PUBLISHED),
            disclosure=self._disclosure(),
            self_reference=self._self_reference(),
            contact=self._contact(),
            validity=validity,
            repeals=tuple(r for r in repealed.papers if not _is_self(r, set(), number)),
            basis=self._basis(),
            cites=tuple(r for r in self._cites() if not _is_self(r, own, number)),
            amended=amendments_in(self._events),
            repeals_parts=tuple(one for one in repealed.parts if not _is_self(one.paper, set(), number)),
            extends=self._extends(title.value, number, validity),
        )

    # -- parts --

    def _lines(self, *parts: Part) -> tuple[Line, ...]:
        return tuple(line for zone in self._zones if zone.part in parts for line in zone.lines)

    @cached_property
    def _head(self) -> tuple[Line, ...]:
        return self._lines(Part.HEAD)

    @cached_property
    def _inner(self) -> tuple[Line, ...]:
        first = next((zone for zone in self._zones if zone.part is Part.INNER_TITLE), None)
        return first.lines if first is not None else ()

    @cached_property
    def _signature(self) -> tuple[Line, ...]:
        first = next((zone for zone in self._zones if zone.part is Part.SIGN_OFF), None)
        return first.lines if first is not None else ()

    @cached_property
    def _events(self) -> tuple[Event, ...]:
        return tuple(events_in(history_lines((*self._head, *self._inner))))

    @cached_property
    def _fields(self) -> Mapping[StatedField, Stated[str]]:
        return stated_fields(self._head)

    # -- title and status --

    def _titles(self) -> tuple[Stated[str], Stated[str] | None]:
        inner = title_of(self._inner)
        at = order_line(self._head)
        title = inner if at is not None and inner is not None else title_of(self._head)
        title = title or self._fields.get(StatedField.TITLE) or inner
        if title is None:
            # The name of a file is no title, and must not be quoted as 《…》.
            first = next((line.words for zone in self._zones for line in zone.lines if line.words), "")
            return Stated(name_of_untitled(first or self._name), Span(0, 0)), None
        return title, inner if inner is not None and inner is not title else None

    def _status(self, title: str) -> tuple[Status, Span | None]:
        stated = status_of(self._head)
        if stated is None and not (self._signature and _ISSUES.search(title)):
            stated = status_of(self._inner)
        if stated is not None:
            return stated
        state = self._fields.get(StatedField.STATE)
        for word, status in _ENDED.items():
            if state is not None and word in state.value and "未" not in state.value:
                return status, state.span
        return Status.IN_FORCE, None

    # -- addressees and dates --

    def _addressees(self) -> Stated[str] | None:
        line = next((line for line in self._lines(Part.PREAMBLE)[:1] if is_addressees(line)), None)
        if line is None:
            return None
        value = line.text.rstrip("：: \u3000")
        return Stated(value, Span(line.start, line.start + len(value)))

    def _issued(self) -> Stated[date] | None:
        for line in self._signature:
            found = dates_in(line.text, offset=line.start)
            if found and not _PRINTED.search(line.words):
                return found[-1]
        stated = self._stated_day(StatedField.ISSUED)
        if stated is not None:
            return stated
        published = issued_in(self._events)
        if published is not None:
            return published
        for line in (*self._head, *self._inner):
            beside = line.words.startswith(("（", "(")) or number_beside_day(line) is not None
            if beside and (days := dates_in(line.text, offset=line.start)):
                return days[0]
        return None

    def _printed(self) -> Stated[date] | None:
        for line in self._lines(Part.SIGN_OFF):
            if _PRINTED.search(line.words) and (days := dates_in(line.text, offset=line.start)):
                return days[-1]
        return None

    def _disclosure(self) -> Stated[str] | None:
        for line in self._lines(Part.SIGN_OFF, Part.HEAD):
            match = _DISCLOSURE.search(line.text)
            if match is not None:
                value = match[0].strip()
                begin = line.start + match.start() + match[0].index(value[0])
                return Stated(value, Span(begin, begin + len(value)))
        return None

    # -- sentences about the paper itself --

    def _self_reference(self) -> Stated[str] | None:
        found = [match for line in self._body for match in _SELF.finditer(line.text)]
        if not found:
            return None
        counts: dict[str, int] = {}
        for match in found:
            counts[match[0]] = counts.get(match[0], 0) + 1
        word = max(counts, key=lambda key: counts[key])
        line = next(line for line in self._body if word in line.text)
        begin = line.start + line.text.index(word)
        return Stated(word, Span(begin, begin + len(word)))

    @cached_property
    def _body(self) -> tuple[Line, ...]:
        return self._lines(Part.PREAMBLE, Part.BODY)

    def _contact(self) -> Stated[str] | None:
        for line in self._lines(Part.PREAMBLE, Part.BODY, Part.SIGN_OFF):
            match = _CONTACT.search(line.text)
            if match is not None:
                return Stated(
                    match["who"], Span(line.start + match.start("who"), line.start + match.end("who"))
                )
        return None

    def _validity(self, day: Stated[date] | None) -> Validity | None:
        """`day` is the 印发之日."""
        issued = day.value if day is not None else None
        lines = (*self._body, *self._lines(Part.SIGN_OFF))
        history = takes_effect_in(history_lines((*self._head, *self._inner)))
        found = validity_in((*((line.text, line.start) for line in lines), *history), issued=issued)
        return self._with_stated_days(found)

    def _with_stated_days(self, validity: Validity | None) -> Validity | None:
        """Dates in metadata lines take precedence over dates computed from the sentence."""
        since, until = (self._stated_day(field) for field in (StatedField.SINCE, StatedField.UNTIL))
        if validity is None:
            stated = until or since
            if stated is None:
                return None
            return Validity(
                stated.span, since.value if since else None, until.value if until else None, "", False
            )
        if since is not None:
            validity = replace(validity, since=since.value)
        if until is not None:
            validity = replace(validity, until=until.value, until_derived=False)
        return validity

    def _stated_day(self, field: StatedField) -> Stated[date] | None:
        stated = self._fields.get(field)
        days = dates_in(stated.value, offset=stated.span.start) if stated is not None else []
        return days[0] if days else None

    def _extends(
        self, title: str, number: Stated[str] | None, validity: Validity | None
    ) -> tuple[Extension, ...]:
        """The papers whose term sentences extend; where no new end is stated, to that of this paper."""
        found = extended_by(((line.text, line.start) for line in self._body), title=title)
        last = validity.until if validity is not None else None
        return tuple(
            replace(one, until=one.until or (last if not one.duration else None))
            for one in found
            if not _is_self(one.paper, set(), number)
        )

    def _repeals(self) -> Repealed:
        """The papers that sentences, the title (关于废止《…》的决定) and lists of repealed papers name."""
        title = (
            self._head if _TITLES.has("repeals_in_title", "".join(line.text for line in self._head)) else ()
        )
        found = repealed_by((line.text, line.start) for line in (*title, *self._body))
        listed: list[Line] = []
        listing = False
        for zone in self._zones:
            if zone.part in (Part.ATTACHMENT, Part.INNER_TITLE):
                listing = names_repealed("".join(line.words for line in zone.lines))
            elif zone.part is not Part.BODY:
                listing = False
            listed += zone.lines if listing else ()
        rows = repealed_by_list((line.text, line.start) for line in listed)
        return Repealed(references.distinct((*found.papers, *rows)), found.parts)

    def _basis(self) -> tuple[Reference, ...]:
        opening = list(self._lines(Part.PREAMBLE))
        body = self._lines(Part.BODY)
        first = next((line for line in body if re.match(r"^\**第\s*一\s*条", line.words)), None)
        opening += [first] if first is not None else []
        # Papers without 第一条 state their basis in one of the first paragraphs: 1.2 编制依据.
        rest = body[:_OPENING_LINES] if first is None else ()
        opening += [line for line in rest if references.states_basis(line.text)]
        found = [r for line in opening for r in references.basis_in(line.text, offset=line.start)]
        return references.distinct(found)

    def _cites(self) -> tuple[Reference, ...]:
        lines = self._lines(Part.PREAMBLE, Part.BODY, Part.ATTACHMENT)
        return references.distinct(
            r for line in lines for r in references.references_in(line.text, offset=line.start)
        )


def _is_self(reference: Reference, titles: set[str], number: Stated[str] | None) -> bool:
    """Whether a reference names the paper itself; an earlier paper with the same title has another number."""
    if reference.doc_number:
        return number is not None and same_number(reference.doc_number, number.value)
    return reference.title in titles
