"""`zhengwen facts`: what papers give, limit and aim at."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api import terminal
from api.cli.facts.sums import yuan
from api.cli.options import Json, settings_in_force, wrong_call

if TYPE_CHECKING:
    from corpus.facts.model import FactKind
    from rag.facts.catalogue import FactCatalogue
    from rag.facts.fact_filter import FactFilter

Documents = Annotated[
    list[str] | None, typer.Option("--document", "-d", help="Only of this paper; may be repeated.")
]
Regions = Annotated[
    list[str] | None,
    typer.Option("--region", "-r", help="Only of papers that apply in this place; may be repeated."),
]
Kinds = Annotated[
    list[str] | None,
    typer.Option("--kind", metavar="KIND", help="Such as money or 奖补资金; may be repeated."),
]
Beneficiary = Annotated[
    list[str] | None,
    typer.Option("--beneficiary", metavar="WORDS", help="Words in who gets it; all of them must occur."),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Only of papers in force on that day."),
]


def facts(
    documents: Documents = None,
    regions: Regions = None,
    kinds: Kinds = None,
    beneficiary: Beneficiary = None,
    least: Annotated[str, typer.Option("--min", metavar="YUAN", help="Lowest sum: 5000000, 500万.")] = "",
    most: Annotated[str, typer.Option("--max", metavar="YUAN", help="Highest sum.")] = "",
    as_of: AsOf = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Show how many sentences became facts, and list the others.")
    ] = False,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write the facts for a spreadsheet.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List support facts: who can get what, on what condition, from whom and until when.

    Each is in the words of its paper. With --coverage, what was read of each paper and what was not.
    """
    from rag.stored_papers import open_facts

    if csv is not None and (as_json or coverage):
        raise wrong_call("writes a table of facts; leave out --json and --coverage", "--csv")
    wanted = _filter(documents, regions, kinds, beneficiary, least, most, as_of)
    with terminal.Bar() as bar:
        known = open_facts(settings_in_force(), progress=bar)
        _check_named(known, wanted)
    if coverage:
        _show_coverage(known, wanted, as_json=as_json)
    elif csv is not None:
        _write(known, wanted, csv)
    else:
        _show(known, wanted, as_json=as_json)
    _warn_of_damaged(known)


def _show(known: FactCatalogue, wanted: FactFilter, *, as_json: bool) -> None:
    from api.cli.facts import views
    from api.wire import facts as mapping

    found = known.select(wanted)
    if as_json:
        day = wanted.as_of or known.today
        print(mapping.listed(found, after="", limit=max(1, len(found)), as_of=day).model_dump_json())
    else:
        views.show_facts(terminal.out(), found)


def _write(known: FactCatalogue, wanted: FactFilter, path: Path) -> None:
    from api.exports.fact_table import facts_csv

    found = known.select(wanted)
    path.write_text(
        facts_csv(found, address=settings_in_force().server.public_url.rstrip("/")),
        encoding="utf-8",
        newline="",
    )
    terminal.err().print(terminal.plain(f"{len(found)} facts are in {path}"))


def _show_coverage(known: FactCatalogue, wanted: FactFilter, *, as_json: bool) -> None:
    from api.cli.facts import views
    from api.wire import facts as mapping
    from api.wire.fact_schemas import CoverageList

    papers = [mapping.coverage_of(paper) for paper in known.matching_papers(wanted)]
    found = CoverageList(papers=papers, damaged=sorted(known.damaged))
    if as_json:
        print(found.model_dump_json())
    else:
        views.show_coverage(terminal.out(), found)


def _filter(
    documents: list[str] | None,
    regions: list[str] | None,
    kinds: list[str] | None,
    beneficiary: list[str] | None,
    least: str,
    most: str,
    as_of: datetime | None,
) -> FactFilter:
    from rag.facts.fact_filter import IN_FORCE, FactFilter

    return FactFilter(
        documents=tuple(documents or ()),
        regions=tuple(regions or ()),
        kinds=frozenset(map(_kind, kinds or ())),
        beneficiary=tuple(word for words in beneficiary or () for word in words.split()),
        min_yuan=yuan(least, "--min"),
        max_yuan=yuan(most, "--max"),
        as_of=as_of.date() if as_of is not None else None,
        statuses=IN_FORCE if as_of is not None else frozenset(),
    )


def _kind(name: str) -> FactKind:
    from api.pages.fact_words import CHINESE
    from corpus.facts.model import FactKind

    known = {words: kind for kind, words in CHINESE.kinds.items()} | {kind.value: kind for kind in FactKind}
    if name not in known:
        raise wrong_call(f"no kind is called {name!r}. Choose one of {', '.join(FactKind)}", "--kind")
    return known[name]


def _check_named(known: FactCatalogue, wanted: FactFilter) -> None:
    """Raises UnknownDocument for a paper that does not exist, and an error for an unknown place."""
    from corpus.errors import UnknownPlace

    try:
        known.check_named(wanted)
    except UnknownPlace as error:
        raise wrong_call(str(error), "--region") from error


def _warn_of_damaged(known: FactCatalogue) -> None:
    from corpus.errors import DamagedFacts

    for document_id in sorted(known.damaged):
        terminal.err().print(terminal.plain(f"warning: {DamagedFacts(document_id)}"))
