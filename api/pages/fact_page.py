"""Prepares the page with the support facts of a paper, so that the template only inserts them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from api.pages.acts import ActsOn, acts_on
from api.pages.banner import Banner, Linked, Row, banner, facts
from api.pages.fact_rows import FactRow, FactRows, Piece, group_of
from api.pages.fact_words import FactGroup, FactWords, fact_words_for
from api.pages.links import changes_link, facts_link, paper_link
from api.pages.words import Words
from corpus.facts.comparing.fields import FactField
from corpus.facts.in_force import FactCorrection
from corpus.facts.model import Checked
from corpus.model import Document
from rag.facts.beside import rules_beside
from rag.facts.found import FactPaper

_PARTS = {
    "beneficiaries": FactField.BENEFICIARY,
    "conditions": FactField.CONDITION,
    "thresholds": FactField.THRESHOLD,
    "amounts": FactField.AMOUNT,
    "amount_reference": FactField.AMOUNT_REFERENCE,
    "rate": FactField.RATE,
    "limit": FactField.TIME_LIMIT,
    "reduction": FactField.REDUCTION,
    "target": FactField.TARGET,
    "target.deadline": FactField.DEADLINE,
    "departments": FactField.DEPARTMENT,
    "lead": FactField.LEAD,
    "must_act": FactField.MUST_ACT,
    "source": FactField.SOURCE,
    "source_condition": FactField.SOURCE,
    "region": FactField.REGION,
}


@dataclass(frozen=True, slots=True)
class Group:
    """Facts of kinds that are shown together."""

    key: str
    title: str
    rows: tuple[FactRow, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of how many sentences facts were read, and the sentences left."""

    told: str
    rest: tuple[tuple[str, Piece], ...]  # label of the clause, and the sentence


@dataclass(frozen=True, slots=True)
class Detached:
    """A correction of a fact that the paper no longer has, or not the words."""

    label: str  # of the clause that the fact was in
    kind: str
    quote: str  # of an earlier version
    part: str  # that was corrected
    words: str  # that were chosen for it; empty for a fact that was called wrong
    reason: str


@dataclass(frozen=True, slots=True)
class FactPage:
    """A page."""

    title: str  # of the browser window
    name: str  # of the paper
    canonical: str  # path
    banner: Banner
    facts: tuple[Row, ...]  # on the paper
    ways: tuple[Linked, ...]  # to the paper, to files
    rules: tuple[tuple[str, str, Piece], ...]  # what it rules, label of the clause, its words
    groups: tuple[Group, ...]
    hidden: str  # that an editor has left some out; empty for none
    detached: tuple[Detached, ...]
    coverage: Coverage
    words: FactWords


def fact_page(paper: FactPaper, *, words: Words, base: str, has_changes: bool) -> FactPage:
    """The page with the facts of a paper. `base` is the path of the service. Raises DamagedDocument.

    With `has_changes` it leads to what differs from other texts.
    """
    document, own = paper.document, fact_words_for(words.language)
    rows = FactRows(document, words=own, base=base)
    name = document.head.title.value
    left_out = len(paper.facts.hidden)
    acts = acts_on(document.id, paper.catalogue)
    return FactPage(
        title=f"{own.heading} - {name}",
        name=name,
        canonical=base + facts_link(document.id),
        banner=banner(document, paper.status, acts, today=paper.catalogue.today, words=words, base=base),
        facts=_head_rows(paper, document, acts, words, base),
        ways=_ways(document.id, own, base, has_changes=has_changes),
        rules=tuple(
            (row.kind, row.label, row.quote) for row in (rows.row(one.fact) for one in rules_beside(paper))
        ),
        groups=tuple(_groups(paper, rows, own)),
        hidden=own.hidden.format(number=left_out) if left_out else "",
        detached=tuple(_detached(one, rows, own) for one in paper.facts.detached),
        coverage=_coverage(paper.facts.sentences, rows, own),
        words=own,
    )


def _head_rows(
    paper: FactPaper, document: Document, acts: ActsOn, words: Words, base: str
) -> tuple[Row, ...]:
    """The lines of the paper's metadata that its facts depend on."""
    shown = (words.doc_number, words.issuer, words.validity, words.region, words.corrected, words.conflict)
    found = facts(document, paper.status, conflicting=acts.conflicting, words=words, base=base)
    return tuple(row for row in found if row.name in shown)


def _ways(document_id: str, own: FactWords, base: str, *, has_changes: bool) -> tuple[Linked, ...]:
    asked = urlencode({"document": document_id})
    changes = (Linked(own.changes, base + changes_link(document_id)),) if has_changes else ()
    return (
        Linked(own.whole_paper, base + paper_link(document_id)),
        *changes,
        Linked(own.spreadsheet, f"{base}/v1/facts.csv?{asked}"),
        Linked(own.workbook, f"{base}/v1/facts.xlsx?{asked}"),
        Linked(own.calendar, f"{base}/v1/facts/calendar.ics?{asked}"),
    )


def _groups(paper: FactPaper, rows: FactRows, own: FactWords) -> list[Group]:
    found: dict[FactGroup, list[FactRow]] = defaultdict(list)
    for one in paper.facts.facts:
        found[group_of(one.fact)].append(rows.row(one.fact, one.corrections))
    return [Group(group.value, own.groups[group], tuple(found[group])) for group in FactGroup if found[group]]


def _detached(one: FactCorrection, rows: FactRows, own: FactWords) -> Detached:
    address = one.address
    return Detached(
        label=rows.label_of(address.clause_id),
        kind=own.kinds[address.kind],
        quote=address.quote.text,
        part=_part_name(one.field, own) if one.field else own.wrong,
        words="、".join(chosen.text for chosen in one.words) or (own.without if one.field else ""),
        reason=own.corrected.format(reason=one.reason),
    )


def _part_name(part: str, own: FactWords) -> str:
    """The name of a part that an editor has corrected: "amounts.1", "limit.what", "form"."""
    if part == "form":
        return own.form
    field = _PARTS.get(part) or _PARTS.get(part.partition(".")[0])
    return own.fields[field] if field is not None else own.refers_to


def _coverage(sentences: Sequence[Checked], rows: FactRows, own: FactWords) -> Coverage:
    rest = [sentence for sentence in sentences if not sentence.has_facts]
    told = own.coverage.format(sentences=len(sentences), facts=len(sentences) - len(rest))
    return Coverage(told, tuple((rows.label(one.span), rows.piece(one.span)) for one in rest))
