"""Proposes test questions from a paper's clauses, for a person to accept, edit or skip.

Every proposal is a complete case of a test set: its quotes occur verbatim in the paper, and the facts it asks
for occur in its quotes. A clause that gives no good question is skipped.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.model import Clause, Document, Span
from evals.draft.clauses import department_ideas, heading_idea
from evals.draft.conditions import condition_ideas
from evals.draft.figures import figure_ideas
from evals.draft.lists import list_ideas
from evals.draft.metadata import metadata_ideas
from evals.draft.model import Idea
from evals.draft.text import Named, Sentence, balanced, name_of, sentences
from evals.measures.matching import contains_fact, contains_facts, normal
from evals.run.formats import SingleLine

SPLIT = "draft"  # of a proposal before it is accepted
_LENGTH = range(8, 91)  # characters of a question
_ID_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed case, with the places of its evidence."""

    line: SingleLine
    clause: Clause
    quotes: tuple[Span, ...]  # in Document.text


def draft(
    document: Document,
    *,
    others: Iterable[Document] = (),
    known: Container[str] = (),
    limit: int | None = None,
) -> list[Proposal]:
    """Returns questions on the paper in reading order; deterministic.

    `others` are the other stored papers: where one is from the same place, questions name the title.
    Proposals whose id is in `known` are skipped. `limit` is the maximum, shared evenly by the types.
    """
    named = name_of(document, others=others)
    good = [idea for idea in _ideas(document, named) if _is_sound(document, idea)]
    times = Counter(normal(idea.question) for idea in good)
    # A question that two places answer differently has no single right answer.
    single = [_proposal(document, idea) for idea in good if times[normal(idea.question)] == 1]
    found = [proposal for proposal in single if proposal.line.id not in known]
    return found if limit is None else _spread(found, limit)


def _ideas(document: Document, named: Named) -> Iterator[Idea]:
    yield from metadata_ideas(document, named)
    body: dict[str, list[Sentence]] = {}
    for sentence in sentences(document):
        body.setdefault(sentence.clause.id, []).append(sentence)
    for clause in document.clauses:
        own = body.get(clause.id, [])
        whole = heading_idea(clause, own, named)
        if whole is not None:
            yield whole
        for sentence in own:
            yield from figure_ideas(sentence, named)
            yield from condition_ideas(sentence, named)
            yield from list_ideas(sentence, named)
        yield from department_ideas(document, clause, named)


def _is_sound(document: Document, idea: Idea) -> bool:
    """Whether the evidence contains the facts and the question does not."""
    quotes = [span.of(document.text) for span in idea.quotes]
    given = any(contains_fact([idea.question], fact) for group in idea.must for fact in group)
    cut = re.search("？.|[：，、；]？", idea.question)
    shape = len(idea.question) in _LENGTH and balanced(idea.question) and cut is None
    inside = all(idea.clause.start <= s.start and s.end <= idea.clause.end for s in idea.quotes)
    return shape and inside and not given and contains_facts(quotes, idea.must)


def _proposal(document: Document, idea: Idea) -> Proposal:
    seed = "\n".join((document.id, idea.clause.id, idea.question))
    line = SingleLine(
        id=f"draft-{document.id}-{hashlib.sha256(seed.encode()).hexdigest()[:_ID_DIGITS]}",
        split=SPLIT,
        type=idea.type,
        question=idea.question,
        doc=document.id,
        articles=[idea.clause.label],
        quotes=[span.of(document.text) for span in idea.quotes],
        answer_must=[list(group) for group in idea.must],
        difficulty="easy",
    )
    return Proposal(line, idea.clause, idea.quotes)


def _spread(found: Sequence[Proposal], limit: int) -> list[Proposal]:
    """Returns at most `limit`, in reading order: the same number of each type, spread over the paper."""
    by_type: dict[str, list[Proposal]] = {}
    for proposal in found:
        by_type.setdefault(proposal.line.type, []).append(proposal)
    chosen: set[str] = set()
    waiting = sorted(by_type.values(), key=len)
    for at, group in enumerate(waiting):
        share = min(len(group), (limit - len(chosen)) // (len(waiting) - at))
        chosen.update(group[i * len(group) // share].line.id for i in range(share))
    return [proposal for proposal in found if proposal.line.id in chosen]
