"""Errors of the evaluation.

ZhengwenError
└── EvalError
    ├── SetFault        a test set that cannot be read as one
    ├── UnknownSplit    a split that no case of the sets is of
    ├── RunFault        a file that is no report of a run
    ├── NothingShared   two runs without a question in common
    ├── BaselineFault   a file that is no baseline
    ├── BaselineStale   a baseline of other questions
    ├── ServerFault     a server that cannot be asked
    ├── FolderFault     a folder of a public set that cannot be read as one
    ├── FeedbackFault   a line that is no record of users' feedback
    ├── FileTaken       a file that would be written over
    └── ExtraMissing    a package that only an extra of the installation brings
"""

from collections.abc import Iterable

from corpus.errors import ZhengwenError


class EvalError(ZhengwenError):
    """An evaluation cannot be run."""


class SetFault(EvalError):
    """A test set is missing, empty, or holds a line that is no test case."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}. docs/evaluation.md describes the format")
        self.place, self.reason = place, reason


class UnknownSplit(EvalError):
    """No case of the sets is of the split that is asked for."""

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
    """Two runs were not asked one and the same question."""

    def __init__(self, same: int) -> None:
        """`same` questions have one id in both runs, and other words or other gold."""
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
    """The server at an address cannot be reached, answers an error, or is not what was expected."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url, self.reason = url, reason


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


class ExtraMissing(EvalError):
    """A package is missing that only an extra of the installation brings."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed. Run `pip install 'zhengwen[{extra}]'`")
        self.package, self.extra = package, extra
