"""`zhengwen eval facts`: measures support facts, matching and tables on labelled papers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api import terminal
from api.cli.eval.output import REPORT_FOLDER, Against, Out, WriteBaseline, folder_for_report, tell
from api.cli.options import Lang, ReportIn

if TYPE_CHECKING:
    from corpus.model import Document
    from evals.compare.baseline import Baseline
    from evals.facts.model import FactReport
    from evals.measures.summary import Figure


def facts(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="FOLDER", help="Folder of labelled papers; the program's own if none."),
    ] = None,
    out: Out = REPORT_FOLDER,
    list_test: Annotated[
        bool, typer.Option("--list-test", help="Also list what is wrong in the test half.")
    ] = False,
    facts_only: Annotated[
        bool, typer.Option("--facts-only", help="Measure extraction alone, without opening the model.")
    ] = False,
    baseline: Against = None,
    write_baseline: WriteBaseline = None,
    lang: Lang = ReportIn.CHINESE,
) -> None:
    """Measure support facts, what applies to enterprises, and tables, on labelled papers."""
    import evals
    from evals.compare import baseline as gate
    from evals.facts import report as forms
    from evals.facts.figures import figures
    from evals.report.wording import ReportLanguage, wording_in

    language = ReportLanguage(lang)
    console, words = terminal.out(), wording_in(language)
    known = gate.read_baseline(baseline) if baseline is not None else None
    with folder_for_report(out):
        report = _measured(folder or Path(evals.__path__[0]) / "fact_sets", facts_only=facts_only)
        console.print(terminal.plain(forms.as_text(report, language=language)))
        forms.write(report, out, language=language, with_test=list_test)
        console.print(
            terminal.plain("\n" + words("facts_failures_are", {"file": out / forms.FAILURES, "folder": out}))
        )
    measured = figures(report.scores)
    if write_baseline is not None:
        gate.write_baseline(_baseline(report, measured), write_baseline)
        console.print(terminal.plain(words("baseline_is", {"file": write_baseline})))
    if known is not None:
        tell(
            gate.judge_figures(
                measured, known, place=str(baseline), digest=report.digest, made=report.provenance
            ),
            words,
        )


def _baseline(report: FactReport, measured: Mapping[str, Figure]) -> Baseline:
    from evals.compare import baseline as gate
    from evals.compare.saved import SavedSet

    asked = SavedSet(hash=report.digest, questions=report.papers)
    return gate.baseline_from(measured, asked=asked, made=report.provenance)


def _measured(folder: Path, *, facts_only: bool) -> FactReport:
    """The report on a folder; with a bar on stderr. The user's papers are neither read nor changed."""
    from functools import partial
    from importlib.metadata import version

    from api.cli.eval.provenance import commit, stamped
    from api.settings import load_settings
    from evals.facts.replies import own_replies
    from evals.facts.run import measure
    from evals.model import Provenance

    made = stamped(Provenance(version=version("zhengwen"), commit=commit(Path(__file__).parent)))
    documents = _starting_papers()
    if facts_only:
        return measure(folder, documents=documents, provenance=made)
    with terminal.Bar() as bar:
        replying = partial(own_replies, settings=load_settings(), progress=bar)
        return measure(folder, documents=documents, provenance=made, replying=replying)


def _starting_papers() -> dict[str, Document]:
    """The papers that come with the program, by id: a folder may name them without containing them."""
    from corpus.load import load
    from corpus.parse import parse
    from corpus.store.shipped_papers import starting_papers

    return {
        paper.document_id: parse(
            load(paper.data, name=paper.name, url=paper.url), document_id=paper.document_id
        )
        for paper in starting_papers()
    }
