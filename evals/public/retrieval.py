"""Measures how well search finds the corpus lines that are judged to answer a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import ir_measures
from ir_measures import RR, R, Success, nDCG

from corpus.model import Status
from corpus.progress import Progress
from evals.public.corpus import Opened
from evals.public.files import QueryLine, QuerySet
from rag.model import Passage

SHOWN = 10  # lines kept of each ranking
# Name → measure, in display order. nDCG as in trec_eval: Järvelin & Kekäläinen, "Cumulated
# gain-based evaluation of IR techniques", ACM TOIS 20(4), 2002, with linear gain.
RETRIEVAL = {
    "hit@1": Success @ 1,
    "R@1": R @ 1,
    "R@5": R @ 5,
    "R@10": R @ 10,
    "R@50": R @ 50,
    "nDCG@10": nDCG @ 10,
    "RR@10": RR @ 10,
}
# Share of questions whose first line is from a paper out of force and not judged relevant.
TRAPPED = "out of force first"
_ENDED = frozenset({Status.REPEALED, Status.EXPIRED})


@dataclass(frozen=True, slots=True)
class Ranked:
    """A question, the relevant lines, and the lines found, best first."""

    query: QueryLine
    judged: Mapping[str, int]
    found: tuple[str, ...]
    scores: Mapping[str, float]
    milliseconds: float


def rank(
    queries: QuerySet,
    opened: Opened,
    *,
    clauses: int,
    progress: Progress | None = None,
    clock: Callable[[], float] = perf_counter,
) -> list[Ranked]:
    """Searches for every question, `clauses` clauses deep, and scores the ranking.

    A line has the rank of its best clause. A question without a line judged above 0 gets no score.
    """
    found: list[Ranked] = []
    trap = any(_ended(opened, document.id) for document in opened.assistant.documents())
    for done, query in enumerate(queries.queries, start=1):
        began = clock()
        passages = opened.assistant.search(query.text, k=clauses)
        taken = (clock() - began) * 1000
        judged = queries.qrels[query.id]
        lines = _lines(passages, opened)
        scores = _scores(query.id, judged, lines)
        if trap and scores:
            scores[TRAPPED] = _trapped(passages, judged, opened)
        found.append(Ranked(query, judged, tuple(lines[:SHOWN]), scores, taken))
        if progress is not None:
            progress(done, len(queries.queries), f"searching {queries.name}")
    return found


def _lines(passages: Sequence[Passage], opened: Opened) -> list[str]:
    """Returns the lines of the clauses in order, each once; heads and headings belong to none."""
    keys = (passage.clause.key for passage in passages)
    return list(dict.fromkeys(opened.lines[key] for key in keys if key in opened.lines))


def _scores(query: str, judged: Mapping[str, int], lines: Sequence[str]) -> dict[str, float]:
    if not any(score > 0 for score in judged.values()):
        return {}
    run = {query: {line: float(len(lines) - place) for place, line in enumerate(lines)}}
    found = ir_measures.calc_aggregate(RETRIEVAL.values(), {query: dict(judged)}, run)
    return {name: float(found[measure]) for name, measure in RETRIEVAL.items()}


def _trapped(passages: Sequence[Passage], judged: Mapping[str, int], opened: Opened) -> float:
    first = next((p for p in passages if p.clause.key in opened.lines), None)
    if first is None or judged.get(opened.lines[first.clause.key], 0) > 0:
        return 0.0
    return float(_ended(opened, first.document.id))


def _ended(opened: Opened, document_id: str) -> bool:
    assistant = opened.assistant
    return assistant.status(assistant.document(document_id)) in _ENDED
