"""Errors of the answer layer.

ZhengwenError
├── NotIndexed             what was changed is stored, and the index could not be brought up to date
├── BulkFault              a bulk ingest cannot go on: a bucket that cannot be listed, Ray that gives up
├── ExportFault            an export that cannot be written
├── ExtraMissing           a part of the program that is not installed
└── AnswerError
    ├── QuoteNotInSource   quoted words that do not occur in the clause
    ├── Uncited            an answer without a citation
    ├── UngroundedFigure   a figure in the answer that no cited clause contains
    ├── SettingsFault      a setting that is unknown or out of bounds
    └── CalibrationFault   a file of fitted weights that cannot be used
"""

from corpus.errors import ZhengwenError
from index.errors import IndexFault


class AnswerError(ZhengwenError):
    """An answer would break one of the product's promises."""


class QuoteNotInSource(AnswerError):
    """The words do not occur verbatim in the clause."""

    def __init__(self, words: str, clause_key: str) -> None:
        super().__init__(f"{words[:40]!r} does not occur in {clause_key}. Quote by offsets")
        self.words, self.clause_key = words, clause_key


class NotIndexed(IndexFault):
    """What was changed is stored; only the index could not be brought up to date."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(
            f"the papers are stored, and only the index could not be updated: {str(cause).rstrip('.')}. "
            "Nothing has to be done again: the next start brings the index up to date"
        )


class BulkFault(ZhengwenError):
    """A bulk ingest cannot begin or go on. What was stored before stays."""


class ExportFault(ZhengwenError):
    """An export cannot be written, or is not what was written."""


class ExtraMissing(ZhengwenError):
    """Libraries that come with an extra of the package are not installed."""

    def __init__(self, extra: str, what: str) -> None:
        super().__init__(
            f"{what} needs libraries that are not installed. Run `pip install 'zhengwen[{extra}]'`"
        )
        self.extra = extra


class Uncited(AnswerError):
    """An answer needs at least one citation; without evidence build a Refusal."""


class UngroundedFigure(AnswerError):
    """A figure occurs in the answer but in no cited clause."""


class SettingsFault(ZhengwenError):
    """A setting is unknown or out of bounds."""


class CalibrationFault(ZhengwenError):
    """Fitted weights cannot be read, or are for other signals. `fitted_by` is the module that fits them."""

    def __init__(self, place: str, reason: str, *, fitted_by: str = "evals.calibrate") -> None:
        super().__init__(f"calibration in {place}: {reason}. Fit one with `python -m {fitted_by}`")
        self.place, self.reason = place, reason
