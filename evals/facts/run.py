"""Measures extraction, matching and tables on a folder of labelled papers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

from corpus.facts.extract import facts_of
from corpus.facts.model import PaperFacts
from corpus.model import Document
from evals.facts.extracted import rereads, stated, unproved
from evals.facts.folder import digest_of, load_fact_set
from evals.facts.model import FactReport, FactSet, LabelledPaper, Miss, Replies, Score, Split
from evals.facts.scoring import score_paper, score_profile, score_table
from evals.measures.fact_names import PROVED, REREAD
from evals.model import Provenance

# Opens what replies from the papers of a set.
Replying = Callable[[Sequence[Document]], AbstractContextManager[Replies]]


def measure(
    folder: Path,
    *,
    documents: Mapping[str, Document],
    provenance: Provenance,
    replying: Replying | None = None,
) -> FactReport:
    """Measures the set in `folder`; `documents` are papers that it may name without containing them.

    Without `replying` only the facts are measured. Raises FactsFault.
    """
    found = load_fact_set(folder, documents=documents)
    with ExitStack() as stack:
        papers = [paper.document for paper in found.papers]
        replies = stack.enter_context(replying(papers)) if replying is not None and _asks(found) else None
        scores, misses = score_all(found, replies=replies)
    labelled = sum(paper.is_complete for paper in found.papers)
    return FactReport(folder.name, digest_of(folder), labelled, tuple(scores), tuple(misses), provenance)


def score_all(found: FactSet, *, replies: Replies | None) -> tuple[list[Score], list[Miss]]:
    """Extracts the facts of all papers, and scores them and the replies on the cases."""
    scores, misses, ids = list[Score](), list[Miss](), dict[str, str]()
    for paper in found.papers:
        facts = facts_of(paper.document)
        one = score_paper(paper, stated(facts, paper.document))
        scores += [*one.scores, *_proofs(facts, paper)]
        misses += [*one.misses, *_unproved(facts, paper)]
        ids |= one.ids
    if replies is not None:
        for profile in found.profiles:
            for with_facets in (False, True):
                shown = replies.verdicts(profile, with_facets=with_facets)
                some, wrong = score_profile(profile, shown, ids, with_facets=with_facets)
                scores, misses = scores + some, misses + wrong
        for table in found.tables:
            some, wrong = score_table(table, replies.listed(table), ids)
            scores, misses = scores + some, misses + wrong
    return scores, misses


def _asks(found: FactSet) -> bool:
    return bool(found.profiles or found.tables)


def _proofs(facts: PaperFacts, paper: LabelledPaper) -> Iterator[Score]:
    """Yields a score for every span and every amount of every fact."""
    for fact in facts.facts:
        wrong = set(unproved(fact, paper.document))
        cluster = (paper.document.id, fact.clause_id)
        for amount in fact.amounts:
            yield Score(REREAD, float(rereads(amount, paper.document)), paper.split, cluster)
        for span in fact.spans():
            yield Score(PROVED, float(span not in wrong), paper.split, cluster)


def _unproved(facts: PaperFacts, paper: LabelledPaper) -> Iterator[Miss]:
    """Yields the spans and amounts that do not re-read. Places of spans tell nothing of the labels."""
    for fact in facts.facts:
        for span in unproved(fact, paper.document):
            words = f"{span.start}:{span.end}"
            yield Miss(PROVED, f"{paper.document.id}#{fact.id}", words, Split.DEV)
        for amount in fact.amounts:
            if not rereads(amount, paper.document):
                words = amount.span.of(paper.document.text)
                yield Miss(REREAD, f"{paper.document.id}#{fact.id}", words, paper.split)
