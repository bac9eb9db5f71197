"""What a reply is decided with besides the findings for its question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpus.catalogue.catalogue import Catalogue
from rag.answer.wording.surrounding_text import Frame
from rag.ranking import Ranking


@dataclass(frozen=True, slots=True)
class Basis:
    """The papers, the sentences around quotes, and the limits, the same for every question."""

    catalogue: Catalogue  # the papers with their statuses on the day that is asked about
    frame: Frame
    today: date  # the day of the program, whatever day is asked about
    ranking: Ranking
    threshold: float  # confidence below which the reply is a refusal
    quotes: int  # most clauses that an answer quotes
    nearest: int  # most clauses that a refusal offers
