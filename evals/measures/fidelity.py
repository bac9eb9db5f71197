"""Checks the promises of a reply: compares its quotes and figures with the stored text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from corpus.model import Document, Kind
from corpus.notation.figures import FigureKind, figures
from evals.measures.matching import normal
from evals.model import Observed, Quoted

_GUARDED = frozenset({FigureKind.MONEY, FigureKind.PERCENT, FigureKind.DATE, FigureKind.DOC_NUMBER})
_HEADS = (Kind.HEAD, Kind.INNER_TITLE)

Papers = Mapping[str, Document]


def quotes_verbatim(observed: Observed, papers: Papers) -> float | None:
    """Returns the share of quotes, offered ones included, that equal the stored text at their offsets.

    A quote with a place in the answer must equal the text there too.
    """
    quotes = [*observed.citations, *observed.nearest]
    if not quotes:
        return None
    return sum(_verbatim(quoted, observed.text, papers) for quoted in quotes) / len(quotes)


def number_guard(observed: Observed, papers: Papers) -> float | None:
    """Returns the share of an answer's amounts, percentages, dates and 文号 that a cited clause contains.

    The head of a cited paper counts as cited, as it contains title and number. The clauses are found by the
    offsets of the citations and read from the store, regardless of the text in the reply.
    """
    if not observed.answered:
        return None
    stated = _figures(observed.text)
    if not stated:
        return None
    cited = {figure for text in _cited_texts(observed.citations, papers) for figure in _figures(text)}
    return sum(figure in cited for figure in stated) / len(stated)


@lru_cache(maxsize=1024)
def _figures(text: str) -> tuple[tuple[FigureKind, str], ...]:
    return tuple(figure.key for figure in figures(text) if figure.kind in _GUARDED)


def _cited_texts(citations: Iterable[Quoted], papers: Papers) -> Iterator[str]:
    for quoted in citations:
        document = papers.get(quoted.document)
        if document is None:
            continue
        for clause in document.clauses:
            inside = clause.start <= quoted.start and quoted.end <= clause.tree_end
            named = normal("".join(clause.path)) == normal("".join(quoted.path))
            if clause.kind in _HEADS or (inside and named):
                yield document.text[clause.start : clause.tree_end]


def _verbatim(quoted: Quoted, text: str, papers: Papers) -> bool:
    document = papers.get(quoted.document)
    if document is None or document.text[quoted.start : quoted.end] != quoted.quote:
        return False
    if quoted.answer_span is None:
        return True
    start, end = quoted.answer_span
    return text[start:end] == quoted.quote
