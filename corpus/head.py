"""What the paper says about itself (first part: title only)."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.model import HeadData, Loaded, Span, Stated, Status
from corpus.zones import Zone


def read_head(loaded: Loaded, zones: Sequence[Zone]) -> HeadData:
    """The head data of the paper."""
    return HeadData(Stated(loaded.source.name, Span(0, 0)), Status.IN_FORCE, "", None)
