"""Computes all measures of one question, except those that cannot judge it."""

from collections.abc import Mapping

from corpus.model import Document
from evals.measures import fidelity, metrics
from evals.measures.names import BUDGETS, HITS
from evals.measures.ranking import ranked
from evals.model import Expect, Item, Observed


def score(item: Item, seen: Observed, library: Mapping[str, Document]) -> dict[str, float]:
    """Returns the value of each measure that can judge this question, by name."""
    found: dict[str, float | None] = {
        "quotes verbatim": fidelity.quotes_verbatim(seen, library),
        "number guard": fidelity.number_guard(seen, library),
    }
    if not seen.turned_away:
        found["refusal precision"] = metrics.refusal_precision(item, seen)
        found["refusal recall"] = metrics.refusal_recall(item, seen)
    if item.expect is Expect.ANSWER:
        found |= _retrieval(item, seen) | _answer(item, seen, library)
    else:
        # The server rejected the request and gave no reply, so this is no right refusal either.
        found["outcome"] = 0.0 if seen.turned_away else metrics.outcome_right(item, seen)
        found["corrected"] = metrics.corrected(item, seen)
    return {name: value for name, value in found.items() if value is not None}


def _retrieval(item: Item, seen: Observed) -> dict[str, float | None]:
    hits = seen.hits
    return {
        **ranked(item, hits),
        **{f"recall in {size}": metrics.recall_within(item, hits, characters=size) for size in BUDGETS},
        f"all papers@{HITS}": metrics.all_documents_recall(item, hits, k=HITS),
    }


def _answer(item: Item, seen: Observed, library: Mapping[str, Document]) -> dict[str, float | None]:
    return {
        "facts": metrics.facts(item, seen),
        "document": metrics.right_document(item, seen, library),
        "article": metrics.right_article(item, seen),
        "all three": metrics.all_three(item, seen, library),
        "document set": metrics.document_set(item, seen),
        "foreign sentences": metrics.foreign_sentences(item, seen),
        "citation precision": metrics.citation_precision(item, seen),
        "citation recall": metrics.citation_recall(item, seen),
        "answer length": metrics.answer_length(seen),
        "false refusal": metrics.false_refusal(item, seen),
        "needless correction": metrics.needless_correction(item, seen),
        "missing part named": metrics.missing_part_named(item, seen),
    }
