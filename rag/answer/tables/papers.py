"""Which papers a table is made from, and which of their places have nothing in it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from corpus.catalogue.catalogue import Catalogue
from corpus.notation.paper_names import in_title_marks
from corpus.regions.mentions import find_divisions
from index.model import TermStatistics
from rag.answer.tables.matter import share_known
from rag.question.intent import Breadth, asks_which
from rag.question.understand import Understanding

# Words that end like a place: 江北新区, 白桦县. Only a title tells which of them are places.
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,8}?(?P<level>新区|开发区|高新区|园区|示范区|自贸区|[省市县区镇乡旗])")
# A place that a question begins with: 白桦县有哪些补贴; not 哪些省, 各县, 城市有
_FIRST = re.compile(
    r"^\s*(?P<place>(?![哪各每全我本几什这那])[\u4e00-\u9fff]{2,5}?[省市县区镇乡旗])"
    r"(?=\s*(?:[的，,、对有给在都目前]|现在|\d))"
)
# Papers whose facts are looked at for one question, and of whose places a reply tells which have nothing; of
# more, those that a search finds.
MOST_PAPERS = 500
_SHORTEST = 2  # characters of the name of a place without its level


def papers_asked(asked: Understanding, catalogue: Catalogue) -> tuple[str, ...]:
    """Returns the papers that the question or the request names; empty for all."""
    named = asked.scope.preferred or _titled(asked, catalogue)
    if asked.limit is None:
        return named
    return tuple(i for i in named or catalogue.ids if i in asked.limit)


def places_without(asked: Understanding, catalogue: Catalogue, with_rows: Collection[str]) -> tuple[str, ...]:
    """Returns the places that were asked about and have no paper `with_rows`: regions, else titles.

    A question that names no place and does not ask for each of them (哪些省, 各地) is about none. Nor does an
    answer name them where there are many papers: it is made from those that a search finds.
    """
    named = papers_asked(asked, catalogue)
    if (not named and not asks_which(asked.text)) or len(named or catalogue) > MOST_PAPERS:
        return ()
    heads = [catalogue.head(i) for i in named or catalogue.ids]
    places = {head.id: head.region or in_title_marks(head.title) for head in heads}
    covered = {place for i, place in places.items() if i in with_rows}
    return tuple(place for place in dict.fromkeys(places.values()) if place not in covered)


def places_in_titles(words: str, catalogue: Catalogue) -> Iterator[str]:
    """Yields the places in the words that are no divisions, and that the title of a paper names."""
    for found in _PLACE.finditer(words):
        last = found.end() - len(found["level"]) - _SHORTEST
        names = (words[start : found.end()] for start in range(found.start(), last + 1))
        if (name := next((n for n in names if n in catalogue.names.title_lines), "")) != "":
            yield name


def is_of_unknown_place(asked: Understanding, catalogue: Catalogue, statistics: TermStatistics) -> bool:
    """Whether the question begins with a place that is no division and that no paper mentions."""
    found = _FIRST.match(asked.words)
    if found is None or papers_asked(asked, catalogue) or find_divisions(found["place"]):
        return False
    return share_known(found["place"], statistics) == 0


def _titled(asked: Understanding, catalogue: Catalogue) -> tuple[str, ...]:
    """Returns the papers with a place in their titles that is no division and that the question names."""
    places = set(places_in_titles(asked.words, catalogue)) if asked.breadth is Breadth.ONE else set[str]()
    if not places:
        return ()
    return tuple(head.id for head in catalogue.heads if any(place in head.title for place in places))
