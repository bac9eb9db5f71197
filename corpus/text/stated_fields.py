"""Reads metadata in "key：value" lines of a page or a printed sheet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

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


_TABLE = PhraseTable.read("corpus", "stated_fields.tsv")
_MEANING = {phrase.written: StatedField(phrase.sense) for phrase in _TABLE.phrases}
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
