"""Prints what ingestion found, versions and their differences, conflicts, and what became of a paper."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console

from api.terminal import plain
from api.wire import change_schemas as wire
from corpus.head.paper_head import full_name

_LEFT = 11  # columns of the word before a line
_WORDS = 60  # characters shown of a clause that differs
_MOST = 20  # clauses shown of a difference; --json has all


def show_report(console: Console, report: wire.IngestReport) -> int:
    """Prints a few lines for each paper, then the index. Returns the number of files that failed."""
    for file in report.files:
        _show_file(console, file)
    if report.generation is not None:
        _line(console, "index", f"generation {report.generation}, {report.chunks} chunks")
    if report.dry_run:
        _line(console, "dry run", "nothing was stored")
    return sum(file.outcome == "refused" for file in report.files)


def _show_file(console: Console, file: wire.FileReport) -> None:
    if file.recognised is None:
        where = file.path or file.document_id
        place = "" if where in file.error else f" ({where})"
        if file.outcome == "skipped":
            _line(console, "skipped", file.error + place, "yellow")
            return
        _line(console, "failed", file.error + place, "red")
        return
    found = file.recognised
    did = {"added": "added", "new_version": "replaced", "unchanged": "unchanged"}[file.outcome]
    if file.outcome == "new_version" and file.in_use != file.version:
        did = "kept aside"
    _line(console, did, f"{file.document_id}  {found.title}  ({file.path})")
    _line(console, "", f"{_facts(found)}, {file.facts} support facts", "dim")
    if file.outcome == "unchanged":
        _line(console, "", f"already stored as {file.document_id}, version {file.version}", "dim")
        if file.in_use != file.version:
            _line(console, "", f"version {file.in_use} stays in use. {_use(file)}", "yellow")
    if file.outcome == "new_version":
        _line(console, "", f"new version {file.version} of {file.document_id}")
    if file.remark:
        cure = f". {_use(file)}" if file.in_use != file.version else ""
        _line(console, "", file.remark + cure, "yellow")
    if file.diff is not None:
        _show_diff(console, file.diff)
    for other in file.conflicts:
        told = f"conflict: {other} has the number {found.doc_number} too, and a different text; both are kept"
        _line(console, "", f"{told}. Decide with `zhengwen conflicts`", "yellow")
    _show_effects(console, file.effects)
    _show_detached(console, file)
    if file.withdrawn:
        cure = f"`zhengwen restore {file.document_id}` brings it back"
        _line(console, "", f"the paper stays withdrawn ({file.withdrawn}). {cure}", "yellow")
    for warned in found.warnings:
        page = f"page {warned.page}, " if warned.page is not None else ""
        words = f": {warned.words}" if warned.words else ""
        told = f"check {warned.code}: {warned.message} ({page}line {warned.line}{words})"
        _line(console, "", told, "yellow")


def _show_detached(console: Console, file: wire.FileReport) -> None:
    for one in file.detached:
        said = f"{one.field} = {'、'.join(one.words) or '(none)'}" if one.field else "called wrong"
        told = f"check correction {one.number}: {one.fact_id} ({_short(one.quote)}) or its words are gone"
        _line(console, "", f"{told}, so that it is not applied: {said} ({one.reason})", "yellow")
    if file.detached:
        cure = f"`zhengwen edit-fact {file.document_id}` lists corrections, --undo takes one back"
        _line(console, "", cure, "yellow")


def _use(file: wire.FileReport) -> str:
    """How to put the version of the file in use."""
    call = f"zhengwen versions {file.document_id} --use {file.version} --reason …"
    return f"`{call}` puts version {file.version} in use"


_DONE = {
    "repeals": "repeals",
    "repeals_parts": "repeals articles of",
    "extends": "extends the term of",
    "supersedes": "supersedes",
    "unclear": "check: gives another title for the number of",
}
_SUFFERED = {
    "repeals": "is repealed by",
    "repeals_parts": "has articles repealed by",
    "extends": "is extended by",
    "supersedes": "is superseded by",
}


def _show_effects(console: Console, effects: Iterable[wire.Effect]) -> None:
    for effect in effects:
        verb = (_SUFFERED if effect.by_other else _DONE)[effect.kind]
        told = f"{verb} {effect.document_id} {full_name(effect.title, effect.doc_number)}: “{effect.quote}”"
        _line(console, "", told, "yellow")


def _facts(found: wire.Recognised) -> str:
    pages = f"{found.pages} pages" if found.pages else ""
    day = f"issued {found.date_issued.isoformat()}" if found.date_issued else "no date"
    until = f"valid until {found.valid_until.isoformat()}" if found.valid_until else ""
    facts = (found.doc_number or "no number", found.issuer or "no issuer", day, until, found.status)
    read = (f"{found.clauses} clauses", found.media_type, found.charset, pages)
    return ", ".join(filter(None, (*facts, *read)))


def _show_diff(console: Console, diff: wire.Diff) -> None:
    for field in diff.head:
        _line(console, "", f"~ {field.field}: {field.old or '(none)'} → {field.new or '(none)'}", "cyan")
    lines = [
        *(("+", one, f"{_short(one.new)}", "green") for one in diff.added),
        *(("-", one, f"{_short(one.old)}", "red") for one in diff.removed),
        *(("~", one, f"{_short(one.old)} → {_short(one.new)}", "cyan") for one in diff.changed),
    ]
    for sign, one, words, style in lines[:_MOST]:
        _line(console, "", f"{sign} {one.label} {words}", style)
    if len(lines) > _MOST:
        _line(console, "", f"… and {len(lines) - _MOST} more clauses; --json has all", "dim")
    if diff.moved:
        _line(console, "", f"{len(diff.moved)} clauses have only another number or place", "dim")
    if not lines and not diff.moved and not diff.head:
        _line(console, "", "no clause differs", "dim")


def show_versions(console: Console, found: wire.Versions) -> None:
    """Prints the versions of a paper, oldest first, what each changes, and what was done to the paper."""
    console.print(plain(f"{found.document_id}  {found.title}".rstrip(), "bold"))
    if found.removed_at is not None:
        told = f"{found.removed_at:%Y-%m-%d %H:%M}; its texts are gone, what was done to it is kept"
        _line(console, "removed", told, "yellow")
    elif found.in_use is None:
        _line(console, "withdrawn", found.withdrawn or "no reason given", "yellow")
    if found.fetched_at is not None:
        _line(console, "downloaded", f"{found.fetched_at:%Y-%m-%d %H:%M}  {found.url}".rstrip())
    for one in found.versions:
        in_use = ", in use" if one.version == found.in_use else ""
        _line(console, f"version {one.version}", f"{one.added_at:%Y-%m-%d %H:%M}  {one.name}{in_use}")
        if one.diff is not None:
            _show_diff(console, one.diff)
    _show_corrections(console, found.corrections)
    for line in found.audit:
        details = ", ".join(f"{name} {value}" for name, value in line.details.items() if name != "sha256")
        _line(console, "", f"{line.at:%Y-%m-%d %H:%M}  {line.action}  {details}".rstrip(), "dim")


def show_conflicts(console: Console, found: wire.Conflicts) -> None:
    """Prints the conflicts that wait for a decision."""
    if not found.conflicts:
        console.print(plain("no conflict waits for a decision"))
    for one in found.conflicts:
        console.print(plain(f"{one.doc_number}", "bold"))
        for document_id, title in ((one.document_id, one.title), (one.other_id, one.other_title)):
            _line(console, "", f"{document_id}  {title}")
        keep = f"zhengwen conflicts {one.document_id} {one.other_id} --keep-both --reason …"
        _line(console, "", f"withdraw one, correct its number with `zhengwen edit`, or: {keep}", "dim")


def show_removed(console: Console, removed: wire.Removed) -> None:
    """Prints what was deleted, and which backups still contain it."""
    _line(console, "removed", f"{removed.document_id}, {removed.versions} versions")
    if removed.receipts:
        _line(console, "", f"{removed.receipts} receipts keep id and offsets, without the words they quoted")
    for backup in removed.backups:
        told = f"the copy of {backup.made_at:%Y-%m-%d %H:%M} still contains it: {backup.path}"
        _line(console, "", f"{told} ({backup.reason})", "yellow")


def show_changed(console: Console, did: str, changed: wire.Changed) -> None:
    """Prints the state of a paper."""
    reason = f" ({changed.withdrawn})" if changed.withdrawn else ""
    _line(console, did, changed.document_id + reason)
    _show_corrections(console, changed.corrections)


def _show_corrections(console: Console, corrections: Iterable[wire.Correction]) -> None:
    for one in corrections:
        _line(console, "corrected", f"{one.field} = {one.value or '(none)'} ({one.reason})", "cyan")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WORDS else f"{line[:_WORDS]}…"


def _line(console: Console, left: str, text: str, style: str = "") -> None:
    """Prints one line, whatever the text contains."""
    console.print(plain(" ".join(f"{left:<{_LEFT}}{text}".split("\n")), style))
