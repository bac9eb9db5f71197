"""Papers as a graph: what a paper rests on, repeals, supersedes, passes on and cites, and what refers to it.

Every edge is stated in the text of a stored paper, which it quotes. Papers that are not stored are nodes too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from corpus.catalogue.catalogue import Catalogue
from corpus.errors import DamagedDocument, UnknownDocument
from corpus.head.paper_head import NamedPaper, PaperHead
from corpus.model import Document, Reference, Span, Status
from corpus.notation.doc_numbers import coded_numbers
from corpus.notation.paper_names import key_of
from corpus.notation.phrase_table import PhraseTable
from corpus.notation.sentence_spans import sentence_at

_TITLES = PhraseTable.read("corpus", "paper_titles.tsv")
_MOST_READ = 100  # papers that are read for edges to one paper


class Relation(StrEnum):
    """What a paper says about another one."""

    BASIS = "basis"
    REPEALS = "repeals"
    REPEALS_PARTS = "repeals_parts"  # articles of it
    EXTENDS = "extends"  # its term
    SUPERSEDES = "supersedes"  # an issued paper its draft, an amended text the older one
    FORWARDS = "forwards"  # 转发
    CITES = "cites"


@dataclass(frozen=True, slots=True)
class Paper:
    """A node. A paper that is not stored has neither id nor status."""

    title: str
    doc_number: str
    document_id: str = ""
    status: Status | None = None

    @property
    def stored(self) -> bool:
        return bool(self.document_id)


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation from a stored paper to another paper."""

    kind: Relation
    source: Paper
    target: Paper
    span: Span  # of the text of `source`: the words that state the relation
    quote: str


@dataclass(frozen=True, slots=True)
class Relations:
    """The edges from and to a paper, in the order of the kinds."""

    paper: Paper
    outgoing: tuple[Edge, ...]
    incoming: tuple[Edge, ...]
    complete: bool  # False when more papers may refer to this one than could be read


def relations_of(document_id: str, catalogue: Catalogue) -> Relations:
    """The edges from and to a stored paper. Raises UnknownDocument."""
    head = catalogue.head(document_id)
    document = catalogue.document(head.id)
    outgoing = [*_stated(document, catalogue), *_superseding(document, catalogue)]
    ids, complete = _referring(head, catalogue)
    incoming: list[Edge] = []
    for other_id in ids:
        try:
            other = catalogue.document(other_id)
        except (DamagedDocument, UnknownDocument):
            complete = False
            continue
        edges = (*_stated(other, catalogue), *_superseding(other, catalogue))
        incoming += (edge for edge in edges if edge.target.document_id == head.id)
    return Relations(_node(head, catalogue), _ordered(outgoing), _ordered(incoming), complete)


def _ordered(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    order = list(Relation)
    return tuple(sorted(edges, key=lambda edge: order.index(edge.kind)))


def _node(head: PaperHead, catalogue: Catalogue) -> Paper:
    return Paper(head.title, head.doc_number, head.id, catalogue.status(head.id))


def _stated(document: Document, catalogue: Catalogue) -> Iterator[Edge]:
    """Yields the edges that the paper's own words state, each paper once, with its strongest relation."""
    head = catalogue.head(document.id)
    source = _node(head, catalogue)
    relays = _TITLES.has("relays", head.title)
    seen: set[str] = set()
    of = document.head
    kinds = (
        (Relation.REPEALS, of.repeals),
        (Relation.REPEALS_PARTS, tuple(one.paper for one in of.repeals_parts)),
        (Relation.EXTENDS, tuple(one.paper for one in of.extends)),
        (Relation.BASIS, of.basis),
        (Relation.CITES, of.cites),
    )
    for kind, references in kinds:
        for reference in references:
            span = sentence_at(document.text, reference.span)
            forwards = relays and kind is Relation.CITES and _TITLES.has("relays", span.of(document.text))
            target = _meant(reference, head, catalogue)
            key = target.document_id or target.doc_number or key_of(target.title)
            if key in seen or target.document_id == document.id:
                continue
            seen.add(key)
            yield Edge(Relation.FORWARDS if forwards else kind, source, target, span, span.of(document.text))


def _superseding(document: Document, catalogue: Catalogue) -> Iterator[Edge]:
    """Yields the edges to the stored papers whose place the paper takes; its title states them."""
    source = _node(catalogue.head(document.id), catalogue)
    span = document.head.title.span
    for other in catalogue.acts.superseded(document.id):
        yield Edge(Relation.SUPERSEDES, source, _node(other, catalogue), span, span.of(document.text))


def _meant(reference: Reference, head: PaperHead, catalogue: Catalogue) -> Paper:
    """The stored paper that a reference means; of several with the title the last one issued before."""
    named = NamedPaper(reference.title, reference.doc_number)
    found = [other for other in catalogue.acts.named(named) if other.id != head.id]
    if head.date_issued is not None:
        found = [o for o in found if o.date_issued is None or o.date_issued <= head.date_issued]
    if not found:
        return Paper(reference.title, reference.doc_number)
    last = max(found, key=lambda other: (other.date_issued or date.min, other.id))
    return _node(last, catalogue)


def _referring(head: PaperHead, catalogue: Catalogue) -> tuple[Sequence[str], bool]:
    """The ids of the papers that may refer to this one, and whether they are all."""
    ids = dict.fromkeys(
        other.id
        for other in (
            *catalogue.acts.repealers(head.id),
            *catalogue.acts.extending(head.id),
            *(other for other, _ in catalogue.acts.repealed_articles(head.id)),
            *catalogue.acts.superseders(head.id),
        )
    )
    complete = True
    for title in head.titles:
        found = catalogue.names.citing(key_of(title))
        ids |= dict.fromkeys(found.ids)
        complete = complete and not found.too_many
    for number in coded_numbers(head.doc_number):
        found = catalogue.names.citing_number(number)
        ids |= dict.fromkeys(found.ids)
        complete = complete and not found.too_many
    others = [document_id for document_id in ids if document_id != head.id]
    return others[:_MOST_READ], complete and len(others) <= _MOST_READ
