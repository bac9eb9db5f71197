"""The measures, as pure functions of a question, a reply and the stored papers.

Each returns a share between 0 and 1 unless stated otherwise, or None when it cannot judge the question,
which then does not count.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

from corpus.model import Document
from evals.measures.matching import contains, contains_facts, normal
from evals.measures.unstated import says_absent, says_unstated
from evals.model import Evidence, Expect, Item, Observed, Quoted, Shown
from rag.model import Outcome

_SENTENCE_END = re.compile(r"[。；！？\n]+|[.!?;](?=\s|$)")  # 有效期5年。原《…》同步废止。


def evidence_rank(item: Item, hits: Sequence[Shown]) -> int | None:
    """Returns the rank, from 1, of the first hit that contains a gold quote in full; None when none does."""
    ranks = (rank for rank, hit in enumerate(hits, start=1) if contains_any(hit, _all_evidence(item)))
    return next(ranks, None)


def recall_within(item: Item, hits: Sequence[Shown], *, characters: int) -> float | None:
    """Whether the texts of the hits, joined in order and cut at `characters`, contain a gold quote.

    Comparable between long and short chunks, which R@k is not.
    """
    if not has_quotes(item):
        return None
    cut, left = [], characters
    for hit in hits:
        cut.append(Shown(hit.document, hit.label, hit.text[: max(0, left)]))
        left -= len(hit.text)
    return float(evidence_rank(item, cut) is not None)


def all_documents_recall(item: Item, hits: Sequence[Shown], *, k: int) -> float | None:
    """For questions over several papers: whether the first `k` hits contain evidence of each."""
    if len(item.ways) < 2 or not has_quotes(item):
        return None
    return float(all(any(contains_any(hit, entries) for hit in hits[:k]) for entries in item.ways))


def facts(item: Item, observed: Observed) -> float | None:
    """Whether an alternative of every `answer_must` group occurs in the text or a quote."""
    if not item.answer_must:
        return None
    texts = [observed.text, *(cited.quote for cited in observed.citations)]
    return float(observed.answered and contains_facts(texts, item.answer_must))


def right_document(item: Item, observed: Observed, papers: Mapping[str, Document]) -> float | None:
    """Whether the answer names number or title of every needed paper, in text or citations.

    For type `which` the cited papers must also be exactly the right ones.
    """
    if not item.evidence:
        return None
    named = [
        observed.text,
        *(words for cited in observed.citations for words in (cited.title, cited.doc_number)),
    ]
    ways = ({entry.document for entry in entries} for entries in item.ways)
    right = all(any(_names(papers[document], named) for document in way) for way in ways)
    return float(observed.answered and right and document_set(item, observed) != 0.0)


def document_set(item: Item, observed: Observed) -> float | None:
    """For type `which`: whether the set of cited papers equals the gold set."""
    if item.type != "which":
        return None
    return float(
        observed.answered and {cited.document for cited in observed.citations} == set(item.documents)
    )


def right_article(item: Item, observed: Observed) -> float | None:
    """Whether every gold label is cited. Not judged for questions about the paper itself."""
    if item.type == "metadata" or not item.evidence:
        return None
    right = all(any(_cites(observed.citations, entry) for entry in entries) for entries in item.ways)
    return float(observed.answered and right)


def all_three(item: Item, observed: Observed, papers: Mapping[str, Document]) -> float | None:
    """Whether facts, paper and article are all right, as far as each can be judged."""
    judged = [facts(item, observed), right_document(item, observed, papers), right_article(item, observed)]
    if judged[0] is None:
        return None
    return float(all(score != 0.0 for score in judged))


def foreign_sentences(item: Item, observed: Observed) -> float | None:
    """Returns the share of quoted sentences that are from papers not asked about."""
    if not observed.answered or not observed.citations or not item.evidence:
        return None
    wanted = {entry.document for entry in _all_evidence(item)}
    counted = [(cited.document in wanted, _sentences(cited.quote)) for cited in observed.citations]
    return sum(count for is_wanted, count in counted if not is_wanted) / sum(count for _, count in counted)


def citation_precision(item: Item, observed: Observed) -> float | None:
    """Returns the share of cited clauses, each counted once, that are gold."""
    if item.type == "metadata" or not observed.answered or not observed.citations or not item.evidence:
        return None
    clauses = {(cited.document, cited.path, cited.label): cited for cited in observed.citations}
    gold = [(entry.document, label) for entry in _all_evidence(item) for label in entry.articles]
    right = [any(_is(cited, *place) for place in gold) for cited in clauses.values()]
    return sum(right) / len(right)


def citation_recall(item: Item, observed: Observed) -> float | None:
    """Returns the share of gold clauses that are cited; of alternatives, the most fully cited one counts.

    A refusal cites nothing.
    """
    if item.type == "metadata":
        return None
    cited = observed.citations if observed.answered else ()
    labelled = [[entry for entry in way if entry.articles] for way in item.ways]
    best = [max((_cited_of(cited, entry) for entry in way), key=fmean) for way in labelled if way]
    return fmean(label for way in best for label in way) if best else None


def answer_length(observed: Observed) -> float | None:
    """Returns the length of an answer's text in characters."""
    return float(len(observed.text)) if observed.answered else None


def outcome_right(item: Item, observed: Observed) -> float:
    """Whether the outcome is the expected or another accepted one.

    Where the case accepts a partial answer, one that cites a clause and says that the paper does not state
    the fact is right too; the clause alone is not.
    """
    expected = any(expect.met_by(observed.outcome) for expect in (item.expect, *item.also_accept))
    return float(expected or (item.accepts_partial and _shows_and_says_unstated(observed)))


def _shows_and_says_unstated(observed: Observed) -> bool:
    if not observed.citations:
        return False
    if observed.outcome is Outcome.PARTIAL:
        return says_absent(observed)
    return observed.outcome is Outcome.ANSWERED and says_unstated(observed)


def needless_correction(item: Item, observed: Observed) -> float | None:
    """For a question the papers answer: whether the reply corrects a premise that is not false."""
    if item.expect is not Expect.ANSWER:
        return None
    return float(observed.outcome is Outcome.CORRECTED)


def needless_unstated(item: Item, observed: Observed) -> float | None:
    """For a question the papers answer in full: whether the reply says that something is not stated.

    Not judged where a part of the question has no answer.
    """
    if item.expect is not Expect.ANSWER or item.missing or item.accepts_partial:
        return None
    return float(observed.outcome is Outcome.PARTIAL or (observed.answered and says_unstated(observed)))


def missing_part_named(item: Item, observed: Observed) -> float | None:
    """For a question with an answered and a missing part: whether it states the facts and what is missing."""
    if not item.missing:
        return None
    return float(facts(item, observed) != 0.0 and observed.answered and says_absent(observed))


def corrected(item: Item, observed: Observed) -> float | None:
    """For a false premise: whether the outcome is right and the answer contains the correcting facts."""
    if item.expect is not Expect.CORRECT:
        return None
    return float(outcome_right(item, observed) == 1.0 and facts(item, observed) != 0.0)


def false_refusal(item: Item, observed: Observed) -> float | None:
    """For a question the papers answer: whether it was not answered."""
    if item.expect is not Expect.ANSWER:
        return None
    return 1.0 - outcome_right(item, observed)


def refusal_precision(item: Item, observed: Observed) -> float | None:
    """For a refusal: whether the question should be refused."""
    return outcome_right(item, observed) if observed.outcome is Outcome.REFUSED else None


def refusal_recall(item: Item, observed: Observed) -> float | None:
    """For a question that should be refused: whether it was."""
    return outcome_right(item, observed) if item.expect is Expect.REFUSE else None


def _all_evidence(item: Item) -> tuple[Evidence, ...]:
    return item.evidence + item.alternatives


def has_quotes(item: Item) -> bool:
    """Whether the gold contains quotes."""
    return any(entry.quotes for entry in item.evidence)


def contains_any(hit: Shown, entries: Iterable[Evidence]) -> bool:
    """Whether the hit is from the paper of one of the entries and contains a quote of it in full."""
    return any(
        hit.document == entry.document and any(contains(hit.text, quote) for quote in entry.quotes)
        for entry in entries
    )


def _names(document: Document, texts: Iterable[str]) -> bool:
    head = document.head
    stated = (head.doc_number, head.title, head.inner_title)
    names = [words.value for words in stated if words is not None]
    return any(contains(text, name) for text in texts for name in names)


def _cites(citations: Sequence[Quoted], entry: Evidence) -> bool:
    return all(_cited_of(citations, entry))


def _cited_of(citations: Sequence[Quoted], entry: Evidence) -> list[bool]:
    """Returns for every label of the entry whether it is cited."""
    return [any(_is(cited, entry.document, label) for cited in citations) for label in entry.articles]


def _is(cited: Quoted, document: str, label: str) -> bool:
    """Whether the cited clause has that label as its short name or as the end of its path."""
    if cited.document != document:
        return False
    ends = ("".join(cited.path[start:]) for start in range(len(cited.path)))
    return normal(label) in {normal(name) for name in (cited.label, *ends)}


def _sentences(quote: str) -> int:
    return max(1, sum(1 for part in _SENTENCE_END.split(quote) if part.strip()))
