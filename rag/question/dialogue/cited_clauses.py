"""Finds the clauses that an earlier answer cited, by the names that it gives them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from corpus.catalogue.catalogue import Catalogue
from corpus.model import Clause
from rag.language.citation_names import clause_of
from rag.language.short_names import papers_called
from rag.model import Language

_OPENED, _CLOSED = re.compile("《"), re.compile("》")
_LONGEST_TITLE = 400  # characters in which the end of a title is searched
_MOST_NAMES = 100  # 《 tried in an answer, which names fewer papers: looking a name up takes a millisecond
_MOST_CLOSED = 4  # 》 tried there: a title may contain titles, seldom more than two


def cited_in(message: str, catalogue: Catalogue) -> tuple[Clause, ...]:
    """Returns the clauses that an earlier answer cited, found by document name and label."""
    found: list[Clause] = []
    for document_id, ends in sorted(_named_in(message, catalogue).items()):
        clauses = catalogue.document(document_id).clauses
        languages = [language for language in Language if _may_be_in(language, message, ends)]
        labels = [(clause_of("", clause, language), clause) for clause in clauses for language in languages]
        for end in ends:
            named = [(label, clause) for label, clause in labels if message.startswith(label, end)]
            found.extend(clause for _, clause in sorted(named, key=lambda pair: -len(pair[0]))[:1])
    return tuple(dict.fromkeys(found))


def _named_in(message: str, catalogue: Catalogue) -> dict[str, list[int]]:
    """Returns the papers that a message names, in full or shortly, with the places where each name ends."""
    found: dict[str, list[int]] = {}
    for opened in islice(_OPENED.finditer(message), _MOST_NAMES):
        start = opened.end()
        closed = [m.start() for m in _CLOSED.finditer(message, start, start + _LONGEST_TITLE)]
        for at in closed[:_MOST_CLOSED]:
            ids = papers_called(message[start:at], catalogue).ids
            for document_id in ids:
                number = f"（{catalogue.head(document_id).doc_number}）"
                numbered = message.startswith(number, at + 1)
                if numbered or len(ids) == 1:
                    end = at + 1 + (len(number) if numbered else 0)
                    found.setdefault(document_id, []).append(end)
    return found


def _may_be_in(language: Language, message: str, ends: Sequence[int]) -> bool:
    """Whether a message may name a clause in that language behind the names of papers that end there.

    English puts a comma between; the label in traditional characters is another one only by 點.
    """
    if language is Language.ENGLISH:
        return any(message.startswith(", ", end) for end in ends)
    return language is not Language.TRADITIONAL or "點" in message
