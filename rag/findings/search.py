"""Understands a question and retrieves the clauses that may answer it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace

from corpus.catalogue.catalogue import Catalogue
from rag.answer.metadata.facts import MetadataFact, metadata_facts
from rag.evidence.definitions import defining_first
from rag.evidence.framing import asks_for_content, frames_last
from rag.evidence.retrieve import Request, Retriever
from rag.language.query_terms import Idf
from rag.model import Passage, Question
from rag.question.metadata_fields import MetadataField
from rag.question.other_terms import is_term_of_thing
from rag.question.scope import Scope
from rag.question.understand import Understanding, understand
from rag.ranking import Ranking

_MOST_SEARCHED = 40  # papers that are searched one by one; of more, those of the first hits


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Passages by document for a question over several papers, else all under the key ""."""

    passages: Mapping[str, Sequence[Passage]]
    regardless: Sequence[Passage] = ()  # the same where it does not count whether a paper is in force


class Search:
    """Finds the clauses of the papers of a catalogue for a question."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        retriever: Retriever,
        ranking: Ranking,
        idf: Idf,
        spell: Callable[[str], str],
    ) -> None:
        self._catalogue, self._retriever, self._ranking = catalogue, retriever, ranking
        self._idf, self._spell = idf, spell

    def over(self, catalogue: Catalogue) -> Search:
        """Returns the same search for some of the papers, or for their statuses on another day."""
        other = copy(self)
        other._catalogue, other._retriever = catalogue, self._retriever.over(catalogue)
        return other

    def understood(self, question: Question, *, around: Scope | None = None) -> Understanding:
        """Returns the meaning of a question; `around` is the scope of the whole of which it is a part."""
        return understand(
            question,
            self._catalogue,
            idf=self._idf,
            counts=self._ranking.terms,
            spell=self._spell,
            around=around,
        )

    def best(self, understanding: Understanding, *, k: int) -> list[Passage]:
        """Returns the best `k` clauses, best first."""
        return self._retriever.retrieve(self._request(understanding), k=k)

    def retrieved(self, understanding: Understanding) -> tuple[Understanding, Retrieved]:
        """Returns the passages for a question, and the question, whose meaning a clause may change."""
        found = self._passages(understanding)
        if MetadataField.VALIDITY in understanding.fields:
            clauses = ((p.document, p.clause) for group in found.passages.values() for p in group)
            if is_term_of_thing(understanding.text, clauses):
                # The permit has a term, and the question is about that.
                fields = tuple(f for f in understanding.fields if f is not MetadataField.VALIDITY)
                only = understanding.only_fields and bool(fields)
                understanding = replace(understanding, fields=fields, only_fields=only)
                return understanding, self._passages(understanding)
        return understanding, found

    def _passages(self, understanding: Understanding) -> Retrieved:
        hits, request = self._ranking.deciding.hits, self._request(understanding)
        if understanding.spans_papers:
            ids = understanding.scope.preferred
            if not 0 < len(ids) <= _MOST_SEARCHED:
                likely = self._retriever.likely(replace(request, allowed=ids or request.allowed))
                ids = likely[:_MOST_SEARCHED]
            each = self._retriever.retrieve_each(request, ids, k=hits) if ids else {"": []}
            return Retrieved(each)
        first, regardless = self._retriever.retrieve_both(request, k=hits)
        if asks_for_content(understanding):
            first, regardless = frames_last(first), frames_last(regardless)
        return Retrieved({"": defining_first(understanding.own, first)}, regardless)

    def _request(self, understanding: Understanding) -> Request:
        scope = understanding.scope
        return Request(
            query=understanding.query,
            allowed=scope.allowed,
            preferred=scope.preferred,
            likely=scope.likely,
            out_of_force=frozenset() if scope.by_number else self._catalogue.out_of_force,
            repealed_last=not scope.by_number,
            addressed=tuple(clause.key for clause in understanding.addressed),
            literals=understanding.literals,
            wants=understanding.wants,
            bonuses=self._bonuses(understanding),
        )

    def _bonuses(self, understanding: Understanding) -> dict[str, float]:
        """Returns score bonuses for clauses that the question refers to or that state its metadata."""
        weights = self._ranking.clauses
        bonuses = {clause.key: weights.cited_before for clause in understanding.cited}
        named = understanding.scope.preferred
        few = len(named) <= self._ranking.deciding.most_named
        for document in self._catalogue.documents(named) if few else ():
            for fact in metadata_facts(document, understanding.fields):
                if isinstance(fact, MetadataFact):
                    alone = understanding.only_fields
                    bonuses[fact.clause.key] = weights.states_metadata if alone else weights.cited_before
        return bonuses
