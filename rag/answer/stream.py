"""A reply as it comes about: every answer is made in these steps, whether it is streamed or told whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.model import Reply

# "给予不超过500万元奖补；" ends with a mark after which a reader, or a voice, may pause.
_PAUSE = re.compile(r".+?(?:[。；！？：，\n]|(?<=\w)[.;!?,](?=\s)\s?|\Z)", re.DOTALL)
_LONGEST = 60  # characters of a part without a pause


@dataclass(frozen=True, slots=True)
class Working:
    """A step of the work is done. Whoever no longer needs the reply may stop here."""

    step: str  # "understand", "retrieve" or "evidence"


@dataclass(frozen=True, slots=True)
class Decided:
    """The reply stands, with its promises checked: its citations can be told before its words."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Part:
    """The next words. All parts of a reply, joined, are its text."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """All is told."""

    reply: Reply


Event = Working | Decided | Part | Done


def parts(text: str) -> Iterator[Part]:
    """The text in parts a reader takes in one by one; joined they are the text, to the character."""
    for found in _PAUSE.finditer(text):
        piece = found[0]
        for start in range(0, len(piece), _LONGEST):
            yield Part(piece[start : start + _LONGEST])
