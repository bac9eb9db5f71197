"""Errors of the index.

ZhengwenError
└── IndexFault
    ├── IndexMissing     nothing has been built in the data directory
    ├── IndexStale       built with other settings or another model
    │   └── IndexBehind  whole, but papers were stored or removed since
    ├── IndexDamaged     a file is truncated, altered or gone
    ├── IndexVersion     written by another version of the program
    └── ModelFault       the embedding model cannot be had, or is not the one expected
"""

from corpus.errors import ZhengwenError


class IndexFault(ZhengwenError):
    """The search index cannot be used as it is."""


class IndexMissing(IndexFault):
    """Nothing has been built yet."""


class IndexStale(IndexFault):
    """The index answers to other settings, another model or an older corpus."""


class IndexBehind(IndexStale):
    """Papers were stored or removed since the index was built; building again only adds what is new."""


class IndexDamaged(IndexFault):
    """A file of the index is truncated, altered or gone."""


class IndexVersion(IndexFault):
    """The index was written in a format this version does not read."""


class ModelFault(IndexFault):
    """The embedding model cannot be had, or is not the one expected."""
