"""The command `zhengwen`.

The core is imported inside the commands: it takes a second, and `--help`, a misspelt option or `config`
should not wait for it.
"""

from __future__ import annotations

import gc
import sys
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Annotated

import typer
from typer.main import get_command

from api import terminal
from api.cli import changes, collection, installation, papers, records, staging, unmet
from api.cli.eval import commands as evaluate
from api.cli.facts import editing, listing, matching
from api.cli.maintenance.backup import backup
from api.cli.maintenance.export import export
from api.cli.maintenance.migrate import migrate
from api.cli.maintenance.verify import verify
from api.cli.mcp import mcp
from api.cli.options import FAILED, WRONG_CALL, Json, examples, settings_in_force, wrong_call
from corpus.errors import (
    GoneDocument,
    UnknownClause,
    UnknownConflict,
    UnknownDocument,
    WithdrawnDocument,
    ZhengwenError,
)

if TYPE_CHECKING:
    from api.settings import Settings
    from api.wire.question_schemas import AskRequest
    from rag.assistant import Assistant

app = typer.Typer(
    name="zhengwen",
    help="Answers questions about government policy papers in the words of the paper.",
    no_args_is_help=True,
    epilog="Exit status: 0 done, 1 an error, 2 a wrong call, 3 a question that was refused, 130 Ctrl-C.",
    pretty_exceptions_enable=False,
)

# Headings of the help, which shows them in the order in which their first commands are added below.
_ASKING = "Questions and answers"
_PAPERS = "Papers"
_SITES = "Sites and records"
_UPKEEP = "Upkeep"
_MEASURING = "Measuring"
_SETUP = "Set-up"

_REFUSED = 3  # the papers hold no answer: a script can distinguish it from an answer and from an error
# Command-line names of the fields of a request.
_OPTIONS = {"question": "QUESTION", "filters.documents": "--document"}

Documents = Annotated[
    list[str] | None, typer.Option("--document", "-d", help="Only from this paper; may be repeated.")
]
Regions = Annotated[
    list[str] | None, typer.Option("--region", "-r", help="Only from this region; may be repeated.")
]

AsOf = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        metavar="DAY",
        help="Answer with the papers in force on that day, such as 2023-05-01.",
    ),
]


def main() -> None:
    """The console script: a ZhengwenError is one line on stderr, and status 1 or 2."""
    terminal.use_utf8()
    sys.excepthook = _unforeseen
    collection.rarely()
    try:
        # Not `app()`, which would install a hook of its own in place of ours.
        get_command(app)(prog_name="zhengwen")
    except (ZhengwenError, OSError) as error:
        print(terminal.error_line(error), file=sys.stderr)
        sys.exit(_status(error))
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        gc.freeze()  # otherwise Python searches all objects for cycles again before it exits


def _status(error: Exception) -> int:
    """The exit status: naming a thing that does not exist is a wrong call."""
    from api.records.errors import UnknownReceipt, UnknownSite  # takes 0.1 s to import

    unknown = (UnknownDocument, UnknownClause, UnknownConflict, UnknownReceipt, UnknownSite)
    exists = (WithdrawnDocument, GoneDocument)
    return WRONG_CALL if isinstance(error, unknown) and not isinstance(error, exists) else FAILED


def _unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Reports a bug in one line; `--debug` shows the traceback."""
    cure = "This is a bug: please report it with the output of the same command after --debug"
    print(f"{terminal.error_line(error)} ({kind.__name__}). {cure}", file=sys.stderr)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # takes 0.05 s to import

        typer.echo(f"zhengwen {version('zhengwen')}")
        raise typer.Exit


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
    epilog=examples(
        'zhengwen ask "湖南对首次获批的创新药奖多少？"',
        'zhengwen ask "新药奖多少？" --region 湖南 --json',
        'zhengwen ask "新药奖多少？" --as-of 2023-05-01',
        "Exit status 3: the papers contain no answer, and the question was refused.",
    ),
)
def ask(
    question: Annotated[str, typer.Argument(help="A question in Chinese or English.", callback=_worded)],
    as_json: Json = False,
    document: Documents = None,
    region: Regions = None,
    as_of: AsOf = None,
) -> None:
    """Answer a question with quotes from the papers."""
    from api.errors import RequestFault

    request = _request(question, document or [], region or [], as_of)
    settings = settings_in_force()
    assistant = _assistant(settings)
    from api.cli.views import replies as views
    from api.service.answers import questions

    try:
        reply = questions.ask(request, assistant=assistant, longest=settings.server.max_question_chars)
    except RequestFault as error:
        if error.field not in _OPTIONS:
            raise  # nothing in the call is at fault
        raise wrong_call(str(error), _OPTIONS[error.field]) from error
    if as_json:
        print(reply.model_dump_json())
    else:
        views.show_reply(terminal.out(), reply)
    if reply.refusal is not None:
        raise typer.Exit(_REFUSED)


def _request(question: str, documents: list[str], regions: list[str], as_of: datetime | None) -> AskRequest:
    from pydantic import ValidationError

    from api.wire.question_schemas import AskRequest, Filters

    try:
        filters = Filters(documents=documents, regions=regions)
        return AskRequest(question=question, filters=filters, as_of=as_of.date() if as_of else None)
    except ValidationError as error:
        first = error.errors()[0]
        option = {"documents": "--document", "regions": "--region", "as_of": "--as-of"}[str(first["loc"][0])]
        raise wrong_call(first["msg"], option) from error


@app.command(
    rich_help_panel=_ASKING,
    epilog=examples("zhengwen serve", "zhengwen serve --host 0.0.0.0 --port 8080 --workers 4"),
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
    from api.cli.setup.first_start import announce
    from api.process import listening

    settings = settings_in_force()
    changed = {
        name: value
        for name, value in (("host", host), ("port", port), ("workers", workers))
        if value is not None
    }
    settings = settings.model_copy(update={"server": settings.server.model_copy(update=changed)})
    with listening.listen(settings.server.host, settings.server.port) as listener:
        announce(settings)
        from api.process import serving
        from api.web import log

        address = listening.address_of(listener)
        if settings.server.workers == 1:
            from api.process.worker import app_of  # after the address is known to be free

            with terminal.Bar() as bar:
                app_ = app_of(settings, progress=bar)
            print(f"zhengwen answers at {address}", file=sys.stderr)
            log.configure("info")
            collection.as_usual()
            serving.serve(app_, listener, settings)
        else:
            serving.prepare(settings)
            sockets = listening.sockets_for(listener, settings.server.workers)
            print(f"zhengwen answers at {address} with {settings.server.workers} processes", file=sys.stderr)
            log.configure("info")
            serving.serve_in_processes(sockets, settings)


app.command(
    rich_help_panel=_ASKING,
    epilog=examples(
        'zhengwen match "我们是长沙的一家药企，1类创新药上个月第一次拿到药品注册批件"',
        "zhengwen match --place 益阳 --type 企业 --product 仿制药 --event 通过一致性评价 --others",
    ),
)(matching.match)


app.command(rich_help_panel=_ASKING)(mcp)


app.command(
    rich_help_panel=_PAPERS,
    epilog=examples(
        "zhengwen ingest papers/ notice.html",
        "zhengwen ingest papers/ --dry-run",
        "zhengwen ingest papers/ --stage",
        "zhengwen ingest s3://bucket/papers --engine ray",
        "zhengwen ingest --rebuild",
    ),
)(papers.ingest)
app.command(rich_help_panel=_PAPERS)(papers.documents)
app.command(rich_help_panel=_PAPERS, epilog=examples("zhengwen show hunan", "zhengwen show hunan （四）"))(
    papers.show
)
app.command(
    rich_help_panel=_PAPERS,
    epilog=examples(
        "zhengwen facts --region 益阳 --kind money --min 500万",
        "zhengwen facts --document hunan --coverage",
        "zhengwen facts --as-of 2026-05-01 --csv facts.csv",
    ),
)(listing.facts)
app.command(
    rich_help_panel=_PAPERS,
    epilog=examples(
        'zhengwen edit-fact hunan （四）.money.1 --part beneficiaries --words 生产企业 --reason "too long"',
        'zhengwen edit-fact hunan （四）.money.1 --wrong --reason "an example"',
    ),
)(editing.edit_fact)
app.command(rich_help_panel=_PAPERS, epilog=examples("zhengwen versions hunan"))(changes.versions)
app.command(
    rich_help_panel=_PAPERS,
    epilog=examples('zhengwen withdraw hunan --reason "replaced by the printed text"'),
)(changes.withdraw)
app.command(rich_help_panel=_PAPERS, epilog=examples("zhengwen restore hunan"))(changes.restore)
app.command(
    rich_help_panel=_PAPERS,
    epilog=examples('zhengwen edit hunan --set date_issued=2026-03-01 --reason "misprint on the web page"'),
)(changes.edit)
app.command(rich_help_panel=_PAPERS, epilog=examples("zhengwen reread", "zhengwen reread hunan"))(
    changes.reread
)
app.command(
    rich_help_panel=_PAPERS,
    epilog=examples("zhengwen conflicts", 'zhengwen conflicts A B --keep-both --reason "two annexes"'),
)(changes.conflicts)
app.command(rich_help_panel=_PAPERS, epilog=examples("zhengwen remove hunan"))(changes.remove)
app.command(rich_help_panel=_PAPERS, epilog=examples("zhengwen release", "zhengwen release --discard"))(
    staging.release
)
app.command(
    rich_help_panel=_PAPERS,
    epilog=examples("zhengwen rollback", "zhengwen rollback --to 2026-03-01T08:00:00"),
)(staging.rollback)
app.add_typer(records.sites, name="site", rich_help_panel=_SITES)
app.command(rich_help_panel=_SITES)(records.replay)
app.command(
    rich_help_panel=_SITES, epilog=examples("zhengwen feedback --down --since 2026-01-01 > down.jsonl")
)(records.feedback)
app.command(
    rich_help_panel=_SITES,
    epilog=examples("zhengwen questions", "zhengwen questions --refused --since 2026-01-01 --csv wanted.csv"),
)(unmet.questions)
app.command(
    rich_help_panel=_SITES, epilog=examples("zhengwen purge --older-than 90", "zhengwen purge --texts")
)(records.purge)
app.command(rich_help_panel=_UPKEEP)(verify)
app.command(
    rich_help_panel=_UPKEEP, epilog=examples("zhengwen export out/", "zhengwen export out/ --in-force")
)(export)
app.add_typer(backup, name="backup", rich_help_panel=_UPKEEP)
app.command(rich_help_panel=_UPKEEP)(migrate)
app.add_typer(evaluate.app, name="eval", rich_help_panel=_MEASURING)
app.command(rich_help_panel=_SETUP)(installation.config)
app.command(rich_help_panel=_SETUP)(installation.doctor)


def _assistant(settings: Settings) -> Assistant:
    """Opens the assistant; the first time this creates model and index, with a bar on stderr."""
    from api.cli.setup.first_start import announce

    announce(settings)
    from rag.assemble import open_assistant

    with terminal.Bar() as bar:
        return open_assistant(settings, progress=bar)


if __name__ == "__main__":
    main()
