"""Errors of the evaluation.

ZhengwenError
└── EvalError
    ├── SetFault        a test set that cannot be read as one
    ├── FolderFault     a folder of a public set that cannot be read as one
    ├── FeedbackFault   a line that is no record of users' feedback
    └── FileTaken       a file that would be written over
"""

from corpus.errors import ZhengwenError


class EvalError(ZhengwenError):
    """An evaluation cannot be run."""


class SetFault(EvalError):
    """A test set is missing, empty, or holds a line that is no test case."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}. docs/evaluation.md describes the format")
        self.place, self.reason = place, reason


class FolderFault(EvalError):
    """A file of a public test set is missing or empty, or holds a line that is none of its kind."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}. docs/public-sets.md describes the files")
        self.place, self.reason = place, reason


class FeedbackFault(EvalError):
    """A file of users' feedback cannot be read, or holds a line that is no record of it."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}. docs/drafting.md describes the record")
        self.place, self.reason = place, reason


class FileTaken(EvalError):
    """What is to be written would replace a file."""

    def __init__(self, file: str) -> None:
        super().__init__(
            f"{file!r} is there already and is not written over. Name another file, or remove it"
        )
        self.file = file
