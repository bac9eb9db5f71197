"""Converts reports, versions and conflicts from the core's types to wire models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from api.wire import change_schemas as wire
from api.wire.fact_schemas import FactCorrectionLine
from corpus import model
from corpus.facts.in_force import FactCorrection
from corpus.ids import id_of_number
from corpus.report import Failed, Ingested, Recognised, Skipped
from corpus.rereading import NotReread
from corpus.store.outcomes import Added, Outcome, Replaced, Unchanged
from corpus.store.papers import Store
from corpus.version_diff import ClauseChange, VersionDiff, compare

# The report of ingestion imports index and model, which `versions` and `conflicts` do without.
if TYPE_CHECKING:
    from rag.assemble import Indexed


def file_report(result: Ingested | Failed | Skipped | NotReread) -> wire.FileReport:
    """What happened to a paper."""
    if not isinstance(result, Ingested):
        path, document_id = ("", result.document_id) if isinstance(result, NotReread) else (result.path, "")
        return wire.FileReport(
            path=path,
            outcome="skipped" if isinstance(result, Skipped) else "refused",
            document_id=document_id,
            version=None,
            in_use=None,
            remark="",
            conflicts=[],
            withdrawn="",
            recognised=None,
            diff=None,
            effects=[],
            facts=0,
            error=_skipped(result) if isinstance(result, Skipped) else str(result.error),
        )
    change = result.change
    return wire.FileReport(
        path=result.path,
        outcome=outcome_name(change),
        document_id=change.document_id,
        version=change.version,
        in_use=(None if isinstance(change, Added) else change.current) or change.version,
        remark=result.told,
        conflicts=list(change.conflicts) if isinstance(change, Added) else [],
        withdrawn="" if isinstance(change, Added) else change.withdrawn,
        recognised=_recognised(result.recognised),
        diff=diff_on_wire(result.diff) if result.diff is not None else None,
        effects=[
            wire.Effect(**{name: getattr(one, name) for name in wire.Effect.model_fields})
            for one in result.effects
        ],
        facts=result.facts,
        detached=tuple(fact_correction(one, is_attached=False) for one in result.detached),
        error="",
    )


def outcome_name(outcome: Outcome) -> Literal["added", "new_version", "unchanged"]:
    """The name of what happened to a paper."""
    match outcome:
        case Added():
            return "added"
        case Replaced():
            return "new_version"
        case Unchanged():
            return "unchanged"


def ingest_report(
    files: Iterable[Ingested | Failed | Skipped | NotReread], index: Indexed | None, *, dry_run: bool
) -> wire.IngestReport:
    """What happened to each paper, and the index that was built."""
    return wire.IngestReport(
        dry_run=dry_run,
        files=[file_report(one) for one in files],
        generation=index.generation if index is not None else None,
        chunks=index.chunks if index is not None else None,
    )


def diff_on_wire(diff: VersionDiff) -> wire.Diff:
    """What a version changes."""
    return wire.Diff(
        head=[wire.HeadChange(field=one.field, old=one.old, new=one.new) for one in diff.head],
        added=_clauses(diff.added),
        removed=_clauses(diff.removed),
        changed=_clauses(diff.changed),
        moved=[wire.Moved(old_id=old, new_id=new) for old, new in diff.moved],
    )


def versions_of(store: Store, document_id: str) -> wire.Versions:
    """The versions of a paper with what each changes. Raises UnknownDocument."""
    lines: list[wire.VersionLine] = []
    before: model.Document | None = None
    in_use = store.current_version(document_id)
    current = store.document(document_id, version=in_use, also_withdrawn=True)
    for version in store.versions(document_id):
        document = store.document(document_id, version=version.version, also_withdrawn=True)
        lines.append(
            wire.VersionLine(
                version=version.version,
                name=version.name,
                sha256=version.sha256,
                added_at=version.added_at,
                diff=diff_on_wire(compare(before, document)) if before is not None else None,
            )
        )
        before = document
    withdrawn = store.withdrawals.reason(document_id)
    fetch = store.fetches.of(document_id)
    return wire.Versions(
        document_id=document_id,
        title=current.head.title.value,
        in_use=None if withdrawn is not None else in_use,
        withdrawn=withdrawn or "",
        versions=lines,
        url=fetch.url if fetch is not None else current.source.url,
        fetched_at=fetch.fetched_at if fetch is not None else None,
        corrections=corrections_on_wire(current.corrections),
        audit=_audit(store, document_id),
    )


def kept_of_removed(store: Store, name: str) -> wire.Versions | None:
    """What is kept of a paper that was deleted, named by its id or 文号; None where nothing is."""
    for document_id in dict.fromkeys((name, id_of_number(name))):
        if (at := store.deletions.deleted_at(document_id)) is not None:
            return wire.Versions(
                document_id=document_id,
                title="",
                in_use=None,
                removed_at=at,
                withdrawn="",
                versions=[],
                url="",
                fetched_at=None,
                corrections=[],
                audit=_audit(store, document_id),
            )
    return None


def _audit(store: Store, document_id: str) -> list[wire.AuditLine]:
    return [
        wire.AuditLine(at=line.at, action=line.action.value, details=dict(line.details))
        for line in store.audit.lines(document_id)
    ]


def changed(store: Store, document_id: str) -> wire.Changed:
    """The state of a paper after a change."""
    return wire.Changed(
        document_id=document_id,
        withdrawn=store.withdrawals.reason(document_id) or "",
        corrections=corrections_on_wire(store.corrections.of(document_id)),
    )


def conflicts_in(store: Store) -> wire.Conflicts:
    """The conflicts that wait for a decision."""
    return wire.Conflicts(
        conflicts=[
            wire.Conflict(
                document_id=one.document_id,
                title=one.title,
                other_id=one.other_id,
                other_title=one.other_title,
                doc_number=one.doc_number,
                found_at=one.found_at,
            )
            for one in store.conflicts.open()
        ]
    )


def corrections_on_wire(corrections: Iterable[model.Correction]) -> list[wire.Correction]:
    """What editors have corrected."""
    return [
        wire.Correction(field=one.field.value, value=one.value, reason=one.reason, at=one.at)
        for one in corrections
    ]


def fact_correction(one: FactCorrection, *, is_attached: bool) -> FactCorrectionLine:
    """A correction of a support fact, which the paper still has or not."""
    return FactCorrectionLine(
        number=one.number,
        fact_id=one.address.fact_id,
        quote=one.address.quote.text,
        field=one.field,
        words=[words.text for words in one.words],
        reason=one.reason,
        at=one.at,
        attached=is_attached,
    )


def _skipped(result: Skipped) -> str:
    """Which files were not read, and how to read one."""
    names = ", ".join(map(repr, result.first)) + (", …" if result.files > len(result.first) else "")
    counted = "1 file was" if result.files == 1 else f"{result.files} files were"
    return f"{counted} not read, without an ending of a known format: {names}. Name a file itself to read it"


def _recognised(found: Recognised) -> wire.Recognised:
    fields = {name: getattr(found, name) for name in _RECOGNISED if name not in ("status", "warnings")}
    warnings = [
        wire.Warned(**{name: getattr(one, name) for name in wire.Warned.model_fields})
        for one in found.warnings
    ]
    return wire.Recognised(**fields, status=found.status.value, warnings=warnings)


def _clauses(changes: Sequence[ClauseChange]) -> list[wire.ClauseChange]:
    return [wire.ClauseChange(id=one.clause_id, label=one.label, old=one.old, new=one.new) for one in changes]


_RECOGNISED = tuple(wire.Recognised.model_fields)
