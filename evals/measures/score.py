"""Computes all measures of one question, except those that cannot judge it."""

from collections.abc import Mapping

from corpus.model import Document
from evals.measures import fidelity, metrics
from evals.measures.names import BUDGETS, HITS
from evals.measures.ranking import ranked
from evals.model import Expect, Item, Observed


def score(item: Item, observed: Observed, papers: Mapping[str, Document]) -> dict[str, float]:
    """Returns the value of each measure that can judge this question, by name."""
    found: dict[str, float | None] = {
        "quotes verbatim": fidelity.quotes_verbatim(observed, papers),
        "number guard": fidelity.number_guard(observed, papers),
    }
    if not observed.rejected:
        found["refusal precision"] = metrics.refusal_precision(item, observed)
        found["refusal recall"] = metrics.refusal_recall(item, observed)
    if item.expect is Expect.ANSWER:
        found |= _retrieval(item, observed) | _answer(item, observed, papers)
    else:
        # The server rejected the request and gave no reply, so this is no right refusal either.
        found["outcome"] = 0.0 if observed.rejected else metrics.outcome_right(item, observed)
        found["corrected"] = metrics.corrected(item, observed)
    return {name: value for name, value in found.items() if value is not None}


def _retrieval(item: Item, observed: Observed) -> dict[str, float | None]:
    hits = observed.hits
    return {
        **ranked(item, hits),
        **{f"recall in {size}": metrics.recall_within(item, hits, characters=size) for size in BUDGETS},
        f"all papers@{HITS}": metrics.all_documents_recall(item, hits, k=HITS),
    }


def _answer(item: Item, observed: Observed, papers: Mapping[str, Document]) -> dict[str, float | None]:
    return {
        "facts": metrics.facts(item, observed),
        "document": metrics.right_document(item, observed, papers),
        "article": metrics.right_article(item, observed),
        "all three": metrics.all_three(item, observed, papers),
        "document set": metrics.document_set(item, observed),
        "foreign sentences": metrics.foreign_sentences(item, observed),
        "citation precision": metrics.citation_precision(item, observed),
        "citation recall": metrics.citation_recall(item, observed),
        "answer length": metrics.answer_length(observed),
        "false refusal": metrics.false_refusal(item, observed),
        "needless correction": metrics.needless_correction(item, observed),
        "needless not-stated": metrics.needless_unstated(item, observed),
        "missing part named": metrics.missing_part_named(item, observed),
    }
