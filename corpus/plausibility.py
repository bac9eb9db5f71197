"""Tells a text that is hardly a paper from a short one that is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.model import Document, Kind, Notice, Span

NOT_A_PAPER = "not_a_paper"
# Letters and digits; the shortest real notices, one sentence between title and signature, have 40 or more.
_FEWEST = 20
# Share of Chinese characters; papers with tables of figures and English names have more than a third.
_LEAST_CHINESE = 0.1
_WORD = re.compile(r"[^\W_]")
_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_CLAUSES = frozenset({Kind.CHAPTER, Kind.ARTICLE, Kind.ITEM, Kind.CLOSING, Kind.INNER_TITLE, Kind.ATTACHMENT})


def doubts(document: Document) -> Iterator[Notice]:
    """Yields a notice if nothing in the text is as in a policy paper. It is stored nevertheless."""
    words = len(_WORD.findall(document.text))
    head, kinds = document.head, {clause.kind for clause in document.clauses}
    is_headed = head.doc_number is not None or head.issuer is not None or head.date_issued is not None
    if words < _FEWEST and not kinds & _CLAUSES:
        reason = f"it has only {words} letters"
    elif len(_CHINESE.findall(document.text)) < _LEAST_CHINESE * words:
        reason = "it is hardly in Chinese"
    elif not kinds & _CLAUSES and not (is_headed and Kind.PREAMBLE in kinds):
        reason = "it has no clause" + ("" if is_headed else ", and neither number, issuer nor date")
    else:
        return
    message = f"this may be no policy paper: {reason}. `zhengwen remove` deletes it"
    yield Notice(NOT_A_PAPER, message, Span(0, min(len(document.text), 80)))
