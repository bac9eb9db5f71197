"""Every table of phrases in rag/data: its examples are correct, and the program uses it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from pkgutil import walk_packages

import pytest

import rag
from corpus.notation.phrase_table import PhraseTable
from rag.question.intent import Want
from rag.question.metadata_fields import MetadataField

# Made by tools, or of another form: rag/data/SOURCE.md
_OTHER_TABLES = {"areas.tsv", "classes.tsv", "syllables.tsv", "thesaurus.tsv", "words.tsv"}


def _tables() -> Iterator[PhraseTable]:
    for module in walk_packages(rag.__path__, "rag."):
        for value in vars(import_module(module.name)).values():
            if isinstance(value, PhraseTable) and value.place.startswith("rag/"):
                yield value


_TABLES = {table.place.rpartition("/")[2]: table for table in _tables()}


@pytest.mark.parametrize("name", _TABLES)
def test_examples_have_the_sense_of_their_phrase_and_counter_examples_have_not(name: str) -> None:
    assert _TABLES[name].mistakes() == []


def test_every_table_of_the_folder_is_read() -> None:
    names = {file.name for file in files("rag").joinpath("data").iterdir() if file.name.endswith(".tsv")}
    assert set(_TABLES) == names - _OTHER_TABLES


def test_every_want_and_every_fact_has_phrases() -> None:
    assert set(_TABLES["wants.tsv"].senses) == {*Want, "which"}
    assert set(_TABLES["metadata_questions.tsv"].senses) == {*MetadataField, "paper"}
