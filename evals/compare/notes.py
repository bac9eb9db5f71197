"""What limits a comparison, as a key of the texts of the report with what stands at its places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """A note: `key` names the text, `places` what it says; an empty place is unknown."""

    key: str
    places: Mapping[str, str]
