"""Prints a replay, as JSON or as text."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console

from api.records.receipts import Receipt
from api.service.receipts.replay import Change, Replayed
from api.terminal import plain
from api.wire.record_schemas import ReplayChange, ReplayReport

_EXCERPT = 160  # characters of a changed text; --json prints all of it
_BEFORE = 20  # of them from before the place where it changed


def report_of(receipt: Receipt, replayed: Replayed) -> ReplayReport:
    """The whole replay as JSON."""
    return ReplayReport(
        id=receipt.id,
        same=replayed.is_same,
        asked_at=receipt.asked_at,
        channel=receipt.channel,
        site=receipt.site,
        texts_kept=receipt.texts_kept,
        question=receipt.question,
        composer=receipt.composer,
        fingerprints=receipt.fingerprints.as_json(),
        before=receipt.reply,
        after=replayed.reply,
        differences=_changes(replayed.differences),
        causes=_changes(replayed.causes),
        today=_changes(replayed.today),
    )


def show_replay(console: Console, receipt: Receipt, replayed: Replayed) -> None:
    """Prints `same` or `changed` on the first line, then the differences, then the causes."""
    console.print(
        plain("same", "bold green") if replayed.is_same else plain("changed", "bold red"),
    )
    asked = receipt.asked_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    console.print(plain(f"{asked}  {receipt.channel}  {receipt.question}".rstrip(), "dim"))
    _show(console, replayed.differences)
    if replayed.is_same:
        if replayed.causes:
            console.print(plain("although these are not as they were:"))
            _show(console, replayed.causes)
    elif replayed.causes:
        console.print(plain("because of one or more of these:"))
        _show(console, replayed.causes)
    else:
        console.print(
            plain(
                "Papers, model, program and settings are as they were: another machine, or another release "
                "of a library, computes differently"
            )
        )
    if replayed.today:
        console.print(
            plain(
                f"Asked today it is another reply, for no other reason than the date: the receipt is of "
                f"{receipt.fingerprints.today}, and the statuses of papers have changed since"
            )
        )
        _show(console, replayed.today)


def _changes(changes: Iterable[Change]) -> list[ReplayChange]:
    return [ReplayChange(what=c.what, before=c.before, after=c.after) for c in changes]


def _show(console: Console, changes: Iterable[Change]) -> None:
    for change in changes:
        before, after = _apart(change.before, change.after)
        console.print(plain(f"  {change.what}"))
        console.print(plain(f"    before  {before}"))
        console.print(plain(f"    after   {after}"))


def _apart(before: str, after: str) -> tuple[str, str]:
    """Both texts in one line each, from shortly before the first difference."""
    first, second = " | ".join(before.splitlines()), " | ".join(after.splitlines())
    same = next(
        (at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b),
        min(len(first), len(second)),
    )
    start = max(0, same - _BEFORE) if max(len(first), len(second)) > _EXCERPT else 0
    return _excerpt(first, start), _excerpt(second, start)


def _excerpt(text: str, start: int) -> str:
    end = start + _EXCERPT
    shown = ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
    return shown or "(nothing)"
