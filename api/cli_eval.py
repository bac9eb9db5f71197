"""`zhengwen eval`: measure answers with test sets, compare two runs, and draft questions.

A first argument that is no subcommand means the run: `zhengwen eval my-set.jsonl`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from api import cli_eval_draft, terminal

_RUN = "run"


class _RunsByDefault(TyperGroup):
    """Puts `run` before arguments that name no subcommand.

    `ctx` is untyped, as it comes from typer's own copy of click or from click itself, by typer's version.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        asks_for_help = args[:1] and args[0] in ctx.help_option_names
        if not asks_for_help and (not args or args[0] not in self.commands):
            args = [_RUN, *args]
        return super().parse_args(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The subcommands, then the options of the run."""
        super().format_help(ctx, formatter)
        command = self.commands[_RUN]
        command.format_help(typer.Context(command, info_name=_RUN, parent=ctx), formatter)


app = typer.Typer(
    cls=_RunsByDefault,
    help="Measure answers with test sets. Without a command: run.",
    subcommand_metavar="[COMMAND] [ARGS]...",
)
app.command("draft")(cli_eval_draft.draft)
app.command("from-feedback")(cli_eval_draft.from_feedback)


@app.command(_RUN)
def run(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", help="Test sets, or folders of them; the program's own if none."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for report.json, report.md and failures.jsonl.")] = Path(
        "eval-out"
    ),
) -> None:
    """Ask the questions of test sets and measure the answers."""
    import evals
    from api.measuring import provenance
    from evals.report import as_text
    from evals.run import run_sets
    from rag.assemble import open_assistant
    from rag.settings import load_settings

    settings = load_settings()
    with terminal.Bar() as bar:
        assistant = open_assistant(settings, progress=bar)
    with terminal.Bar() as bar:
        report = run_sets(
            paths or [Path(evals.__path__[0]) / "sets"],
            assistant.ask,
            documents=assistant.documents(),
            provenance=provenance(settings, assistant.info()),
            out=out,
            progress=bar,
        )
    terminal.out().print(terminal.plain(as_text(report)))
    terminal.out().print(
        terminal.plain(f"What failed is in {out / 'failures.jsonl'}, all of it in {out / 'report.json'}.")
    )
