"""Events of an answer, in this order: Found, Parts, Done."""

from __future__ import annotations

from dataclasses import dataclass

from api.wire import reply_schemas


@dataclass(frozen=True, slots=True)
class Working:
    """A step of the work is done; the service checks here whether the client has disconnected."""


@dataclass(frozen=True, slots=True)
class Found:
    """The cited clauses. The reply is complete and its receipt stored; its words follow."""

    reply: reply_schemas.AskResponse


@dataclass(frozen=True, slots=True)
class Part:
    """The next words. All parts, joined, are the text of the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The whole reply."""

    reply: reply_schemas.AskResponse


Event = Working | Found | Part | Done
