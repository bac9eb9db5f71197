"""Answers questions that ask for several provisions from the support facts of the papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.catalogue.catalogue import Catalogue
from corpus.facts.model import FactKind
from corpus.model import Status
from index.model import TermStatistics
from rag.answer.content.findings import Findings
from rag.answer.content.plan import Plan
from rag.answer.tables.against_clauses import as_widely, is_elsewhere, misses, says_more
from rag.answer.tables.asked import TableAsked, matter_words, names_kind, table_asked
from rag.answer.tables.card import card_of, is_about_money
from rag.answer.tables.choose import choose, saying_most, supported
from rag.answer.tables.matter import Matter, matter_of
from rag.answer.tables.papers import (
    MOST_PAPERS,
    is_of_unknown_place,
    papers_asked,
    places_in_titles,
    places_without,
)
from rag.answer.tables.rows import plan_of
from rag.answer.tables.sums import SumsAsked
from rag.answer.wording.phrases import phrases_for
from rag.facts.catalogue import FactCatalogue
from rag.facts.fact_filter import FactFilter
from rag.facts.found import FactPaper, FoundFact
from rag.model import Answer, Outcome, Refusal
from rag.question.intent import Breadth
from rag.question.kinds import FactKind as AskedKind
from rag.question.understand import Understanding

# Confidence of the answer from clauses from which its quotes tell which facts are meant.
_SURE = 0.6
_MOST_READ = 40  # papers that are read to say that they provide nothing
# Kinds of which every provision of a paper is a fact, so that without a fact the paper provides nothing.
_COMPLETE = frozenset(
    {FactKind.MONEY, FactKind.INTEREST, FactKind.TIME_LIMIT, FactKind.TARGET, FactKind.RULE}
)
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
        only where they are in all papers which that one quotes, and are only those in these papers.
        """
        asked, wanted = findings.understanding, self._wanted(findings.understanding)
        if wanted is None:
            return None
        if is_of_unknown_place(asked, self._catalogue, self._terms):
            return NothingProvided(()) if wanted.named else None
        # 用地方面的支持有哪些 has no word to find a clause by; with one, the clauses tell.
        if is_elsewhere(otherwise) and not (wanted.named and not matter_of(wanted.matter, self._terms)):
            return None
        if not wanted.has_rows:
            return self._nothing(asked, wanted)
        found = self._meant(findings, wanted, otherwise)
        if found is None:
            return None
        if found:
            return self._with_rows(asked, found)
        if wanted.with_sum and (found := self._chosen(findings, replace(wanted, with_sum=False))):
            phrases = phrases_for(asked.language)
            lead = phrases.not_stated.format(what=phrases.wanted[AskedKind.AMOUNT])
            return replace(self._with_rows(asked, found), outcome=Outcome.PARTIAL, lead=lead)
        if wanted.kinds and misses(otherwise, matter_of(wanted.matter, self._terms)):
            return NothingProvided(places_without(asked, self._catalogue, ()))
        return self._nothing(asked, wanted)

    def _wanted(self, asked: Understanding) -> TableAsked | None:
        """Returns what a table should have, without places that only titles name in its matter."""
        wanted = table_asked(asked)
        if wanted is None:
            return None
        matter = wanted.matter
        for place in places_in_titles(matter, self._catalogue):
            matter = matter.replace(place, " ")
        return replace(wanted, matter=matter)

    def _meant(
        self, findings: Findings, wanted: TableAsked, otherwise: Plan | Refusal
    ) -> list[FoundFact] | None:
        """Returns the facts asked for; None where the answer from clauses says more of the matter."""
        asked, matter = findings.understanding, matter_of(wanted.matter, self._terms)
        found = self._chosen(findings, wanted)
        if not wanted.named:
            found = found if wanted.literals else saying_most(found, matter)
            return as_widely(found, otherwise, by_words=bool(wanted.literals))
        if self._is_sure(findings) and not wanted.literals and not wanted.benefits:
            papers = {one.head.id for one in found}
            quoted = supported(self._quoted_by(otherwise, findings, replace(wanted, matter="")), matter)
            found += [one for one in quoted if one.head.id not in papers]
        # Without a kind, facts tell less of what is meant than clauses do.
        by_clause = wanted.benefits and asked.breadth is Breadth.ONE
        compared = bool(matter) if wanted.benefits else asked.breadth is Breadth.COMPARE
        more = compared and says_more(otherwise, found, matter, by_clause=by_clause)
        return None if more else found

    def _nothing(self, asked: Understanding, wanted: TableAsked) -> NothingProvided | None:
        return (
            NothingProvided(places_without(asked, self._catalogue, ()))
            if self._is_complete(asked, wanted)
            else None
        )

    @staticmethod
    def _is_sure(findings: Findings) -> bool:
        """Whether the clauses of several papers answer for sure what no fact says in the same words."""
        return findings.understanding.spans_papers and findings.confidence >= _SURE

    def _is_complete(self, asked: Understanding, wanted: TableAsked) -> bool:
        """Whether papers without such a fact provide nothing.

        Where every provision of the kind is a fact, no sentence without a fact may name the kind; of other
        kinds, no word of the papers.
        """
        if not (wanted.kinds or wanted.rules):
            return False
        ids = papers_asked(asked, self._catalogue)
        if len(ids or self._catalogue) > MOST_PAPERS:
            return False
        facts = self._facts.select(FactFilter(documents=ids))
        papers = list({found.head.id: found.paper for found in facts}.values())
        if not 0 < len(papers) <= _MOST_READ or any(_may_provide(paper, wanted) for paper in papers):
            return False
        return not choose(replace(wanted, sums=SumsAsked(), in_year=None), facts, matter=Matter(()))

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
        ids = papers_asked(asked, self._catalogue) or (() if wanted.named else tuple(findings.passages))
        if len(ids or self._catalogue) > MOST_PAPERS:
            ids = _found(findings, ids)
        selected = self._facts.select(FactFilter(documents=ids))
        if wanted.status is not None:
            selected = tuple(found for found in selected if found.status is wanted.status)
        elif not asked.scope.by_number:
            selected = tuple(found for found in selected if found.status not in _GONE)
        return choose(
            wanted,
            selected,
            matter=matter_of(wanted.matter, self._terms),
            excluded=matter_of(wanted.excluded, self._terms),
        )

    def _with_rows(self, asked: Understanding, found: Sequence[FoundFact]) -> Plan:
        papers = {one.head.id for one in found}
        return plan_of(asked, found, without=places_without(asked, self._catalogue, papers))

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


def _found(findings: Findings, ids: Sequence[str]) -> tuple[str, ...]:
    """Returns those of the papers, or of all, that have a passage for the question; none has the id ""."""
    found = {passage.document.id for group in findings.passages.values() for passage in group}
    return tuple(sorted(found.intersection(ids) if ids else found)) or ("",)


def _may_provide(paper: FactPaper, wanted: TableAsked) -> bool:
    """Whether words that no fact was read from name the kind."""
    if not wanted.kinds <= _COMPLETE:
        return names_kind(wanted.kinds, paper.document.text)
    unread = [one.span for one in paper.facts.sentences if not one.has_facts]
    text = paper.document.text if unread else ""
    return any(names_kind((*wanted.kinds, *wanted.rules), span.of(text)) for span in unread)
