"""Which papers a table is made from, and which of their places have nothing in it."""

from __future__ import annotations

import re
from collections.abc import Collection

from corpus.catalogue.catalogue import Catalogue
from corpus.notation.paper_names import in_title_marks
from rag.question.intent import Breadth
from rag.question.understand import Understanding

_PLACE = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:新区|开发区|高新区|园区|示范区|自贸区)")  # 江北新区


def papers_asked(asked: Understanding, catalogue: Catalogue) -> tuple[str, ...]:
    """Returns the papers that the question or the request names; empty for all."""
    named = asked.scope.preferred or _titled(asked, catalogue)
    if asked.limit is None:
        return named
    return tuple(i for i in named or catalogue.ids if i in asked.limit)


def places_without(asked: Understanding, catalogue: Catalogue, with_rows: Collection[str]) -> tuple[str, ...]:
    """Returns the places that were asked about and have no paper `with_rows`: regions, else titles."""
    heads = [catalogue.head(i) for i in papers_asked(asked, catalogue) or catalogue.ids]
    places = {head.id: head.region or in_title_marks(head.title) for head in heads}
    covered = {place for i, place in places.items() if i in with_rows}
    return tuple(place for place in dict.fromkeys(places.values()) if place not in covered)


def _titled(asked: Understanding, catalogue: Catalogue) -> tuple[str, ...]:
    """Returns the papers with a place in their titles that is no division and that the question names."""
    places = {found[0] for found in _PLACE.finditer(asked.words)}
    if not places or asked.breadth is not Breadth.ONE:
        return ()
    return tuple(head.id for head in catalogue.heads if any(place in head.title for place in places))
