"""From what was read to a reply: refuse, correct, or answer from one paper or several."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.model import Clause, Document, Kind, Status
from rag.answer.comparison import across, beside
from rag.answer.composer import Composer, Plan, Quoted
from rag.answer.findings import Findings
from rag.answer.metadata_answer import PaperFacts, facts_about
from rag.answer.phrases import Phrases, phrases_for
from rag.answer.premise import charge_claims, claims, contradicted, speaks_of, wrong_charge
from rag.answer.refusal import out_of_reach, unasked, weak
from rag.answer.selection import of_clause, outlines, quote_clause, whole
from rag.language.citation_names import source_name
from rag.model import Answer, Outcome, Passage, Reason, Refusal
from rag.question.intent import Breadth
from rag.question.metadata_fields import MetadataField

# Hits shown with every reply, also with a refusal.
HITS = 10
# A place with more papers than this means one of them, not all.
MOST_NAMED = 5
# The best sentences of a clause, which a false premise is held against.
_HELD_AGAINST = 3
# A clause of the same paper that scores this share of the best one may be what a premise is about.
_ABOUT_IT = 0.7


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

    def answer(self, findings: Findings) -> Answer | Refusal:
        """The reply to a question."""
        asked = findings.understanding
        if (reason := unasked(asked.act)) is not None:
            return self._refuse(findings, reason)
        if (found := out_of_reach(findings)) is not None:
            return self._refuse(findings, found[0], what=found[1])
        if asked.scope.excluded:
            return self._refuse(findings, Reason.NO_EVIDENCE, lead=phrases_for(asked.language).excluded)
        facts = facts_about(self._asked_about(findings), asked.fields, asked.text)
        if asked.fields and (asked.only_fields or facts.contradicted):
            return self._about_paper(findings, facts)
        if (reason := weak(findings, threshold=self._threshold)) is not None:
            lead = phrases_for(asked.language).no_article if asked.missing_address else ""
            return self._refuse(findings, reason, lead=lead)
        return self._over_papers(findings) if asked.spans_papers else self._from_clauses(findings, facts)

    def _asked_about(self, findings: Findings) -> list[Document]:
        named = findings.understanding.scope.preferred
        if 0 < len(named) <= MOST_NAMED:
            return [self._documents[i] for i in named]
        return [passage.document for passage in findings.ranked[:1]]

    def _from_clauses(self, findings: Findings, facts: PaperFacts) -> Answer:
        asked, passages = findings.understanding, findings.ranked
        chosen = [p for p in passages if p.clause in asked.addressed]
        if not chosen:
            chosen = [passages[0], *beside(findings, passages)]
        held = self._held_against(findings, chosen[0])
        wrong = self._wrong(findings, chosen[0], held)
        if wrong and held is not chosen[0]:
            chosen = [held]
        quoted = [self._quote(findings, passage) for passage in chosen]
        if asked.bare_address:
            quoted += [
                outline for passage in chosen for outline in outlines(passage.document, passage.clause)
            ]
        quoted += [fact for fact in facts.quoted if fact.clause not in [q.clause for q in quoted]]
        phrases = phrases_for(asked.language)
        return self._say(
            findings,
            Plan(
                outcome=_outcome(wrong=wrong, partial=bool(asked.scope.lacking)),
                quoted=tuple(quoted[: self._quotes]),
                lead=phrases.corrected if wrong else "",
                lacking=asked.scope.lacking,
            ),
        )

    def _over_papers(self, findings: Findings) -> Answer | Refusal:
        asked = findings.understanding
        found = across(findings)
        if not found.shown:
            return self._refuse(findings, Reason.NO_EVIDENCE)
        quoted = [self._quote(findings, passage) for passage in found.shown]
        # However many quotes are allowed, every paper that takes part is quoted once.
        papers = len({passage.document.id for passage in found.shown})
        quoted = quoted[: max(self._quotes, papers)]
        phrases = phrases_for(asked.language)
        plan = Plan(
            outcome=_outcome(wrong=False, partial=bool(asked.scope.lacking)),
            quoted=tuple(quoted),
            lead=_regions(phrases, quoted) if asked.breadth is Breadth.WHICH else "",
            missing=tuple(self._documents[i] for i in found.missing),
            by_region=True,
            lacking=asked.scope.lacking,
        )
        return self._say(findings, plan)

    def _about_paper(self, findings: Findings, facts: PaperFacts) -> Answer | Refusal:
        phrases = phrases_for(findings.understanding.language)
        if not facts.quoted:
            gaps = [
                phrases.unstated.format(source=source_name(document), field=phrases.fields[field])
                for document, field in facts.gaps
            ]
            return self._refuse(findings, Reason.NO_EVIDENCE, lead="\n".join(gaps))
        plan = Plan(
            outcome=_outcome(wrong=facts.contradicted, partial=bool(facts.gaps)),
            quoted=facts.quoted,
            lead=phrases.corrected if facts.contradicted else "",
            unstated=facts.gaps,
            in_force=self._in_force(findings),
        )
        return self._say(findings, plan, sure=True)

    def _in_force(self, findings: Findings) -> tuple[Document, ...]:
        """The papers whose status was asked and that nothing is said against."""
        if MetadataField.STATUS not in findings.understanding.fields:
            return ()
        asked_about = self._asked_about(findings)
        return tuple(d for d in asked_about if self._composer.status(d) is Status.IN_FORCE)

    def _quote(self, findings: Findings, passage: Passage) -> Quoted:
        asked = findings.understanding
        own = of_clause(passage.clause, findings.evidence)
        addressed = passage.clause in asked.addressed
        if not own or (addressed and (asked.bare_address or own[0].score <= 0)):
            return whole(passage.document, passage.clause)
        return quote_clause(
            passage.document, passage.clause, findings.evidence, asked.wants, heading=addressed
        )

    def _held_against(self, findings: Findings, best: Passage) -> Passage:
        """The passage that a premise is held against: `best`, or one of its paper that says more of it.

        That one has a sentence with a figure of the kind that is claimed.
        """
        said = claims(findings.understanding.text)
        if not said or findings.understanding.addressed:
            return best
        others = [
            passage
            for passage in findings.ranked[:HITS]
            if passage.document is best.document and passage.score >= _ABOUT_IT * best.score
        ]
        told = [
            (found.coverage, passage)
            for passage in (best, *others)
            for found in of_clause(passage.clause, findings.evidence)[:_HELD_AGAINST]
            if any(speaks_of(claim, found.text) for claim in said)
        ]
        return max(told, key=lambda pair: pair[0], default=(0.0, best))[1]

    def _wrong(self, findings: Findings, best: Passage, held: Passage) -> bool:
        """Whether the question asserts what the best passage contradicts, and the other does not bear out.

        What is asserted is a figure, or a body in charge.
        """
        near, other = (
            [found.text for found in of_clause(passage.clause, findings.evidence)[:_HELD_AGAINST]]
            for passage in (best, held)
        )
        said = claims(findings.understanding.text)
        if any(contradicted(claim, near) and contradicted(claim, [*near, *other]) for claim in said):
            return True
        return self._wrong_charge(findings, best.clause)

    def _wrong_charge(self, findings: Findings, clause: Clause) -> bool:
        said = charge_claims(findings.understanding.text)
        duty = clause.responsibility
        return duty is not None and any(wrong_charge(claim, duty) for claim in said)

    def _say(self, findings: Findings, plan: Plan, *, sure: bool = False) -> Answer:
        asked = findings.understanding
        return self._composer.answer(
            plan,
            language=asked.language,
            passages=findings.ranked[:HITS],
            confidence=1.0 if sure else findings.confidence,
            rewritten=asked.text if asked.rewritten else "",
        )

    def _refuse(self, findings: Findings, reason: Reason, *, what: str = "", lead: str = "") -> Refusal:
        asked = findings.understanding
        passages = findings.ranked[:HITS]
        offered = (
            [p for p in passages if p.clause.kind is not Kind.HEAD] if reason is Reason.NO_EVIDENCE else []
        )
        return self._composer.refusal(
            reason,
            language=asked.language,
            passages=passages,
            nearest=[whole(p.document, p.clause) for p in offered[: self._nearest]],
            confidence=findings.confidence,
            rewritten=asked.text if asked.rewritten else "",
            documents=tuple(self._documents.values()),
            what=what,
            lead=lead,
        )


def _outcome(*, wrong: bool, partial: bool) -> Outcome:
    if wrong:
        return Outcome.CORRECTED
    return Outcome.PARTIAL if partial else Outcome.ANSWERED


def _regions(phrases: Phrases, quoted: Sequence[Quoted]) -> str:
    regions = dict.fromkeys(q.document.head.region or source_name(q.document) for q in quoted)
    return phrases.which.format(regions=phrases.joint.join(regions))
