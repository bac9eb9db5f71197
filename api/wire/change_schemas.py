"""Wire models of changes to papers: what ingestion reports, versions and their differences, conflicts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from api.wire.fact_schemas import FactCorrectionLine
from api.wire.fields import StatusName, Wire


class Warned(Wire):
    """A finding for a person to check, and its place."""

    code: str
    message: str
    words: Annotated[str, Field(description="of the paper, shortened")]
    start: Annotated[int, Field(description="offset of the text of the paper")]
    end: int
    line: Annotated[int, Field(description="of the file, from 1")]
    page: int | None


class Recognised(Wire):
    """What was read from a file; empty or null where the paper does not state it."""

    name: str
    media_type: str
    charset: str
    pages: Annotated[int, Field(description="0 for a format without pages")]
    title: str
    doc_number: str
    issuer: str
    region: str
    date_issued: date | None
    valid_until: date | None
    status: StatusName
    clauses: int
    characters: int
    warnings: list[Warned]


class ClauseChange(Wire):
    """A clause that differs between two versions."""

    id: str
    label: str
    old: str
    new: str


class HeadChange(Wire):
    """Metadata that differs between two versions."""

    field: str
    old: str
    new: str


class Moved(Wire):
    """A clause that has only another number or place."""

    old_id: str
    new_id: str


class Diff(Wire):
    """What a later version changes."""

    head: list[HeadChange]
    added: list[ClauseChange]
    removed: list[ClauseChange]
    changed: list[ClauseChange]
    moved: list[Moved]


class Effect(Wire):
    """What a paper does to a stored one, or the stored one to it."""

    kind: Annotated[
        Literal["repeals", "repeals_parts", "extends", "supersedes", "unclear"],
        Field(description='"unclear": the stored paper\'s number is given with another title'),
    ]
    by_other: Annotated[bool, Field(description="true: the stored paper does it to the one that came in")]
    document_id: str
    title: str
    doc_number: str
    quote: Annotated[str, Field(description="of the paper that does it")]


class FileReport(Wire):
    """What happened to a paper that came in, or why its file was refused."""

    path: str
    outcome: Literal["added", "new_version", "unchanged", "refused", "skipped"]
    document_id: Annotated[str, Field(description="empty when refused or skipped")]
    version: Annotated[int | None, Field(description="null when refused or skipped")]
    in_use: Annotated[int | None, Field(description="the version in use, also where it is another one")]
    remark: Annotated[
        str, Field(description="which of two versions that came in together is in use, and why")
    ]
    conflicts: Annotated[list[str], Field(description="papers with the same number and another text")]
    withdrawn: Annotated[str, Field(description="why the paper is withdrawn; empty when it is in use")]
    recognised: Recognised | None
    diff: Annotated[Diff | None, Field(description="to the version in use before")]
    effects: list[Effect]
    facts: Annotated[int, Field(description="support facts that were read from it")]
    # Not in the reports of jobs that an earlier version of the program did.
    detached: Annotated[
        tuple[FactCorrectionLine, ...],
        Field(description="corrections of facts that the version in use no longer has, or not the words"),
    ] = ()
    error: Annotated[
        str, Field(description="why the file was refused, or files of a folder skipped; and what to do")
    ]


class IngestReport(Wire):
    """What happened to each paper."""

    dry_run: Annotated[bool, Field(description="true when nothing was stored")]
    files: list[FileReport]
    generation: Annotated[int | None, Field(description="of the index; null when it was not built")]
    chunks: int | None


class ReleasedPaper(Wire):
    """What became of a staged paper."""

    document_id: str
    version: int
    outcome: Literal["added", "new_version", "unchanged"]


class Released(Wire):
    """The staged papers that were put into use; none when they were deleted or released before."""

    papers: list[ReleasedPaper]
    corrections: Annotated[int, Field(description="of support facts, made in the staged papers")]
    generation: int | None


class RolledBack(Wire):
    """What a rollback changed."""

    to: datetime
    replaced: Annotated[list[str], Field(description="papers whose earlier text is a new version")]
    withdrawn: list[str]
    restored: list[str]
    removed: Annotated[list[str], Field(description="papers of then that are deleted")]
    generation: int


class Correction(Wire):
    """A value that an editor has put in the place of what was read."""

    field: str
    value: str
    reason: str
    at: datetime


class VersionLine(Wire):
    """A version of a paper; `diff` is what it changes in the one before, null for the first."""

    version: int
    name: str
    sha256: str
    added_at: datetime
    diff: Diff | None


class AuditLine(Wire):
    """Something that was done to a paper."""

    at: datetime
    action: str
    details: dict[str, str | int]


class Versions(Wire):
    """The versions of a paper, oldest first; of a paper that was deleted only what was done to it."""

    document_id: str
    title: str
    in_use: Annotated[int | None, Field(description="null for a withdrawn or deleted paper")]
    removed_at: Annotated[datetime | None, Field(description="when the paper was deleted")] = None
    withdrawn: Annotated[str, Field(description="why it was withdrawn")]
    versions: list[VersionLine]
    url: Annotated[str, Field(description="where it was downloaded last; empty when not known")]
    fetched_at: Annotated[datetime | None, Field(description="when, also when it was unchanged")]
    corrections: list[Correction]
    audit: list[AuditLine]


class Conflict(Wire):
    """Two papers with one number and different texts."""

    document_id: str
    title: str
    other_id: str
    other_title: str
    doc_number: str
    found_at: datetime


class Conflicts(Wire):
    """The conflicts that wait for a decision."""

    conflicts: list[Conflict]


class Backup(Wire):
    """A copy of the database."""

    path: str
    made_at: datetime
    reason: str


class Removed(Wire):
    """A paper that was deleted."""

    document_id: str
    versions: int
    receipts: Annotated[int, Field(description="receipts that lost the words they quoted")]
    backups: Annotated[list[Backup], Field(description="copies that still contain the paper")]


class Changed(Wire):
    """A paper whose state was changed."""

    document_id: str
    withdrawn: str
    corrections: list[Correction]
