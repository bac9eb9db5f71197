"""Commands on papers: `zhengwen ingest`, `documents`, `show`."""

from __future__ import annotations

import os
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api import terminal
from api.cli.options import FAILED, WRONG_CALL, Json, settings_in_force, wrong_call

if TYPE_CHECKING:
    from api.settings import Settings
    from api.wire.change_schemas import IngestReport
    from corpus.model import Document, Status
    from corpus.report import Effect
    from rag import assemble
    from rag.errors import NotIndexed

_MOST_LISTED = 100_000  # papers printed by one call


class Engine(StrEnum):
    """Those of `rag.bulk.model.Engine`, which takes long to import."""

    AUTO = "auto"
    ONE = "one"
    POOL = "pool"
    RAY = "ray"


def ingest(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH...", help="Files, folders of files, or s3://BUCKET/PREFIX."),
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Rebuild the whole index from the stored papers.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would happen, and store nothing.")
    ] = False,
    stage: Annotated[
        bool, typer.Option("--stage", help="Keep them out of answers until `zhengwen release`.")
    ] = False,
    engine: Annotated[
        Engine | None,
        typer.Option(help="Read with several processes (pool), with Ray, or as many files need (auto)."),
    ] = None,
    workers: Annotated[
        int, typer.Option(min=0, max=10_000, help="Processes that read; 0 for one per processor.")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Read papers into the store and bring the index up to date."""
    in_bulk = engine is not None or any(one.startswith("s3://") for one in paths or ())
    _check_together(paths or [], in_bulk=in_bulk, rebuild=rebuild, dry_run=dry_run, stage=stage)
    from api.cli.views import changes as views

    given = [Path(one) for one in paths or ()]
    absent = not in_bulk and any(not os.path.lexists(path) for path in given)
    error = None
    if in_bulk:
        report, error = _ingested_in_bulk(paths or [], engine=engine or Engine.AUTO, workers=workers)
    elif stage:
        report = _staged(given)
    elif dry_run:
        report = _rehearsed(given)
    else:
        report, error = _ingested(given, rebuild=rebuild)
    if as_json:
        print(report.model_dump_json())
    else:
        views.show_report(terminal.out(), report)
    if error is not None:
        raise error
    if any(file.outcome == "refused" for file in report.files):
        raise typer.Exit(WRONG_CALL if absent else FAILED)


def _check_together(paths: list[str], *, in_bulk: bool, rebuild: bool, dry_run: bool, stage: bool) -> None:
    """Rejects options that contradict each other."""
    if in_bulk and (dry_run or stage or rebuild or not paths):
        raise wrong_call("name papers, and leave out --dry-run, --stage and --rebuild", "--engine")
    if stage and (dry_run or rebuild or not paths):
        raise wrong_call("name papers, and leave out --dry-run and --rebuild", "--stage")
    if not paths and not rebuild:
        raise wrong_call("no papers are given. Name files or folders, or add --rebuild", "PATH...")
    if dry_run and rebuild:
        raise wrong_call(
            "--dry-run stores nothing, so nothing can be rebuilt. Leave one of them out", "--dry-run"
        )


def _ingested(paths: list[Path], *, rebuild: bool) -> tuple[IngestReport, NotIndexed | None]:
    from api.cli.setup.first_start import announce
    from rag import assemble

    settings = settings_in_force()
    with terminal.Bar() as bar:
        report = assemble.ingest(
            settings, paths, rebuild=rebuild, progress=bar, before_index=lambda: announce(settings)
        )
    return _completed(settings, report)


def _ingested_in_bulk(
    places: list[str], *, engine: Engine, workers: int
) -> tuple[IngestReport, NotIndexed | None]:
    from api.cli.setup.first_start import announce
    from rag.bulk.ingest import bulk_ingest
    from rag.bulk.model import Engine as BulkEngine

    settings = settings_in_force()
    with terminal.Bar() as bar:
        report = bulk_ingest(
            settings,
            places,
            engine=BulkEngine(engine.value),
            workers=workers,
            progress=bar,
            before_index=lambda: announce(settings),
        )
    return _completed(settings, report)


def _completed(settings: Settings, report: assemble.IngestReport) -> tuple[IngestReport, NotIndexed | None]:
    """The report on the wire, after what an interrupted removal has left to do."""
    from api.wire import changes
    from rag.stored_papers import removal_is_unfinished

    # A removal that was interrupted, or that another program kept from emptying a log.
    if report.index is not None and removal_is_unfinished(settings):
        # The records take half a second to import.
        from api.cli.records import open_records_of
        from api.service import removal

        with open_records_of(settings) as records:
            removal.complete(settings, records=records)
    return changes.ingest_report(report.files, report.index, dry_run=False), report.error


def _staged(paths: list[Path]) -> IngestReport:
    from api.cli.setup.first_start import announce
    from api.wire import changes
    from rag import staging

    settings = settings_in_force()
    with terminal.Bar() as bar:
        report = staging.stage(settings, paths, progress=bar, before_index=lambda: announce(settings))
    return changes.ingest_report(report.files, report.index, dry_run=False)


def _rehearsed(paths: list[Path]) -> IngestReport:
    from api.wire import changes
    from rag.changes import rehearse_ingest

    with terminal.Bar() as bar:
        files = rehearse_ingest(settings_in_force(), paths, progress=bar)
    return changes.ingest_report(files, None, dry_run=True)


def documents(
    as_json: Json = False,
    limit: Annotated[int, typer.Option(min=1, max=_MOST_LISTED, help="Most papers to list.")] = 100,
    after: Annotated[str, typer.Option(metavar="ID", help="List the papers that follow this id.")] = "",
) -> None:
    """List the papers that questions are answered from, by id."""
    from api.cli.views import replies as views
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
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="An earlier version, or one of a withdrawn paper.")
    ] = None,
    relations: Annotated[
        bool,
        typer.Option(
            "--relations", help="Show what the paper rests on, repeals and cites, and what refers to it."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Show a paper's clause tree, the text of a clause, or the papers it is related to."""
    from api.cli.views import replies as views
    from api.wire import papers

    if relations:
        _show_relations(document, as_json=as_json)
        return
    paper, status, today, effects = _paper(document, version)
    if clause is None:
        if as_json:
            print(papers.detail(paper, status, today=today).model_dump_json())
        else:
            views.show_document(terminal.out(), paper, status, effects)
        return
    found = papers.clause_named(paper, clause)
    if as_json:
        print(papers.clause_detail(paper, found).model_dump_json())
    else:
        views.show_clause(terminal.out(), paper, found)


def _show_relations(name: str, *, as_json: bool) -> None:
    from api.cli.views import replies as views
    from api.wire import papers
    from corpus.catalogue.relations import relations_of
    from rag.stored_papers import open_catalogue

    found = papers.relations(relations_of(name, open_catalogue(settings_in_force())))
    if as_json:
        print(found.model_dump_json())
    else:
        views.show_relations(terminal.out(), found)


def _paper(name: str, version: int | None) -> tuple[Document, Status, date, list[Effect]]:
    """The paper in use with its status today and what others do to it, or a version as it states itself."""
    from corpus.effects import effects_on
    from corpus.errors import UnknownDocument
    from rag.stored_papers import open_catalogue, open_store

    if version is None:
        catalogue = open_catalogue(settings_in_force())
        if name in catalogue:
            own = catalogue.head(name).id
            return (
                catalogue.document(name),
                catalogue.status(name),
                catalogue.today,
                effects_on(own, catalogue),
            )
        with open_store(settings_in_force()) as store:
            store.document(store.resolve(name))  # raises WithdrawnDocument for a withdrawn paper
        raise UnknownDocument(name)
    with open_store(settings_in_force()) as store:
        paper = store.document(store.resolve(name), version=version, also_withdrawn=True)
    return paper, paper.head.status, date.today(), []
