"""`zhengwen eval draft` and `zhengwen eval from-feedback`: proposed cases for a person to review."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api import terminal
from api.errors import NothingToDo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from corpus.model import Document
    from evals.draft.proposals import Proposal
    from evals.run.formats import SingleLine

Out = Annotated[Path | None, typer.Option(metavar="FILE.jsonl", help="Write here, instead of to the screen.")]

_EVIDENCE = "bold reverse"
_KEYS = "[a]ccept, [e]dit the question, [s]kip, [q]uit: "


def draft(
    document: Annotated[str, typer.Argument(metavar="DOC", help="Id of a stored paper.")],
    out: Out = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Most questions to propose, in equal parts of each type.")
    ] = None,
    interactive: Annotated[
        bool,
        typer.Option("--interactive", "-i", help="Review them one by one; accepted ones are added to --out."),
    ] = False,
) -> None:
    """Propose test questions from a paper's clauses."""
    from api.settings import load_settings
    from evals.draft.file import case_line, ids_in
    from evals.draft.proposals import draft as proposals_of
    from rag.stored_papers import open_catalogue

    if interactive and out is None:
        raise NothingToDo("--interactive writes accepted cases to a file. Name it with --out FILE.jsonl")
    catalogue = open_catalogue(load_settings())
    paper = catalogue.document(document)
    # Cases in the file are left out before the limit, so that the next call continues where this one stops.
    known = ids_in(out) if interactive and out is not None else frozenset[str]()
    proposals = proposals_of(paper, others=catalogue.documents(catalogue.ids), known=known, limit=limit)
    if interactive and out is not None:
        _review(terminal.out(), paper, proposals, out)
    else:
        _give([case_line(proposal.line) for proposal in proposals], out, "proposals")


def from_feedback(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Users' feedback, one record a line.")],
    out: Out = None,
) -> None:
    """Turn users' thumbs down into candidate cases."""
    from api.settings import load_settings
    from evals.draft.feedback import read_feedback
    from evals.draft.file import as_line
    from evals.draft.from_feedback import candidates
    from evals.errors import FileTaken
    from rag.assemble import open_assistant

    records = read_feedback(file)
    if out is not None and out.exists():
        raise FileTaken(str(out))  # before the questions are asked again, which takes a while
    with terminal.Bar() as bar:
        assistant = open_assistant(load_settings(), progress=bar)
    with terminal.Bar() as bar:
        found = candidates(records, assistant.ask, documents=assistant.documents(), progress=bar)
    _give([as_line(keys) for keys in found], out, "candidates")


def _give(lines: Sequence[str], out: Path | None, what: str) -> None:
    from evals.draft.file import write_lines

    if out is None:
        for line in lines:
            print(line)
        return
    write_lines(out, lines)
    terminal.err().print(terminal.plain(f"{len(lines)} {what} are in {out}"))


def _review(console: Console, paper: Document, proposals: Sequence[Proposal], out: Path) -> None:
    """Asks about each proposal; an accepted one is written to the file before the next is shown."""
    from evals.draft.file import append_line, case_line

    accepted = 0
    for number, proposal in enumerate(proposals, start=1):
        console.print(terminal.plain(f"\n{number} of {len(proposals)}", "dim"))
        _show(console, paper, proposal)
        case = _decide(console, proposal)
        if case is None:
            break
        if case:
            append_line(out, case_line(case[0]))
            accepted += 1
    console.print(terminal.plain(f"\n{accepted} of {len(proposals)} accepted, in {out}"))


def _show(console: Console, paper: Document, proposal: Proposal) -> None:
    line, clause = proposal.line, proposal.clause
    console.print(terminal.plain(f"{line.type}: {line.question}", "bold"))
    text = terminal.plain(paper.text_of(clause))
    for span in proposal.quotes:
        text.stylize(_EVIDENCE, span.start - clause.start, span.end - clause.start)
    console.print(text)
    facts = "; ".join(" or ".join(group) for group in line.answer_must)
    console.print(terminal.plain(f"An answer must contain: {facts}", "cyan"))


def _decide(console: Console, proposal: Proposal) -> tuple[SingleLine, ...] | None:
    """The case if accepted, () if skipped, None when the user quits."""
    case = proposal.line.model_copy(update={"split": ""})
    while True:
        key = _typed(_KEYS)
        match key.lower() if key is not None else "q":
            case "a":
                return (case,)
            case "s":
                return ()
            case "q":
                return None
            case "e":
                words = _typed("Question: ")
                if words:
                    case = case.model_copy(update={"question": terminal.plain(words).plain})
                    console.print(terminal.plain(f"{case.type}: {case.question}", "bold"))


def _typed(prompt: str) -> str | None:
    """A line from stdin, stripped; None at the end of the input."""
    try:
        return input(prompt).strip()
    except EOFError:
        return None
