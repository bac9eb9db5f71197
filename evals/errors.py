"""Errors of the evaluation.

ZhengwenError
└── EvalError
    ├── SetFault        a test set that cannot be read
    ├── FactsFault      a folder of labelled facts that cannot be read
    ├── UnknownSplit    a split without cases
    ├── RunFault        a file that is not a report of a run
    ├── NothingShared   two runs without a question in common
    ├── BaselineFault   a file that is not a baseline
    ├── BaselineStale   a baseline of other questions
    ├── ServerFault     a server that cannot be reached or used
    ├── FolderFault     a folder of a public set that cannot be read
    ├── FeedbackFault   a line that is not a record of users' feedback
    ├── FileTaken       a file that would be overwritten
    ├── NotFitted       weights whose loss is not at its minimum
    └── ExtraMissing    a package that only an extra of the installation provides
"""

from collections.abc import Iterable

from corpus.errors import ZhengwenError


class EvalError(ZhengwenError):
    """An evaluation cannot be run."""


class SetFault(EvalError):
    """A test set is missing, empty, or contains a line that is not a test case."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}. docs/evaluation.md describes the format")
        self.place, self.reason = place, reason


class FactsFault(EvalError):
    """A folder of labelled facts lacks a file, or a line of it is not valid."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}. docs/facts.md describes the folder")
        self.place, self.reason = place, reason


class UnknownSplit(EvalError):
    """No case of the sets belongs to the requested split."""

    def __init__(self, split: str, there: Iterable[str]) -> None:
        named = ", ".join(map(repr, sorted(there))) or "none"
        super().__init__(f"no question is of the split {split!r}. The sets have: {named}")
        self.split = split


class RunFault(EvalError):
    """A report cannot be read back."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(
            f"{place}: {reason}. Name a folder that `zhengwen eval --out` wrote, or its report.json"
        )
        self.place, self.reason = place, reason


class NothingShared(EvalError):
    """Two runs have no question in common."""

    def __init__(self, same: int) -> None:
        """`same` is the number of questions with the same id in both runs but other words or gold."""
        changed = f"; {same} questions changed their words or their gold" if same else ""
        super().__init__(
            f"the runs have no question in common{changed}. Ask the same sets again for both, with the same "
            "--split"
        )
        self.same = same


class BaselineFault(EvalError):
    """A baseline cannot be read."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}. Write one with `zhengwen eval … --write-baseline {place}`")
        self.place, self.reason = place, reason


class BaselineStale(EvalError):
    """The baseline was made with other questions, so its figures say nothing about these."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: the questions or their gold have changed since this baseline was written. Look at the "
            f"figures, then renew it with `zhengwen eval … --write-baseline {place}`"
        )
        self.place = place


class ServerFault(EvalError):
    """The server at an address cannot be reached, returns an error, or is not of the expected version."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url, self.reason = url, reason


class FolderFault(EvalError):
    """A file of a public test set is missing or empty, or contains an invalid line."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}. docs/public-sets.md describes the files")
        self.place, self.reason = place, reason


class FeedbackFault(EvalError):
    """A file of users' feedback cannot be read, or contains a line that is not a record."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}. docs/drafting.md describes the record")
        self.place, self.reason = place, reason


class FileTaken(EvalError):
    """A file would be overwritten."""

    def __init__(self, file: str) -> None:
        super().__init__(f"{file!r} exists and is not overwritten. Name another file, or remove it")
        self.file = file


class NotFitted(EvalError):
    """The weights of the calibration did not converge."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the weights did not converge ({reason}). Check that the test sets contain questions to answer "
            "and questions to refuse"
        )
        self.reason = reason


class ExtraMissing(EvalError):
    """A package is missing that only an extra of the installation provides."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed. Run `pip install 'zhengwen[{extra}]'`")
        self.package, self.extra = package, extra
