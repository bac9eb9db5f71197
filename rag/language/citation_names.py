"""How papers and clauses are named: 《title》（文号）, （四）, 第二十八条, and in English item （四）."""

from __future__ import annotations

import re

from corpus.head.paper_head import full_name
from corpus.model import Clause, Document, Kind
from corpus.notation.numerals import NUMERAL
from rag.model import Language

# "二十八、": the label of a point of a notice, which is no 条
_POINT = re.compile(rf"(?<![{NUMERAL}])(?P<n>[{NUMERAL}]+)、")
# "第三条", "第八条（二）"
_ARTICLE = re.compile(r"第[^章节编]{1,30}条")
# Parts of a paper without a number; their labels are words of the program.
_PARTS = {
    Kind.HEAD: "title",
    Kind.PREAMBLE: "preamble",
    Kind.INNER_TITLE: "title of the paper forwarded",
    Kind.CLOSING: "closing provisions",
    Kind.SIGN_OFF: "signature",
}


def source_name(document: Document) -> str:
    """Returns 《title》（文号）."""
    number = document.head.doc_number
    return full_name(document.head.title.value, number.value if number else "")


def spoken_label(clause: Clause, language: Language = Language.CHINESE) -> str:
    """Returns the label as running text has it: （四）, 一、（四）, 第二十八条, 附则.

    A number that the paper writes 三、 is 第三点, or 第三部分 where it is a heading with clauses below.
    English says what the label is: item （四）, point 三, part 三, Article 第二十八条.
    """
    point = _POINT.fullmatch(clause.label)
    if language is Language.ENGLISH:
        return _PARTS.get(clause.kind) or f"{_noun(clause)} {clause.label.rstrip('、．')}".strip()
    if point is None:
        return clause.label.removesuffix("、")
    if clause.kind is Kind.CHAPTER:
        return f"第{point['n']}部分"
    return f"第{point['n']}{'點' if language is Language.TRADITIONAL else '点'}"


def clause_of(name: str, clause: Clause, language: Language = Language.CHINESE) -> str:
    """Returns paper and clause: 《湖南若干意见》（四）; in English 《湖南若干意见》, item （四）."""
    between = ", " if language is Language.ENGLISH else ""
    return f"{name}{between}{spoken_label(clause, language)}"


def _noun(clause: Clause) -> str:
    """Returns the English word for what the label counts; empty for 附件1."""
    if _ARTICLE.match(clause.label):
        return "Article"
    if clause.kind is Kind.CHAPTER:
        return "chapter" if clause.label.startswith("第") else "part"
    if clause.kind not in (Kind.ARTICLE, Kind.ITEM):
        return ""
    return "point" if _POINT.fullmatch(clause.label) else "item"
