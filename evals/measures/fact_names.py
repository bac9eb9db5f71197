"""Names of the measures of facts, verdicts on enterprises, and tables of facts."""

GROUPS = ("money", "finance", "pool", "time_limit", "target", "rule")  # labelled exhaustively
OTHER = "other"
TARGETS_AND_RULES = "targets and rules"
FIELDS = ("beneficiary", "conditions", "departments", "source", "region")

BOUND = "bound exact"
FREQUENCY = "frequency exact"
PROVED = "fields proved"
REREAD = "sums re-read"
APPLIES = "applies found"
APPLIES_AS_MAY = "applies shown as uncertain"
WRONG_AS_APPLIES = "wrong shown as applying"
WRONG_AS_MAY = "wrong shown as uncertain"
MAY_AS_APPLIES = "uncertain shown as applying"
RULES_TOLD = "rules told"
TABLE_RECALL = "table recall"
TABLE_PRECISION = "table precision"
NONE_RIGHT = "tables of nothing right"


def recall(group: str) -> str:
    return f"{group} recall"


def precision(group: str) -> str:
    return f"{group} precision"


def exact(field: str) -> str:
    return f"{field} exact"


def near(field: str) -> str:
    return f"{field} near"


def with_facets(measure: str) -> str:
    """Returns the name of a measure of profiles where the facets are given besides the words."""
    return f"{measure} (facets)"


FACT_MEASURES: tuple[str, ...] = (
    PROVED,
    REREAD,
    *(name(group) for group in (*GROUPS, TARGETS_AND_RULES) for name in (recall, precision)),
    recall(OTHER),
    BOUND,
    FREQUENCY,
    *(name(field) for field in FIELDS for name in (exact, near)),
)
PROFILE_MEASURES: tuple[str, ...] = (
    APPLIES,
    APPLIES_AS_MAY,
    WRONG_AS_APPLIES,
    WRONG_AS_MAY,
    MAY_AS_APPLIES,
    RULES_TOLD,
)
FACETED_MEASURES: tuple[str, ...] = tuple(map(with_facets, PROFILE_MEASURES))
TABLE_MEASURES: tuple[str, ...] = (TABLE_RECALL, TABLE_PRECISION, NONE_RIGHT)
ALL_OF_FACTS: tuple[str, ...] = (*FACT_MEASURES, *PROFILE_MEASURES, *FACETED_MEASURES, *TABLE_MEASURES)
_LESS = (APPLIES_AS_MAY, WRONG_AS_APPLIES, WRONG_AS_MAY, MAY_AS_APPLIES)
LESS_IS_BETTER_OF_FACTS = frozenset((*_LESS, *map(with_facets, _LESS)))
PROMISES_OF_FACTS = frozenset({PROVED})
