"""How papers and clauses are named in running text: 《title》（文号）, 第二十八条."""

from __future__ import annotations

import re

from corpus.head.paper_head import full_name
from corpus.model import Clause, Document, Kind
from corpus.notation.numerals import NUMERAL

# "（四）" and "二十八、": labels that are cited as articles
_ARTICLE = re.compile(rf"^(?:（(?P<n>[^（）]+)）|(?P<m>[{NUMERAL}]+)、)$")


def source_name(document: Document) -> str:
    """Returns 《title》（文号）."""
    number = document.head.doc_number
    return full_name(document.head.title.value, number.value if number else "")


def spoken_label(clause: Clause) -> str:
    """Returns the label as citations write it: 第（四）条, 第二十八条, 二、（一）1．, 九, 附则."""
    match = _ARTICLE.match(clause.label)
    if match is None or clause.kind is Kind.CHAPTER:
        return clause.label.removesuffix("、")
    return f"第（{match['n']}）条" if match["n"] else f"第{match['m']}条"
