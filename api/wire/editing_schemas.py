"""Wire models of the routes for editors: jobs, changes of papers, the audit."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from api.wire import editing_examples as examples
from api.wire.change_schemas import Changed, FileReport, Removed
from api.wire.fields import Name, Wire, Words

JobStateName = Literal["accepted", "reading", "read", "indexed", "searchable", "failed", "cancelled"]
FieldName = Literal[
    "title",
    "doc_number",
    "issuer",
    "region",
    "level",
    "status",
    "date_issued",
    "valid_since",
    "valid_until",
]
Reason = Annotated[Words, Field(min_length=1, max_length=2000, pattern=r"\S", description="shown and kept")]
LARGEST_PAGE = 200
_LONGEST_TEXT = 10**9  # characters of a paper, which is never as long


class JobFile(Wire):
    """A file that was sent."""

    name: str
    size: Annotated[int, Field(description="bytes")]
    sha256: str
    url: Annotated[str, Field(description="where it was downloaded; empty when not known")]
    fetched_at: datetime | None
    is_read: bool


class Progress(Wire):
    """What is being done."""

    step: Annotated[str, Field(description="file, and page of a scan; empty when nothing is being read")]
    done: Annotated[int, Field(description="files, or pages of the file")]
    total: int


class Job(Wire):
    """An upload that was accepted, and what became of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.JOB]})

    id: str
    state: Annotated[
        JobStateName,
        Field(description="accepted → reading → read → indexed → searchable; or failed, or cancelled"),
    ]
    origin: Annotated[
        Literal["upload", "folder"], Field(description="sent by a client, or found in a folder")
    ]
    accepted_at: datetime
    changed_at: datetime
    progress: Progress
    error: Annotated[str, Field(description="why it failed, or does not go on; empty otherwise")]
    generation: Annotated[int | None, Field(description="of the index that first had its papers")]
    files: list[JobFile]
    reports: Annotated[list[FileReport], Field(description="a report for each paper read so far")]


class JobList(Wire):
    """Jobs, newest first."""

    jobs: list[Job]
    next: Annotated[
        str | None, Field(description="send it as `after` for the following page; null at the end")
    ]


class WithReason(Wire):
    """The reason for a change."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.WITH_REASON]})

    reason: Reason


class Edit(Wire):
    """Corrections of the head of a paper. They outlast new versions and repeated reading."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.EDIT]})

    values: Annotated[
        dict[FieldName, Annotated[Words, Field(max_length=2000)]],
        Field(default_factory=dict, description="new values; dates as 2026-03-01"),
    ]
    undo: Annotated[
        list[FieldName],
        Field(default_factory=list, max_length=20, description="fields that get back what the paper states"),
    ]
    reason: Reason

    @model_validator(mode="after")
    def _does_something(self) -> Edit:
        if not self.values and not self.undo:
            raise ValueError("nothing to correct is given. Send `values` or `undo`")
        return self


class ChosenPlace(Wire):
    """A place in the text of the paper; offsets as in `GET /v1/documents/{document_id}`."""

    start: Annotated[int, Field(ge=0, le=_LONGEST_TEXT)]
    end: Annotated[int, Field(ge=0, le=_LONGEST_TEXT)]

    @model_validator(mode="after")
    def _has_words(self) -> ChosenPlace:
        if self.start >= self.end:
            raise ValueError("the end must lie behind the start")
        return self


FactId = Annotated[Words, Field(min_length=1, max_length=1000, description="`id` of a fact of this paper")]


class FactEdit(Wire):
    """Other words of the paper for a part of a fact; they cannot be written, only chosen."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.FACT_EDIT]})

    fact_id: FactId
    part: Annotated[
        Words,
        Field(
            min_length=1, max_length=100, description="`beneficiaries`, `amounts.1`, `rate`, `limit.what`, …"
        ),
    ]
    spans: Annotated[
        list[ChosenPlace], Field(max_length=50, description="none: the fact does not have this part")
    ]
    reason: Reason


class FactToHide(Wire):
    """A fact that is wrong as a whole."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.FACT_TO_HIDE]})

    fact_id: FactId
    reason: Reason


class FactUndo(Wire):
    """A correction of a fact that is taken back."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.FACT_UNDO]})

    number: Annotated[int, Field(ge=1, le=10**9)]
    reason: Reason


class Decision(Wire):
    """Decides that two papers with one number are both right."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.DECISION]})

    document_id: Name
    other_id: Name
    reason: Reason


class Change(Changed):
    """The state of a paper after a change."""

    generation: Annotated[
        int | None,
        Field(description="of the index that has the change; null when it is not built, which is repeated"),
    ]


class Removal(Removed):
    """A paper that was deleted."""

    is_complete: Annotated[
        bool,
        Field(description="whether index, receipts and free pages are cleared; if not, this is repeated"),
    ]
    generation: int | None


class PaperAuditLine(Wire):
    """Something that was done."""

    at: datetime
    action: str
    document_id: Annotated[str, Field(description="empty for what concerns no single paper")]
    details: dict[str, str | int]


class AuditList(Wire):
    """What was done to the papers, oldest first."""

    lines: list[PaperAuditLine]
