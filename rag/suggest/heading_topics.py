"""Questions about a clause, formed from its heading alone."""

from __future__ import annotations

import re

from corpus.model import Clause, Document, Kind
from corpus.notation.characters import HAN
from corpus.notation.figures import FigureKind, figures
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.divisions import NATION
from corpus.regions.mentions import parse_region
from corpus.structure.units import units

_PHRASES = PhraseTable.read("rag", "headings.tsv")
# 支持产品研发创新
_ASKABLE = re.compile(rf"[{HAN}、，“”]{{4,22}}")


def place_of(document: Document) -> str:
    """Returns the short name of the region (湖南, 益阳); empty for the nation and without a region."""
    division = parse_region(document.head.region)
    return division.short if division is not None and division is not NATION else ""


def english_place_of(document: Document) -> str:
    """Returns the English name of the region; empty where none is known."""
    division = parse_region(document.head.region)
    return division.english[0] if division is not None and division is not NATION and division.english else ""


def sort_of(document: Document) -> str:
    """Returns the kind of paper that ends its title: 若干意见, 行动方案; 文件 where the title names none."""
    titles = [document.head.inner_title, document.head.title]
    for title in titles:
        ends = _PHRASES.spans("sort", title.value) if title is not None else ()
        if title is not None and ends:
            return ends[0].of(title.value)
    return "文件"


def can_be_asked(clause: Clause) -> bool:
    """Whether a question can be formed from the words of the heading."""
    return (
        clause.kind in (Kind.ARTICLE, Kind.ITEM)
        and clause.body_start < clause.end
        and bool(_ASKABLE.fullmatch(clause.heading))
        and _PHRASES.has("doing", clause.heading)
        and not _PHRASES.has("general", clause.heading)
    )


def rewards(document: Document, clause: Clause) -> bool:
    """Whether the clause grants an amount."""
    text = document.text_of(clause)
    return _PHRASES.has("reward", text) and any(f.kind is FigureKind.MONEY for f in figures(text))


def benefits(document: Document, clause: Clause) -> bool:
    """Whether a sentence of the clause grants something to an enterprise, or eases something for it."""
    texts = (unit.span.of(document.text) for unit in units(document, clause))
    return any(_PHRASES.has("enterprise", text) and _PHRASES.has("benefit", text) for text in texts)


def how(document: Document, clause: Clause) -> str:
    """湖南如何支持产品研发创新？"""
    return f"{place_of(document)}如何{clause.heading}？"


def what_reward(document: Document, clause: Clause) -> str:
    """湖南支持产品研发创新有什么奖补？"""
    return f"{place_of(document)}{clause.heading}有什么奖补？"


def who(document: Document, clause: Clause) -> str:
    """湖南支持产品研发创新由哪些部门负责？"""
    return f"{place_of(document)}{clause.heading}由哪些部门负责？"
