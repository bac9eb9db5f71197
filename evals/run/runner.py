"""Asks every question of the test sets and scores the replies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter

from corpus.model import Document
from corpus.progress import Progress
from evals.measures.matching import contains
from evals.measures.score import score
from evals.model import Case, Observed, Provenance, Report, Result
from evals.run.cases import load_sets, of_split
from evals.run.observe import observe
from evals.run.paper_names import by_id
from rag.model import Question, Reply, Turn

Ask = Callable[[Question], Reply | Observed]  # a server returns only what is scored


def run_sets(
    paths: Iterable[Path | str],
    ask: Ask,
    *,
    documents: Iterable[Document],
    provenance: Provenance,
    split: str = "",
    progress: Progress | None = None,
) -> Report:
    """Loads the sets, asks the questions of `split` (of all, if empty), and scores the replies.

    `evals.report.writer.write` writes the report. Raises SetFault when a set cannot be read,
    UnknownSplit when no question is of the split.
    """
    cases = of_split(load_sets(paths), split)
    return evaluate(cases, ask, documents=documents, provenance=provenance, progress=progress)


def evaluate(
    cases: Sequence[Case],
    ask: Ask,
    *,
    documents: Iterable[Document],
    provenance: Provenance | None = None,
    progress: Progress | None = None,
    clock: Callable[[], float] = perf_counter,
) -> Report:
    """Asks and scores every case about `documents`, the stored papers.

    A case about any other paper is skipped and listed in the report. A case whose quotes do not occur in
    their paper is listed too, but asked. `clock` returns seconds.
    """
    papers = {document.id: document for document in documents}
    cases = by_id(cases, papers.values())
    judged = [case for case in cases if _papers(case) <= papers.keys()]
    left_out = tuple(case.id for case in cases if not _papers(case) <= papers.keys())
    total = sum(len(case.items) for case in judged)
    results: list[Result] = []
    for case in judged:
        for result in _results(case, ask, papers, clock):
            results.append(result)
            if progress is not None:
                progress(len(results), total, result.id)
    misquoted = tuple(case.id for case in judged if not _quotes_occur(case, papers))
    return Report(tuple(results), left_out, provenance or Provenance(), misquoted)


def _results(
    case: Case, ask: Ask, papers: Mapping[str, Document], clock: Callable[[], float]
) -> Iterator[Result]:
    """Asks the turns in order, each with the earlier questions and replies as history."""
    history: list[Turn] = []
    for turn, item in enumerate(case.items):
        began = clock()
        reply = ask(Question(item.question, tuple(history)))
        milliseconds = (clock() - began) * 1000
        observed = reply if isinstance(reply, Observed) else observe(reply)
        yield Result(case, turn, observed, score(item, observed, papers), milliseconds)
        history += [Turn("user", item.question), Turn("assistant", observed.text)]


def _papers(case: Case) -> set[str]:
    needed = {entry.document for item in case.items for entry in item.evidence + item.alternatives}
    return needed | {item.about for item in case.items if item.about}


def _quotes_occur(case: Case, papers: Mapping[str, Document]) -> bool:
    """Whether every quote of the evidence occurs in the paper it names."""
    entries = [entry for item in case.items for entry in item.evidence + item.alternatives]
    return all(contains(papers[entry.document].text, quote) for entry in entries for quote in entry.quotes)
