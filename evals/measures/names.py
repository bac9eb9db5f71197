"""Names of the measures: their order, which direction is better, and which ones fail a question."""

from collections.abc import Mapping

from evals.measures.fact_names import LESS_IS_BETTER_OF_FACTS, PROMISES_OF_FACTS
from evals.model import Expect

HITS = 10  # clauses of a reply that are measured, as many as the API returns
RANKS = (1, 3, 5, 10)
BUDGETS = (500, 1000, 2000)  # characters of context
LENGTH = "answer length"
AREA = "risk–coverage area"
STRUCTURE = "structure"  # type of questions about a paper's outline, which are counted separately
CONTROL = "control"  # type of questions that only look like ones to refuse or to correct
SUCCESS = "all three"
# Said without need: a correction of what is right, and that something is not stated which is.
NEEDLESS = ("needless correction", "needless not-stated")

# For questions that the papers answer.
MEASURES: tuple[str, ...] = (
    *(f"R@{k}" for k in RANKS),
    f"nDCG@{HITS}",
    f"RR@{HITS}",
    *(f"recall in {size}" for size in BUDGETS),
    f"all papers@{HITS}",
    "facts",
    "document",
    "article",
    SUCCESS,
    "document set",
    "quotes verbatim",
    "number guard",
    "foreign sentences",
    "citation precision",
    "citation recall",
    "missing part named",
    "false refusal",
    *NEEDLESS,
    LENGTH,
)
# For all questions: the promises of a reply, and questions to refuse or correct.
OVERALL: tuple[str, ...] = (
    "quotes verbatim",
    "number guard",
    "refusal precision",
    "refusal recall",
    "corrected",
)
NAMES: tuple[str, ...] = tuple(dict.fromkeys((*MEASURES, *OVERALL)))

LESS_IS_BETTER = frozenset(
    {
        "foreign sentences",
        "false refusal",
        *NEEDLESS,
        LENGTH,
        AREA,
        "characters quoted",  # this and the next are for public sets
        "out of force first",
        *LESS_IS_BETTER_OF_FACTS,
    }
)
LENGTHS = frozenset({LENGTH, "characters quoted"})  # in characters; all others are shares
OF_REFUSALS = frozenset({"refusal precision"})  # judged only where a question was refused
# Anything below 1 breaks a promise of the product.
PROMISES = frozenset({"quotes verbatim", "number guard", *PROMISES_OF_FACTS})

_WRONG_AT_0 = (
    "R@5",
    f"all papers@{HITS}",
    "facts",
    "document",
    "article",
    "document set",
    "outcome",
    "corrected",
    "missing part named",
)
_WRONG_AT_1 = ("false refusal", *NEEDLESS)


def counts(measure: str, *, expect: Expect, type: str) -> bool:
    """Whether a question with that expectation and type counts for the figure over all questions."""
    return measure in OVERALL or (expect is Expect.ANSWER and type != STRUCTURE)


def failed_by(scores: Mapping[str, float]) -> tuple[str, ...]:
    """Returns the names of the measures that fail a reply with these scores."""
    wrong = [name for name in _WRONG_AT_0 if scores.get(name) == 0.0]
    wrong += [name for name in NAMES if name in PROMISES and scores.get(name, 1.0) < 1.0]
    return (*wrong, *(name for name in _WRONG_AT_1 if scores.get(name) == 1.0))
