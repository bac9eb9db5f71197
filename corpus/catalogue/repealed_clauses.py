"""Which clauses of a paper in force other papers have repealed: 《…办法》第八条、第九条同时废止."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.catalogue.catalogue import Catalogue
from corpus.head.paper_head import PaperHead
from corpus.model import Clause, Document, PartRepeal
from corpus.notation.labels.reading import find_label
from corpus.notation.labels.types import Style
from corpus.notation.numerals import number_of

# "第九条", "第二项", as corpus.notation.citations.cited_articles writes them
_STEP = re.compile(r"第(?P<n>[^条款项目章节点部]+)(?P<unit>部分|.)")
_STYLES = {"条": Style.ARTICLE, "章": Style.CHAPTER, "节": Style.SECTION}
_MAIN = ("条", "点", "部分", "款")  # units by which the main points of a paper without 条 are cited: 一、
_ITEM = (Style.HAN_PAREN, Style.ARABIC_DOT, Style.ARABIC_PAREN)


@dataclass(frozen=True, slots=True)
class RepealedClause:
    """What repeals a clause: a paper, and the article that it names."""

    by: PaperHead
    article: str  # "第九条", "第九条第二款"


def repealed_clause(document: Document, clause: Clause, catalogue: Catalogue) -> RepealedClause | None:
    """What repeals a clause of a paper, or a part of it; None for nothing."""
    for by, articles in catalogue.acts.repealed_articles(document.id):
        for article in articles:
            if _is_in(document, clause, article):
                return RepealedClause(by, article)
    return None


def part_repeal(by: Document, article: str) -> PartRepeal | None:
    """The words of a paper that repeal an article."""
    return next((one for one in by.head.repeals_parts if article in one.articles), None)


def _is_in(document: Document, clause: Clause, article: str) -> bool:
    """Whether a clause is the article, above or below it.

    款 have no number, so any part of the article may be meant.
    """
    steps = [(number_of(match["n"]), match["unit"]) for match in _STEP.finditer(article)]
    labels = [find_label(label) for label in clause.path]
    if not steps:
        return False
    number, unit = steps[0]
    has_articles = any(one.path and one.path[-1].startswith("第") for one in document.clauses)
    for at, label in enumerate(labels):
        if label is None:
            continue
        style = _STYLES.get(unit)
        main = not has_articles and unit in _MAIN and label.style is Style.HAN_COMMA
        if label.number == (number,) and (label.style is style or main):
            items = [other for other in labels[at + 1 :] if other is not None and other.style in _ITEM]
            wanted = [n for n, step in steps[1:] if step in ("项", "目")]
            return all(item.number == (n,) for item, n in zip(items, wanted, strict=False))
    return False
