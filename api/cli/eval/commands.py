"""`zhengwen eval`: measures answers with test sets, compares two runs, and drafts questions.

A first argument that is not a subcommand means `run`: `zhengwen eval my-set.jsonl`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from api import terminal
from api.cli.eval import draft, facts
from api.cli.eval.output import REPORT_FOLDER, Against, Out, WriteBaseline, folder_for_report, tell
from api.cli.options import Lang, ReportIn, wrong_call

if TYPE_CHECKING:
    from evals.report.wording import ReportLanguage

_RUN = "run"


class _RunsByDefault(TyperGroup):
    """Inserts `run` before arguments that name no subcommand.

    `ctx` is untyped: depending on typer's version it is from typer's own copy of click or from click itself.
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
app.command("draft")(draft.draft)
app.command("from-feedback")(draft.from_feedback)
app.command("facts")(facts.facts)


@app.command(_RUN)
def run(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH...",
            help="Test sets, folders of them, or folders of public sets; the program's own if none.",
        ),
    ] = None,
    split: Annotated[str, typer.Option(help="Only questions of this split, such as dev.")] = "",
    out: Out = REPORT_FOLDER,
    url: Annotated[
        str, typer.Option(metavar="URL", help="Ask a running server, such as http://127.0.0.1:8000.")
    ] = "",
    baseline: Against = None,
    write_baseline: WriteBaseline = None,
    sample: Annotated[
        int, typer.Option(min=0, help="Most questions of each file of a public set; 0 takes all.")
    ] = 0,
    staged: Annotated[
        bool, typer.Option("--staged", help="Compare the staged papers with those in use.")
    ] = False,
    lang: Lang = ReportIn.CHINESE,
) -> None:
    """Ask the questions of test sets and measure the answers."""
    import evals
    from evals.report.wording import ReportLanguage

    sets, public = _sorted(paths or [Path(evals.__path__[0]) / "sets"])
    of_own = {"--url": url, "--baseline": baseline, "--write-baseline": write_baseline}
    given = [option for option, value in of_own.items() if value]
    _check_together(public, of_own=given, sample=sample, staged=staged)
    if staged:
        _compare_staged(sets, split=split, out=out, lang=lang)
        return
    if public:
        from api.cli.eval.public import run as run_public

        run_public(public, split=split, sample=sample, out=out)
    if sets:
        _measure_own(
            sets,
            split=split,
            out=out,
            url=url,
            baseline=baseline,
            write_baseline=write_baseline,
            language=ReportLanguage(lang),
        )


def _check_together(public: list[Path], *, of_own: list[str], sample: int, staged: bool) -> None:
    """Rejects options that contradict each other; `of_own` are those given that public sets do not have."""
    if sample and not public:
        raise wrong_call("it is for public sets, which have a corpus.jsonl. Leave it out", "--sample")
    if public and of_own:
        raise wrong_call(
            f"{str(public[0])!r} has its own papers, which no server and no baseline contains. "
            "Leave out the option, or the folder",
            of_own[0],
        )
    if staged and (public or of_own or sample):
        raise wrong_call(
            "it compares the papers of this machine on test sets, without other options", "--staged"
        )


def _compare_staged(sets: list[Path], *, split: str, out: Path, lang: ReportIn) -> None:
    from api.cli.eval.staged import measure_both
    from evals.report.wording import ReportLanguage

    before, after = measure_both(sets, split=split, out=out, language=ReportLanguage(lang))
    compare(before, after, out=out / "comparison.md", lang=lang)


def _measure_own(
    sets: list[Path],
    *,
    split: str,
    out: Path,
    url: str,
    baseline: Path | None,
    write_baseline: Path | None,
    language: ReportLanguage,
) -> None:
    """Measures, writes the report, and compares it with the baseline."""
    from api.cli.eval.run import measure
    from evals.compare import baseline as gate
    from evals.report import writer as forms
    from evals.report.wording import wording_in

    # A wrong file, or a folder that cannot be created, is reported before the questions are asked.
    known = gate.read_baseline(baseline) if baseline is not None else None
    console, words = terminal.out(), wording_in(language)
    verdict = None
    with folder_for_report(out):
        report, papers = measure(sets, split=split, url=url)
        console.print(terminal.plain(forms.as_text(report, language=language)))
        try:
            verdict = gate.judge(report, known, place=str(baseline)) if known is not None else None
        finally:  # a baseline of other questions must not discard the measurements
            forms.write(report, out, papers=papers, verdict=verdict, language=language)
            console.print(
                terminal.plain("\n" + words("failures_are", {"file": out / forms.FAILURES, "folder": out}))
            )
    if write_baseline is not None:
        gate.write_baseline(gate.baseline_of(report), write_baseline)
        console.print(terminal.plain(words("baseline_is", {"file": write_baseline})))
    if verdict is not None:
        tell(verdict, words)


def _sorted(paths: list[Path]) -> tuple[list[Path], list[Path]]:
    """Test sets on the papers that are served, and public sets, which bring their own."""
    from evals.public.files import is_public_set

    public = [path for path in paths if is_public_set(path)]
    return [path for path in paths if path not in public], public


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(metavar="A", help="Report before: its folder, or its report.json.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="Report after.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.md", help="Also write the comparison as Markdown.")
    ] = None,
    lang: Lang = ReportIn.CHINESE,
) -> None:
    """Compare two runs question by question: differences, tests, what was won and lost."""
    from evals.compare import paired as comparing
    from evals.compare.saved import read_run
    from evals.report import markdown, tables
    from evals.report.wording import ReportLanguage, wording_in

    language = ReportLanguage(lang)
    found, words = comparing.compare(read_run(a), read_run(b)), wording_in(language)
    console = terminal.out()
    for note in found.notes:
        console.print(terminal.plain(words.note(note), "yellow"))
    console.print(terminal.plain(words("asked_in_both", {"count": found.questions}) + "\n"))
    console.print(terminal.plain(tables.text(markdown.compared(found, words))))
    for title, turned in (("lost_by", found.lost), ("won_by", found.won)):
        if turned:
            console.print(terminal.plain("\n" + words(title, {"count": len(turned)}), "bold"))
        for one in turned:
            line = f"{one.question.id}  {one.question.question}  ({words.measures(one.failed)})"
            console.print(terminal.plain(line))
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(
            markdown.comparison_as_markdown(found, a=str(a), b=str(b), language=language), encoding="utf-8"
        )
