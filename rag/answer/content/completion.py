"""Completes quotes by what they cannot be read without.

A row of a table is quoted whole and with the heads of its columns, a remark in brackets with the sentence
before it, and an item with the words that it hangs on, in its clause or above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from corpus.model import Clause, Document, Span
from corpus.notation.labels.reading import find_label
from corpus.structure.lead_ins import lead_ins
from corpus.structure.table_rows import column_heads, row_around
from corpus.structure.units import is_remark, units
from rag.answer.content.plan import Plan, Quoted


def completed(document: Document, clause: Clause, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Returns the spans of a quote from a clause, extended to what can be read by itself."""
    rows = [part for span in spans for part in _with_heads(document, clause, span)]
    own = [unit.span for unit in units(document, clause)]
    needed = [*_before_remarks(document, own, spans), *_before_items(document, own, spans)]
    return merged(document, [*spans, *rows, *needed])


def with_lead_ins(plan: Plan) -> Plan:
    """Returns the plan with the words that its items hang on, before the first of them."""
    items = [one for one in plan.quoted if not one.fields]
    found = {(one.document.id, one.clause.id): one for one in plan.quoted}
    order: list[tuple[str, str]] = []
    for one in plan.quoted:
        for lead in lead_ins(one.document, one.clause) if one in items else ():
            key = (one.document.id, lead.clause.id)
            before = found.get(key, Quoted(one.document, lead.clause, ()))
            if not before.fields:
                spans = merged(one.document, [*before.spans, lead.span])
                found[key] = replace(before, spans=spans)
                order.append(key)
        order.append((one.document.id, one.clause.id))
    return replace(plan, quoted=tuple(found[key] for key in dict.fromkeys(order)))


def merged(document: Document, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Returns the spans in order; those that overlap, or that only white space separates, as one."""
    joined: list[Span] = []
    for span in sorted(set(spans), key=lambda span: (span.start, span.end)):
        if joined and not document.text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return tuple(joined)


def _with_heads(document: Document, clause: Clause, span: Span) -> list[Span]:
    """Returns the row that the span is in, with the heads of its columns; empty outside of tables."""
    row = row_around(document, clause, span)
    heads = column_heads(document, clause, row) if row is not None else None
    return [part for part in (heads, row) if part is not None]


def _before_remarks(document: Document, own: Sequence[Span], spans: Sequence[Span]) -> list[Span]:
    """Returns what stands before each span that is only a remark in brackets, up to the remark."""
    return [
        Span(before.start, after.end)
        for before, after in pairwise(own)
        if is_remark(after.of(document.text)) and any(span.start == after.start for span in spans)
    ]


def _before_items(document: Document, own: Sequence[Span], spans: Sequence[Span]) -> list[Span]:
    """Returns what items within a line hang on: 提交下列材料： before （一）申请表；（二）身份证明。"""
    found: list[Span] = []
    lead: Span | None = None
    end = 0
    for sentence in own:
        if "\n" in document.text[end : sentence.start]:
            lead = None
        if find_label(sentence.of(document.text)) is None:
            lead = _up_to_items(document, sentence)
        elif lead is not None and any(span.start == sentence.start for span in spans):
            found.append(lead)
        end = sentence.end
    return found


def _up_to_items(document: Document, sentence: Span) -> Span | None:
    """Returns the sentence up to the colon that its first item follows; None without one."""
    words = sentence.of(document.text)
    colons = [i + 1 for i, char in enumerate(words) if char in "：:"]
    ends = [sentence.start + at for at in colons if find_label(words[at:].lstrip()) is not None]
    return Span(sentence.start, ends[0]) if ends else None
