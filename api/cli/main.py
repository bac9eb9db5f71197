"""The command `zhengwen`.

The core is imported inside the commands: it takes a second, and `--help`, a misspelt option or `config`
should not wait for it.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated

import typer
from typer.main import get_command

from api import terminal
from api.cli import evaluate, records
from api.cli.mcp import mcp
from corpus.errors import ZhengwenError

if TYPE_CHECKING:
    from api.settings import Settings
    from api.wire.schemas import Filters
    from rag.assistant import Assistant

app = typer.Typer(
    name="zhengwen",
    help="Answers questions about government policy papers in the words of the paper.",
    no_args_is_help=True,
    epilog="Exit status: 0 done, 1 an error, 2 a wrong call, 3 a question that was refused, 130 Ctrl-C.",
    pretty_exceptions_enable=False,
)

# Headings of the help, in the order in which their first command is added.
_ASKING = "Questions and answers"
_PAPERS = "Papers"
_SITES = "Sites and records"
_MEASURING = "Measuring"
_SETUP = "Set-up"

# Python searches for unreachable cycles after this many new objects. With its default of 700, that takes a
# tenth of a short command, whose imports and tables are all reachable. A service keeps the default: it runs
# long enough for unreachable objects to take memory.
_OBJECTS_BETWEEN_COLLECTIONS = 50_000
_OF_A_SERVICE = gc.get_threshold()
_MOST_LISTED = 100_000  # papers printed by one call
_FAILED = 1  # exit status of a reported error; 2 is a wrong call, 130 an interrupt
_REFUSED = 3  # the papers hold no answer: a script can distinguish it from an answer and from an error
# Command-line names of the fields of a request.
_OPTIONS = {"question": "QUESTION", "filters.documents": "--document"}

Json = Annotated[bool, typer.Option("--json", help="Print the JSON of the HTTP API.")]
Documents = Annotated[
    list[str] | None, typer.Option("--document", "-d", help="Only from this paper; may be repeated.")
]
Regions = Annotated[
    list[str] | None, typer.Option("--region", "-r", help="Only from this region; may be repeated.")
]


def main() -> None:
    """The console script: a ZhengwenError is one line on stderr and status 1."""
    terminal.use_utf8()
    sys.excepthook = _unforeseen
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    try:
        # Not `app()`, which would install a hook of its own in place of ours.
        get_command(app)(prog_name="zhengwen")
    except (ZhengwenError, OSError) as error:
        print(terminal.error_line(error), file=sys.stderr)
        sys.exit(_FAILED)
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        gc.freeze()  # otherwise Python searches all objects for cycles again before it exits


def _unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Reports a bug in one line; `--debug` shows the traceback."""
    cure = "This is a bug: please report it with the output of the same command after --debug"
    print(f"{terminal.error_line(error)} ({kind.__name__}). {cure}", file=sys.stderr)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # takes 0.05 s to import

        typer.echo(f"zhengwen {version('zhengwen')}")
        raise typer.Exit


def _examples(*lines: str) -> str:
    """The end of a command's help, a line each."""
    return "\n\n".join(("Examples:", *lines))


def _worded(question: str) -> str:
    """The question. Rejects one without a word."""
    if not question.strip():
        raise typer.BadParameter("the question is empty")
    return question


@app.callback()
def root(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the traceback of an unexpected error.")
    ] = False,
    show_version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    if debug:
        sys.excepthook = sys.__excepthook__


@app.command(
    rich_help_panel=_ASKING,
    epilog=_examples(
        'zhengwen ask "湖南对首次获批的创新药奖多少？"',
        'zhengwen ask "新药奖多少？" --region 湖南 --json',
        "Exit status 3: the papers contain no answer, and the question was refused.",
    ),
)
def ask(
    question: Annotated[str, typer.Argument(help="A question in Chinese or English.", callback=_worded)],
    as_json: Json = False,
    document: Documents = None,
    region: Regions = None,
) -> None:
    """Answer a question with quotes from the papers."""
    from api.cli import views
    from api.errors import RequestFault
    from api.service import questions
    from api.wire.schemas import AskRequest

    request = AskRequest(question=question, filters=_filters(document or [], region or []))
    settings = _settings()
    assistant = _assistant(settings)
    try:
        reply = questions.ask(request, assistant=assistant, longest=settings.server.max_question_chars)
    except RequestFault as error:
        raise RequestFault(f"{_OPTIONS[error.field]}: {error}") from error
    if as_json:
        print(reply.model_dump_json())
    else:
        views.show_reply(terminal.out(), reply)
    if reply.refusal is not None:
        raise typer.Exit(_REFUSED)


def _filters(documents: list[str], regions: list[str]) -> Filters:
    from pydantic import ValidationError

    from api.wire.schemas import Filters

    try:
        return Filters(documents=documents, regions=regions)
    except ValidationError as error:
        first = error.errors()[0]
        option = {"documents": "--document", "regions": "--region"}[str(first["loc"][0])]
        raise typer.BadParameter(first["msg"], param_hint=option) from error


@app.command(
    rich_help_panel=_ASKING,
    epilog=_examples("zhengwen serve", "zhengwen serve --host 0.0.0.0 --port 8080 --workers 4"),
)
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on, instead of the setting.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on, instead of the setting.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=64, help="Processes that answer, instead of the setting.")
    ] = None,
) -> None:
    """Answer over HTTP until stopped."""
    from api.cli.first_start import announce
    from api.process import serving
    from api.web import log

    settings = _settings()
    changed = {
        name: value
        for name, value in (("host", host), ("port", port), ("workers", workers))
        if value is not None
    }
    settings = settings.model_copy(update={"server": settings.server.model_copy(update=changed)})
    listener = serving.listen(settings.server.host, settings.server.port)
    announce(settings)
    with listener:
        address = serving.address_of(listener)
        if settings.server.workers == 1:
            from api.process.worker import app_of  # after the address is known to be free

            with terminal.Bar() as bar:
                app_ = app_of(settings, progress=bar)
            print(f"zhengwen answers at {address}", file=sys.stderr)
            log.configure("info")
            gc.set_threshold(*_OF_A_SERVICE)
            serving.serve(app_, listener, settings)
        else:
            serving.prepare(settings)
            sockets = serving.sockets_for(listener, settings.server.workers)
            print(f"zhengwen answers at {address} with {settings.server.workers} processes", file=sys.stderr)
            log.configure("info")
            serving.serve_in_processes(sockets, settings)


app.command(rich_help_panel=_ASKING)(mcp)


@app.command(
    rich_help_panel=_PAPERS,
    epilog=_examples("zhengwen ingest papers/ notice.html", "zhengwen ingest --rebuild"),
)
def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH...", help="Files, or folders of files.")
    ] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Rebuild the whole index from the stored papers.")
    ] = False,
) -> None:
    """Read papers into the store and bring the index up to date."""
    from api.errors import NothingToDo
    from corpus.files import none_readable

    if not paths and not rebuild:
        raise NothingToDo("no papers are given. Name files or folders, or add --rebuild")
    # A wrong path is reported before the store and the model are opened, which takes seconds.
    if not rebuild and (errors := none_readable(paths or [])):
        for error in errors:
            terminal.out().print(terminal.plain(" ".join(f"failed     {error}".split("\n")), "red"))
        raise typer.Exit(_FAILED)
    from api.cli import views
    from api.cli.first_start import announce
    from rag import assemble

    settings = _settings()
    announce(settings)
    with terminal.Bar() as bar:
        report = assemble.ingest(settings, paths or [], rebuild=rebuild, progress=bar)
    if views.show_ingested(terminal.out(), report):
        raise typer.Exit(_FAILED)


@app.command(rich_help_panel=_PAPERS)
def documents(
    as_json: Json = False,
    limit: Annotated[int, typer.Option(min=1, max=_MOST_LISTED, help="Most papers to list.")] = 100,
    after: Annotated[str, typer.Option(metavar="ID", help="List the papers that follow this id.")] = "",
) -> None:
    """List the papers that questions are answered from, by id."""
    from api.cli import views
    from api.wire import papers
    from rag.stored_papers import open_catalogue

    listed = papers.listed(open_catalogue(_settings()), after=after, limit=limit)
    if as_json:
        print(listed.model_dump_json())
        return
    views.show_documents(terminal.out(), listed.documents)
    if listed.next is not None:
        rest = f"{listed.total} papers in all. For the next ones: zhengwen documents --after {listed.next}"
        terminal.err().print(terminal.plain(rest))


@app.command(rich_help_panel=_PAPERS, epilog=_examples("zhengwen show hunan", "zhengwen show hunan （四）"))
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

    catalogue = open_catalogue(_settings())
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


app.add_typer(records.sites, name="site", rich_help_panel=_SITES)
app.command(rich_help_panel=_SITES)(records.replay)
app.command(
    rich_help_panel=_SITES, epilog=_examples("zhengwen feedback --down --since 2026-01-01 > down.jsonl")
)(records.feedback)
app.command(
    rich_help_panel=_SITES, epilog=_examples("zhengwen purge --older-than 90", "zhengwen purge --texts")
)(records.purge)
app.add_typer(evaluate.app, name="eval", rich_help_panel=_MEASURING)


@app.command(rich_help_panel=_SETUP)
def config() -> None:
    """Print the settings in force, secrets masked; when one of them is wrong, the defaults."""
    from api.cli.configuration import defaults, rows
    from rag.errors import SettingsFault

    fault = None
    try:
        listed = rows(_settings())
    except SettingsFault as error:
        listed, fault = defaults(), error
    console = terminal.out()
    for row in listed:
        console.print(terminal.plain(f"{row.variable}={row.value}"), end="")
        remark = row.description + ("" if row.is_default else " (set)")
        console.print(terminal.plain(f"  # {remark}", "dim"))
    if fault is not None:
        raise fault


@app.command(rich_help_panel=_SETUP)
def doctor() -> None:
    """Check the installation, and say what to do about each problem."""
    from api.cli.doctor import checks

    console = terminal.out()
    failed = False
    for check in checks(_settings()):
        mark = terminal.plain("ok      ", "green") if check.ok else terminal.plain("problem ", "red")
        console.print(mark + terminal.plain(f"{check.name}: {check.found}"))
        failed |= not check.ok
    if failed:
        raise typer.Exit(_FAILED)


def _settings() -> Settings:
    from api.settings import load_settings

    return load_settings()


def _assistant(settings: Settings) -> Assistant:
    """Opens the assistant; the first time this creates model and index, with a bar on stderr."""
    from api.cli.first_start import announce

    announce(settings)
    from rag.assemble import open_assistant

    with terminal.Bar() as bar:
        return open_assistant(settings, progress=bar)
