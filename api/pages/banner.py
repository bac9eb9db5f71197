"""The status banner and the metadata table of a paper's page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from api.pages.acts import ActsOn
from api.pages.links import paper_link, web_address
from api.pages.words import Words
from corpus.head.goals import past_goals
from corpus.head.paper_head import PaperHead
from corpus.model import Correction, Document, HeadField, Span, Status, Validity
from corpus.notation.paper_names import in_title_marks

_MOST_UNCERTAIN = 20  # words listed


@dataclass(frozen=True, slots=True)
class Linked:
    """Words with a link to another page; without one if `href` is empty."""

    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the metadata table. `own` values are words of the paper."""

    name: str
    values: tuple[Linked, ...]
    own: bool = True


@dataclass(frozen=True, slots=True)
class Banner:
    """Whether the paper may be relied on, in words; `status` selects the style."""

    status: str
    title: str
    note: str
    repealers: tuple[Linked, ...]  # or the papers that supersede it
    repealed_by: str
    others: tuple[Row, ...] = ()  # papers that repeal articles of it or extend its term
    remark: str = ""
    remark_quote: str = ""


def banner(
    document: Document,
    status: Status,
    acts: ActsOn,
    *,
    today: date,
    words: Words,
    base: str,
) -> Banner:
    """`status` is that of `today`."""
    note, until = words.notes[status], acts.until
    if until is not None and status is Status.IN_FORCE:
        note = words.in_force_until.format(date=words.day(until)) + note
    elif until is not None and status is Status.EXPIRED:
        note = words.expired_on.format(date=words.day(until))
    set_by_editor = any(one.field is HeadField.STATUS for one in document.corrections)
    note += words.corrected_status if set_by_editor else ""
    others = [
        Row(words.part_repealed.format(articles="、".join(named)), (_linked(other, base),))
        for other, named in acts.articles
    ]
    if extended := tuple(_linked(other, base) for other in acts.extending):
        others.append(Row(words.extended_by, extended))
    # A paper that calls itself repealed is repealed whatever other papers say.
    ended = status in (Status.REPEALED, Status.SUPERSEDED) and status is not document.head.status
    named = acts.repealers if ended else ()
    goals = past_goals(document, today=today) if status is Status.IN_FORCE else None
    return Banner(
        status=status.value,
        title=words.statuses[status],
        note=note,
        repealers=tuple(_linked(other, base) for other in named),
        repealed_by=words.superseded_by if status is Status.SUPERSEDED else words.repealed_by,
        others=tuple(others),
        remark=words.goals_past.format(year=goals.last_year) if goals else "",
        remark_quote=goals.span.of(document.text) if goals else "",
    )


def _linked(other: PaperHead, base: str) -> Linked:
    return Linked(other.source_name, base + paper_link(other.id))


def facts(
    document: Document, status: Status, *, conflicting: Iterable[PaperHead], words: Words, base: str
) -> tuple[Row, ...]:
    """The metadata table. Fields that the paper does not state are left out, except its validity.

    `conflicting` are other papers with its number, as long as no editor has decided.
    """
    head = document.head
    rows = [
        (words.issuer, head.issuer.value if head.issuer else ""),
        (words.doc_number, head.doc_number.value if head.doc_number else ""),
        (words.registry_number, head.registry_number.value if head.registry_number else ""),
    ]
    found = [Row(name, (Linked(value, ""),)) for name, value in rows if value]
    if head.date_issued:
        found.append(Row(words.issued, (Linked(words.day(head.date_issued.value), ""),), own=False))
    validity = _validity(document, head.validity, words)
    found.append(Row(words.validity, (Linked(validity, ""),), own=False))
    if head.region:
        found.append(Row(words.region, (Linked(head.region, ""),)))
    found.append(Row(words.status, (Linked(words.statuses[status], ""),), own=False))
    if document.corrections:
        made = (
            f"{words.fields[one.field]}：{_value(one, words)}（{one.reason}）" for one in document.corrections
        )
        found.append(Row(words.corrected, tuple(Linked(told, "") for told in made), own=False))
    if head.repeals:
        named = (
            (in_title_marks(paper.title) if paper.title else "")
            + (f"（{paper.doc_number}）" if paper.title and paper.doc_number else paper.doc_number)
            for paper in head.repeals
        )
        found.append(Row(words.repeals, tuple(Linked(name, "") for name in dict.fromkeys(named))))
    if others := [Linked(other.source_name, base + paper_link(other.id)) for other in conflicting]:
        found.append(Row(words.conflict, (Linked(words.conflict_note, ""), *others), own=False))
    if doubtful := document.uncertain_in(Span(0, len(document.text))):
        named = (span.of(document.text) for span in doubtful)
        listed = words.uncertain_list.format(words="、".join(islice(dict.fromkeys(named), _MOST_UNCERTAIN)))
        found.append(Row(words.uncertain, (Linked(listed, ""),), own=False))
    if address := web_address(document.source.url):
        found.append(Row(words.source, (Linked(words.source_link, address),), own=False))
    return tuple(found)


def _value(correction: Correction, words: Words) -> str:
    if correction.field is HeadField.STATUS:
        return words.statuses[Status(correction.value)]
    return correction.spoken or words.unstated


def _validity(document: Document, validity: Validity | None, words: Words) -> str:
    if validity is None:
        return words.unstated
    since = words.day(validity.since) if validity.since else ""
    until = words.day(validity.until) if validity.until else ""
    if since and until:
        stated = words.from_to.format(since=since, until=until)
    elif since:
        stated = words.since.format(date=since)
    elif until:
        stated = words.until.format(date=until)
    else:
        return validity.span.of(document.text)
    return stated + (words.derived if until and validity.until_derived else "")
