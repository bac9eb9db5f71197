"""Converts papers and clauses from the core's types to wire models."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Any

from api.pages.links import paper_link
from api.wire import document_schemas as wire
from corpus.catalogue.catalogue import Catalogue
from corpus.catalogue.relations import Edge, Paper, Relations
from corpus.errors import UnknownClause
from corpus.head.goals import past_goals
from corpus.head.paper_head import PaperHead
from corpus.model import Clause, Document, HeadData, Reference, Span, Stated, Status

_LONGEST_NAME = 100  # characters of a name of a clause; the longest labels have a dozen


def clause_named(document: Document, name: str) -> Clause:
    """The one clause that `clauses_named` finds. Raises UnknownClause for none, and for several."""
    found = clauses_named(document, name)
    if len(found) != 1:
        raise UnknownClause(document.id, name)
    return found[0]


def clauses_named(document: Document, name: str) -> list[Clause]:
    """The clause with that id, else those with that label, else those at that address: 第四条.

    A label may be in another form than in the paper: (四) for （四）.
    """
    # The grammar of addresses takes 0.1 s to import, which lists of papers do without.
    from rag.question.clause_addresses import addressed

    for clause in document.clauses:
        if clause.id == name:
            return [clause]
    wanted = _plain(name[:_LONGEST_NAME])
    if not wanted or len(name) > _LONGEST_NAME:
        return []
    return (
        [clause for clause in document.clauses if clause.label == name]
        or [clause for clause in document.clauses if wanted in (_plain(clause.id), _plain(clause.label))]
        or addressed(document, name)
    )


def _plain(name: str) -> str:
    """A normalised label, equal for all its forms: （四）, (四), 一、/（四） and 一、(四)."""
    from index.terms.tokenize import fold  # imported here for the same reason

    return fold(name).replace("/", "").replace(" ", "")


def listed(catalogue: Catalogue, *, after: str = "", limit: int = wire.PAGE) -> wire.DocumentList:
    """The body of `GET /v1/documents`: up to `limit` papers by id, those after the id `after`."""
    following = catalogue.following(after)
    heads = list(islice(following, limit))
    more = next(following, None) is not None
    return wire.DocumentList(
        documents=[summary(head, catalogue.status(head.id)) for head in heads],
        total=len(catalogue),
        next=heads[-1].id if more else None,
    )


def summary(head: PaperHead, status: Status) -> wire.DocumentSummary:
    """An entry of `GET /v1/documents`. `status` is today's."""
    return wire.DocumentSummary(
        document_id=head.id,
        title=head.title,
        doc_number=head.doc_number,
        issuer=head.issuer,
        date_issued=head.date_issued,
        status=status.value,
        status_corrected=head.status_set is not None,
        region=head.region,
        level=head.level.value if head.level else None,
        url=head.url,
        clauses=head.clauses,
        notices=head.notices,
    )


def versions(document_id: str, catalogue: Catalogue) -> wire.DocumentVersions:
    """The body of `GET /v1/documents/{id}/versions`. Raises UnknownDocument."""
    head, stored = catalogue.head(document_id), catalogue.versions(document_id)
    in_use = next((one.version for one in stored if one.is_current), None)
    return wire.DocumentVersions(
        document_id=head.id,
        versions=[
            wire.DocumentVersion(
                version=one.version,
                name=one.name,
                sha256=one.sha256,
                added_at=one.added_at,
                in_use=one.version == in_use,
                permalink=paper_link(head.id, version=None if one.version == in_use else one.version),
            )
            for one in stored
        ],
    )


def detail(document: Document, status: Status, *, today: date, in_use: bool = True) -> wire.DocumentDetail:
    """The body of `GET /v1/documents/{id}`. `status` is that of `today`."""
    source = document.source
    return wire.DocumentDetail(
        document_id=document.id,
        in_use=in_use,
        status=status.value,
        remarks=_remarks(document, status, today),
        head=_head(document.head, document.text),
        clauses=clause_tree(document),
        notices=[
            wire.Notice(code=notice.code, message=notice.message, **_place(notice.span, document.text))
            for notice in document.notices
        ],
        source=wire.Source(
            name=source.name,
            sha256=source.sha256,
            charset=source.charset,
            media_type=source.media_type,
            url=source.url,
        ),
        text=document.text,
    )


def _remarks(document: Document, status: Status, today: date) -> list[wire.Notice]:
    goals = past_goals(document, today=today) if status is Status.IN_FORCE else None
    if goals is None:
        return []
    message = f"states no end; its goals are of years gone, the last of {goals.last_year}"
    return [wire.Notice(code="past_goals", message=message, **_place(goals.span, document.text))]


def relations(found: Relations) -> wire.DocumentRelations:
    """The body of `GET /v1/documents/{id}/relations`."""
    assert found.paper.status is not None, "relations are those of a stored paper"
    return wire.DocumentRelations(
        document_id=found.paper.document_id,
        status=found.paper.status.value,
        outgoing=[_relation(edge, edge.target) for edge in found.outgoing],
        incoming=[_relation(edge, edge.source) for edge in found.incoming],
        complete=found.complete,
    )


def _relation(edge: Edge, other: Paper) -> wire.Relation:
    return wire.Relation(
        kind=edge.kind.value,
        paper=wire.RelatedPaper(
            document_id=other.document_id or None,
            stored=other.stored,
            title=other.title,
            doc_number=other.doc_number,
            status=other.status.value if other.status is not None else None,
        ),
        stated_in=edge.source.document_id,
        quote=edge.quote,
        start=edge.span.start,
        end=edge.span.end,
    )


def clause_tree(document: Document) -> list[wire.ClauseNode]:
    """The clauses as a tree, in reading order."""
    roots: list[wire.ClauseNode] = []
    nodes: dict[str, wire.ClauseNode] = {}
    for clause in document.clauses:
        node = wire.ClauseNode(
            id=clause.id,
            kind=clause.kind.value,
            label=clause.label,
            path=list(clause.path),
            heading=clause.heading,
            start=clause.start,
            end=clause.end,
            tree_end=clause.tree_end,
            children=[],
        )
        siblings = roots if clause.parent is None else nodes[clause.parent].children
        siblings.append(node)
        nodes[clause.id] = node
    return roots


def clause_detail(document: Document, clause: Clause) -> wire.ClauseDetail:
    """The body of `GET /v1/documents/{id}/clauses/{clause_id}`."""
    source, duty = document.source, clause.responsibility
    return wire.ClauseDetail(
        document_id=document.id,
        id=clause.id,
        kind=clause.kind.value,
        label=clause.label,
        path=list(clause.path),
        heading=clause.heading,
        text=document.text_of(clause),
        start=clause.start,
        end=clause.end,
        tree_end=clause.tree_end,
        page=source.map.page(clause.start),
        line=source.line(clause.start),
        responsibility=wire.Responsibility(
            lead=list(duty.lead),
            participants=list(duty.participants),
            **_place(duty.span, document.text),
        )
        if duty
        else None,
        parent=clause.parent,
        children=[child.id for child in document.clauses if child.parent == clause.id],
        original=[
            wire.OriginalPiece(start=piece.start, end=piece.end, text=piece.of(source.original))
            for piece in source.map.origins(clause.span)
        ],
        url=source.url,
    )


def _head(head: HeadData, text: str) -> wire.Head:
    validity = head.validity
    return wire.Head(
        title=wire.StatedText(value=head.title.value, **_place(head.title.span, text)),
        status=head.status.value,
        region=head.region,
        level=head.level.value if head.level else None,
        inner_title=_stated(head.inner_title, text),
        doc_number=_stated(head.doc_number, text),
        registry_number=_stated(head.registry_number, text),
        issuer=_stated(head.issuer, text),
        addressees=_stated(head.addressees, text),
        date_issued=_stated_date(head.date_issued, text),
        date_printed=_stated_date(head.date_printed, text),
        date_published=_stated(head.date_published, text),
        disclosure=_stated(head.disclosure, text),
        self_reference=_stated(head.self_reference, text),
        contact=_stated(head.contact, text),
        validity=wire.Validity(
            since=validity.since,
            until=validity.until,
            duration=validity.duration,
            until_derived=validity.until_derived,
            **_place(validity.span, text),
        )
        if validity
        else None,
        repeals=_references(head.repeals, text),
        basis=_references(head.basis, text),
        cites=_references(head.cites, text),
        amended=[
            wire.Amendment(day=change.day, doc_number=change.doc_number, **_place(change.span, text))
            for change in head.amended
        ],
    )


def _place(span: Span, text: str) -> dict[str, Any]:
    return {"quote": span.of(text), "start": span.start, "end": span.end}


def _stated(stated: Stated[str] | None, text: str) -> wire.StatedText | None:
    return wire.StatedText(value=stated.value, **_place(stated.span, text)) if stated else None


def _stated_date(stated: Stated[date] | None, text: str) -> wire.StatedDate | None:
    return wire.StatedDate(value=stated.value, **_place(stated.span, text)) if stated else None


def _references(references: tuple[Reference, ...], text: str) -> list[wire.Reference]:
    return [
        wire.Reference(title=named.title, doc_number=named.doc_number, **_place(named.span, text))
        for named in references
    ]
