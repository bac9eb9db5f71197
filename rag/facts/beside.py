"""The rules of a paper that are told along with each of its facts."""

from __future__ import annotations

from corpus.facts.model import FactKind, RuleKind
from rag.facts.found import FactPaper, FoundFact

# They decide whether, how long and up to what sum the facts of a paper can be had.
_BESIDE = (RuleKind.SCOPE, RuleKind.VALIDITY, RuleKind.TOTAL_CAP, RuleKind.NO_STACK, RuleKind.STACK)


def rules_beside(paper: FactPaper) -> list[FoundFact]:
    """The rules on scope, validity, total caps and what may be had together, in reading order."""
    return [
        FoundFact.of(one, paper)
        for one in paper.facts.facts
        if one.fact.kind is FactKind.RULE and one.fact.rule is not None and one.fact.rule.kind in _BESIDE
    ]
