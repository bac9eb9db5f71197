"""Wire models of a visitor who opens the chat."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.wire.fields import StatusName, Wire

MOST_COVERED = 200  # papers listed to a visitor


class VisitorRequest(Wire):
    """A request to open the chat."""

    site: Annotated[
        str, Field(max_length=200, description="key of the site; empty on the service's own page")
    ] = ""
    visitor: Annotated[
        str,
        Field(
            max_length=200,
            description="secret of an earlier reply, by which the service recognises the device; else empty",
        ),
    ] = ""


class SiteTexts(Wire):
    """The texts of the site; empty where it sets none."""

    name: str
    title: str
    welcome: str
    handoff: str


class Covered(Wire):
    """A paper that questions are answered from."""

    document_id: str
    title: str
    doc_number: str
    region: str
    status: StatusName


class VisitorResponse(Wire):
    """A visitor's token, and what the chat shows before the first question."""

    token: Annotated[str, Field(description="for `Authorization: Bearer …`")]
    expires_in: Annotated[int, Field(description="seconds")]
    visitor: Annotated[str, Field(description="secret of this device, for the next token")]
    site: SiteTexts
    suggestions: list[str]
    covered: list[Covered]
    keeps_conversations: bool
    max_question_chars: int
