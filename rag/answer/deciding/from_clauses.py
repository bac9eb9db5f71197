"""Plans an answer that quotes clauses of one paper, or a correction by one of them."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.model import Document
from rag.answer.content.comparison import further_passages
from rag.answer.content.findings import Findings
from rag.answer.content.plan import Plan, Quoted
from rag.answer.content.selection import left_out, of_clause, outlines, quote_clause, whole, with_sentence
from rag.answer.deciding.basis import Basis
from rag.answer.deciding.not_stated import not_stated, unstated_in
from rag.answer.deciding.outcome import outcome
from rag.answer.deciding.wrong_premise import is_confirmed, is_wrong, premise_passage
from rag.answer.metadata.answer import PaperFacts
from rag.answer.wording.phrases import phrases_for
from rag.evidence.definitions import defined_term, defines
from rag.evidence.judgement import Finding
from rag.evidence.sentences import Evidence
from rag.model import Outcome, Passage
from rag.question.understand import Understanding
from rag.ranking import Quoting


def from_clauses(findings: Findings, facts: PaperFacts, *, basis: Basis) -> Plan:
    """Returns the plan of an answer; `facts` are what the question asks of the paper besides."""
    asked, deciding = findings.understanding, basis.ranking.deciding
    chosen = _chosen(findings, basis=basis)
    checked = premise_passage(findings, chosen[0], deciding=deciding)
    wrong = is_wrong(findings, chosen[0], checked, deciding=deciding)
    if wrong and checked is not chosen[0]:
        chosen = [checked]
    judged = None if wrong else findings.judgement
    contradicted_by = judged.sentence if judged and judged.finding is Finding.CONTRADICTED else None
    if contradicted_by is not None and not is_confirmed(findings, contradicted_by):
        return _corrected(findings, contradicted_by, quoting=basis.ranking.quoting)
    unstated = unstated_in(findings, chosen[0].clause, judged=judged)
    quoted = [quote(findings, passage, quoting=basis.ranking.quoting) for passage in chosen]
    if asked.bare_address:
        quoted += [outline for passage in chosen for outline in outlines(passage.document, passage.clause)]
    quoted += [fact for fact in facts.quoted if fact.clause not in [q.clause for q in quoted]]
    more = left_out(quoted, most=basis.quotes)
    quoted, phrases = quoted[: basis.quotes], phrases_for(asked.language)
    lead = phrases.corrected if wrong else ""
    if unstated is not None:
        lead = not_stated(phrases, unstated.asked, quoted, wants=asked.wants)
    return Plan(
        outcome=outcome(wrong=wrong, partial=unstated is not None or bool(asked.scope.lacking)),
        quoted=tuple(quoted),
        lead=lead,
        missing=_silent(asked, quoted, basis=basis),
        lacking=asked.scope.lacking,
        more=more,
    )


def _chosen(findings: Findings, *, basis: Basis) -> list[Passage]:
    """Returns the passages to quote: those asked for by number, else the best and what adds to it."""
    passages, ranking = findings.ranked, basis.ranking
    chosen = [p for p in passages if p.clause in findings.understanding.addressed]
    if chosen:
        return chosen
    further = further_passages(findings, passages, floors=ranking.papers, quoting=ranking.quoting)
    if (referring := findings.referring) is not None:
        return [passages[0], referring, *(p for p in further if p is not referring)]
    return [passages[0], *further]


def _silent(asked: Understanding, quoted: Sequence[Quoted], *, basis: Basis) -> tuple[Document, ...]:
    """Returns the papers of the place that is asked about, where only papers above it are quoted."""
    own, shown = asked.scope.preferred, {one.document.id for one in quoted}
    if asked.scope.by_number or not asked.scope.named or not shown.isdisjoint(own):
        return ()
    return tuple(basis.catalogue.documents(own[:1]))


def _corrected(findings: Findings, contradicting: Evidence, *, quoting: Quoting) -> Plan:
    """Returns a plan with the sentence that contradicts the question among the quotes of its clause."""
    asked = findings.understanding
    quoted = quote(findings, contradicting.passage, quoting=quoting)
    return Plan(
        outcome=Outcome.CORRECTED,
        quoted=(with_sentence(quoted, contradicting.unit.span),),
        lead=phrases_for(asked.language).corrected,
        lacking=asked.scope.lacking,
    )


def quote(findings: Findings, passage: Passage, *, quoting: Quoting) -> Quoted:
    """Returns the quotes from the clause of a passage, all of it where no sentence of it is better."""
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
        ranking=quoting,
        heading=addressed,
    )
