"""Errors of the index.

ZhengwenError
└── IndexFault
    ├── IndexMissing     nothing has been built in the data directory
    ├── IndexStale       built with other settings or another model
    │   └── IndexBehind  intact, but papers were stored or removed since
    ├── IndexDamaged     a file is truncated, altered or missing
    ├── IndexVersion     written by another version of the program
    ├── IndexUnreachable the server of the index does not answer
    └── ModelFault       the embedding model is not available, or is not the one expected
"""

from corpus.errors import ZhengwenError


class IndexFault(ZhengwenError):
    """The search index cannot be used."""


class IndexMissing(IndexFault):
    """Nothing has been built yet."""


class IndexStale(IndexFault):
    """The index was built with other settings, another model or an older corpus."""


class IndexBehind(IndexStale):
    """Papers were stored or removed since the index was built; the next build adds only what is new."""

    def __init__(self, reason: str = "papers were stored or removed since") -> None:
        super().__init__(
            f"the index is out of date: {reason}. Try again in a moment: who stores papers brings it up to "
            "date, and so do `zhengwen ask`, the next `zhengwen ingest` and a start of the service"
        )


class IndexDamaged(IndexFault):
    """A file of the index is truncated, altered or missing."""


class IndexVersion(IndexFault):
    """The index was written in a format this version does not read."""


class IndexUnreachable(IndexFault):
    """The server of the index does not answer; once it does, questions are answered without a restart."""


class ModelFault(IndexFault):
    """The embedding model is not available, or is not the one expected."""
