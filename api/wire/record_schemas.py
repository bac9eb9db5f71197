"""Wire models of conversations, feedback, sites and replays."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from api.wire.fields import Name, Wire, Words
from api.wire.reply_schemas import AskResponse

MAX_COMMENT = 2_000  # characters


class Started(Wire):
    """A conversation that was just started."""

    id: Annotated[str, Field(description="unguessable; the value of `conversation` of a question")]
    created_at: datetime


class ConversationSummary(Wire):
    """A conversation in the list."""

    id: str
    title: Annotated[str, Field(description="the first question, shortened; empty before it")]
    created_at: datetime
    updated_at: datetime
    turns: int


class ConversationList(Wire):
    """The conversations of a visitor, most recently used first."""

    conversations: list[ConversationSummary]


class KeptTurn(Wire):
    """A question and its reply."""

    asked_at: datetime
    question: str
    reply: Annotated[AskResponse, Field(description="as it was given, without its hits")]


class ConversationDetail(Wire):
    """A conversation with its turns, oldest first."""

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    turns: list[KeptTurn]


class FeedbackRequest(Wire):
    """Feedback on an answer. Sent again, it replaces the earlier one."""

    answer: Annotated[Name, Field(description="`id` of the reply")]
    thumb: Literal["up", "down"]
    reason: Literal["wrong", "incomplete", "outdated", "unclear", "other"] | None = None
    text: Annotated[Words, Field(max_length=MAX_COMMENT)] = ""


class SiteDetail(Wire):
    """A site, as `zhengwen site list --json` prints it."""

    key: str
    name: str
    origins: list[str]
    title: str
    welcome: str
    handoff: str
    suggestions: list[str]
    added_at: datetime


class SiteList(Wire):
    """All sites, oldest first."""

    sites: list[SiteDetail]


class ReplayChange(Wire):
    """A value that differs between the time of the answer and today."""

    what: str
    before: str
    after: str


class ReplayReport(Wire):
    """The result of asking the question of a receipt again, as `zhengwen replay --json` prints it."""

    id: str
    same: bool
    asked_at: datetime
    channel: str
    site: str
    texts_kept: bool
    question: Annotated[str, Field(description="empty when the receipt keeps no texts")]
    composer: str
    fingerprints: dict[str, str | int | float]
    before: Annotated[AskResponse, Field(description="the reply that was given, its hits without texts")]
    after: AskResponse | None
    differences: Annotated[list[ReplayChange], Field(description="between the two replies")]
    causes: Annotated[list[ReplayChange], Field(description="other things that have changed")]
    today: Annotated[
        list[ReplayChange],
        Field(
            description="how today's reply differs from that of the receipt's day, where the two were same"
        ),
    ]
