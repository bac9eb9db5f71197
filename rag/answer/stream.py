"""Events while a reply is produced: the same whether it is streamed or sent whole.

First the steps of the work, then the sentences of an answer, each verified before it is sent (a refusal has
none), then the reply, checked as a whole. Its text follows again in parts, for callers that send nothing
before the reply is decided and its receipt stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.model import Reply, Sentence

# "给予不超过500万元奖补；" ends with a mark after which a reader, or a voice, may pause.
_PAUSE = re.compile(r".+?(?:[。；！？：，\n]|(?<=\w)[.;!?,](?=\s)\s?|\Z)", re.DOTALL)
_LONGEST = 60  # characters of a part without a pause


@dataclass(frozen=True, slots=True)
class Working:
    """A step of the work is done. A caller that no longer needs the reply may stop here."""

    step: str  # "understand", "retrieve" or "evidence"


@dataclass(frozen=True, slots=True)
class Decided:
    """The reply is decided and verified: its citations can be sent before its text."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Part:
    """The next piece of text. All parts of a reply, joined, are its text."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The end of the stream."""

    reply: Reply


Event = Working | Sentence | Decided | Part | Done


def parts(text: str) -> Iterator[Part]:
    """Yields the text in parts that end at a pause; joined they are exactly the text."""
    for found in _PAUSE.finditer(text):
        piece = found[0]
        for start in range(0, len(piece), _LONGEST):
            yield Part(piece[start : start + _LONGEST])
