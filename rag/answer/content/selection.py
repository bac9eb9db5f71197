"""Selects the quotes from scored sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.model import Clause, Document, Span
from corpus.structure.units import UnitKind, is_remark
from rag.answer.content.completion import completed, merged
from rag.answer.content.plan import Quoted
from rag.evidence.sentences import FIGURES, Evidence, EvidenceList
from rag.model import Passage
from rag.question.intent import Want
from rag.ranking import Quoting


def of_clause(clause: Clause, evidence: EvidenceList) -> list[Evidence]:
    """Returns the evidence in `clause`, best first."""
    return sorted(evidence.of(clause), key=lambda found: -found.weighted_score)


def best_score(clause: Clause, evidence: EvidenceList) -> float:
    """Returns the `weighted_score` of the best sentence of `clause`; 0 without one."""
    return max((found.weighted_score for found in evidence.of(clause)), default=0.0)


def quote_clause(
    document: Document,
    clause: Clause,
    evidence: EvidenceList,
    wants: Sequence[Want],
    *,
    ranking: Quoting,
    heading: bool = False,
) -> Quoted:
    """Returns the sentences of a clause that answer, in reading order, after its heading on request."""
    own = of_clause(clause, evidence)
    duty = [found for found in own if found.unit.kind is UnitKind.UNITS]
    body = [found for found in own if found.unit.kind is UnitKind.SENTENCE]
    if all(is_remark(found.text) for found in body):
        body = own
    length = sum(map(_length, body))
    if length <= ranking.whole_clause or (
        length <= ranking.whole_by_heading and _asked_by_heading(own, body, ranking)
    ):
        chosen = list(body)
    else:
        floor = body[0].weighted_score * ranking.further
        chosen = [found for found in body if found.weighted_score >= floor][: ranking.most_sentences]
        chosen += _satisfying(body, chosen, wants)
        chosen = _filled(chosen, body, ranking)
    if Want.UNITS in wants:
        chosen += duty
    if heading:
        chosen += [found for found in own if found.unit.kind is UnitKind.HEADING]
    spans = completed(document, clause, [found.unit.span for found in chosen])
    return Quoted(document, clause, _with_list(document, clause, spans, longest=ranking.longest_list))


def with_sentence(quoted: Quoted, sentence: Span) -> Quoted:
    """Returns the quotes from a clause with `sentence` among them."""
    added = completed(quoted.document, quoted.clause, [sentence])
    return replace(quoted, spans=merged(quoted.document, [*quoted.spans, *added]))


def whole(document: Document, clause: Clause) -> Quoted:
    """Returns all of a clause's own text as one quote."""
    text = document.text[clause.start : clause.end]
    start = clause.start + len(text) - len(text.lstrip())
    return Quoted(document, clause, (Span(start, clause.start + len(text.rstrip())),))


def outlines(document: Document, clause: Clause) -> list[Quoted]:
    """Returns the headings directly below a clause without text of its own; empty for any other clause."""
    if clause.body_start < clause.end:
        return []
    below = [c for c in document.clauses if c.parent == clause.id and c.body_start > c.start]
    return [Quoted(document, c, (Span(c.start, _rstripped(document, c.start, c.body_start)),)) for c in below]


def left_out(quoted: Sequence[Quoted], *, most: int) -> int:
    """Returns how many clauses and items are not quoted, if the first `most` clauses are.

    Items are not where only the lead-in of a list is quoted, as the list is too long.
    """
    lists = (one for one in quoted[:most] if one.spans and one.document.text[one.spans[-1].end - 1] in "：:")
    items = (c for one in lists for c in one.document.clauses if c.parent == one.clause.id)
    return len(quoted[most:]) + sum(1 for _ in items)


def _rstripped(document: Document, start: int, end: int) -> int:
    return start + len(document.text[start:end].rstrip())


def second_clause(passages: Sequence[Passage], evidence: EvidenceList, ranking: Quoting) -> Passage | None:
    """Returns the clause to quote beside the best one.

    It says more of the question than the best one, or something of it that the best one does not say, or
    about as much and scores about as high.
    """
    best = passages[0]
    floor = ranking.second_sentence * best_score(best.clause, evidence)
    for other in passages[1 : 1 + ranking.considered]:
        if best_score(other.clause, evidence) >= floor and _adds(other, best, evidence, ranking):
            return other
    return None


def _adds(other: Passage, best: Passage, evidence: EvidenceList, ranking: Quoting) -> bool:
    """Whether a clause that is quoted beside the best one helps to answer."""
    if other.score < ranking.second_clause * best.score:
        return False
    said, says = (max((f.coverage for f in evidence.of(p.clause)), default=0.0) for p in (best, other))
    if says > ranking.says_more * said:
        return True
    if other.score >= ranking.second_equal * best.score and says >= ranking.says_as_much * said:
        return True
    added = evidence.coverage(best.clause, other.clause) - evidence.coverage(best.clause)
    return added >= ranking.says_new


def _asked_by_heading(own: Sequence[Evidence], body: Sequence[Evidence], ranking: Quoting) -> bool:
    """Whether the heading covers much of the question, and more than any sentence does."""
    heading = max((f.coverage for f in own if f.unit.kind is UnitKind.HEADING), default=0.0)
    best_body = max((f.coverage for f in body), default=0.0)
    return heading >= ranking.heading_coverage and heading > best_body


def _filled(chosen: Sequence[Evidence], body: Sequence[Evidence], ranking: Quoting) -> list[Evidence]:
    """Adds to `chosen` the sentence between two of them, the one after the best, and those below a heading.

    加强人员管理。 matches the question best, but the measures are in the sentences after it.
    """
    in_order = sorted(body, key=lambda found: found.unit.span.start)
    places = {i for i, found in enumerate(in_order) if found in chosen}
    filled = set(places)
    filled.update(i + 1 for i in places if i + 2 in places)
    best = in_order.index(body[0])
    if best + 1 < len(in_order) and _length(in_order[best]) + _length(in_order[best + 1]) <= ranking.together:
        filled.add(best + 1)
    if _length(in_order[best]) <= ranking.run_in:
        taken = 0
        for i in range(best + 1, len(in_order)):
            taken += _length(in_order[i])
            if _length(in_order[i]) <= ranking.run_in or taken > ranking.under_run_in:
                break
            filled.add(i)
    return [in_order[i] for i in sorted(filled)]


def _length(found: Evidence) -> int:
    return found.unit.span.end - found.unit.span.start


def _satisfying(
    body: Sequence[Evidence], chosen: Sequence[Evidence], wants: Sequence[Want]
) -> list[Evidence]:
    """Returns the best sentence for each wanted figure that no chosen sentence contains."""
    added: list[Evidence] = []
    for want in wants:
        if want in FIGURES and not any(want in found.satisfies for found in (*chosen, *added)):
            added.extend([found for found in body if want in found.satisfies][:1])
    return added


def _with_list(
    document: Document, clause: Clause, spans: tuple[Span, ...], *, longest: int
) -> tuple[Span, ...]:
    """Adds the items below a lead-in (应当符合下列条件：) that ends the clause, unless they are too long.

    A paragraph after the items is no part of the list.
    """
    if (
        not spans
        or document.text[spans[-1].end - 1] not in "：:"
        or document.text[spans[-1].end : clause.end].strip()
    ):
        return spans
    after = [c.start for c in document.clauses if c.parent == clause.id and c.path == clause.path]
    end = clause.start + len(document.text[clause.start : min([clause.tree_end, *after])].rstrip())
    return (*spans[:-1], Span(spans[-1].start, end)) if end - spans[-1].start <= longest else spans
