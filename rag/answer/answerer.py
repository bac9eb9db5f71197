"""Decides the reply to a question: refuse, correct, or answer from one paper or several."""

from __future__ import annotations

import logging
from collections.abc import Collection, Generator, Sequence
from copy import copy
from dataclasses import replace
from functools import partial

from corpus.catalogue.catalogue import Catalogue
from corpus.errors import StoreError
from corpus.model import Clause, Document, Kind, Status
from corpus.text.source_text import CELL_JOINT
from rag.answer.content.asked import asked_in
from rag.answer.content.comparison import further_passages, papers_taking_part
from rag.answer.content.findings import Findings
from rag.answer.content.parts import PartFindings, PartPlan, Together, together
from rag.answer.content.plan import AskedWords, Plan, Quoted
from rag.answer.content.premise import (
    asserts_in_force,
    charge_claims,
    claims,
    contradicted,
    speaks_of,
    wrong_charge,
)
from rag.answer.content.refusal import out_of_reach, unasked, weak
from rag.answer.content.selection import (
    left_out,
    of_clause,
    outlines,
    quote_clause,
    whole,
    with_sentence,
)
from rag.answer.content.unread_attachments import unread_of, with_unread
from rag.answer.metadata.answer import PaperFacts, facts_about
from rag.answer.metadata.asked import asked_of_metadata
from rag.answer.metadata.best_titled import best_titled
from rag.answer.metadata.ended_papers import end_of, repeals_of_named
from rag.answer.metadata.mistaken_number import mistaken_number, unknown_numbers
from rag.answer.tables.table import NothingProvided, Tables
from rag.answer.wording.day_phrases import day_line, day_phrases_for, unanswerable
from rag.answer.wording.other_papers import OtherPapers
from rag.answer.wording.phrases import Phrases, phrases_for
from rag.answer.wording.surrounding_text import Frame, Now, named
from rag.answer.wording.writing import Composer, Writer
from rag.evidence.definitions import defined_term, defines
from rag.evidence.differences import differences
from rag.evidence.judgement import BEGINS_WITH, Finding
from rag.evidence.sentences import Evidence
from rag.evidence.slots import kinds_in
from rag.facts.catalogue import FactCatalogue
from rag.language.citation_names import source_name
from rag.language.short_names import running_name
from rag.model import Answer, Language, Outcome, Passage, Reason, Refusal, Sentence
from rag.question.intent import Breadth, Want
from rag.question.kinds import Asked, FactKind
from rag.question.metadata_fields import MetadataField, has_matter
from rag.question.understand import Understanding
from rag.question.understood_parts import MOST_PARTS
from rag.ranking import Ranking

_log = logging.getLogger("zhengwen.answer")
_CLEAR = 0.85  # probability from which the kind that is asked for is named
_KINDS = {
    Want.MONEY: FactKind.AMOUNT,
    Want.PERCENT: FactKind.PERCENTAGE,
    Want.COUNT: FactKind.COUNT,
    Want.DATE: FactKind.DATE,
    Want.CONTACT: FactKind.CONTACT,
    Want.PERSON: FactKind.NAME,
    Want.UNITS: FactKind.DEPARTMENT,
}
# Reasons of a refusal that depend on the day asked about.
_MAY_BE_TABLE = (Reason.NO_EVIDENCE, Reason.OUT_OF_DOMAIN)
_ABOUT_PAPERS = (Reason.NO_EVIDENCE, Reason.UNCOVERED_REGION, Reason.UNKNOWN_DOCUMENT)


class Answerer:
    """Decides what a reply says and passes the plan to the writer."""

    def __init__(
        self,
        *,
        composer: Composer,
        catalogue: Catalogue,
        threshold: float,
        ranking: Ranking,
        quotes: int,
        nearest: int,
        tables: Tables,
    ) -> None:
        self._names = partial(running_name, catalogue=catalogue)
        self._composer, self._today = composer, catalogue.today
        self._frame = Frame(
            statuses=catalogue.statuses,
            names=self._names,
            in_conflict=catalogue.in_conflict,
            others=OtherPapers(catalogue, names=self._names),
            day=catalogue.today,
        )
        self._writer = Writer(composer=composer, frame=self._frame)
        self._catalogue = catalogue
        self._threshold, self._ranking = threshold, ranking
        self._quotes = quotes
        self._nearest = nearest
        self._tables = tables

    def over(self, catalogue: Catalogue, *, facts: FactCatalogue) -> Answerer:
        """Returns an answerer that reads only papers of `catalogue`, some of the papers it was made for."""
        other = copy(self)
        other._catalogue, other._tables = catalogue, self._tables.over(facts, catalogue)
        return other

    def on(self, catalogue: Catalogue, *, facts: FactCatalogue, now: Now) -> Answerer:
        """Returns the same answerer for a catalogue of the same papers on another day."""
        other, statuses = copy(self), catalogue.statuses
        other._catalogue, other._tables = catalogue, self._tables.over(facts, catalogue)
        other._frame = Frame(
            statuses=statuses,
            names=self._names,
            in_conflict=catalogue.in_conflict,
            now=now,
            others=OtherPapers(catalogue, names=self._names),
            day=catalogue.today,
        )
        other._writer = Writer(composer=self._composer.with_statuses(statuses), frame=other._frame)
        return other

    def answer(
        self, findings: Findings, parts: Sequence[PartFindings] = ()
    ) -> Generator[Sentence, None, Answer | Refusal]:
        """Yields the sentences of the answer as they are verified; returns the reply.

        `parts` are those of a question about several matters, at most one more than are answered.
        """
        asked, plan = findings.understanding, self._plan(findings)
        tabled = self._tabled(findings, plan)
        joint = self._together(plan, findings, parts) if parts and tabled is None else None
        passages, confidence = self._shown(findings), findings.confidence
        if joint is not None:
            plan, confidence = joint.plan, joint.confidence
            passages = joint.passages(most=self._ranking.deciding.hits)
        plan = tabled or plan
        if isinstance(plan, Refusal):
            return plan
        answer = yield from self._writer.write(
            replace(plan, as_of=asked.as_of),
            question=asked.text,
            language=asked.language,
            passages=passages,
            confidence=confidence,
            rewritten=asked.sentence if asked.rewritten else "",
        )
        if answer is None:
            return self._refuse(findings, Reason.NO_EVIDENCE)
        return answer if tabled is not None else self._with_card(answer, asked)

    def _with_card(self, answer: Answer, asked: Understanding) -> Answer:
        try:
            return self._tables.with_card(answer, asked)
        except StoreError as error:
            _log.error("the facts cannot be read, so the answer has no card: %s", error)
            return answer

    def _tabled(self, findings: Findings, otherwise: Plan | Refusal) -> Plan | Refusal | None:
        """Returns the reply from the support facts; None for a question that is answered from clauses."""
        asked = findings.understanding
        if isinstance(otherwise, Refusal) and otherwise.reason not in _MAY_BE_TABLE:
            return None
        excluded = asked.scope.excluded or asked.scope.issued_later
        if excluded or self._no_such_day(asked) or _is_corrected(otherwise):
            return None
        try:
            found = self._tables.plan(findings, otherwise)
        except StoreError as error:
            _log.error("the facts cannot be read, so the answer is made from clauses: %s", error)
            return None
        if isinstance(found, NothingProvided):
            phrases = phrases_for(asked.language)
            lead = phrases.not_provided.format(places=phrases.joint.join(found.places))
            return self._refuse(findings, Reason.NO_EVIDENCE, lead=lead if found.places else "")
        return found

    def finds_nothing(self, findings: Findings) -> bool:
        """Whether the reply would be that no clause answers, although the question is about stored papers."""
        if unasked(findings.understanding.act) is not None or out_of_reach(findings) is not None:
            return False
        return weak(findings, threshold=self._threshold, related=self._ranking.deciding.related) is not None

    def _together(
        self, whole: Plan | Refusal, findings: Findings, parts: Sequence[PartFindings]
    ) -> Together | None:
        planned = [PartPlan(one.part, one.findings, self._plan(one.findings)) for one in parts[:MOST_PARTS]]
        return together(whole, findings, planned, too_many=len(parts) > MOST_PARTS)

    def _plan(self, findings: Findings) -> Plan | Refusal:
        plan = self._corrected_by_names(self._found(findings), findings)
        if isinstance(plan, Refusal):
            return self._naming_unread(plan, findings)
        plan = with_unread(plan, findings.evidence)
        words = self._asked_words(plan, findings)
        return self._with_ends(replace(plan, asked=words), findings.understanding)

    def _naming_unread(self, refusal: Refusal, findings: Findings) -> Refusal:
        """Returns the refusal with the attachments that may answer, and that the paper only names."""
        if refusal.reason is not Reason.NO_EVIDENCE:
            return refusal
        phrases = phrases_for(findings.understanding.language)
        unread = unread_of(findings.ranked, findings.evidence)
        lines = [phrases.unread.format(attachment=named(attachment)) for attachment in unread]
        return replace(refusal, text="\n".join([refusal.text, *lines]))

    def _asked_words(self, plan: Plan, findings: Findings) -> AskedWords:
        """Returns the words of the quotes that state what was asked; none after a leading phrase."""
        asked = findings.understanding
        if plan.lead:
            return AskedWords()
        if plan.sure:
            return asked_of_metadata(plan.quoted, asked.fields, question=asked.own)
        found = asked_in(
            plan.quoted, findings.evidence, asked.wants, question=asked.own, confidence=findings.confidence
        )
        return found if _reads_as_answered(findings) else replace(found, first=())

    def _corrected_by_names(self, plan: Plan | Refusal, findings: Findings) -> Plan | Refusal:
        """Returns the plan, corrected where the question names a repealed paper or a number that none has."""
        asked = findings.understanding
        excluded = asked.scope.excluded or asked.scope.issued_later
        if unasked(asked.act) is not None or excluded or self._no_such_day(asked):
            return plan
        if MetadataField.REPEALS not in asked.fields:
            repeals = [q for q in repeals_of_named(asked.text, self._catalogue) if _is_within(q, asked)]
            if repeals and not (isinstance(plan, Plan) and asked.scope.by_number):
                return self._with_repeals(plan, repeals, findings)
        if not asked.scope.named:
            return plan
        numbers = unknown_numbers(asked.text, self._catalogue)
        meant = mistaken_number(numbers, self._asked_about(findings)) if numbers else None
        return plan if meant is None else self._with_number(plan, meant, asked.language)

    def _with_repeals(self, plan: Plan | Refusal, repeals: Sequence[Quoted], findings: Findings) -> Plan:
        """Returns the plan with the clauses first that repeal the paper which the question names."""
        asked = findings.understanding
        others = () if isinstance(plan, Refusal) or asked.fields else plan.quoted
        repealing = [quoted.clause for quoted in repeals]
        quoted = (*repeals, *(other for other in others if other.clause not in repealing))
        asks = MetadataField.STATUS in asked.fields and not asserts_in_force(asked.text)
        return Plan(
            outcome=Outcome.ANSWERED if asks else Outcome.CORRECTED,
            quoted=quoted[: self._quotes],
            lead=phrases_for(asked.language).repealed,
            sure=True,
        )

    def _with_ends(self, plan: Plan, asked: Understanding) -> Plan:
        """Returns the plan with what shows that a quoted paper out of force has ended."""
        # A question after the term of a permit would get two.
        terms = Want.PERIOD in asked.wants and not plan.sure
        documents = {quoted.document.id: quoted.document for quoted in plan.quoted}
        found = (
            end_of(document, self._catalogue)
            for document in documents.values()
            if not (terms and self._frame.status(document) is Status.EXPIRED)
        )
        ends = [
            end
            for end in found
            if end is not None and _is_within(end, asked) and not _is_quoted(end, plan.quoted)
        ]
        if not ends:
            return plan
        kept = [*plan.quoted[: max(1, self._quotes - len(ends))], *ends]
        order = {document_id: i for i, document_id in enumerate(documents)}
        kept.sort(key=lambda quoted: order.get(quoted.document.id, len(order)))
        return replace(plan, quoted=tuple(kept))

    def _with_number(self, plan: Plan | Refusal, meant: Quoted, language: Language) -> Plan:
        """Returns the plan with a correction of the document number that the question names."""
        others = () if isinstance(plan, Refusal) else plan.quoted
        quoted = (meant, *(other for other in others if other.clause != meant.clause))[: self._quotes]
        lead = phrases_for(language).other_number
        if isinstance(plan, Refusal):
            return Plan(outcome=Outcome.CORRECTED, quoted=quoted, lead=lead)
        return replace(plan, outcome=Outcome.CORRECTED, quoted=quoted, lead=lead)

    def _found(self, findings: Findings) -> Plan | Refusal:
        asked = findings.understanding
        if (reason := unasked(asked.act)) is not None:
            return self._refuse(findings, reason)
        if lead := self._no_such_day(asked):
            return self._refuse(findings, Reason.NO_EVIDENCE, lead=lead, offers=False)
        if (found := out_of_reach(findings)) is not None:
            return self._refuse(findings, found[0], what=found[1])
        if asked.scope.issued_later:
            lead = day_phrases_for(asked.language).too_early
            return self._refuse(findings, Reason.NO_EVIDENCE, lead=lead, offers=False)
        if asked.scope.excluded:
            return self._refuse(findings, Reason.NO_EVIDENCE, lead=phrases_for(asked.language).excluded)
        if self._fits_all(asked) and len(self._within(asked)) > self._ranking.deciding.most_named:
            lead = phrases_for(asked.language).which_paper
            return self._refuse(findings, Reason.NO_EVIDENCE, lead=lead, offers=False)
        facts = facts_about(self._asked_about(findings), asked.fields, asked.text)
        if asked.fields and (asked.only_fields or facts.contradicted):
            return self._from_metadata(findings, facts)
        if (
            reason := weak(findings, threshold=self._threshold, related=self._ranking.deciding.related)
        ) is not None:
            lead = phrases_for(asked.language).no_article if asked.missing_address else ""
            return self._refuse(findings, reason, lead=lead)
        if asked.spans_papers:
            return self._across_papers(findings)
        judged = findings.judgement
        if judged is not None and judged.finding is Finding.OTHER:
            return self._refuse(findings, Reason.NO_EVIDENCE)
        return self._from_clauses(findings, facts)

    def _no_such_day(self, asked: Understanding) -> str:
        """Returns why there is no answer for the day asked about, whatever the papers say; else nothing."""
        if asked.as_of is None:
            return ""
        return unanswerable(asked.as_of, today=self._today, language=asked.language)

    def _asked_about(self, findings: Findings) -> list[Document]:
        """Returns the papers whose metadata the question is about.

        Of several papers of a place those on the matter that the question names, if their titles tell.
        """
        asked = findings.understanding
        named = asked.scope.preferred
        if self._fits_all(asked):
            named = tuple(self._within(asked))
        if not 0 < len(named) <= self._ranking.deciding.most_named:
            return [passage.document for passage in findings.ranked[:1]]
        documents = self._catalogue.documents(named)
        if len(named) == 1 or asked.scope.by_number or asked.spans_papers:
            return documents
        return best_titled(asked.query, documents)

    def _within(self, asked: Understanding) -> Collection[str]:
        """Returns the papers that the request is limited to, all without a limit."""
        return self._catalogue.ids if asked.limit is None else sorted(asked.limit)

    def _fits_all(self, asked: Understanding) -> bool:
        """Whether a question after the metadata of a paper names neither paper, place nor matter."""
        return asked.only_fields and not asked.scope.named and not has_matter(asked.words)

    def _from_clauses(self, findings: Findings, facts: PaperFacts) -> Plan:
        asked, passages = findings.understanding, findings.ranked
        chosen = [p for p in passages if p.clause in asked.addressed]
        if not chosen:
            chosen = [passages[0], *self._further(findings)]
            if (referring := findings.referring) is not None:
                chosen = [passages[0], referring, *(p for p in chosen[1:] if p is not referring)]
        checked = self._premise_passage(findings, chosen[0])
        wrong = self._wrong(findings, chosen[0], checked)
        if wrong and checked is not chosen[0]:
            chosen = [checked]
        judged = None if wrong else findings.judgement
        contradicted_by = judged.sentence if judged and judged.finding is Finding.CONTRADICTED else None
        if contradicted_by is not None and not _confirmed(findings, contradicted_by):
            return self._corrected(findings, contradicted_by)
        unstated = judged if judged is not None and judged.finding is Finding.UNSTATED else None
        if findings.referring is not None:
            unstated = None  # the figure is in the clause that refers to what was read
        if _row_states(findings, chosen[0].clause):
            unstated = None  # the reader does not see what the columns of a table measure
        if asked.wants == (Want.UNITS,) and chosen[0].clause.responsibility is not None:
            unstated = None  # its 责任单位 stand after the sentences that were read
        quoted = [self._quote(findings, passage) for passage in chosen]
        if asked.bare_address:
            quoted += [
                outline for passage in chosen for outline in outlines(passage.document, passage.clause)
            ]
        quoted += [fact for fact in facts.quoted if fact.clause not in [q.clause for q in quoted]]
        more = left_out(quoted, most=self._quotes)
        quoted, phrases = quoted[: self._quotes], phrases_for(asked.language)
        lead = phrases.corrected if wrong else ""
        if unstated is not None:
            lead = _not_stated(phrases, unstated.asked, quoted, wants=asked.wants)
        return Plan(
            outcome=_outcome(wrong=wrong, partial=unstated is not None or bool(asked.scope.lacking)),
            quoted=tuple(quoted),
            lead=lead,
            missing=self._silent(asked, quoted),
            lacking=asked.scope.lacking,
            more=more,
        )

    def _silent(self, asked: Understanding, quoted: Sequence[Quoted]) -> tuple[Document, ...]:
        """Returns the papers of the place that is asked about, where only papers above it are quoted."""
        own, shown = asked.scope.preferred, {one.document.id for one in quoted}
        if asked.scope.by_number or not asked.scope.named or not shown.isdisjoint(own):
            return ()
        return tuple(self._catalogue.documents(own[:1]))

    def _corrected(self, findings: Findings, contradicting: Evidence) -> Plan:
        """Returns a plan with the sentence that contradicts the question among the quotes of its clause."""
        asked = findings.understanding
        quoted = self._quote(findings, contradicting.passage)
        return Plan(
            outcome=Outcome.CORRECTED,
            quoted=(with_sentence(quoted, contradicting.unit.span),),
            lead=phrases_for(asked.language).corrected,
            lacking=asked.scope.lacking,
        )

    def _across_papers(self, findings: Findings) -> Plan | Refusal:
        asked = findings.understanding
        found = papers_taking_part(findings, self._ranking.papers)
        if not found.shown:
            return self._refuse(findings, Reason.NO_EVIDENCE)
        quoted = [self._quote(findings, passage) for passage in found.shown]
        # Every paper that takes part is quoted at least once, whatever the limit of quotes.
        papers = len({passage.document.id for passage in found.shown})
        most = max(self._quotes, papers)
        more, quoted = left_out(quoted, most=most), quoted[:most]
        phrases = phrases_for(asked.language)
        return Plan(
            outcome=_outcome(wrong=False, partial=bool(asked.scope.lacking or found.missing)),
            quoted=tuple(quoted),
            lead=self._regions(phrases, quoted) if asked.breadth is Breadth.WHICH else "",
            missing=tuple(self._catalogue.documents(found.missing)),
            by_region=True,
            more=more,
            lacking=asked.scope.lacking,
        )

    def _regions(self, phrases: Phrases, quoted: Sequence[Quoted]) -> str:
        regions = dict.fromkeys(q.document.head.region or self._frame.name(q.document) for q in quoted)
        return phrases.which.format(regions=phrases.joint.join(regions))

    def _from_metadata(self, findings: Findings, facts: PaperFacts) -> Plan | Refusal:
        phrases = phrases_for(findings.understanding.language)
        if not facts.quoted:
            # A refusal has no sources, so it names the papers in full.
            gaps = [
                phrases.unstated.format(source=source_name(document), field=phrases.fields[field])
                for document, field in facts.gaps
            ]
            return self._refuse(findings, Reason.NO_EVIDENCE, lead="\n".join(gaps))
        wrong = facts.contradicted or self._wrong_status(findings)
        # Of a question that names no paper, those that state nothing are not what was asked about.
        unstated = () if self._fits_all(findings.understanding) else facts.gaps
        return Plan(
            outcome=_outcome(wrong=wrong, partial=bool(unstated)),
            quoted=facts.quoted,
            lead=phrases.corrected if wrong else "",
            unstated=unstated,
            in_force=self._in_force(findings),
            sure=True,
        )

    def _wrong_status(self, findings: Findings) -> bool:
        """Whether the question asserts that a paper is in force which has ended."""
        if not asserts_in_force(findings.understanding.text):
            return False
        ended = (Status.REPEALED, Status.EXPIRED, Status.SUPERSEDED)
        return any(self._frame.status(document) in ended for document in self._asked_about(findings))

    def _in_force(self, findings: Findings) -> tuple[Document, ...]:
        """Returns the papers in force, for a question that asks about their status."""
        if MetadataField.STATUS not in findings.understanding.fields:
            return ()
        asked_about = self._asked_about(findings)
        return tuple(d for d in asked_about if self._frame.status(d) is Status.IN_FORCE)

    def _quote(self, findings: Findings, passage: Passage) -> Quoted:
        asked = findings.understanding
        own = of_clause(passage.clause, findings.evidence)
        addressed = passage.clause in asked.addressed
        if defines(defined_term(asked.own), passage.text):
            return whole(passage.document, passage.clause)  # with the term, which may be its heading
        if not own or (addressed and (asked.bare_address or own[0].score <= 0)):
            return whole(passage.document, passage.clause)
        return quote_clause(
            passage.document,
            passage.clause,
            findings.evidence,
            asked.wants,
            ranking=self._ranking.quoting,
            heading=addressed,
        )

    def _further(self, findings: Findings) -> list[Passage]:
        ranking = self._ranking
        return further_passages(findings, findings.ranked, floors=ranking.papers, quoting=ranking.quoting)

    def _shown(self, findings: Findings) -> list[Passage]:
        return findings.ranked[: self._ranking.deciding.hits]

    def _premise_passage(self, findings: Findings, best: Passage) -> Passage:
        """Returns the passage that a premise is checked against.

        This is `best`, or another passage of the same paper, when a sentence of it states a figure of the
        claimed kind and covers more of the question.
        """
        claimed, deciding = claims(findings.understanding.text), self._ranking.deciding
        if not claimed or findings.understanding.addressed:
            return best
        others = [
            passage
            for passage in self._shown(findings)
            if passage.document.id == best.document.id and passage.score >= deciding.about_it * best.score
        ]
        candidates = [
            (found.coverage, passage)
            for passage in (best, *others)
            for found in of_clause(passage.clause, findings.evidence)[: deciding.compared]
            if any(speaks_of(claim, found.text) for claim in claimed)
        ]
        return max(candidates, key=lambda pair: pair[0], default=(0.0, best))[1]

    def _wrong(self, findings: Findings, best: Passage, checked: Passage) -> bool:
        """Whether the question asserts a figure, or a body in charge, that the passages contradict.

        A figure must be contradicted by `best` and not supported by the checked passage.
        """
        near, other = (
            [
                found.text
                for found in of_clause(passage.clause, findings.evidence)[: self._ranking.deciding.compared]
            ]
            for passage in (best, checked)
        )
        claimed = claims(findings.understanding.text)
        if any(contradicted(claim, near) and contradicted(claim, [*near, *other]) for claim in claimed):
            return True
        return self._wrong_charge(findings, best.clause)

    def _wrong_charge(self, findings: Findings, clause: Clause) -> bool:
        claimed = charge_claims(findings.understanding.text)
        duty = clause.responsibility
        return duty is not None and any(wrong_charge(claim, duty) for claim in claimed)

    def _refuse(
        self, findings: Findings, reason: Reason, *, what: str = "", lead: str = "", offers: bool = True
    ) -> Refusal:
        asked = findings.understanding
        passages = self._shown(findings)
        offered = (
            [p for p in passages if p.clause.kind is not Kind.HEAD]
            if reason is Reason.NO_EVIDENCE and offers
            else []
        )
        refusal = self._frame.refusal(
            reason,
            language=asked.language,
            passages=passages,
            nearest=[whole(p.document, p.clause) for p in offered[: self._nearest]],
            confidence=findings.confidence,
            rewritten=asked.sentence if asked.rewritten else "",
            regions=self._catalogue.regions,
            what=what,
            lead=lead,
            damaged=[head.source_name for head in self._catalogue.damaged.values()],
        )
        if asked.as_of is None or reason not in _ABOUT_PAPERS or self._no_such_day(asked):
            return refusal
        about_day = day_line(asked.as_of, today=self._today, language=asked.language)
        return replace(refusal, text=f"{about_day}\n{refusal.text}")


def _outcome(*, wrong: bool, partial: bool) -> Outcome:
    if wrong:
        return Outcome.CORRECTED
    return Outcome.PARTIAL if partial else Outcome.ANSWERED


def _is_corrected(plan: Plan | Refusal) -> bool:
    return isinstance(plan, Plan) and plan.outcome is Outcome.CORRECTED


def _is_within(quoted: Quoted, asked: Understanding) -> bool:
    return asked.limit is None or quoted.document.id in asked.limit


def _is_quoted(one: Quoted, quoted: Sequence[Quoted]) -> bool:
    """Whether the words of `one` are among those quoted."""
    own = one.spans[0]
    return any(
        other.clause.key == one.clause.key
        and any(span.start <= own.start and own.end <= span.end for span in other.spans)
        for other in quoted
    )


def _confirmed(findings: Findings, contradicting: Evidence) -> bool:
    """Whether a sentence of the clause that is no further from the question states just its figures."""
    for one in findings.evidence.of(contradicting.unit.clause):
        figures = differences(findings.understanding.words, one.text)
        if one.score >= contradicting.score and figures.same > 0 and figures.other == 0:
            return True
    return False


def _reads_as_answered(findings: Findings) -> bool:
    """Whether what was read is likely enough to answer for the reply to begin with a figure."""
    judged = findings.judgement
    each = [one for one in findings.judgements.values() if one.finding is not Finding.OTHER]
    return (judged is None or judged.shares[Finding.ANSWERED] >= BEGINS_WITH) and all(
        one.shares[Finding.ANSWERED] >= BEGINS_WITH for one in each
    )


def _row_states(findings: Findings, clause: Clause) -> bool:
    """Whether the best sentence of a clause is the row of a table that has what was asked for."""
    wants, own = findings.understanding.wants, of_clause(clause, findings.evidence)
    return bool(wants and own) and CELL_JOINT in own[0].text and own[0].satisfies.issuperset(wants)


def _not_stated(phrases: Phrases, asked: Asked, quoted: Sequence[Quoted], *, wants: Sequence[Want]) -> str:
    """Returns the line that names what the papers do not state, if it is one thing of a clear kind.

    It has no name where the quotes contain one of its kind, such as another amount.
    """
    present = {kind for one in quoted for span in one.spans for kind in kinds_in(span.of(one.document.text))}
    clear = asked.kind if asked.kinds[asked.kind] >= _CLEAR else None
    kind = _KINDS.get(wants[0]) if len(wants) == 1 else None if wants else clear
    what = phrases.this if kind is None or kind in present else phrases.wanted.get(kind, phrases.this)
    return phrases.not_stated.format(what=what)
