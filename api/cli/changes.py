"""Commands that change papers: `zhengwen remove`, `withdraw`, `restore`, `edit`, `reread`, `conflicts`,
`versions`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from api import terminal
from api.cli.options import FAILED, Json, settings_in_force, wrong_call

if TYPE_CHECKING:
    from pydantic import BaseModel

    from corpus.model import HeadField
    from corpus.report import Ingested
    from corpus.store.papers import Store

T = TypeVar("T")

Paper = Annotated[str, typer.Argument(metavar="DOC", help="Id of a paper.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is shown and kept.")]


def remove(document: Paper, reason: Reason = "", as_json: Json = False) -> None:
    """Delete a paper for good: its texts, versions, index, and what receipts quote of it."""
    from api.cli.records import open_records_of
    from api.cli.views import changes as views
    from api.service import removal
    from api.wire import change_schemas as wire

    settings = settings_in_force()
    with terminal.Bar() as bar, open_records_of(settings) as records:
        done = removal.remove(settings, document, reason=reason, records=records, progress=bar)
    deleted = done.deleted
    removed = wire.Removed(
        document_id=deleted.document_id,
        versions=deleted.versions,
        receipts=done.receipts,
        backups=[
            wire.Backup(path=str(one.path), made_at=one.made_at, reason=one.reason) for one in deleted.backups
        ],
    )
    _print(removed, as_json, lambda: views.show_removed(terminal.out(), removed))


def withdraw(document: Paper, reason: Reason = "", as_json: Json = False) -> None:
    """Take a paper out of use; its texts stay, and `restore` brings it back."""
    reason = reason.strip() or "no reason given"
    _change(document, "withdrawn", lambda store, i: store.withdrawals.withdraw(i, reason=reason), as_json)


def restore(document: Paper, as_json: Json = False) -> None:
    """Bring a withdrawn paper back into use."""
    _change(document, "restored", lambda store, i: store.withdrawals.restore(i), as_json)


def edit(
    document: Paper,
    values: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="Correct a field; may be repeated."),
    ] = None,
    undo: Annotated[
        list[str] | None,
        typer.Option("--undo", metavar="FIELD", help="Take back what the paper states; may be repeated."),
    ] = None,
    reason: Reason = "",
    as_json: Json = False,
) -> None:
    """Correct title, number, issuer, dates or status of a paper. Corrections outlast new versions."""
    from corpus.errors import BadCorrection

    given = [_split(one) for one in values or ()]
    fields = [_field(one, "--undo") for one in undo or ()]
    if not given and not fields:
        raise wrong_call("nothing to correct is given. Add --set field=value or --undo field", "--set")
    if not reason.strip():
        raise wrong_call("a correction needs a reason", "--reason")

    def correct(store: Store, document_id: str) -> None:
        if given:
            store.corrections.correct(document_id, dict(given), reason=reason.strip())
        if fields:
            store.corrections.undo(document_id, fields, reason=reason.strip())

    try:
        _change(document, "corrected", correct, as_json)
    except BadCorrection as error:
        raise wrong_call(str(error), "--set" if given else "--undo") from error


def reread(
    documents: Annotated[
        list[str] | None, typer.Argument(metavar="DOC...", help="Ids of papers; all without any.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Parse the stored files again with this version of the program; corrections stay."""
    from api.cli.views import changes as views
    from api.wire import changes
    from corpus import rereading
    from rag.changes import change

    def action(store: Store) -> list[Ingested | rereading.NotReread]:
        withdrawn = [one.document_id for one in store.withdrawals.all()]
        ids = [store.resolve(one) for one in documents or ()] or sorted([*store.in_use(), *withdrawn])
        return list(rereading.reread(store, ids))

    settings = settings_in_force()
    with terminal.Bar() as bar:
        files, index = change(settings, action, progress=bar)
    report = changes.ingest_report(files, index, dry_run=False)
    _print(report, as_json, lambda: views.show_report(terminal.out(), report))
    if any(file.outcome == "refused" for file in report.files):
        raise typer.Exit(FAILED)


def versions(
    document: Paper,
    use: Annotated[
        int | None, typer.Option("--use", min=1, metavar="N", help="Put this version in use.")
    ] = None,
    reason: Reason = "",
    as_json: Json = False,
) -> None:
    """List the versions of a paper, what each changes, and what was done to it; or put one in use."""
    from api.cli.views import changes as views
    from api.wire import changes
    from corpus.errors import UnknownDocument
    from rag.stored_papers import open_store

    if use is not None:
        if not reason.strip():
            raise wrong_call("going to another version needs a reason", "--reason")
        _use(document, use, reason.strip())
    with open_store(settings_in_force()) as store:
        try:
            found = changes.versions_of(store, store.resolve(document))
        except UnknownDocument:
            removed = changes.kept_of_removed(store, document)
            if removed is None:
                raise
            found = removed
    _print(found, as_json, lambda: views.show_versions(terminal.out(), found))


def conflicts(
    document: Annotated[str, typer.Argument(metavar="DOC", help="Id of a paper in conflict.")] = "",
    other: Annotated[str, typer.Argument(metavar="OTHER", help="Id of the other paper.")] = "",
    keep_both: Annotated[
        bool, typer.Option("--keep-both", help="Decide that both papers are right.")
    ] = False,
    reason: Reason = "",
    as_json: Json = False,
) -> None:
    """List papers with one number and different texts, or decide that two of them are both right."""
    from api.cli.views import changes as views
    from api.wire import changes
    from rag.changes import change
    from rag.stored_papers import open_store

    if bool(document) != bool(other) or bool(other) != keep_both:
        raise wrong_call("name both papers and add --keep-both, or none of these to list conflicts", "DOC")
    if keep_both and not reason.strip():
        raise wrong_call("a decision needs a reason", "--reason")
    settings = settings_in_force()
    if keep_both:
        with terminal.Bar() as bar:
            change(
                settings,
                lambda store: store.conflicts.keep_both(
                    store.resolve(document), store.resolve(other), reason=reason.strip()
                ),
                progress=bar,
            )
    with open_store(settings) as store:
        found = changes.conflicts_in(store)
    _print(found, as_json, lambda: views.show_conflicts(terminal.out(), found))


def _use(document: str, version: int, reason: str) -> None:
    from rag.changes import change

    with terminal.Bar() as bar:
        change(
            settings_in_force(),
            lambda store: store.use_version(store.resolve(document), version, reason=reason),
            progress=bar,
        )


def _change(document: str, did: str, action: Callable[[Store, str], None], as_json: bool) -> None:
    """Changes the state of a paper, updates the index, and prints the state."""
    from api.cli.views import changes as views
    from api.wire import change_schemas as wire
    from api.wire import changes
    from rag.changes import change

    def done(store: Store) -> wire.Changed:
        document_id = store.resolve(document)
        action(store, document_id)
        return changes.changed(store, document_id)

    with terminal.Bar() as bar:
        changed, _ = change(settings_in_force(), done, progress=bar)
    _print(changed, as_json, lambda: views.show_changed(terminal.out(), did, changed))


def _split(given: str) -> tuple[HeadField, str]:
    name, sign, value = given.partition("=")
    if not sign:
        raise wrong_call(f"{given!r} is not FIELD=VALUE", "--set")
    return _field(name.strip(), "--set"), value.strip()


def _field(name: str, option: str) -> HeadField:
    from corpus.model import HeadField

    try:
        return HeadField(name)
    except ValueError:
        known = ", ".join(HeadField)
        raise wrong_call(f"no field is called {name!r}. Choose one of {known}", option) from None


def _print(model: BaseModel, as_json: bool, show: Callable[[], object]) -> None:
    if as_json:
        print(model.model_dump_json())
    else:
        show()
