"""Reads facts about rules over the facts of a paper from a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.facts.kinds.parts import Parts
from corpus.facts.kinds.rule_parties import holds_for
from corpus.facts.model import Amount, Bound, Fact, FactKind, Role, Rule, RuleKind
from corpus.facts.sentences import Sentence
from corpus.model import Clause, Kind, Span
from corpus.notation.phrase_table import PhraseTable
from corpus.notation.quantities import quantities_in

_TABLE = PhraseTable.read("corpus", "rules.tsv")
# Kinds that a sense alone decides. Of several in one sentence the first counts.
_BY_SENSE = (
    ("no_stack", RuleKind.NO_STACK),
    ("stack", RuleKind.STACK),
    ("commitment", RuleKind.COMMITMENT),
    ("scope", RuleKind.SCOPE),
    ("defines", RuleKind.DEFINITION),
    ("inclusive", RuleKind.DEFINITION),
    ("source", RuleKind.SOURCE),
    ("source_of_all", RuleKind.SOURCE),
    ("procedure", RuleKind.PROCEDURE),
)
_WHOLE_SENTENCE = frozenset(
    {
        RuleKind.SCOPE,
        RuleKind.DEFINITION,
        RuleKind.COMMITMENT,
        RuleKind.SOURCE,
        RuleKind.NO_STACK,
        RuleKind.STACK,
    }
)
_SAME = "同一"  # one that may come several times
_SOURCE_OF_ALL = "source_of_all"
_CLAUSE_REACH = 400  # characters of the clause before a limit that are searched for what it limits
_SUBJECT_REACH = 120  # characters before a limit in which the one that it limits is named
_OPENING = 12  # characters in which a sentence about the paper names it
_REACH = 24  # characters before a sum in which its limit stands


def facts_in(sentence: Sentence) -> Iterator[Fact]:
    """Yields the facts about rules over the facts of a paper in a sentence."""
    text = sentence.text
    if (validity := _validity(sentence)) is not None:
        yield validity
    if (total := total_cap(sentence)) is not None:
        yield total
    if total is None and (found := _by_words(sentence, text)) is not None:
        kind, words = found
        yield _fact(sentence, _quote(text, kind, words), Rule(kind, sentence.place(words.start, words.end)))


def _by_words(sentence: Sentence, text: str) -> tuple[RuleKind, Span] | None:
    """The kind of rule in a sentence, with the first words that make it."""
    for sense, kind in _BY_SENSE:
        if sense == _SOURCE_OF_ALL and not _is_about_all(sentence.clause):
            continue
        spans = _TABLE.spans(sense, text)
        if spans:
            return kind, spans[0]
    return None


def _is_about_all(clause: Clause) -> bool:
    """Whether a clause speaks of all measures, so that its source of money is not that of one of them."""
    return clause.kind is Kind.CLOSING or _TABLE.has("source_heading", clause.heading)


def _quote(text: str, kind: RuleKind, words: Span) -> Span:
    """The sentence, or the part with the words where the rule is a remark in it."""
    if kind in _WHOLE_SENTENCE:
        return Span(0, len(text))
    parts = Parts.of(text)
    first, last = parts.at(words.start), parts.at(max(words.start, words.end - 1))
    return Span(first.start, last.end)


def _validity(sentence: Sentence) -> Fact | None:
    """A sentence that says from when and until when the paper holds, with the days read for its head."""
    known = sentence.document.head.validity
    spans = _TABLE.spans("validity", sentence.text)
    if not spans:
        return None
    is_read = (
        known is not None and known.span.start < sentence.span.end and sentence.span.start < known.span.end
    )
    names_paper = _TABLE.has("this_paper", sentence.text[:_OPENING])
    if not is_read and not names_paper:
        return None
    words = sentence.place(spans[0].start, spans[0].end)
    days = (known.since, known.until) if known is not None else (None, None)
    rule = Rule(RuleKind.VALIDITY, words, *days)
    return _fact(sentence, Span(0, len(sentence.text)), rule)


def total_cap(sentence: Sentence) -> Fact | None:
    """Returns the rule of a sentence that limits all that one gets, not one payment.

    同一企业每年累计获得奖励不超过5000万元 is one; None for any other sentence.
    """
    text = sentence.text
    for part in Parts.of(text).spans:
        words = part.of(text)
        limits = _TABLE.spans("limit", words)
        if not limits or not _TABLE.has("one_receiver", text[max(0, part.start - _SUBJECT_REACH) : part.end]):
            continue
        if not (_TABLE.has("total", words) and _TABLE.has("receives", words)) or _TABLE.has("gives", words):
            continue
        shared = _TABLE.has("this_paper", words) or text.startswith(_SAME)
        if not shared and _gives_before(sentence, part):
            continue
        amounts = tuple(_amounts(sentence, part, limits))
        rule = Rule(
            RuleKind.TOTAL_CAP, sentence.place(part.start + limits[0].start, part.start + limits[0].end)
        )
        return _fact(sentence, part, rule, amounts=amounts)
    return None


def _gives_before(sentence: Sentence, part: Span) -> bool:
    """Whether the clause gives a sum before: then its limit belongs to that sum."""
    end = sentence.span.start + part.start
    start = max(sentence.clause.body_start, end - _CLAUSE_REACH)
    before = sentence.document.text[start:end]
    return _TABLE.has("gives", before) or _TABLE.has("pays", before)


def _amounts(sentence: Sentence, part: Span, limits: tuple[Span, ...]) -> Iterator[Amount]:
    for quantity in quantities_in(part.of(sentence.text)):
        if quantity.unit != "元":
            continue
        before = [limit for limit in limits if limit.end <= quantity.span.start <= limit.end + _REACH]
        bound = before[-1] if before else None
        yield Amount(
            span=sentence.place(part.start + quantity.span.start, part.start + quantity.span.end),
            value=quantity.value,
            unit="元",
            bound=Bound.MAX,
            role=Role.CAP,
            upper=quantity.upper,
            bound_span=sentence.place(part.start + bound.start, part.start + bound.end) if bound else None,
        )


def _fact(sentence: Sentence, quote: Span, rule: Rule, *, amounts: tuple[Amount, ...] = ()) -> Fact:
    who = holds_for(sentence.text, rule.kind)
    return Fact(
        id="",
        document_id=sentence.document.id,
        clause_id=sentence.clause.id,
        kind=FactKind.RULE,
        quote=sentence.place(quote.start, quote.end),
        beneficiaries=(sentence.place(who.start, who.end),) if who else (),
        amounts=amounts,
        rule=rule,
    )
