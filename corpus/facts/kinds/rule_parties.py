"""Reads whom a rule holds for: 本办法适用于在本市注册的企业, 同一企业累计不超过1000万元."""

from __future__ import annotations

from typing import Final

from corpus.facts.grants.words import pattern
from corpus.facts.model import RuleKind
from corpus.model import Span

_AFTER: Final = pattern(
    "entity",
    before=r"(?:适用于|(?:对象|主体)[应须]?(?:主要)?(?:[为是：:]|包括))(?P<who>[^。；;]{0,160}?",
    after=r")\Z",
)
_SUBJECT: Final = pattern(
    "entity", before=r"\A(?P<who>[^，,。；;]{4,60}?", after=r")(?=有权|可?参照|[^，,。；;]{0,8}[，,]参照)"
)
_PLEDGED: Final = pattern("entity", before=r"\A对?(?P<who>[^，,。；;]{2,60}?", after=r")(?=[，,])")
_ONE: Final = pattern(
    "entity", before=r"(?P<who>(?:同一|单个|单家|每个|每家|单一)[^，,。；;]{0,16}?", after=")"
)
_WHOM: Final = {
    RuleKind.SCOPE: (_AFTER, _SUBJECT),
    RuleKind.COMMITMENT: (_PLEDGED,),
    RuleKind.TOTAL_CAP: (_ONE,),
}


def holds_for(text: str, kind: RuleKind) -> Span | None:
    """Returns whom a sentence names as those for whom its rule holds; None where it names nobody."""
    for words in _WHOM.get(kind, ()):
        if found := words.search(text):
            return Span(*found.span("who"))
    return None
