"""Asks the questions of a public set and scores the answers and refusals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from time import perf_counter

from corpus.progress import Progress
from evals.measures.matching import contains, normal
from evals.public.corpus import Opened
from evals.public.files import PublicSet
from rag.errors import AnswerError
from rag.model import Question, Refusal, Reply

# Measures of questions with known answers, in the order they are shown.
SPAN = "answer span"  # the quotes contain an answer string in full
SHARE = "answer quoted"  # share of its pairs of characters that they contain
LINE = "right line"  # the corpus line with the answer is cited
REFUSED = "refused"
QUOTED = "characters quoted"
BROKEN = "broken"  # outcome of a question for which the program failed
ANSWERS = (SPAN, SHARE, LINE, REFUSED, QUOTED)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its reply.

    `sureness` is the threshold from which the question is refused: 0 where it is refused at any threshold
    (a region without papers), 1 where it is answered at any threshold, else the confidence.
    """

    id: str
    text: str
    answerable: bool
    outcome: str
    reason: str  # of a refusal
    quotes: tuple[str, ...]
    confidence: float
    sureness: float
    milliseconds: float
    answers: tuple[str, ...] = ()
    scores: Mapping[str, float] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        return self.outcome not in ("answered", "partial", "corrected", BROKEN)

    @property
    def right(self) -> bool | None:
        """Whether an answer is right; None where that cannot be judged."""
        if not self.answerable:
            return False
        return self.scores[SPAN] > 0 if SPAN in self.scores else None


@dataclass(frozen=True, slots=True)
class _Open:
    """A question to ask."""

    id: str
    text: str
    answerable: bool
    answers: tuple[str, ...] = ()
    line: str = ""  # the corpus line that contains the answers


def ask_all(
    public: PublicSet,
    opened: Opened,
    *,
    threshold: float,
    progress: Progress | None = None,
    clock: Callable[[], float] = perf_counter,
) -> list[Asked]:
    """Asks the questions with known answers and the unanswerable ones.

    With unanswerable questions, the questions of the first query file without a known answer are asked too,
    as examples of what should not be refused.
    """
    questions = _questions(public)
    found: list[Asked] = []
    for done, question in enumerate(questions, start=1):
        found.append(_ask(question, opened, threshold=threshold, clock=clock))
        if progress is not None:
            progress(done, len(questions), "asking")
    return found


def _questions(public: PublicSet) -> list[_Open]:
    known = {line.id for line in public.spans}
    found = [_Open(line.id, line.question, True, tuple(line.answers), line.doc) for line in public.spans]
    if public.unanswerable:
        plain = public.query_sets[0].queries
        found += [_Open(query.id, query.text, True) for query in plain if query.id not in known]
    return found + [_Open(query.id, query.text, False) for query in public.unanswerable]


def _ask(question: _Open, opened: Opened, *, threshold: float, clock: Callable[[], float]) -> Asked:
    began = clock()
    try:
        reply = opened.assistant.ask(Question(question.text))
    except AnswerError as error:
        return _broken(question, error, milliseconds=(clock() - began) * 1000)
    milliseconds = (clock() - began) * 1000
    result = reply.result
    refused = isinstance(result, Refusal)
    decided_otherwise = (result.confidence >= threshold) is refused
    return Asked(
        id=question.id,
        text=question.text,
        answerable=question.answerable,
        outcome=result.outcome.value,
        reason=result.reason.value if isinstance(result, Refusal) else "",
        quotes=tuple(_quotes(reply)),
        confidence=result.confidence,
        sureness=float(not refused) if decided_otherwise else result.confidence,
        milliseconds=milliseconds,
        answers=question.answers,
        scores=_scores(reply, question, opened) if question.answers else {},
    )


def _broken(question: _Open, error: AnswerError, *, milliseconds: float) -> Asked:
    """Returns a question whose reply would have broken a promise; it counts as wrong in every case."""
    return Asked(
        id=question.id,
        text=question.text,
        answerable=question.answerable,
        outcome=BROKEN,
        reason=str(error),
        quotes=(),
        confidence=1.0,
        sureness=0.0 if question.answerable else 1.0,
        milliseconds=milliseconds,
        answers=question.answers,
        scores={SPAN: 0.0, SHARE: 0.0, LINE: 0.0, REFUSED: 0.0} if question.answers else {},
    )


def _quotes(reply: Reply) -> list[str]:
    result = reply.result
    return [] if isinstance(result, Refusal) else [marked.citation.words for marked in result.citations]


def _scores(reply: Reply, question: _Open, opened: Opened) -> dict[str, float]:
    result = reply.result
    if isinstance(result, Refusal):
        return {SPAN: 0.0, SHARE: 0.0, LINE: 0.0, REFUSED: 1.0}
    quoted = "\n".join(_quotes(reply))
    cited = {opened.lines.get(marked.citation.clause.key) for marked in result.citations}
    return {
        SPAN: float(any(contains(quoted, answer) for answer in question.answers)),
        SHARE: max(_share(quoted, answer) for answer in question.answers),
        LINE: float(question.line in cited),
        REFUSED: 0.0,
        QUOTED: float(len(quoted)),
    }


def _share(text: str, words: str) -> float:
    """Returns ROUGE-2 recall over characters (Lin, "ROUGE", ACL workshop on summarization, 2004)."""
    sought = Counter(pairwise(normal(words)))
    if not sought:  # an answer of one character
        return float(contains(text, words))
    return (sought & Counter(pairwise(normal(text)))).total() / sought.total()
