"""The texts of the report in the language asked for, from evals/data/report.tsv."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from corpus.notation.text_table import TextTable
from evals.compare.notes import Note


class ReportLanguage(StrEnum):
    """Languages of the report. Questions, papers and replies stay as they are."""

    CHINESE = "zh"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one language, by key."""

    language: ReportLanguage
    texts: Mapping[str, str]

    def __call__(self, key: str, places: Mapping[str, object] | None = None) -> str:
        """Returns the text with its {places} filled in. Raises KeyError for an unknown key or place."""
        return self.texts[key].format_map(places or {})

    def named(self, kind: str, word: str) -> str:
        """Returns the name of a word of the program or of a test set, or the word where it has none."""
        return self.texts.get(f"{kind}.{word}", word)

    def measure(self, name: str) -> str:
        """Returns the name of a measure; `all three (hunan)` is one of a file."""
        plain, bracket, rest = name.partition(" (")
        return self.named("measure", plain) + bracket + rest

    def measures(self, names: Iterable[str]) -> str:
        return self.joined(map(self.measure, names))

    def note(self, note: Note) -> str:
        """Returns what limits a comparison, in words."""
        places = {name: value or self.texts["unknown"] for name, value in note.places.items()}
        return self.texts[f"note.{note.key}"].format_map(places)

    def either(self, parts: Iterable[str]) -> str:
        """Joins alternatives."""
        mark = self.texts["or"]
        return (f" {mark} " if mark.isascii() else mark).join(parts)

    def joined(self, parts: Iterable[str], *, by: str = "comma") -> str:
        """Joins the parts by a punctuation mark, with a blank after a Latin one."""
        mark = self.texts[by]
        return (f"{mark} " if mark.isascii() else mark).join(parts)


@cache
def wording_in(language: ReportLanguage) -> Wording:
    """Returns the texts in that language."""
    return Wording(language, TextTable.read("evals", "report.tsv").in_language(language))
