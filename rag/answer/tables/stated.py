"""What a question wants a provision to state besides its kind: a rate, a threshold, how often, by whom."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from corpus.facts.model import Fact, Recurrence, Role
from corpus.model import Status
from corpus.notation.phrase_table import PhraseTable
from rag.facts.found import FoundFact

_PHRASES = PhraseTable.read("rag", "tables.tsv")
_NOT_PAID = frozenset({Role.POOL, Role.TOTAL})
# 科信局 of 科信局负责哪些给钱的事
_IN_CHARGE = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{1,10}?[局委办部厅院])(?:负责|牵头|主管|分管|管)(?!理|制)(?:的|了|着)?(?:有|是)?(?:哪|什么|啥)"
)


def states_sum(fact: Fact) -> bool:
    """Whether the fact states a sum or a share that somebody gets."""
    paid = any(amount.role not in _NOT_PAID for amount in fact.amounts)
    return paid or _has_rate(fact)


def _has_rate(fact: Fact) -> bool:
    return fact.rate is not None and fact.rate.value is not None


def _recurs(*kinds: Recurrence) -> Callable[[Fact], bool]:
    return lambda fact: any(one.kind in kinds for one in fact.frequency)


# By the senses of the phrases that ask for it.
STATED: Mapping[str, Callable[[Fact], bool]] = {
    "with_rate": _has_rate,
    "with_threshold": lambda fact: bool(fact.thresholds),
    "once": _recurs(Recurrence.ONCE),
    "yearly": _recurs(Recurrence.YEARLY, Recurrence.YEARS),
    "monthly": _recurs(Recurrence.MONTHS),
}
_SHORT = 3  # characters of a short name; other words may stand before it in the question
STATUSES = {"expired": Status.EXPIRED, "in_force": Status.IN_FORCE}


def stated_asked(words: str) -> frozenset[str]:
    """Returns the senses, of `STATED`, of what the question wants stated."""
    return frozenset(sense for sense in STATED if _PHRASES.has(sense, words))


def status_asked(words: str) -> Status | None:
    """Returns the status of the papers that the question is about, if it names one."""
    return next((status for sense, status in STATUSES.items() if _PHRASES.has(sense, words)), None)


def office_asked(words: str) -> str:
    """Returns the department whose provisions are asked for; empty for any."""
    found = _IN_CHARGE.search(words)
    return found["name"] if found else ""


def of_office(found: FoundFact, office: str) -> bool:
    """Whether the provision names the department, which the question may call by a short name."""
    if not office:
        return True
    named = found.fact.departments
    units = () if named is None else named.units or (named.span,)
    return any(_stands_for(office[-_SHORT:], found.words(unit)) for unit in units)


def _stands_for(short: str, name: str) -> bool:
    """Whether the characters of a short name occur in the full name in order: 人社局."""
    rest = iter(name)
    return all(char in rest for char in short)
