"""`zhengwen questions`: what people asked and did not get, by matter."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api import terminal
from api.cli.options import Lang, ReportIn, settings_in_force
from api.cli.records import open_records_of

if TYPE_CHECKING:
    from api.records.unmet import Unmet
    from api.service.receipts.unmet import Group
    from api.settings import Settings

_SHOWN = 30  # groups on the screen


def questions(
    refused: Annotated[bool, typer.Option("--refused", help="Questions that were refused.")] = False,
    partial: Annotated[bool, typer.Option("--partial", help="Questions answered in part.")] = False,
    unsure: Annotated[
        bool, typer.Option("--unsure", help="Questions answered with a confidence below 0.5.")
    ] = False,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only questions from that day on.")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Also write all groups for a spreadsheet.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="Most groups to show; 0 shows all.")] = _SHOWN,
    lang: Lang = ReportIn.CHINESE,
) -> None:
    """Show what people asked and did not get, grouped by matter: what papers to publish next.

    Without --refused, --partial and --unsure all three. Names and contact data are masked.
    """
    from api.cli.views import unmet as views
    from api.records.unmet import Lack
    from corpus.notation.text_table import TextTable

    settings = settings_in_force()
    chosen = {Lack.REFUSED: refused, Lack.PARTIAL: partial, Lack.UNSURE: unsure}
    lacks = [lack for lack, wanted in chosen.items() if wanted] or list(Lack)
    with open_records_of(settings) as records:
        found = list(records.unmet.all(lacks=lacks, since=since.astimezone() if since else None))
    groups = _grouped(settings, found)
    words = views.Words(TextTable.read("api", "questions.tsv").in_language(lang.value))
    views.show_groups(terminal.out(), groups, words, limit=limit)
    if csv is not None:
        csv.write_text(views.groups_as_csv(groups, words), encoding="utf-8", newline="")
        written = words("written", {"count": len(groups), "file": csv})
        terminal.err().print(terminal.plain(written))


def _grouped(settings: Settings, found: list[Unmet]) -> list[Group]:
    """Groups the questions; opens the model only where there are texts to compare."""
    from api.service.receipts.unmet import grouped
    from rag.assemble import open_embedder

    if not any(one.texts_kept for one in found):
        return grouped(found, embed=None)
    with terminal.Bar() as bar:
        model = open_embedder(settings, progress=bar)
    with terminal.Bar() as bar:
        return grouped(found, embed=model.embed_query, progress=bar)
