"""`zhengwen edit-fact`: corrects a fact by other words of its clause, or calls it wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from api import terminal
from api.cli.options import Json, settings_in_force, wrong_call

if TYPE_CHECKING:
    from api.settings import Settings
    from corpus.model import Span
    from corpus.store.papers import Store


def edit_fact(
    document: Annotated[str, typer.Argument(metavar="DOC", help="Id of a paper.")],
    fact: Annotated[
        str, typer.Argument(metavar="FACT", help="Id of a fact; without it, the corrections in force.")
    ] = "",
    part: Annotated[
        str, typer.Option("--part", metavar="PART", help="What to correct: beneficiaries, form, amounts.1 …")
    ] = "",
    words: Annotated[
        list[str] | None,
        typer.Option("--words", metavar="WORDS", help="Words of its clause for that part; may be repeated."),
    ] = None,
    nth: Annotated[
        int | None,
        typer.Option("--nth", min=1, metavar="N", help="Which of several places of these words."),
    ] = None,
    absent: Annotated[bool, typer.Option("--absent", help="The fact does not have that part.")] = False,
    wrong: Annotated[bool, typer.Option("--wrong", help="The whole fact is wrong: hide it.")] = False,
    undo: Annotated[
        int | None, typer.Option("--undo", metavar="NUMBER", help="Take back the correction of this number.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why; it is shown and kept.")] = "",
    as_json: Json = False,
) -> None:
    """Correct a support fact by other words of its clause. Corrections outlast new versions."""
    from api.cli.facts import views
    from api.wire import facts as mapping
    from rag.stored_papers import open_store

    given = _Change(fact, part, tuple(words or ()), nth, absent, wrong, undo, reason.strip())
    given.check()
    settings = settings_in_force()
    if given.is_any:
        _make(settings, document, given)
    with open_store(settings) as store:
        document_id = store.resolve(document)
        found = mapping.corrections_of(document_id, *store.fact_corrections.in_force(document_id))
    if as_json:
        print(found.model_dump_json())
    else:
        views.show_corrections(terminal.out(), found)


@dataclass(frozen=True, slots=True)
class _Change:
    """What the options of a call ask for."""

    fact: str
    part: str
    words: tuple[str, ...]
    nth: int | None
    absent: bool
    wrong: bool
    undo: int | None
    reason: str

    @property
    def is_any(self) -> bool:
        return bool(self.part or self.wrong or self.undo is not None)

    def check(self) -> None:
        """Raises an error for options that do not fit."""
        chosen = (bool(self.part), self.wrong, self.undo is not None)
        of_fact = bool(self.part) or self.wrong
        if sum(chosen) > 1 or bool(self.fact) != of_fact:
            raise wrong_call("name a fact with --part or --wrong, or a paper with or without --undo", "FACT")
        if bool(self.part) and bool(self.words) == self.absent:
            raise wrong_call("give the words for the part with --words, or --absent", "--words")
        if self.is_any and not self.reason:
            raise wrong_call("a correction needs a reason", "--reason")

    def make(self, store: Store, document_id: str) -> None:
        """Makes the change. Raises UnknownDocument, UnknownFact and BadCorrection."""
        made = store.fact_corrections
        if self.undo is not None:
            made.undo(document_id, self.undo, reason=self.reason)
        elif self.wrong:
            made.hide(document_id, self.fact, reason=self.reason)
        else:
            spans = [_place(store, document_id, self.fact, one, self.nth) for one in self.words]
            made.correct(document_id, self.fact, self.part, spans, reason=self.reason)


def _make(settings: Settings, document: str, given: _Change) -> None:
    from corpus.errors import BadCorrection
    from rag.changes import change

    try:
        with terminal.Bar() as bar:
            change(settings, lambda store: given.make(store, store.resolve(document)), progress=bar)
    except BadCorrection as error:
        raise wrong_call(str(error), "--undo" if given.undo is not None else "--words") from error


def _place(store: Store, document_id: str, fact_id: str, words: str, nth: int | None) -> Span:
    """The place of words in the clause of a fact. Raises BadCorrection where that is not certain."""
    from corpus.errors import BadCorrection

    places = store.fact_corrections.places(document_id, fact_id, words)
    if not places:
        raise BadCorrection(
            f"{words!r} is neither in the clause of {fact_id!r} nor in what leads to it. Choose words of it"
        )
    if len(places) > 1 and nth is None:
        raise BadCorrection(f"{words!r} stands there {len(places)} times. Choose one with --nth")
    if nth is not None and nth > len(places):
        raise BadCorrection(f"{words!r} stands there {len(places)} times, so there is no place {nth}")
    return places[(nth or 1) - 1]
