"""Turns a plan into an answer, sentence by sentence; every sentence is verified before it is sent."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from corpus.model import Status
from rag.answer.content.completion import with_lead_ins
from rag.answer.content.plan import Plan
from rag.answer.wording.asked_first import in_quotes
from rag.answer.wording.surrounding_text import Frame
from rag.errors import AnswerError
from rag.model import Answer, FactTable, Highlight, Language, Marked, Outcome, Passage, Sentence

_log = logging.getLogger("zhengwen.answer")
_NEXT_PART = Sentence("\n")  # between the answers to two parts of a question


class Composer(Protocol):
    """Writes the body of an answer."""

    @property
    def name(self) -> str:
        """Returns the name that receipts record."""
        ...

    @property
    def fingerprint(self) -> str:
        """Returns a digest of everything that decides the text written from a plan."""
        ...

    def sentences(self, plan: Plan, *, question: str, language: Language) -> Iterator[Sentence]:
        """Yields the body that `plan` describes. A sentence that breaks a promise raises AnswerError."""
        ...

    def with_statuses(self, statuses: Mapping[str, Status]) -> Composer:
        """Returns the same composer for the statuses of the papers on another day."""
        ...


class Writer:
    """Runs the composer, and verifies the text so far with every added sentence."""

    def __init__(self, *, composer: Composer, frame: Frame) -> None:
        self._composer, self._frame = composer, frame

    def write(
        self,
        plan: Plan,
        *,
        question: str,
        language: Language,
        passages: Sequence[Passage],
        confidence: float,
        rewritten: str,
    ) -> Generator[Sentence, None, Answer | None]:
        """Yields the sentences of the answer; returns the answer, or None where nothing could be cited.

        A sentence that fails verification ends the body: it is withheld with everything after it, and the
        answer is the sentences before it. No sentence is sent before the first one with a citation, since
        without one there is no answer. A line after the body that fails is left out by itself. Without such a
        sentence the answer is partial.
        """
        plan = replace(with_lead_ins(plan), then=tuple(map(with_lead_ins, plan.then)))
        written, body_complete = yield from self._body(plan, question=question, language=language)
        if not written.citations:
            return None
        written, all_closed = yield from self._closed(written, plan, language=language)
        return Answer(
            text=written.text,
            citations=_all_cited(written),
            outcome=_outcome(plan.outcome, complete=body_complete and all_closed),
            language=language,
            passages=tuple(passages),
            confidence=1.0 if plan.sure else confidence,
            warnings=self._frame.warnings(plan),
            rewritten=rewritten,
            highlights=_quoted(written, plan),
            as_of=plan.as_of.day if plan.as_of is not None else None,
            table=_shown(plan.table, written.citations),
        )

    def _body(
        self, plan: Plan, *, question: str, language: Language
    ) -> Generator[Sentence, None, tuple[Sentence, bool]]:
        """Yields the sentences of the body; returns them as one, and whether none was withheld."""
        written, pending = Sentence(""), list(self._frame.day(plan, language=language))
        try:
            for one in (plan, *plan.then):
                pending.extend([_NEXT_PART] if written.text else [])
                pending.extend(self._frame.opening(one, language=language))
                for sentence in self._composer.sentences(one, question=question, language=language):
                    noted = self._frame.status_notes(sentence, before=written.citations, language=language)
                    pending += [sentence, *noted]
                    together = _joined([written, *pending])
                    if together.citations:
                        written, ready, pending = together, pending, []
                        yield from ready
        except AnswerError as error:
            _log.error("a sentence of the composer %r was withheld: %s", self._composer.name, error)
            return written, False
        return written, True

    def _closed(
        self, written: Sentence, plan: Plan, *, language: Language
    ) -> Generator[Sentence, None, tuple[Sentence, bool]]:
        """Yields the lines after `written`; returns all as one, and whether no line was withheld."""
        complete = True
        for line in self._frame.closing(plan, language=language):
            try:
                sentence = self._frame.sentence(line, cited=[m.citation for m in written.citations])
                written = written.followed_by(sentence)
            except AnswerError as error:
                complete = False
                _log.error("the line %r after an answer was withheld: %s", line.text, error)
            else:
                yield sentence
        return written, complete


def _joined(sentences: Sequence[Sentence]) -> Sentence:
    joined, *others = sentences
    for sentence in others:
        joined = joined.followed_by(sentence)
    return joined


def _all_cited(written: Sentence) -> tuple[Marked, ...]:
    """Returns the citations, with those in `rests_on` that no sentence cites itself."""
    cited = {(marked.citation.document.id, marked.citation.clause.id) for marked in written.citations}
    more = {(citation.document.id, citation.clause.id): citation for citation in written.rests_on}
    return written.citations + tuple(Marked(more[key]) for key in sorted(more.keys() - cited))


def _shown(table: FactTable | None, citations: Sequence[Marked]) -> FactTable | None:
    """Returns the table with the rows that are quoted: a quote may have been withheld."""
    if table is None:
        return None
    rows = [row for row in table.rows if any(one.citation.contains(row.quote) for one in citations)]
    return replace(table, rows=tuple(rows))


def _outcome(planned: Outcome, *, complete: bool) -> Outcome:
    return planned if complete or planned is Outcome.CORRECTED else Outcome.PARTIAL


def _quoted(written: Sentence, plan: Plan) -> tuple[Highlight, ...]:
    """Returns what was asked where it stands in the text, as far as the composer quotes it."""
    found = (*written.highlights, *in_quotes(written.citations, plan.all_tokens))
    quotes = [marked.citation for marked in written.citations]
    return tuple(one for one in found if any(quote.contains(one.citation) for quote in quotes))
