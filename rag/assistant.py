"""Answers questions from papers: finds what they say, decides the reply and has it written."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING

from corpus.catalogue.catalogue import Catalogue
from corpus.model import Document, Status
from index.model import TermStatistics
from index.search.hybrid import HybridSearcher
from rag.answer.answerer import Answerer
from rag.answer.content.findings import Findings
from rag.answer.content.parts import PartFindings
from rag.answer.stream import Decided, Done, Event, Working, parts
from rag.answer.tables.table import Tables
from rag.answer.wording.surrounding_text import Now
from rag.answer.wording.writing import Composer
from rag.evidence.calibration import Calibration
from rag.evidence.judgement import Judge
from rag.evidence.retrieve import Retriever
from rag.evidence.sentences import EvidenceFinder
from rag.facts.catalogue import FactCatalogue
from rag.findings.scoring import Scoring
from rag.findings.search import Search
from rag.info import Info
from rag.language.spelling import Spelling
from rag.model import Answer, AsOf, Passage, Question, Refusal, Reply, Sentence
from rag.question.as_of import Dated, dated
from rag.question.understand import Understanding
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
        gone: Callable[[], frozenset[str]] = frozenset,
    ) -> None:
        self._gone = gone
        self._catalogue, self._today = catalogue, catalogue.today
        self._facts = facts
        self._matcher: Matcher | None = None
        self._embedder = searcher.embedder
        finder = EvidenceFinder(idf=terms.idf, known=terms.known, ranking=ranking.sentences)
        self._search = Search(
            catalogue=catalogue,
            retriever=Retriever(
                searcher=searcher,
                catalogue=catalogue,
                evidence=finder,
                candidates=candidates,
                ranking=ranking.clauses,
            ),
            ranking=ranking,
            idf=terms.idf,
            spell=Spelling(known=terms.known).corrected,
        )
        self._scoring = Scoring(
            catalogue=catalogue, finder=finder, calibration=calibration, ranking=ranking, judge=judge
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
        other = self._over(self._catalogue.on(day))
        now = Now(self._today, self._catalogue.statuses)
        other._answerer = self._answerer.on(other._catalogue, facts=other._facts, now=now)
        return other

    def _over(self, catalogue: Catalogue) -> Assistant:
        """Returns the same assistant for a catalogue of some of its papers, or of another day."""
        other = copy(self)
        other._catalogue, other._facts = catalogue, self._facts.among(catalogue)
        other._search, other._scoring = self._search.over(catalogue), self._scoring.over(catalogue)
        other._days = _Days()  # one that is shared would contain its owner, which then is not freed at once
        return other

    def _stream(self, asked: Dated, *, original: Question) -> Iterator[Event]:
        clock, question = _Clock(), asked.question
        with clock.step("understand"):
            understanding = self._search.understood(question)
            matters = understood_parts(question, understanding, self._search.understood)
        yield Working("understand")
        with clock.step("retrieve"):
            understanding, retrieved = self._search.retrieved(understanding)
        yield Working("retrieve")
        with clock.step("evidence"):
            findings = self._scoring.read(understanding, retrieved)
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
        return on._read(on._search.understood(asked))

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
        return on._search.best(on._search.understood(question), k=k)

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
        return self._left_with(self._catalogue.without_damaged(document_ids))

    def gone(self) -> frozenset[str]:
        """Returns the papers that were withdrawn or removed since, as `OpenIndex` tells them."""
        return self._gone()

    def without(self, document_ids: Collection[str]) -> Assistant:
        """Returns an assistant that answers from the other papers, because those named are gone."""
        return self._left_with(self._catalogue.without(document_ids))

    def _left_with(self, catalogue: Catalogue) -> Assistant:
        other = self._over(catalogue)
        other._answerer = self._answerer.over(other._catalogue, facts=other._facts)
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

    def _read(self, understanding: Understanding) -> Findings:
        return self._scoring.read(*self._search.retrieved(understanding))

    def _read_parts(
        self, question: Question, whole: Findings, matters: Sequence[UnderstoodPart]
    ) -> list[PartFindings]:
        """Returns what is found for each part of a question, which may be about several matters.

        A question about one is read in the parts that ask in turn if as a whole it has no answer, or asks
        for metadata and for more.
        """
        asked = whole.understanding
        if not matters and (asked.fields or self._answerer.finds_nothing(whole)):
            in_turn = understood_in_turn(question, asked, self._search.understood)
            if not asked.fields or asks_for_more_than_metadata(in_turn):
                matters = in_turn
        return [PartFindings(one.part, self._read(one.understanding)) for one in matters]


def _day_of(question: Question, today: date) -> date:
    """Returns the day whose statuses decide the reply."""
    return question.as_of.day if question.as_of is not None and not question.as_of.fault else today
