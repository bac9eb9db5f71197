"""The measures by name: the order they are shown in, which way is better, what makes a question failed."""

from collections.abc import Mapping

from evals.model import Expect

HITS = 10  # clauses of a reply that are looked at, as many as the API shows
RANKS = (1, 3, 5, 10)
BUDGETS = (500, 1000, 2000)  # characters of context
LENGTH = "answer length"
AREA = "risk–coverage area"
STRUCTURE = "structure"  # type of the questions about a paper's outline, which count apart

# Of questions that the papers answer.
MEASURES: tuple[str, ...] = (
    *(f"R@{k}" for k in RANKS),
    f"nDCG@{HITS}",
    f"RR@{HITS}",
    *(f"recall in {size}" for size in BUDGETS),
    f"all papers@{HITS}",
    "facts",
    "document",
    "article",
    "all three",
    "document set",
    "quotes verbatim",
    "number guard",
    "foreign sentences",
    "citation precision",
    "citation recall",
    "missing part named",
    "false refusal",
    "needless correction",
    LENGTH,
)
# Of questions of every kind: what the reply promises, and what should not simply be answered.
OVERALL: tuple[str, ...] = (
    "quotes verbatim",
    "number guard",
    "refusal precision",
    "refusal recall",
    "corrected",
)
NAMES: tuple[str, ...] = tuple(dict.fromkeys((*MEASURES, *OVERALL)))

# The last two are of public sets.
LESS_IS_BETTER = frozenset(
    {
        "foreign sentences",
        "false refusal",
        "needless correction",
        LENGTH,
        AREA,
        "characters quoted",
        "out of force first",
    }
)
LENGTHS = frozenset({LENGTH, "characters quoted"})  # in characters; all others are shares
OF_REFUSALS = frozenset({"refusal precision"})  # judged where something was refused
PROMISES = frozenset({"quotes verbatim", "number guard"})  # anything below 1 breaks the product's word

_WRONG_AT_0 = (
    "R@5",
    f"all papers@{HITS}",
    "facts",
    "document",
    "article",
    "document set",
    "outcome",
    "corrected",
)


def counts(measure: str, *, expect: Expect, type: str) -> bool:
    """Whether a question of that expectation and type counts for the figure over all questions."""
    return measure in OVERALL or (expect is Expect.ANSWER and type != STRUCTURE)


def failed_by(scores: Mapping[str, float]) -> tuple[str, ...]:
    """Names of the measures by which a reply with these scores is wrong."""
    wrong = [name for name in _WRONG_AT_0 if scores.get(name) == 0.0]
    wrong += [name for name in NAMES if name in PROMISES and scores.get(name, 1.0) < 1.0]
    return (*wrong, *(("false refusal",) if scores.get("false refusal") == 1.0 else ()))
