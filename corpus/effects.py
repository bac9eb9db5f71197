"""What papers that come in do to stored ones, and stored ones to them: repeal, extend, supersede."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.catalogue.catalogue import Catalogue
from corpus.catalogue.relations import Relation
from corpus.errors import DamagedDocument, UnknownDocument
from corpus.head.paper_head import NamedPaper, PaperHead
from corpus.model import Document, Reference
from corpus.notation.sentence_spans import sentence_at
from corpus.report import Effect, Failed, Ingested, Said, Skipped
from corpus.store.outcomes import Added, Replaced

_KINDS = (Relation.REPEALS, Relation.REPEALS_PARTS, Relation.EXTENDS)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A paper that came in, with what is needed to tell what it does to others."""

    result: Ingested
    head: PaperHead
    said: tuple[Said, ...]

    @property
    def is_put_in_use(self) -> bool:
        """Whether the paper is what questions are answered from, and was not before."""
        change = self.result.change
        return isinstance(change, Added) or (isinstance(change, Replaced) and change.current is None)


def incoming(result: Ingested, document: Document) -> Incoming:
    """A paper that came in, under the id that it has in the store."""
    return Incoming(result, replace(PaperHead.of(document), id=result.change.document_id), said_in(document))


def said_in(document: Document) -> tuple[Said, ...]:
    """What a paper says that it repeals and extends."""
    head, found = document.head, list[Said]()
    references: Sequence[Sequence[Reference]] = (
        head.repeals,
        [one.paper for one in head.repeals_parts],
        [one.paper for one in head.extends],
    )
    for kind, named in zip(_KINDS, references, strict=True):
        for one in named:
            quote = sentence_at(document.text, one.span).of(document.text)
            found.append(Said(kind.value, one.title, one.doc_number, quote))
    return tuple(found)


def with_effects(
    papers: Iterable[Incoming | Failed | Skipped], catalogue: Catalogue
) -> list[Ingested | Failed | Skipped]:
    """The results with today's status and with what the papers do; `catalogue` has all of them."""
    found = list(papers)
    said = {one.head.id: one.said for one in found if isinstance(one, Incoming) and one.is_put_in_use}
    return [_told(one, catalogue, said) if isinstance(one, Incoming) else one for one in found]


def effects_on(document_id: str, catalogue: Catalogue) -> list[Effect]:
    """What stored papers do to a stored one. Raises UnknownDocument."""
    return list(_by_others(catalogue.head(document_id), catalogue, {}))


def _told(one: Incoming, catalogue: Catalogue, said: Mapping[str, tuple[Said, ...]]) -> Ingested:
    if one.head.id not in catalogue:  # withdrawn
        return one.result
    if isinstance(one.result.change, Replaced) and not one.is_put_in_use:
        return one.result
    effects = [*_on_others(one, catalogue), *_by_others(catalogue.head(one.head.id), catalogue, said)]
    status, recognised = catalogue.status(one.head.id), one.result.recognised
    until = (
        catalogue.acts.last_day(one.head.id)
        if catalogue.acts.extending(one.head.id)
        else recognised.valid_until
    )
    recognised = replace(recognised, status=status, valid_until=until)
    return replace(one.result, recognised=recognised, effects=tuple(dict.fromkeys(effects)))


def _on_others(one: Incoming, catalogue: Catalogue) -> Iterator[Effect]:
    for words in one.said:
        named = NamedPaper(words.title, words.doc_number)
        for other in catalogue.acts.named(named):
            if any(by.id == one.head.id for by in _acting(Relation(words.kind), other, catalogue)):
                yield Effect(words.kind, False, other.id, other.title, other.doc_number, words.quote)
        for other in catalogue.acts.contradicted(named):
            if other.id != one.head.id:
                yield Effect("unclear", False, other.id, other.title, other.doc_number, words.quote)
    for other in catalogue.acts.superseded(one.head.id):
        kind = Relation.SUPERSEDES.value
        yield Effect(kind, False, other.id, other.title, other.doc_number, one.head.title)


def _by_others(
    head: PaperHead, catalogue: Catalogue, said: Mapping[str, tuple[Said, ...]]
) -> Iterator[Effect]:
    for kind in _KINDS:
        for by in _acting(kind, head, catalogue):
            yield Effect(
                kind.value, True, by.id, by.title, by.doc_number, _quote(kind, by, head, catalogue, said)
            )
    for by in catalogue.acts.superseders(head.id):
        yield Effect(Relation.SUPERSEDES.value, True, by.id, by.title, by.doc_number, by.title)


def _acting(kind: Relation, head: PaperHead, catalogue: Catalogue) -> list[PaperHead]:
    by_kind: Mapping[Relation, Callable[[str], list[PaperHead]]] = {
        Relation.REPEALS: catalogue.acts.repealers,
        Relation.REPEALS_PARTS: lambda one: [by for by, _ in catalogue.acts.repealed_articles(one)],
        Relation.EXTENDS: catalogue.acts.extending,
    }
    return by_kind[kind](head.id)


def _quote(
    kind: Relation,
    by: PaperHead,
    head: PaperHead,
    catalogue: Catalogue,
    said: Mapping[str, tuple[Said, ...]],
) -> str:
    """The words of `by` that act on `head`; empty when its text cannot be read."""
    try:
        words = said[by.id] if by.id in said else said_in(catalogue.document(by.id))
    except (DamagedDocument, UnknownDocument):
        return ""
    for one in words:
        meant = catalogue.acts.named(NamedPaper(one.title, one.doc_number))
        if one.kind == kind.value and any(other.id == head.id for other in meant):
            return one.quote
    return ""
