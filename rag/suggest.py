"""Questions to begin with and to go on with: only such as the papers answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from corpus.model import Document, Status
from rag import headings

_LONGEST = 40  # characters of a suggestion: it is read at a glance, on a telephone too


class _Form(IntEnum):
    """What kind of question it is. The value is how many of the others come before the first of it."""

    REWARD = 0
    HOW = 1
    WHO = 2


@dataclass(frozen=True, slots=True)
class _Candidate:
    form: _Form
    text: str


def opening(documents: Sequence[Document], statuses: Mapping[str, Status], *, most: int) -> tuple[str, ...]:
    """Up to `most` questions to begin with, about papers in force: each region in turn, forms mixed.

    They are made from headings by rule; ask them before offering them where every one must be answered.
    """
    in_force = [document for document in documents if statuses[document.id] is Status.IN_FORCE]
    waiting = [_candidates(document) for document in _spread(in_force)]
    used: Counter[_Form] = Counter()
    chosen: list[str] = []
    while len(chosen) < most and any(waiting):
        for candidates in filter(None, waiting):
            if len(chosen) < most:
                best = min(candidates, key=lambda candidate: used[candidate.form] + candidate.form)
                candidates.remove(best)
                used[best.form] += 1
                chosen.append(best.text)
    return tuple(dict.fromkeys(chosen))


def _spread(documents: Iterable[Document]) -> list[Document]:
    """The papers in such an order that those of one region do not follow one another."""
    by_region: dict[str, list[Document]] = {}
    for document in documents:
        by_region.setdefault(document.head.region, []).append(document)
    depth = max(map(len, by_region.values()), default=0)
    return [some[i] for i in range(depth) for some in by_region.values() if i < len(some)]


def _candidates(document: Document) -> list[_Candidate]:
    """The questions a paper gives, the more telling ones of each form first."""
    asked = [clause for clause in document.clauses if headings.can_be_asked(clause)]
    paying = [clause for clause in asked if headings.rewards(document, clause)]
    found = [_Candidate(_Form.REWARD, headings.what_reward(document, clause)) for clause in paying]
    found += [_Candidate(_Form.HOW, headings.how(document, clause)) for clause in asked]
    found += [
        _Candidate(_Form.WHO, headings.who(document, clause)) for clause in asked if clause.responsibility
    ]
    return [candidate for candidate in found if len(candidate.text) <= _LONGEST]
