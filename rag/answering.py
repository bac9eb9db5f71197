"""From what was read to a reply: refuse, correct, or answer for one paper or several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.model import Clause, Document, Kind
from index.text import fold
from rag.compose import Composer, Plan, Quoted
from rag.confidence import Signals
from rag.evidence import Evidence
from rag.figures import FigureKind, figures
from rag.headfacts import HeadFact, Unstated, head_facts
from rag.intent import Act, Breadth, Want
from rag.model import Answer, Outcome, Passage, Reason, Refusal
from rag.phrases import phrases_for
from rag.premise import claims, contradicted
from rag.select import best_coverage, best_worth, of_clause, quote_clause, second_clause, whole
from rag.understand import Understanding

# A paper takes part in an answer over several when its best sentence scores this share of the best of all.
_TAKES_PART = 0.6
_SAYS_AS_MUCH = 0.85  # … or says this share of what the fullest sentence says
_TAKES_PART_UNASKED = 0.8
_CLOSE = 0.6
# Below this share, a paper that was asked about is said to hold nothing on the matter.
_HOLDS_NOTHING = 0.3
_FRAMES = (Kind.HEAD, Kind.INNER_TITLE, Kind.PREAMBLE, Kind.SIGN_OFF, Kind.CLOSING)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question with all that was found for it."""

    understanding: Understanding
    passages: Mapping[str, Sequence[Passage]]  # by document, or all under ""
    evidence: Sequence[Evidence]
    signals: Signals
    confidence: float

    @property
    def ranked(self) -> list[Passage]:
        """The passages to show: of several papers in turn, the best of each first."""
        groups = [list(group) for group in self.passages.values()]
        groups.sort(
            key=lambda group: -max((best_worth(p.clause, self.evidence) for p in group[:1]), default=0.0)
        )
        longest = max((len(group) for group in groups), default=0)
        return [group[i] for i in range(longest) for group in groups if i < len(group)]


class Answerer:
    """Decides what a reply says, and has it written."""

    def __init__(
        self,
        *,
        composer: Composer,
        documents: Sequence[Document],
        threshold: float,
        quotes: int,
        nearest: int,
    ) -> None:
        self._composer = composer
        self._documents = {document.id: document for document in documents}
        self._threshold = threshold
        self._quotes = quotes
        self._nearest = nearest

    def answer(self, reading: Reading) -> Answer | Refusal:
        """The reply to a question."""
        asked = reading.understanding
        reason = _not_asked(asked)
        if reason is not None:
            return self._refuse(reading, reason)
        if asked.scope.uncovered and not asked.scope.named:
            return self._refuse(reading, Reason.UNCOVERED_REGION, what="、".join(asked.scope.uncovered))
        if asked.scope.unknown and not asked.scope.named:
            return self._refuse(reading, Reason.UNKNOWN_DOCUMENT, what="、".join(asked.scope.unknown))
        if asked.fields and (asked.only_fields or self._wrong_about_paper(asked)):
            return self._about_paper(reading)
        if asked.missing_address:
            return self._refuse(reading, Reason.NO_EVIDENCE)
        if self._cannot_say(reading):
            return self._refuse(reading, Reason.NO_EVIDENCE)
        if reading.confidence < self._threshold and not asked.addressed:
            return self._refuse(reading, self._weak(reading))
        if asked.spans_papers:
            return self._over_papers(reading)
        return self._from_clauses(reading)

    def _from_clauses(self, reading: Reading) -> Answer | Refusal:
        asked, passages = reading.understanding, reading.ranked
        chosen = [passages[0]]
        if asked.addressed:
            chosen = [p for p in passages if p.clause in asked.addressed] or chosen
        else:
            chosen += self._beside(reading, passages)
        quoted = [self._quote(reading, p.document, p.clause) for p in chosen]
        if asked.fields:
            quoted += [q for q in self._stated(asked, passages) if q.clause not in [c.clause for c in quoted]]
        plan = Plan(Outcome.ANSWERED, tuple(quoted[: self._quotes]))
        if self._corrects(reading, [p.clause for p in chosen]):
            plan = Plan(Outcome.CORRECTED, plan.quoted, lead=phrases_for(asked.language).corrected)
        return self._say(reading, plan)

    def _beside(self, reading: Reading, passages: Sequence[Passage]) -> list[Passage]:
        """What belongs beside the best clause: its equal; where no paper is named, those of other papers."""
        second = second_clause(passages, reading.evidence)
        added = [second] if second is not None else []
        if reading.understanding.scope.named:
            return added
        top = best_coverage(passages[0].clause, reading.evidence)
        for passage in passages[1:]:
            seen = {p.document.id for p in (passages[0], *added)}
            equal = best_coverage(passage.clause, reading.evidence) >= _TAKES_PART_UNASKED * top
            if passage.document.id not in seen and equal and passage.score >= _CLOSE * passages[0].score:
                added.append(passage)
        return added

    def _over_papers(self, reading: Reading) -> Answer | Refusal:
        asked = reading.understanding
        groups, literal = reading.passages, False
        if asked.literals and asked.breadth is Breadth.WHICH:
            holding = {i: [p for p in group if _holds(p, asked.literals)] for i, group in groups.items()}
            # A term in quotation marks must stand there; one we took for a term may be said otherwise.
            if any(holding.values()) or asked.quoted:
                groups, literal = holding, True
        best = {i: _best(group, reading.evidence) for i, group in groups.items() if group}
        top = max((score for score, _ in best.values()), default=0.0)
        if not best:
            return self._refuse(reading, Reason.NO_EVIDENCE)
        named = asked.breadth is Breadth.COMPARE
        floor = _HOLDS_NOTHING if named or literal else _TAKES_PART
        said = {i: best_coverage(passage.clause, reading.evidence) for i, (_, passage) in best.items()}
        fullest = max(said.values(), default=0.0)
        taking_part = {
            i: passage
            for i, (score, passage) in best.items()
            if top
            and (
                score >= floor * top or (score >= _HOLDS_NOTHING * top and said[i] >= _SAYS_AS_MUCH * fullest)
            )
        }
        # A term that must stand there is quoted wherever it does.
        shown = [p for i, best_one in taking_part.items() for p in (groups[i] if literal else [best_one])]
        quoted = [self._quote(reading, p.document, p.clause) for p in shown][: max(self._quotes, len(best))]
        if not quoted:
            return self._refuse(reading, Reason.NO_EVIDENCE)
        missing = [self._documents[i] for i in reading.passages if i not in taking_part] if named else []
        phrases = phrases_for(asked.language)
        lead = ""
        if not named:
            regions = phrases.joint.join(
                dict.fromkeys(q.document.head.region for q in quoted if q.document.head.region)
            )
            lead = phrases.which.format(regions=regions)
        plan = Plan(Outcome.ANSWERED, tuple(quoted), lead=lead, missing=tuple(missing), by_region=True)
        return self._say(reading, plan)

    def _about_paper(self, reading: Reading) -> Answer | Refusal:
        asked, passages = reading.understanding, reading.ranked
        documents = [self._documents[i] for i in asked.scope.preferred] or [p.document for p in passages[:1]]
        quoted: list[Quoted] = []
        gaps = []
        corrected = False
        for document in documents:
            facts = head_facts(document, asked.fields)
            stated = [fact for fact in facts if isinstance(fact, HeadFact)]
            quoted += _grouped(document, stated)
            gaps += [(document, fact.field) for fact in facts if isinstance(fact, Unstated)]
            words = [fact.span.of(document.text) for fact in stated]
            corrected |= any(contradicted(claim, words) for claim in claims(asked.text))
        if not quoted:
            lead = "\n".join(
                phrases_for(asked.language).unstated.format(
                    source=f"《{document.head.title.value}》",
                    field=phrases_for(asked.language).fields[head_field],
                )
                for document, head_field in gaps
            )
            return self._refuse(reading, Reason.NO_EVIDENCE, lead=lead)
        phrases = phrases_for(asked.language)
        outcome = Outcome.CORRECTED if corrected else Outcome.PARTIAL if gaps else Outcome.ANSWERED
        lead = phrases.corrected if corrected else ""
        return self._say(reading, Plan(outcome, tuple(quoted), lead=lead, unstated=tuple(gaps)), sure=True)

    def _wrong_about_paper(self, asked: Understanding) -> bool:
        """Whether the question asserts something of the paper itself that its head data contradict."""
        said = claims(asked.text)
        for document in (self._documents[i] for i in asked.scope.preferred):
            facts = [fact for fact in head_facts(document, asked.fields) if isinstance(fact, HeadFact)]
            words = [fact.span.of(document.text) for fact in facts]
            if any(contradicted(claim, words) for claim in said):
                return True
        return False

    def _quote(self, reading: Reading, document: Document, clause: Clause) -> Quoted:
        asked = reading.understanding
        own = of_clause(clause, reading.evidence)
        if not own or (clause in asked.addressed and own[0].score <= 0):
            return whole(document, clause)
        return quote_clause(
            document, clause, reading.evidence, asked.wants, heading=clause in asked.addressed
        )

    def _stated(self, asked: Understanding, passages: Sequence[Passage]) -> list[Quoted]:
        documents = [self._documents[i] for i in asked.scope.preferred] or [p.document for p in passages[:1]]
        return [
            quoted
            for document in documents
            for quoted in _grouped(
                document, [f for f in head_facts(document, asked.fields) if isinstance(f, HeadFact)]
            )
        ]

    def _cannot_say(self, reading: Reading) -> bool:
        """Whether the question asks for what this paper does not hold: a person, a phone, another year."""
        asked = reading.understanding
        best = reading.ranked[0] if reading.ranked else None
        if best is None:
            return True
        met = {want for found in of_clause(best.clause, reading.evidence) for want in found.satisfies}
        if any(want in (Want.CONTACT, Want.PERSON) and want not in met for want in asked.wants):
            return True
        years = {f.value[:4] for f in figures(asked.words) if f.kind is FigureKind.DATE}
        if asked.spans_papers or claims(asked.text):
            return False
        known = "".join(
            best.document.text[c.start : c.end] for c in best.document.clauses if c.kind in _FRAMES
        )
        return any(year not in best.text and year not in known for year in years)

    def _corrects(self, reading: Reading, clauses: Sequence[Clause]) -> bool:
        near = [found.text for found in of_clause(clauses[0], reading.evidence)[:3]]
        return any(contradicted(claim, near) for claim in claims(reading.understanding.text))

    def _weak(self, reading: Reading) -> Reason:
        related = reading.signals.coverage >= 0.25 or reading.understanding.scope.named
        return Reason.NO_EVIDENCE if related else Reason.OUT_OF_DOMAIN

    def _say(self, reading: Reading, plan: Plan, *, sure: bool = False) -> Answer:
        asked = reading.understanding
        first = [q.clause.key for q in plan.quoted]
        passages = sorted(reading.ranked, key=lambda p: p.clause.key not in first) if sure else reading.ranked
        return self._composer.answer(
            plan,
            language=asked.language,
            passages=passages[:10],
            confidence=1.0 if sure else reading.confidence,
            rewritten=asked.text if asked.rewritten else "",
        )

    def _refuse(self, reading: Reading, reason: Reason, *, what: str = "", lead: str = "") -> Refusal:
        asked = reading.understanding
        passages = reading.ranked[:10]
        offer = passages[: self._nearest] if reason is Reason.NO_EVIDENCE else []
        return self._composer.refusal(
            reason,
            language=asked.language,
            passages=passages,
            nearest=[whole(p.document, p.clause) for p in offer if p.clause.kind is not Kind.HEAD],
            confidence=reading.confidence,
            rewritten=asked.text if asked.rewritten else "",
            documents=tuple(self._documents.values()),
            what=what,
            lead=lead,
        )


def _not_asked(asked: Understanding) -> Reason | None:
    match asked.act:
        case Act.EMPTY:
            return Reason.EMPTY
        case Act.CHITCHAT:
            return Reason.CHITCHAT
        case Act.INSTRUCTION:
            return Reason.INSTRUCTION
        case Act.QUESTION:
            return None


def _holds(passage: Passage, literals: Sequence[str]) -> bool:
    folded = fold(passage.text)
    return all(words in folded for words in literals)


def _best(group: Sequence[Passage], evidence: Sequence[Evidence]) -> tuple[float, Passage]:
    """The passage of a paper that answers best, with the worth of its best sentence."""
    return best_worth(group[0].clause, evidence), group[0]


def _grouped(document: Document, facts: Sequence[HeadFact]) -> list[Quoted]:
    """Facts by the clause they stand in."""
    clauses = {fact.clause.id: fact.clause for fact in facts}
    return [
        Quoted(
            document,
            clause,
            tuple(sorted({f.span for f in facts if f.clause.id == i}, key=lambda s: s.start)),
        )
        for i, clause in clauses.items()
    ]
