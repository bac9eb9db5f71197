"""Finds the words of the quotes that state what was asked: the amount, the date, the departments.

They are marked in the quotes. Where the best sentence states one thing only, the answer begins with it. Of
several tiers, or of clauses that state different figures, none is the answer, so that the quotes come first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from corpus.model import Span
from corpus.notation.figures import FigureKind
from corpus.notation.phrase_table import PhraseTable
from corpus.structure.units import UnitKind
from rag.answer.content.contrasts import excluded
from rag.answer.content.plan import AskedWords, Quoted, Token
from rag.answer.content.respective import meant_of
from rag.answer.content.selection import of_clause
from rag.answer.content.stated_figures import StatedFigure, stated_figures
from rag.answer.content.stated_units import stated_units
from rag.evidence.sentences import Evidence, EvidenceList
from rag.question.intent import (
    Want,
    asks_who_is_in_charge,
    asks_who_leads,
    asks_yes_or_no,
    measure_in,
)
from rag.question.kinds import FactKind
from rag.question.metadata_fields import MetadataField

_CLAIMS = PhraseTable.read("rag", "claims.tsv")
# The kinds of figure that state each thing. Of those in a sentence the first kind counts.
_KINDS: dict[Want, tuple[FigureKind, ...]] = {
    Want.MONEY: (FigureKind.MONEY,),
    Want.PERCENT: (FigureKind.PERCENT,),
    Want.COUNT: (FigureKind.COUNT,),
    Want.DATE: (FigureKind.DATE,),
    Want.PERIOD: (FigureKind.DURATION, FigureKind.FREQUENCY, FigureKind.DATE),
    Want.CONTACT: (FigureKind.PHONE,),
}
_FACTS = {
    FigureKind.MONEY: FactKind.AMOUNT,
    FigureKind.PERCENT: FactKind.PERCENTAGE,
    FigureKind.COUNT: FactKind.COUNT,
    FigureKind.DATE: FactKind.DATE,
    FigureKind.DURATION: FactKind.DURATION,
    FigureKind.FREQUENCY: FactKind.FREQUENCY,
    FigureKind.PHONE: FactKind.CONTACT,
}
_RATE_AND_CAP = 40  # characters from a rate to the end of its cap that the answer begins with
_LIKELY = 0.5  # confidence from which the papers more likely contain the answer than not


def asked_in(
    quoted: Sequence[Quoted],
    evidence: EvidenceList,
    wants: Sequence[Want],
    *,
    question: str,
    confidence: float,
) -> AskedWords:
    """Returns the words of the quotes that state what `question` asks for."""
    found = [_tokens(one, evidence, wants, question=question) for one in quoted]
    tokens = tuple(token for group in found for token in group)
    if not tokens or not may_begin(question, wants, confidence=confidence):
        return AskedWords(tokens)
    texts = [span.of(one.document.text) for one in quoted for span in one.spans]
    if any(excluded(question, text) for text in texts):
        return AskedWords()
    return AskedWords(tokens, _first(quoted, found))


def may_begin(question: str, wants: Sequence[Want], *, confidence: float) -> bool:
    """Whether a reply may begin with what was asked, if the quotes state it."""
    if not wants or confidence < _LIKELY:
        return False
    return not asks_yes_or_no(question) and not _CLAIMS.has("calculated", question)


def _tokens(
    quoted: Quoted, evidence: EvidenceList, wants: Sequence[Want], *, question: str
) -> tuple[Token, ...]:
    """Returns what the best sentence quoted of a clause states, in the order of `wants`."""
    shown = [
        one for one in of_clause(quoted.clause, evidence) if any(_in(one.unit.span, s) for s in quoted.spans)
    ]
    # A clause of one line is a heading as a whole.
    body = [one for one in shown if one.unit.kind is UnitKind.SENTENCE]
    best = next((one for one in body or shown if one.unit.kind is not UnitKind.UNITS), None)
    found: list[Token] = []
    for want in wants:
        if want is Want.COUNT and Want.MONEY in wants and not measure_in(question):
            continue  # how many million yuan: an amount
        if want is Want.UNITS and asks_who_is_in_charge(question):
            found += _units(quoted, shown, only_lead=asks_who_leads(question))
        elif want in _KINDS:
            found += _figures(quoted, best, want, question=question) if best else []
    return tuple(found)


def _in(one: Span, other: Span) -> bool:
    return other.start <= one.start and one.end <= other.end


def _figures(quoted: Quoted, sentence: Evidence, want: Want, *, question: str) -> Iterator[Token]:
    measure = measure_in(question) if want is Want.COUNT else ""
    stated = stated_figures(sentence.text, kinds=_KINDS[want])
    kind = next((kind for kind in _KINDS[want] if any(one.kind is kind for one in stated)), None)
    stated = [one for one in stated if one.kind is kind and one.values[-1].endswith(measure)]
    if want is Want.MONEY and len(stated) == 1:
        stated = [_with_rate(sentence.text, stated[0])]
    meant = meant_of(sentence.text, [one.span for one in stated], question=question)
    # What limits the first of several that are enumerated limits all of them.
    limit = stated[0].limit if meant and stated[meant].limit.start == stated[meant].limit.end else None
    at = sentence.unit.span.start
    for one in stated if meant is None else [stated[meant]]:
        yield Token(
            quoted.document,
            quoted.clause,
            _moved(one.span, at),
            _FACTS[one.kind],
            one.values,
            _moved(limit, at) if limit and limit.start < limit.end else None,
        )


def _with_rate(sentence: str, cap: StatedFigure) -> StatedFigure:
    """Returns an amount that caps a rate with that rate: 按投资额的8%给予补助，最高不超过300万元."""
    rates = stated_figures(sentence[: cap.span.start], kinds=(FigureKind.PERCENT,))
    if len(rates) != 1 or cap.limit.start == cap.limit.end:
        return cap
    whole = Span(rates[0].span.start, cap.span.end)
    if whole.end - whole.start > _RATE_AND_CAP or any(mark in whole.of(sentence) for mark in "。；;"):
        return cap
    return StatedFigure(cap.kind, rates[0].values + cap.values, whole, Span(whole.start, whole.start))


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _units(quoted: Quoted, shown: Sequence[Evidence], *, only_lead: bool) -> Iterator[Token]:
    duty = quoted.clause.responsibility
    if duty is None or not any(one.unit.kind is UnitKind.UNITS for one in shown):
        return
    span = stated_units(quoted.document, duty, only_lead=only_lead)
    if span is not None:
        yield Token(
            quoted.document, quoted.clause, span, FactKind.DEPARTMENT, (span.of(quoted.document.text),)
        )


def _first(quoted: Sequence[Quoted], found: Sequence[tuple[Token, ...]]) -> tuple[Token, ...]:
    """Returns what the answer begins with: one statement of each paper, or nothing."""
    lead: list[Token] = []
    papers = groupby(zip(quoted, found, strict=True), key=lambda pair: pair[0].document.id)
    seen: set[str] = set()
    for document_id, pairs in papers:
        groups = [tokens for _, tokens in pairs]
        own = _one_each(groups[0])
        if not own or document_id in seen or any(_differs(own, other) for other in groups[1:]):
            return ()
        seen.add(document_id)
        lead += own
    return tuple(lead)


def _one_each(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Returns the first token of each kind; empty where there are different ones of a kind."""
    own: dict[FactKind | MetadataField, Token] = {}
    for token in tokens:
        if own.setdefault(token.asked, token).values != token.values:
            return ()
    return tuple(own.values())


def _differs(own: Sequence[Token], others: Sequence[Token]) -> bool:
    """Whether another clause states something else."""
    stated = {token.asked: token.values for token in own}
    return any(stated.get(other.asked, other.values) != other.values for other in others)
