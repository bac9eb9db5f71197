"""Finds the clause that says what follows from another: 违反前条规定的，处…….

A prohibition and its fine are often two clauses, of which the second names no matter of its own. Found by the
words of the question is the first; the figure that was asked for is in the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from corpus.model import Clause, Document, Kind
from corpus.text.script import simplify
from rag.evidence.sentences import FIGURES, EvidenceFinder
from rag.model import Passage
from rag.question.intent import Want

_BEFORE: Final = ("前条", "上一条", "上条")
_OTHER_PAPER: Final = "》）)"  # 《行政处罚法》第三条: an article of another paper


def referring_to_best(
    passages: Sequence[Passage], wants: Sequence[Want], *, finder: EvidenceFinder
) -> Passage | None:
    """Returns the passage that refers to the best one and has the figure asked for, if that one has not."""
    if not passages or not FIGURES.intersection(wants):
        return None
    best = passages[0]
    if finder.satisfies_all(best.document, best.clause, wants):
        return None
    for passage in passages[1:]:
        same = passage.document.id == best.document.id
        if same and finder.satisfies_all(passage.document, passage.clause, wants) and _refers(passage, best):
            return passage
    return None


def _refers(passage: Passage, best: Passage) -> bool:
    """Whether a clause names another of its paper, by label or as the one before."""
    text, article = simplify(passage.text), _article_of(best.document, best.clause)
    label = simplify("".join(article.path[-1:]))
    at = text.find(label) if label.startswith("第") else -1
    while at >= 0:
        if not text[:at].endswith(tuple(_OTHER_PAPER)):
            return True
        at = text.find(label, at + 1)
    if not any(words in text for words in _BEFORE):
        return False
    articles = [clause.id for clause in best.document.clauses if clause.kind is Kind.ARTICLE]
    own = _article_of(passage.document, passage.clause).id
    if own not in articles or article.id not in articles:
        return False
    return articles.index(own) == articles.index(article.id) + 1


def _article_of(document: Document, clause: Clause) -> Clause:
    """Returns the article that contains `clause`, or `clause` itself."""
    by_id = {one.id: one for one in document.clauses}
    found: Clause | None = clause
    while found is not None and found.kind is not Kind.ARTICLE:
        found = by_id.get(found.parent) if found.parent is not None else None
    return found or clause
