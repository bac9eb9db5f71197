"""Measures extraction, matching and tables on a folder of labelled papers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from corpus.facts.extract import facts_of
from corpus.facts.model import PaperFacts
from corpus.model import Document
from evals.facts.extracted import stated, unproved
from evals.facts.folder import digest_of, load_fact_set
from evals.facts.model import FactReport, FactSet, LabelledPaper, Miss, Replies, Score, Split
from evals.facts.scoring import score_paper, score_profile, score_table
from evals.measures.fact_names import PROVED
from evals.model import Provenance


def measure(
    folder: Path, *, documents: Mapping[str, Document], replies: Replies | None, provenance: Provenance
) -> FactReport:
    """Measures the set in `folder`; `documents` are papers that it may name without containing them.

    Without `replies` only the facts are measured. Raises FactsFault.
    """
    found = load_fact_set(folder, documents=documents)
    scores, misses = score_all(found, replies=replies)
    papers = sum(paper.is_complete for paper in found.papers)
    return FactReport(folder.name, digest_of(folder), papers, tuple(scores), tuple(misses), provenance)


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
            some, wrong = score_profile(profile, replies.verdicts(profile), ids)
            scores, misses = scores + some, misses + wrong
        for table in found.tables:
            some, wrong = score_table(table, replies.listed(table), ids)
            scores, misses = scores + some, misses + wrong
    return scores, misses


def _proofs(facts: PaperFacts, paper: LabelledPaper) -> Iterator[Score]:
    """Yields a score for every span of every fact."""
    for fact in facts.facts:
        wrong = set(unproved(fact, paper.document))
        for span in fact.spans():
            cluster = (paper.document.id, fact.clause_id)
            yield Score(PROVED, float(span not in wrong), paper.split, cluster)


def _unproved(facts: PaperFacts, paper: LabelledPaper) -> Iterator[Miss]:
    """Yields the spans that do not re-read, for both halves: they tell nothing of the labels."""
    for fact in facts.facts:
        for span in unproved(fact, paper.document):
            words = f"{span.start}:{span.end}"
            yield Miss(PROVED, f"{paper.document.id}#{fact.id}", words, Split.DEV)
