"""Errors of the evaluation.

ZhengwenError
└── EvalError
    └── SetFault     a test set that cannot be read as one
"""

from corpus.errors import ZhengwenError


class EvalError(ZhengwenError):
    """An evaluation cannot be run."""


class SetFault(EvalError):
    """A test set is missing, empty, or holds a line that is no test case."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}. docs/evaluation.md describes the format")
        self.place, self.reason = place, reason
