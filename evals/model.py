"""Test cases, observed replies, their scores, and the report of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rag.model import Outcome


class Expect(StrEnum):
    """The outcome a question should have."""

    ANSWER = "answer"
    REFUSE = "refuse"
    CORRECT = "correct"  # the paper contradicts the premise, and the reply says so
    SMALLTALK = "smalltalk"

    def met_by(self, outcome: Outcome) -> bool:
        """Whether a reply with this outcome is as expected."""
        match self:
            case Expect.ANSWER:
                return outcome in (Outcome.ANSWERED, Outcome.PARTIAL, Outcome.CORRECTED)
            case Expect.REFUSE:
                return outcome is Outcome.REFUSED
            case Expect.CORRECT:
                return outcome is Outcome.CORRECTED
            case Expect.SMALLTALK:
                return outcome is Outcome.CHITCHAT


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence in one paper: every label to cite, and the words that answer."""

    document: str
    articles: tuple[str, ...]
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A question with its gold: what a right answer contains.

    `evidence` has one entry per paper. Each of `alternatives` replaces the entry of its paper, or all
    evidence where no entry is of that paper. `answer_must` is a list of groups: one alternative of every
    group must occur in the answer.
    """

    question: str
    type: str
    difficulty: str  # "easy", "paraphrase", "hard"; empty where not applicable
    expect: Expect
    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[Evidence, ...] = ()
    answer_must: tuple[tuple[str, ...], ...] = ()
    also_accept: tuple[Expect, ...] = ()
    accepts_partial: bool = False  # a partial answer is right if it says that the rest is not stated
    about: str = ""  # the paper that a question to refuse is about, if any
    missing: str = ""  # the part of the question that no paper answers, where another part is answered
    standalone: str = ""  # the question of a later turn, worded so that it needs no earlier turn
    kind: str = ""  # of the missing fact, of the false claim, or of what a control asks; not part of the gold
    looks_like: str = ""  # type of question that a control could be mistaken for; not part of the gold

    @property
    def accepted(self) -> tuple[str, ...]:
        """Returns the names of the outcomes that are right, the expected one first."""
        partial = (Outcome.PARTIAL.value,) if self.accepts_partial else ()
        return (self.expect.value, *(expect.value for expect in self.also_accept), *partial)

    @property
    def documents(self) -> tuple[str, ...]:
        """Returns the papers that the answer should cite."""
        return tuple(entry.document for entry in self.evidence)

    @property
    def ways(self) -> tuple[tuple[Evidence, ...], ...]:
        """Returns for every needed paper the entries of which one is enough."""
        own = {entry.document: [entry] for entry in self.evidence}
        elsewhere = []
        for entry in self.alternatives:
            if entry.document in own:
                own[entry.document].append(entry)
            else:
                elsewhere.append(entry)
        if elsewhere and len(own) == 1:
            return ((*next(iter(own.values())), *elsewhere),)
        return tuple(tuple(entries) for entries in own.values())


@dataclass(frozen=True, slots=True)
class Case:
    """A line of a test set: one question, or the turns of a dialogue in order."""

    id: str
    set: str  # stem of its file
    items: tuple[Item, ...]
    style: str = "plain"  # "english", "traditional", "typo", …
    group: str = ""  # near-duplicates share a group
    split: str = ""  # "dev", "test", …; empty where the set names none


@dataclass(frozen=True, slots=True)
class Quoted:
    """A citation as the API returns it; `start:end` are offsets into the stored text."""

    document: str
    title: str
    doc_number: str
    label: str
    path: tuple[str, ...]
    quote: str
    start: int
    end: int
    answer_span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A retrieved clause as the API returns it."""

    document: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Observed:
    """The part of a reply that is scored: the fields that the HTTP API returns."""

    outcome: Outcome
    text: str
    citations: tuple[Quoted, ...]
    hits: tuple[Shown, ...]
    nearest: tuple[Quoted, ...] = ()  # what a refusal offers instead
    reason: str = ""  # of a refusal
    understood: str = ""  # the question as rewritten from the dialogue
    confidence: float | None = None  # that the papers answer the question, 0 to 1; None where not reported
    rejected: bool = False  # the server rejected the request; the text says why

    @property
    def answered(self) -> bool:
        return Expect.ANSWER.met_by(self.outcome)


@dataclass(frozen=True, slots=True)
class Result:
    """A question, the reply, and the scores that could be judged, by name of the measure."""

    case: Case
    turn: int  # counts from 0
    observed: Observed
    scores: Mapping[str, float]
    milliseconds: float

    @property
    def item(self) -> Item:
        return self.case.items[self.turn]

    @property
    def id(self) -> str:
        return self.case.id if len(self.case.items) == 1 else f"{self.case.id}#{self.turn + 1}"

    @property
    def cluster(self) -> str:
        """Returns the cluster of dependent questions: near-duplicates, or the turns of a dialogue."""
        return f"group {self.case.group}" if self.case.group else self.case.id


@dataclass(frozen=True, slots=True)
class Provenance:
    """Identifies what was measured, so that two reports can be distinguished. Empty where unknown."""

    date: str = ""
    corpus: str = ""  # hash of the stored papers
    model: str = ""  # fingerprint of the embedder
    index: str = ""  # name of the index generation
    calibration: str = ""  # fingerprint of the calibration of the confidence
    threshold: float | None = None  # confidence below which an answer is a refusal
    version: str = ""  # of the program
    commit: str = ""  # of the checkout it ran from; "+dirty" appended when files differ from it
    machine: str = ""  # platform and number of processors
    url: str = ""  # of the server that was asked; empty when asked in process
    settings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """Every question of a run with its scores."""

    results: tuple[Result, ...]
    left_out: tuple[str, ...] = ()  # ids of questions about papers that are not in the corpus
    provenance: Provenance = field(default_factory=Provenance)
    misquoted: tuple[str, ...] = ()  # ids of cases whose quotes do not occur in the paper they name
