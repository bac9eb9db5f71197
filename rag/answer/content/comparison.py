"""Answers over several papers: selects the papers that take part, and their clauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.notation.figures import FigureKind, figures
from index.terms.tokenize import fold
from rag.answer.content.findings import Findings
from rag.answer.content.selection import best_score, second_clause
from rag.evidence.judgement import Finding
from rag.model import Passage
from rag.question.intent import Breadth
from rag.ranking import PaperFloors, Quoting

# Kinds of figures that identify a provision: 5000万元是哪个文件规定的
_NAMED_FIGURES = frozenset({FigureKind.MONEY, FigureKind.PERCENT})
# Share of the best sentence of all, and confidence in a paper by itself: a compared paper needs one of them.
# On the development questions papers with a provision score 0.52 of the best sentence and more.
_NEAR = 0.5
_SURE = 0.6
_REMEMBERED = 1024  # clauses, some kB each


@dataclass(frozen=True, slots=True)
class TakingPart:
    """Passages of several papers. `missing` are ids of papers that were asked about and contain no answer."""

    shown: tuple[Passage, ...]
    missing: tuple[str, ...]


def papers_taking_part(findings: Findings, floors: PaperFloors) -> TakingPart:
    """Returns the clauses of each paper that takes part."""
    asked = findings.understanding
    named = asked.breadth is Breadth.COMPARE
    groups: Mapping[str, Sequence[Passage]] = findings.passages
    literal = False
    if asked.literals and not named:
        containing = {i: [p for p in group if _contains(p, asked.literals)] for i, group in groups.items()}
        # A term in quotation marks must occur verbatim; one without them may be worded differently.
        if any(containing.values()) or asked.quoted:
            groups, literal = containing, True
    asked_for = {figure.key for figure in figures(asked.words, kinds=_NAMED_FIGURES)}
    if asked_for and not named:
        groups = {i: [p for p in group if _states(p, asked_for)] for i, group in groups.items()}
    best = {i: group[0] for i, group in groups.items() if group}
    floor = floors.contains_nothing if named or literal else floors.takes_part
    taking_part = _taking_part(findings, best, floor=floor)
    if named:
        taking_part = _on_the_matter(findings, best, taking_part)
    # A term that must occur verbatim is quoted from every clause that contains it.
    shown = [p for i in taking_part for p in (groups[i] if literal else groups[i][:1])]
    return TakingPart(tuple(shown), tuple(i for i in findings.passages if named and i not in taking_part))


def _taking_part(findings: Findings, best: Mapping[str, Passage], *, floor: float) -> list[str]:
    scores = {i: best_score(passage.clause, findings.evidence) for i, passage in best.items()}
    top = max(scores.values(), default=0.0)
    return [i for i in best if scores[i] >= floor * top] if top > 0 else []


def _on_the_matter(findings: Findings, best: Mapping[str, Passage], papers: Sequence[str]) -> list[str]:
    """Returns those of the compared papers whose best clause is about what was asked.

    A paper that says nothing on the matter has a best clause too, neither sure by itself nor near the best;
    and its sentences, read with the question, are on another matter.
    """
    elsewhere = {i for i, judged in findings.judgements.items() if judged.finding is Finding.OTHER}
    papers = [i for i in papers if i not in elsewhere]
    scores = {i: best_score(best[i].clause, findings.evidence) for i in papers}
    top = max(scores.values(), default=0.0)
    return [i for i in papers if scores[i] >= _NEAR * top or findings.confidences.get(i, 1.0) >= _SURE]


def further_passages(
    findings: Findings, passages: Sequence[Passage], *, floors: PaperFloors, quoting: Quoting
) -> list[Passage]:
    """Returns the passages to quote next to the best clause.

    These are a second clause that scores about as high and, where no paper is named, clauses of other papers.
    """
    second = second_clause(passages, findings.evidence, quoting)
    added = [second] if second is not None else []
    if findings.understanding.scope.named:
        return added
    top = best_score(passages[0].clause, findings.evidence)
    for passage in passages[1:]:
        papers = {p.document.id for p in (passages[0], *added)}
        equal = best_score(passage.clause, findings.evidence) >= floors.beside * top
        if len(papers) == floors.most_beside:
            break
        if passage.document.id not in papers and equal and passage.score >= floors.close * passages[0].score:
            added.append(passage)
    return added


def _states(passage: Passage, asked_for: set[tuple[FigureKind, str]]) -> bool:
    return asked_for <= {figure.key for figure in figures(passage.text, kinds=_NAMED_FIGURES)}


@lru_cache(maxsize=_REMEMBERED)
def _folded(text: str) -> str:
    return fold(text)


def _contains(passage: Passage, literals: Sequence[str]) -> bool:
    folded = _folded(passage.text)
    return all(words in folded for words in literals)
