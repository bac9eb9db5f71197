"""Answers questions that ask for several provisions from the support facts of the papers."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from corpus.catalogue.catalogue import Catalogue
from corpus.facts.model import FactKind
from corpus.model import Status
from index.model import TermStatistics
from rag.answer.content.completion import completed
from rag.answer.content.findings import Findings
from rag.answer.content.plan import Plan, Quoted
from rag.answer.tables.asked import TableAsked, matter_words, names_kind, table_asked
from rag.answer.tables.card import card_of, is_about_money
from rag.answer.tables.cells import row_of
from rag.answer.tables.choose import choose
from rag.answer.tables.columns import asked_for, columns_for, filled
from rag.answer.tables.matter import Matter, matter_of
from rag.answer.wording.phrases import phrases_for
from rag.facts.catalogue import FactCatalogue
from rag.facts.fact_filter import FactFilter
from rag.facts.found import FactPaper, FoundFact
from rag.model import Answer, FactColumn, FactRow, FactTable, Outcome, Reason, Refusal
from rag.question.intent import Breadth
from rag.question.kinds import FactKind as AskedKind
from rag.question.understand import Understanding

_MOST_ROWS = 100  # each is quoted, so that the text has up to 15,000 characters
_MOST_READ = 40  # papers that are read to say that they provide nothing
# Kinds of which every provision of a paper is a fact, so that without a fact the paper provides nothing.
_COMPLETE = frozenset(
    {FactKind.MONEY, FactKind.INTEREST, FactKind.TIME_LIMIT, FactKind.TARGET, FactKind.RULE}
)
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:新区|开发区|高新区|园区|示范区|自贸区)")  # 江北新区
_GONE = (Status.REPEALED, Status.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class NothingProvided:
    """The papers of these places have no provision of the kind asked for."""

    places: tuple[str, ...]


class Tables:
    """Makes answers from the facts of the papers of a catalogue, for the day of that catalogue."""

    def __init__(self, *, facts: FactCatalogue, catalogue: Catalogue, terms: TermStatistics) -> None:
        self._facts, self._catalogue, self._terms = facts, catalogue, terms

    def over(self, facts: FactCatalogue, catalogue: Catalogue) -> Tables:
        """Returns the same for another state of the papers."""
        return Tables(facts=facts, catalogue=catalogue, terms=self._terms)

    def plan(self, findings: Findings, otherwise: Plan | Refusal) -> Plan | NothingProvided | None:
        """Returns the answer from facts, or None for a question that is answered from clauses.

        `otherwise` is the answer from clauses. The facts answer a question that names no kind of provision
        only where they are in all papers which that one quotes.
        """
        asked, wanted = findings.understanding, table_asked(findings.understanding)
        if wanted is None:
            return None
        # 用地方面的支持有哪些 has no word to find a clause by; with one, the clauses tell.
        if _is_elsewhere(otherwise) and not (wanted.named and not matter_of(wanted.matter, self._terms)):
            return None
        found = self._chosen(findings, wanted)
        if not wanted.named and not _covers(found, otherwise):
            return None
        if not found and asked.spans_papers and not wanted.literals:
            found = self._quoted_by(otherwise, findings, replace(wanted, matter=""))
        if found:
            return self._with_rows(asked, found)
        if wanted.with_sum and (found := self._chosen(findings, replace(wanted, with_sum=False))):
            phrases = phrases_for(asked.language)
            lead = phrases.not_stated.format(what=phrases.wanted[AskedKind.AMOUNT])
            return replace(self._with_rows(asked, found), outcome=Outcome.PARTIAL, lead=lead)
        return NothingProvided(self._places(asked, ())) if self._is_complete(asked, wanted) else None

    def _is_complete(self, asked: Understanding, wanted: TableAsked) -> bool:
        """Whether papers without such a fact provide nothing.

        Every provision of the kind has to be a fact, and no sentence without a fact may name the kind.
        """
        if not (wanted.kinds or wanted.rules) or not wanted.kinds <= _COMPLETE:
            return False
        facts = self._facts.select(FactFilter(documents=self._ids(asked)))
        papers = list({found.head.id: found.paper for found in facts}.values())
        if not 0 < len(papers) <= _MOST_READ or any(_may_provide(paper, wanted) for paper in papers):
            return False
        return not choose(replace(wanted, sums=frozenset()), facts, matter=Matter(()))

    def with_card(self, answer: Answer, asked: Understanding) -> Answer:
        """Returns an answer about money with the facts that its quotes state."""
        # A partial answer says that the papers do not state what was asked.
        if answer.outcome is Outcome.PARTIAL or not is_about_money(asked.wants):
            return answer
        quoted = dict.fromkeys(m.citation.document.id for m in answer.citations if m.answer_span is not None)
        facts = (found for document_id in quoted for found in self._facts.of_document(document_id))
        matter = matter_of(matter_words(asked.words), self._terms)
        return replace(answer, card=card_of(answer.citations, facts, matter=matter))

    def _chosen(self, findings: Findings, wanted: TableAsked) -> list[FoundFact]:
        asked = findings.understanding
        ids = self._ids(asked) or (() if wanted.named else tuple(findings.passages))
        selected = self._facts.select(FactFilter(documents=ids))
        if not asked.scope.by_number:
            selected = tuple(found for found in selected if found.status not in _GONE)
        return choose(wanted, selected, matter=matter_of(wanted.matter, self._terms))

    def _quoted_by(
        self, otherwise: Plan | Refusal, findings: Findings, wanted: TableAsked
    ) -> list[FoundFact]:
        """Returns the facts of the kind that the answer from clauses quotes, for a matter in other words."""
        if isinstance(otherwise, Refusal) or not wanted.named:
            return []
        spans = [(one.document.id, span) for one in otherwise.quoted for span in one.spans]
        return [
            found
            for found in self._chosen(findings, wanted)
            if any(
                document_id == found.head.id and span.start <= found.fact.quote.start < span.end
                for document_id, span in spans
            )
        ]

    def _ids(self, asked: Understanding) -> tuple[str, ...]:
        """Returns the papers that the question or the request names; empty for all."""
        named = asked.scope.preferred or self._titled(asked)
        if asked.limit is None:
            return named
        return tuple(i for i in named or self._catalogue.ids if i in asked.limit)

    def _titled(self, asked: Understanding) -> tuple[str, ...]:
        """Returns the papers with a place in their titles that is no division and that the question names."""
        places = {found[0] for found in _PLACE.finditer(asked.words)}
        if not places or asked.breadth is not Breadth.ONE:
            return ()
        return tuple(head.id for head in self._catalogue.heads if any(p in head.title for p in places))

    def _with_rows(self, asked: Understanding, found: Sequence[FoundFact]) -> Plan:
        # In force before drafts and expired papers; within these by paper and place.
        found = sorted(found, key=lambda one: one.status is not Status.IN_FORCE)
        columns = columns_for((one.fact.kind for one in found), asked.wants)
        rows = [row_of(one, columns) for one in found[:_MOST_ROWS]]
        more = len(found) - len(rows)
        without = self._places(asked, {one.head.id for one in found})
        return Plan(
            outcome=Outcome.PARTIAL if asked.scope.lacking else Outcome.ANSWERED,
            quoted=tuple(_quoted(rows, beside=asked_for(asked.wants))),
            lead=_lead(asked, found),
            by_region=True,
            lacking=asked.scope.lacking,
            more=more,
            table=FactTable(filled(columns, rows), tuple(rows), without=without, more=more),
        )

    def _places(self, asked: Understanding, with_rows: Collection[str]) -> tuple[str, ...]:
        """Returns the regions whose papers were asked about and are not `with_rows`."""
        heads = [self._catalogue.head(i) for i in self._ids(asked) or self._catalogue.ids]
        covered = {head.region for head in heads if head.id in with_rows}
        return tuple(dict.fromkeys(h.region for h in heads if h.region and h.region not in covered))


def _may_provide(paper: FactPaper, wanted: TableAsked) -> bool:
    """Whether a sentence that no fact was read from names the kind."""
    unread = [one.span for one in paper.facts.sentences if not one.has_facts]
    text = paper.document.text if unread else ""
    return any(names_kind((*wanted.kinds, *wanted.rules), span.of(text)) for span in unread)


def _lead(asked: Understanding, found: Sequence[FoundFact]) -> str:
    """Returns the line before the rows, which says where a question asks for places that have them."""
    phrases = phrases_for(asked.language)
    if asked.breadth is Breadth.WHICH:
        places = dict.fromkeys(one.head.region or one.head.title for one in found)
        return phrases.which.format(regions=phrases.joint.join(places))
    return phrases.listed if len(found) > 1 else ""


def _is_elsewhere(otherwise: Plan | Refusal) -> bool:
    return isinstance(otherwise, Refusal) and otherwise.reason is Reason.OUT_OF_DOMAIN


def _covers(found: Sequence[FoundFact], otherwise: Plan | Refusal) -> bool:
    if isinstance(otherwise, Refusal):
        return False
    return {quoted.document.id for quoted in otherwise.quoted} <= {one.head.id for one in found}


def _quoted(rows: Sequence[FactRow], *, beside: Sequence[FactColumn]) -> list[Quoted]:
    """Returns the quotes of the rows by clause, with the cells of the columns `beside`."""
    clauses: dict[str, list[FactRow]] = {}
    for row in rows:
        clauses.setdefault(row.quote.clause.key, []).append(row)
    return [_of_clause(own, beside) for own in clauses.values()]


def _of_clause(rows: Sequence[FactRow], beside: Sequence[FactColumn]) -> Quoted:
    first = rows[0].quote
    spans = [row.quote.span for row in rows]
    for cell in (cell for row in rows for cell in row.cells if cell.column in beside):
        own = (c.span for value in cell.values for c in value if c.clause.key == first.clause.key)
        spans += own
    return Quoted(first.document, first.clause, completed(first.document, first.clause, spans))
