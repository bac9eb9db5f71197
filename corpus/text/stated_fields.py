"""Reads metadata in "key：value" lines of a page or a printed sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from corpus.errors import BadTable
from corpus.model import Span, Stated
from corpus.notation.phrase_table import PhraseTable
from corpus.text.lines import Line


class StatedField(StrEnum):
    """Meaning of a key, independent of its wording."""

    TITLE = "title"
    NUMBER = "number"
    REGISTRY = "registry"
    ISSUER = "issuer"
    ISSUED = "issued"
    PUBLISHED = "published"
    SINCE = "since"
    UNTIL = "until"
    STATE = "state"
    OTHER = "other"


def fields_by_key(table: PhraseTable) -> Mapping[str, StatedField]:
    """The meaning of each key. Raises BadTable.

    Keys are plain words: pages put blanks between their characters, which the syntax of phrases does not.
    """
    by_sense = {field.value: field for field in StatedField}
    found: dict[str, StatedField] = {}
    for phrase in table.phrases:
        if phrase.exception or not phrase.written.isalnum():
            cure = "Write each key on a line of its own, without brackets, gaps and marks"
            raise BadTable(table.place, phrase.line, f"{phrase.written!r} is not plain words", cure)
        if phrase.sense not in by_sense:
            reason = f"the sense {phrase.sense!r} is not one of {', '.join(by_sense)}"
            raise BadTable(table.place, phrase.line, reason, "Write one of them")
        found[phrase.written] = by_sense[phrase.sense]
    return found


_MEANING = fields_by_key(PhraseTable.read("corpus", "stated_fields.tsv"))
# "发布时间：2024-10-09 10:00", "文　　号：穗人社规字〔2019〕6号", "【法宝引证码】 CLI.12.5679380"
_PAIR = re.compile(
    r"[【\[]?(?P<key>"
    + "|".join(r"[ \u3000]*".join(key) for key in sorted(_MEANING, key=len, reverse=True))
    + r")[】\]]?"
    r"[ \u3000]*[：:】\]][ \u3000]*"
)


def is_field_line(line: Line) -> bool:
    """Whether the line states metadata and so is not part of a title."""
    return _PAIR.match(line.words) is not None


def stated_fields(lines: Iterable[Line]) -> Mapping[StatedField, Stated[str]]:
    """The first value stated for each field."""
    fields: dict[StatedField, Stated[str]] = {}
    for line in lines:
        if not is_field_line(line):
            continue
        marks = list(_PAIR.finditer(line.text))
        for at, mark in enumerate(marks):
            end = marks[at + 1].start() if at + 1 < len(marks) else len(line.text)
            value = line.text[mark.end() : end].strip(" \u3000|\t")
            begin = line.start + mark.end()
            meaning = _MEANING[re.sub(r"[ \u3000]", "", mark["key"])]
            if value and meaning is not StatedField.OTHER:
                fields.setdefault(meaning, Stated(value, Span(begin, begin + len(value))))
    return fields
