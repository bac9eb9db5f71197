"""From a plan to an answer, sentence by sentence: nothing is sent that was not verified before."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Sequence
from typing import Protocol

from rag.answer.frame import Frame
from rag.answer.plan import Plan
from rag.errors import AnswerError
from rag.model import Answer, Language, Marked, Outcome, Passage, Sentence

_log = logging.getLogger("zhengwen.answer")


class Composer(Protocol):
    """Writes the body of an answer."""

    @property
    def name(self) -> str:
        """The name that receipts keep."""
        ...

    @property
    def fingerprint(self) -> str:
        """Names all that decides what is written from a plan; another one means other words."""
        ...

    def sentences(self, plan: Plan, *, question: str, language: Language) -> Iterator[Sentence]:
        """The body that `plan` describes. A sentence that breaks a promise cannot be made: it raises."""
        ...


class Writer:
    """Has answers composed, and checks what has been written with every sentence that is added."""

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
        """The sentences of the answer, then the answer they make up; None where nothing could be cited.

        A sentence that fails its check ends the body: it is withheld with all that would follow, and the
        answer is the sentences before it. None is sent before one that cites: they may still come to nothing.
        """
        written, complete = Sentence(""), True
        held: list[Sentence] = list(self._frame.opening(plan))
        try:
            for sentence in self._composer.sentences(plan, question=question, language=language):
                held.append(sentence)
                together = _joined([written, *held])
                if together.citations:
                    written, ready, held = together, held, []
                    yield from ready
        except AnswerError as error:
            complete = False
            _log.error("a sentence of the composer %r was withheld: %s", self._composer.name, error)
        if not written.citations:
            return None
        cited = [marked.citation for marked in written.citations]
        for sentence in self._frame.closing(plan, language=language, cited=cited):
            written = written.followed_by(sentence)
            yield sentence
        return Answer(
            text=written.text,
            citations=_all_cited(written),
            outcome=_outcome(plan.outcome, complete=complete),
            language=language,
            passages=tuple(passages),
            confidence=1.0 if plan.sure else confidence,
            warnings=self._frame.warnings(plan),
            rewritten=rewritten,
        )


def _joined(sentences: Sequence[Sentence]) -> Sentence:
    joined, *others = sentences
    for sentence in others:
        joined = joined.followed_by(sentence)
    return joined


def _all_cited(written: Sentence) -> tuple[Marked, ...]:
    """The citations, with those of what a sentence rests on and no other cites."""
    cited = {(marked.citation.document.id, marked.citation.clause.id) for marked in written.citations}
    more = {(citation.document.id, citation.clause.id): citation for citation in written.rests_on}
    return written.citations + tuple(Marked(more[key]) for key in sorted(more.keys() - cited))


def _outcome(planned: Outcome, *, complete: bool) -> Outcome:
    return planned if complete or planned is Outcome.CORRECTED else Outcome.PARTIAL
