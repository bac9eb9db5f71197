"""Ranking measures of the retrieved clauses, named as in ir-measures.

A question needs one clause with evidence from each of its papers, so the ideal ranking begins with as many
relevant clauses as there are papers. A clause is relevant when it is from a right paper and contains a gold
quote in full; a second clause for the same paper counts as not relevant. For a question that one paper
answers, R@k is therefore 1 when one of the first k clauses contains evidence, and 0 otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from evals.measures.metrics import contains_any
from evals.measures.names import HITS, RANKS
from evals.model import Evidence, Item, Shown

# nDCG is that of Järvelin & Kekäläinen (ACM TOIS 20, 2002) with gains 0 and 1, as trec_eval computes it.
_MEASURES = {str(measure): measure for measure in (*(R @ k for k in RANKS), nDCG @ HITS, RR @ HITS)}
_QUERY = "question"


def ranked(item: Item, hits: Sequence[Shown]) -> dict[str, float | None]:
    """Returns R@k, nDCG@10 and RR@10 of the hits, best first; None without gold quotes."""
    ways = [way for way in item.ways if any(entry.quotes for entry in way)]
    if not ways:
        return dict.fromkeys(_MEASURES)
    needs = [Qrel(_QUERY, f"need {place}", 1) for place in range(len(ways))]
    run = [ScoredDoc(_QUERY, name, -rank) for rank, name in enumerate(_names(ways, hits))]
    found = ir_measures.calc_aggregate(_MEASURES.values(), needs, run)
    return {name: float(found[measure]) for name, measure in _MEASURES.items()}


def _names(ways: Iterable[Sequence[Evidence]], hits: Sequence[Shown]) -> list[str]:
    """Returns an id for every hit: of the paper for which it is the first evidence, or a unique one."""
    open_needs = dict(enumerate(ways))
    names = []
    for rank, hit in enumerate(hits):
        met = next((place for place, way in open_needs.items() if contains_any(hit, way)), None)
        names.append(f"hit {rank}" if met is None else f"need {met}")
        if met is not None:
            del open_needs[met]
    return names
