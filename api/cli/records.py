"""Commands on the service's records: `zhengwen site`, `replay`, `feedback`, `purge`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api import terminal
from api.cli.options import settings_in_force, wrong_call
from api.errors import NothingToDo

if TYPE_CHECKING:
    from api.records import Records
    from api.records.receipts import Receipt
    from api.service.receipts.replay import Replayed
    from api.settings import Settings
    from api.wire.question_schemas import Turn

_CHANGED = 1  # exit status of a replay that gave another reply

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

# Command-line names of the fields of a site.
_OPTIONS = {
    "name": "NAME",
    "origins": "--origin",
    "title": "--title",
    "welcome": "--welcome",
    "handoff": "--handoff",
    "suggestions": "--suggest",
}

sites = typer.Typer(help="Sites whose pages may embed the chat.", no_args_is_help=True)


@sites.command()
def add(
    name: Annotated[str, typer.Argument(help="Name of the site.")],
    origin: Annotated[
        list[str],
        typer.Option("--origin", help="Origin of its pages, such as https://www.hunan.gov.cn; repeatable."),
    ],
    title: Annotated[str, typer.Option(help="Title of the chat there.")] = "",
    welcome: Annotated[str, typer.Option(help="First message of the chat.")] = "",
    handoff: Annotated[str, typer.Option(help="Contact to name when there is no answer.")] = "",
    suggest: Annotated[
        list[str] | None, typer.Option("--suggest", help="A suggested first question; up to four.")
    ] = None,
    allow_http: Annotated[
        bool, typer.Option("--allow-http", help="Accept http:// outside private networks too.")
    ] = False,
) -> None:
    """Allow the pages of a site to embed the chat, and print the HTML for them."""
    from api.records.errors import SiteFault

    settings = settings_in_force()
    with open_records_of(settings) as records:
        try:
            site = records.sites.add(
                name,
                origins=origin,
                title=title,
                welcome=welcome,
                handoff=handoff,
                suggestions=suggest or (),
                allow_http=allow_http,
            )
        except SiteFault as error:
            raise wrong_call(str(error), _OPTIONS[error.field]) from error
    base = settings.server.public_url.rstrip("/") or f"http://{settings.server.host}:{settings.server.port}"
    print(site.key)
    print(f'<script type="module" src="{base}/widget.js" data-site="{site.key}"></script>')
    if not settings.server.public_url:
        terminal.err().print(
            terminal.plain("Put the address of this service in place of the one in `src`"), style="dim"
        )


@sites.command("list")
def list_sites(as_json: Json = False) -> None:
    """List the sites with their keys and origins."""
    from dataclasses import asdict

    from api.wire.record_schemas import SiteDetail, SiteList

    with open_records_of(settings_in_force()) as records:
        found = records.sites.list()
    if as_json:
        print(SiteList(sites=[SiteDetail.model_validate(asdict(site)) for site in found]).model_dump_json())
        return
    for site in found:
        terminal.out().print(terminal.plain(f"{site.key}  {site.name}  {' '.join(site.origins)}"))


@sites.command()
def remove(key: Annotated[str, typer.Argument(help="Key of a site.")]) -> None:
    """Remove a site. Its visitors are rejected within a second."""
    with open_records_of(settings_in_force()) as records:
        site = records.sites.remove(key)
    terminal.out().print(terminal.plain(f"removed {site.key}  {site.name}  {' '.join(site.origins)}"))


def replay(
    receipt_id: Annotated[str, typer.Argument(metavar="ID", help="`id` of a reply.")],
    as_json: Json = False,
    question: Annotated[
        str | None, typer.Option(help="The question, where the receipt keeps no texts.")
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.json",
            help="Earlier messages: `history` of the API, or `messages` that a chat client sent.",
        ),
    ] = None,
) -> None:
    """Ask a question again, and report whether the reply is the same, or what changed and why."""
    from api.cli.histories import read_histories
    from api.cli.views.replay import report_of, show_replay
    from api.service.receipts.replay import texts_of

    settings = settings_in_force()
    with open_records_of(settings) as records:
        receipt = records.receipts.get(receipt_id)
        asked, said = texts_of(
            receipt,
            records.receipts,
            question=question,
            histories=read_histories(history, channel=receipt.channel) if history else (),
        )
    replayed = _asked_again(settings, receipt, question=asked, history=said)
    if as_json:
        print(report_of(receipt, replayed).model_dump_json())
    else:
        show_replay(terminal.out(), receipt, replayed)
    if not replayed.is_same:
        raise typer.Exit(_CHANGED)


def _asked_again(settings: Settings, receipt: Receipt, *, question: str, history: Sequence[Turn]) -> Replayed:
    from datetime import date

    from api.service.receipts.replay import replay_receipt
    from rag.assemble import Opener
    from rag.stored_papers import open_store

    with open_store(settings) as store:
        papers = {document_id: store.versions(document_id) for document_id in store.in_use()}
    with terminal.Bar() as bar:
        opener = Opener(settings, progress=bar)
        return replay_receipt(
            receipt,
            question=question,
            history=history,
            open_on=lambda day: opener.open(today=day, progress=bar),
            settings=settings,
            papers=papers,
            today=date.today(),
        )


def feedback(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only feedback from that day on.")
    ] = None,
    down: Annotated[bool, typer.Option("--down", help="Only thumbs down.")] = False,
) -> None:
    """Print the feedback on answers, for `zhengwen eval from-feedback`."""
    from api.records.export import record_of

    left_out = 0
    with open_records_of(settings_in_force()) as records:
        given = records.feedback.all(
            since=since.astimezone() if since else None, thumb="down" if down else None
        )
        for one in given:
            record = record_of(one)
            if record is None:
                left_out += 1
            else:
                print(record.model_dump_json(exclude_none=True))
    if left_out:
        terminal.err().print(
            terminal.plain(f"{left_out} left out: their questions are empty, too long, or not kept")
        )


def purge(
    older_than: Annotated[
        int | None, typer.Option(metavar="DAYS", min=0, help="Days to keep, instead of the setting.")
    ] = None,
    texts: Annotated[
        bool, typer.Option("--texts", help="Delete all texts that people wrote, of any age.")
    ] = False,
) -> None:
    """Delete conversations, receipts and feedback older than the retention time.

    A running service does this every hour. --texts is for after ZHENGWEN_SERVICE__KEEP_TEXTS was
    set to false: conversations go, receipts and feedback lose their texts.
    """
    from datetime import UTC, timedelta

    settings = settings_in_force()
    if texts:
        with open_records_of(settings) as records:
            gone = records.forget_texts()
        print(
            f"removed {gone.conversations} conversations, and the texts of {gone.receipts} other receipts "
            f"and {gone.feedback} feedback"
        )
        return
    days = settings.service.retention_days if older_than is None else older_than
    if older_than is None and not days:
        raise NothingToDo(
            "ZHENGWEN_SERVICE__RETENTION_DAYS is 0, which keeps everything. Name --older-than DAYS"
        )
    with open_records_of(settings) as records:
        gone = records.purge(older_than=datetime.now(UTC) - timedelta(days=days))
    print(f"removed {gone.receipts} receipts, {gone.feedback} feedback, {gone.conversations} conversations")


def open_records_of(settings: Settings) -> Records:
    """Opens the records that the settings name."""
    from api.records import open_records

    return open_records(
        settings.service_url, lock_dir=settings.data_dir, keep_texts=settings.service.keep_texts
    )
