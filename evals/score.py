"""All measures of one question. A measure that cannot judge it is left out."""

from collections.abc import Mapping

from corpus.model import Document
from evals import metrics
from evals.model import Expect, Item, Observed
from evals.observe import HITS

RANKS = (1, 3, 5, 10)
BUDGETS = (500, 1000, 2000)  # characters of context


def score(item: Item, seen: Observed, library: Mapping[str, Document]) -> dict[str, float]:
    """Name of the measure → value, for the measures that can judge this question."""
    found: dict[str, float | None] = {"quotes verbatim": metrics.quotes_verbatim(seen, library)}
    if item.expect is Expect.ANSWER:
        found |= _retrieval(item, seen) | _answer(item, seen, library)
    else:
        found["outcome"] = metrics.outcome_right(item, seen)
        found["corrected"] = metrics.corrected(item, seen)
    return {name: value for name, value in found.items() if value is not None}


def _retrieval(item: Item, seen: Observed) -> dict[str, float | None]:
    hits = seen.hits
    return {
        **{f"recall@{k}": metrics.evidence_recall(item, hits, k=k) for k in RANKS},
        "MRR": metrics.reciprocal_rank(item, hits),
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
        "answer length": metrics.answer_length(seen),
        "false refusal": metrics.false_refusal(item, seen),
    }
