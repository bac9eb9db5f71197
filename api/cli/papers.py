"""Commands on papers: `zhengwen ingest`, `documents`, `show`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api import terminal
from api.cli.options import FAILED, Json, settings_in_force, wrong_call

_MOST_LISTED = 100_000  # papers printed by one call


def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH...", help="Files, or folders of files.")
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Rebuild the whole index from the stored papers.")
    ] = False,
) -> None:
    """Read papers into the store and bring the index up to date."""
    from corpus.files import none_readable

    if not paths and not rebuild:
        raise wrong_call("no papers are given. Name files or folders, or add --rebuild", "PATH...")
    # A wrong path is reported before the store and the model are opened, which takes seconds.
    if not rebuild and (errors := none_readable(paths or [])):
        for error in errors:
            terminal.out().print(terminal.plain(" ".join(f"failed     {error}".split("\n")), "red"))
        raise typer.Exit(FAILED)
    from api.cli.setup.first_start import announce

    settings = settings_in_force()
    announce(settings)
    from api.cli import views
    from rag import assemble

    with terminal.Bar() as bar:
        report = assemble.ingest(settings, paths or [], rebuild=rebuild, progress=bar)
    if views.show_ingested(terminal.out(), report):
        raise typer.Exit(FAILED)


def documents(
    as_json: Json = False,
    limit: Annotated[int, typer.Option(min=1, max=_MOST_LISTED, help="Most papers to list.")] = 100,
    after: Annotated[str, typer.Option(metavar="ID", help="List the papers that follow this id.")] = "",
) -> None:
    """List the papers that questions are answered from, by id."""
    from api.cli import views
    from api.wire import papers
    from rag.stored_papers import open_catalogue

    listed = papers.listed(open_catalogue(settings_in_force()), after=after, limit=limit)
    if as_json:
        print(listed.model_dump_json())
        return
    views.show_documents(terminal.out(), listed.documents)
    if listed.next is not None:
        rest = f"{listed.total} papers in all. For the next ones: zhengwen documents --after {listed.next}"
        terminal.err().print(terminal.plain(rest))


def show(
    document: Annotated[str, typer.Argument(metavar="DOC", help="Id of a paper.")],
    clause: Annotated[
        str | None, typer.Argument(help="Id or label of a clause; without it, the clause tree.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a paper's clause tree, or the text of a clause."""
    from api.cli import views
    from api.wire import papers
    from rag.stored_papers import open_catalogue

    catalogue = open_catalogue(settings_in_force())
    paper, status = catalogue.document(document), catalogue.status(document)
    if clause is None:
        if as_json:
            print(papers.detail(paper, status).model_dump_json())
        else:
            views.show_document(terminal.out(), paper, status)
        return
    found = papers.clause_named(paper, clause)
    if as_json:
        print(papers.clause_detail(paper, found).model_dump_json())
    else:
        views.show_clause(terminal.out(), paper, found)
