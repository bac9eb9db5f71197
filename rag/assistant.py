"""The assistant: understands a question, retrieves clauses, scores sentences and composes a reply."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from corpus.catalogue.catalogue import Catalogue
from corpus.model import Document, Status
from index.model import TermStatistics
from index.search.hybrid import HybridSearcher
from rag.answer.answerer import Answerer
from rag.answer.content.asked import may_begin
from rag.answer.content.findings import Findings
from rag.answer.content.parts import PartFindings
from rag.answer.content.refusal import is_open
from rag.answer.metadata.facts import MetadataFact, metadata_facts
from rag.answer.stream import Decided, Done, Event, Working, parts
from rag.answer.tables.table import Tables
from rag.answer.wording.surrounding_text import Now
from rag.answer.wording.writing import Composer
from rag.evidence.calibration import Calibration
from rag.evidence.confidence import Signals, signals
from rag.evidence.definitions import defining_first
from rag.evidence.framing import asks_for_content, frames_last, to_be_judged
from rag.evidence.judgement import Judge, Judgement
from rag.evidence.out_of_force import only_ended_answers
from rag.evidence.referring import referring_to_best
from rag.evidence.retrieve import Request, Retriever
from rag.evidence.sentences import EvidenceFinder, EvidenceList
from rag.facts.catalogue import FactCatalogue
from rag.language.spelling import Spelling
from rag.model import Answer, AsOf, Passage, Question, Refusal, Reply, Sentence
from rag.question.as_of import Dated, dated
from rag.question.intent import Breadth
from rag.question.metadata_fields import MetadataField
from rag.question.other_terms import is_term_of_thing
from rag.question.scope import Scope
from rag.question.understand import Understanding, understand
from rag.question.understood_parts import (
    UnderstoodPart,
    asks_for_more_than_metadata,
    understood_in_turn,
    understood_parts,
)
from rag.ranking import Ranking

if TYPE_CHECKING:
    from rag.matching.matcher import Matcher

_MOST_DAYS = 4  # other days for which statuses are kept, a few kB each
_MOST_SEARCHED = 40  # papers that are searched one by one; of more, those of the first hits
_MOST_JUDGED = 4  # compared papers whose sentences are read; more would take too long


@dataclass(frozen=True, slots=True)
class Info:
    """Identifies the papers, index, model and parameters that an assistant answers with."""

    corpus_hash: str
    model: str
    generation: int
    documents: int
    clauses: int
    chunks: int
    calibration: str  # fingerprint of the calibration of the confidence, and of the reader if it is in use
    ranking: str  # fingerprint of the parameters that clauses are ranked and quoted by
    composer: str  # name of the composer
    composer_fingerprint: str
    threshold: float  # confidence below which the answer is a refusal


@dataclass(slots=True)
class _Clock:
    """Measures milliseconds by step."""

    steps: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.steps[name] = self.steps.get(name, 0.0) + (time.perf_counter() - started) * 1000


class _Days:
    """Assistants over the same papers for the last few other days that were asked about. Thread-safe."""

    def __init__(self) -> None:
        self._kept, self._lock = OrderedDict[date, Assistant](), Lock()

    def of(self, day: date, make: Callable[[date], Assistant]) -> Assistant:
        """Returns the assistant for a day; `make` makes one that is not kept."""
        with self._lock:
            found = self._kept.pop(day, None) or make(day)
            self._kept[day] = found
            if len(self._kept) > _MOST_DAYS:
                self._kept.popitem(last=False)
        return found


@dataclass(frozen=True, slots=True)
class _Retrieved:
    """Passages by document for a question over several papers, else all under the key ""."""

    passages: Mapping[str, Sequence[Passage]]
    regardless: Sequence[Passage] = ()  # the same where it does not count whether a paper is in force


class Assistant:
    """Answers questions from a fixed set of papers. Thread-safe: immutable once constructed."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        facts: FactCatalogue,
        searcher: HybridSearcher,
        terms: TermStatistics,
        composer: Composer,
        candidates: int,
        calibration: Calibration,
        ranking: Ranking,
        quotes: int,
        nearest: int,
        info: Info,
        judge: Judge | None = None,
    ) -> None:
        self._catalogue, self._today = catalogue, catalogue.today
        self._facts = facts
        self._matcher: Matcher | None = None
        self._embedder = searcher.embedder
        self._idf = terms.idf
        self._spelling = Spelling(known=terms.known)
        self._ranking = ranking
        self._finder = EvidenceFinder(idf=terms.idf, known=terms.known, ranking=ranking.sentences)
        self._retriever = Retriever(
            searcher=searcher,
            catalogue=catalogue,
            evidence=self._finder,
            candidates=candidates,
            ranking=ranking.clauses,
        )
        self._answerer = Answerer(
            composer=composer,
            catalogue=catalogue,
            threshold=calibration.threshold,
            ranking=ranking,
            quotes=quotes,
            nearest=nearest,
            tables=Tables(facts=facts, catalogue=catalogue, terms=terms),
        )
        self._days = _Days()
        self._info = info
        self._calibration = calibration
        self._judge = judge

    def ask(self, question: Question) -> Reply:
        """Returns the answer with its citations, or a refusal."""
        for event in self.stream(question):
            if isinstance(event, Decided):
                return event.reply
        raise AssertionError("a stream ends only after the reply is decided")

    def stream(self, question: Question) -> Iterator[Event]:
        """Yields the same reply step by step: each sentence once verified, then the whole text in parts.

        Answers for the day that the question asks about. Closing the iterator stops the work after the
        current step.
        """
        asked = dated(question, today=self._today)
        return self.on(_day_of(asked.question, self._today))._stream(asked, original=question)

    def on(self, day: date) -> Assistant:
        """Returns an assistant that answers with the papers in force on a day."""
        return self if day == self._catalogue.today else self._days.of(day, self._made_for)

    def _made_for(self, day: date) -> Assistant:
        """Returns the same assistant with the statuses of the papers on a day. Index and texts are shared."""
        other, catalogue = copy(self), self._catalogue.on(day)
        other._catalogue, other._facts = catalogue, self._facts.among(catalogue)
        other._retriever = self._retriever.over(catalogue)
        other._answerer = self._answerer.on(
            catalogue, facts=other._facts, now=Now(self._today, self._catalogue.statuses)
        )
        other._days = _Days()  # one that is shared would contain its owner, which then is not freed at once
        return other

    def _stream(self, asked: Dated, *, original: Question) -> Iterator[Event]:
        clock, question = _Clock(), asked.question
        with clock.step("understand"):
            understanding = self._understood(question)
            matters = understood_parts(question, understanding, self._understood)
        yield Working("understand")
        with clock.step("retrieve"):
            understanding, retrieved = self._retrieved(understanding)
        yield Working("retrieve")
        with clock.step("evidence"):
            findings = self._read(understanding, retrieved)
            parts_found = self._read_parts(question, findings, matters)
        yield Working("evidence")
        result = yield from self._composed(findings, parts_found, clock)
        clock.steps["total"] = sum(clock.steps.values())
        if asked.repeats and not result.rewritten:
            result = replace(result, rewritten=question.text)
        day = _day_of(question, self._today)
        as_of = day if day != self._today else None
        reply = Reply(question=original, result=result, timings=clock.steps, as_of=as_of)
        yield Decided(reply)
        yield from parts(result.text)
        yield Done(reply)

    def _composed(
        self, findings: Findings, parts: Sequence[PartFindings], clock: _Clock
    ) -> Generator[Sentence, None, Answer | Refusal]:
        """Yields the sentences of the answer; returns the reply. Excludes the time that the caller takes."""
        sentences = self._answerer.answer(findings, parts)
        while True:
            with clock.step("compose"):
                try:
                    sentence = next(sentences)
                except StopIteration as end:
                    result: Answer | Refusal = end.value
                    break
            yield sentence
        return result

    def read(self, question: Question) -> Findings:
        """Returns what was understood and found for a question, before the reply is decided."""
        asked = dated(question, today=self._today).question
        on = self.on(_day_of(asked, self._today))
        return on._read(*on._retrieved(on._understood(asked)))

    def search(
        self,
        query: str,
        *,
        k: int,
        documents: Collection[str] = (),
        regions: Collection[str] = (),
        as_of: date | None = None,
    ) -> list[Passage]:
        """Returns the best `k` clauses for a query, best first, of the papers of a day if one is given."""
        day = AsOf(as_of) if as_of is not None and as_of != self._today else None
        question = Question(query, documents=tuple(documents), regions=tuple(regions), as_of=day)
        on = self.on(_day_of(question, self._today))
        return on._retriever.retrieve(on._request(on._understood(question)), k=k)

    @property
    def catalogue(self) -> Catalogue:
        """Returns the papers that answers are made from."""
        return self._catalogue

    @property
    def facts(self) -> FactCatalogue:
        """Returns the support facts of these papers."""
        return self._facts

    @property
    def matcher(self) -> Matcher:
        """Returns what finds the facts that are for an enterprise."""
        if self._matcher is None:
            # Imported here because it takes 0.1 s, which a question does not need.
            from rag.matching.matcher import Matcher
            from rag.matching.meaning import Meaning

            self._matcher = Matcher(self._facts, meaning=Meaning.by(self._embedder))
        elif not self._matcher.is_over(self._facts):
            self._matcher = self._matcher.among(self._facts)
        return self._matcher

    def without_damaged(self, document_ids: Collection[str]) -> Assistant:
        """Returns an assistant that answers from the other papers, because those named are damaged."""
        other = copy(self)
        other._catalogue = self._catalogue.without_damaged(document_ids)
        other._facts = self._facts.among(other._catalogue)
        other._retriever = self._retriever.over(other._catalogue)
        other._answerer = self._answerer.over(other._catalogue, facts=other._facts)
        other._days = _Days()
        return other

    def documents(self) -> tuple[Document, ...]:
        """Returns all papers with their texts, for tools that read every one of them."""
        return tuple(self._catalogue.documents(self._catalogue.ids))

    def document(self, document_id: str) -> Document:
        """Returns the paper with that id. Raises UnknownDocument."""
        return self._catalogue.document(document_id)

    def status(self, document: Document) -> Status:
        """Returns the status of the paper: in force, draft, repealed, expired."""
        return self._catalogue.status(document.id)

    def info(self) -> Info:
        return self._info

    def _understood(self, question: Question, *, around: Scope | None = None) -> Understanding:
        return understand(
            question,
            self._catalogue,
            idf=self._idf,
            counts=self._ranking.terms,
            spell=self._spelling.corrected,
            around=around,
        )

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

    def _retrieved(self, understanding: Understanding) -> tuple[Understanding, _Retrieved]:
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

    def _passages(self, understanding: Understanding) -> _Retrieved:
        hits, request = self._ranking.deciding.hits, self._request(understanding)
        if understanding.spans_papers:
            ids = understanding.scope.preferred
            if not 0 < len(ids) <= _MOST_SEARCHED:
                likely = self._retriever.likely(replace(request, allowed=ids or request.allowed))
                ids = likely[:_MOST_SEARCHED]
            each = self._retriever.retrieve_each(request, ids, k=hits) if ids else {"": []}
            return _Retrieved(each)
        first, regardless = self._retriever.retrieve_both(request, k=hits)
        if asks_for_content(understanding):
            first, regardless = frames_last(first), frames_last(regardless)
        return _Retrieved({"": defining_first(understanding.own, first)}, regardless)

    def _read(self, understanding: Understanding, retrieved: _Retrieved) -> Findings:
        findings = self._scored(understanding, retrieved.passages)
        if retrieved.regardless:
            ended = self._scored(understanding, {"": retrieved.regardless})
            if only_ended_answers(
                ended.ranked[0].document,
                findings.ranked[0].document,
                confidence=(ended.confidence, findings.confidence),
                threshold=self._calibration.threshold,
                in_title=partial(self._finder.title_coverage, understanding.query),
                catalogue=self._catalogue,
            ):
                findings = ended
        return replace(findings, judgement=self._judged(findings), judgements=self._judged_each(findings))

    def _scored(self, understanding: Understanding, passages: Mapping[str, Sequence[Passage]]) -> Findings:
        flat = [passage for group in passages.values() for passage in group]
        evidence = self._finder.find(understanding.query, flat, wants=understanding.wants)
        referring = {
            i: referring_to_best(group, understanding.wants, finder=self._finder)
            for i, group in passages.items()
        }
        found = {
            i: self._signals(understanding, group, evidence, referring[i]) for i, group in passages.items()
        }
        sure = {i: self._calibration.confidence(one) for i, one in found.items()}
        best = max(found, key=sure.__getitem__)
        return Findings(
            understanding,
            passages,
            evidence,
            found[best],
            sure[best],
            referring=referring[best],
            confidences=sure,
        )

    def _read_parts(
        self, question: Question, whole: Findings, matters: Sequence[UnderstoodPart]
    ) -> list[PartFindings]:
        """Returns what is found for each part of a question, which may be about several matters.

        A question about one is read in the parts that ask in turn if as a whole it has no answer, or asks
        for metadata and for more.
        """
        asked = whole.understanding
        if not matters and (asked.fields or self._answerer.finds_nothing(whole)):
            in_turn = understood_in_turn(question, asked, self._understood)
            if not asked.fields or asks_for_more_than_metadata(in_turn):
                matters = in_turn
        return [PartFindings(one.part, self._read(*self._retrieved(one.understanding))) for one in matters]

    def _judged(self, findings: Findings) -> Judgement | None:
        """Returns what the reader makes of the best sentences, where the reply depends on it."""
        threshold, related = self._calibration.threshold, self._ranking.deciding.related
        if self._judge is None or not is_open(findings, threshold=threshold, related=related):
            return None
        asked = findings.understanding
        sentences = to_be_judged(asked, findings.evidence)
        begins = may_begin(asked.own, asked.wants, confidence=findings.confidence)
        return self._judge.judge(asked.words, sentences, confidence=findings.confidence, begins=begins)

    def _judged_each(self, findings: Findings) -> dict[str, Judgement]:
        """Returns what the reader makes of the best sentences of each of a few compared papers."""
        asked, compared = findings.understanding, findings.passages
        if self._judge is None or asked.breadth is not Breadth.COMPARE or len(compared) > _MOST_JUDGED:
            return {}
        begins = may_begin(asked.own, asked.wants, confidence=findings.confidence)
        judged = {
            document_id: self._judge.judge(
                asked.words,
                [found for found in findings.evidence if found.passage.document.id == document_id],
                confidence=findings.confidences[document_id],
                begins=begins,
            )
            for document_id in compared
        }
        return {document_id: found for document_id, found in judged.items() if found is not None}

    def _signals(
        self,
        understanding: Understanding,
        passages: Sequence[Passage],
        evidence: EvidenceList,
        referring: Passage | None,
    ) -> Signals:
        return signals(
            understanding.query,
            passages,
            evidence,
            finder=self._finder,
            wants=understanding.wants,
            named=understanding.scope.named or understanding.breadth is Breadth.WHICH,
            scales=self._ranking.signals,
            referring=referring,
        )


def _day_of(question: Question, today: date) -> date:
    """Returns the day whose statuses decide the reply."""
    return question.as_of.day if question.as_of is not None and not question.as_of.fault else today
