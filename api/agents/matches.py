"""Matches as text for models that read only text."""

from __future__ import annotations

from collections.abc import Iterator

from api.pages.links import web_address
from api.wire import match_schemas as wire


def match_text(found: wire.MatchResponse, base: str) -> str:
    """The groups, each fact with its words, place and open questions."""
    papers = {paper.document_id: paper for paper in found.papers}
    groups = (
        ("Applies", found.applies),
        ("To be confirmed", found.to_confirm),
        ("Does not apply", found.does_not_apply),
    )
    lines = [f"As of {found.as_of}; {found.note}."]
    lines += [
        f"Not understood, so not considered: {one.aspect.value} “{one.text}”" for one in found.not_understood
    ]
    for name, facts in groups:
        lines += [f"{name}: {len(facts)}"]
        lines += [line for one in facts for line in _fact(one, papers[one.fact.document_id], base)]
    for draft in found.drafts:
        lines += [
            f"Draft, not in force: {draft.title} [{draft.document_id}]: if issued, {draft.applies} facts "
            f"would apply and {draft.to_confirm} would have to be confirmed"
        ]
    for paper in found.papers:
        lines += [f"Rule of {paper.title}: {_words(rule.quote)}" for rule in paper.rules]
    return "\n".join(lines)


def _fact(one: wire.MatchedFact, paper: wire.MatchPaper, base: str) -> Iterator[str]:
    address = web_address(base + one.fact.permalink) if base else ""
    place = f"{paper.title} {paper.doc_number} {one.fact.label} [{paper.document_id}, {paper.status}]"
    yield f"- {''.join(one.fact.quote.text.split())} — {place}" + (f" {address}" if address else "")
    if one.calculation is not None:
        yield f"  {one.calculation.expression}，{one.calculation.note}"
    for met in one.understood:
        yield f"  = {_words(met.quote)}: understood of “{met.said}”"
    for question in one.questions:
        yield f"  ? {question.question}"
    for reason in one.reasons:
        yield f"  not ({reason.why.value}): {_words(reason.quote)}"


def _words(proof: wire.Proof) -> str:
    return f"“{''.join(proof.text.split())}” {proof.label}".rstrip()
