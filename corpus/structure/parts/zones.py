"""Splits a paper into parts: head, preamble, body, sign-off, forwarded paper, attachments.

Parts are runs of lines; corpus.structure.outline.tree handles the numbering inside a body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.notation.phrase_table import PhraseTable
from corpus.structure.parts.footnotes import footnotes_start, note_label
from corpus.structure.parts.inner_papers import forwarded_names, letters, next_paper
from corpus.structure.parts.line_kinds import LineKinds, is_addressees
from corpus.structure.parts.signature import find_sign_off
from corpus.text.lines import Line


class Part(StrEnum):
    """A part of a paper; the values are the labels of the unnumbered clauses."""

    HEAD = "标题"
    PREAMBLE = "引言"
    BODY = "正文"
    SIGN_OFF = "落款"
    INNER_TITLE = "方案标题"
    ATTACHMENT_LIST = "附件说明"
    ATTACHMENT = "附件"
    NOTE = "注"


# Label of the translation that some collections append to the Chinese text.
_TRANSLATION = "英文译文"
# Fewest lines of a translation, and least share of them in Latin script.
_TRANSLATION_LINES, _LATIN_SHARE = 10, 0.9
# Most lines of a list of attachments.
_LISTED_LINES = 20
# Sense `forwards`: in the title of a notice that forwards another paper; a reply or letter only mentions one.
_TITLES = PhraseTable.read("corpus", "paper_titles.tsv")
_SHORTEST_TITLE = 6  # characters


@dataclass(frozen=True, slots=True)
class Zone:
    """A run of lines of one part. `label` is the normal form for attachments ("附件1") and notes ("注①")."""

    part: Part
    lines: tuple[Line, ...]
    label: str


def zones_of(lines: Sequence[Line]) -> tuple[Zone, ...]:
    """The parts of the paper in order; every line is in exactly one."""
    return tuple(_Splitter(lines).split())


class _Splitter:
    """Every method with a parameter `at` consumes lines from there and returns the index after them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._kinds = LineKinds(lines)
        self._notes = footnotes_start(lines)
        self._end = min(_translation_start(lines), self._notes)
        self._zones: list[Zone] = []

    def split(self) -> list[Zone]:
        at = self._head_end()
        self._add(Part.HEAD, 0, at)
        at = self._paper(at)
        while at < self._end:
            attached = self._kinds.attachment(at) is not None and not self._is_forwarded(at)
            at = self._attached(at) if attached else self._inner(at)
        if self._end < self._notes:
            self._attach(_TRANSLATION, self._end, self._notes)
        self._add_notes(self._notes)
        return self._zones

    def _add_notes(self, at: int) -> None:
        for line in self._kinds.lines[at:]:
            self._zones.append(Zone(Part.NOTE, (line,), note_label(line) or Part.NOTE.value))

    def _head_end(self) -> int:
        """Index after the last line of the head: title, number, table of contents."""
        for at in range(self._end):
            labelled = self._kinds.label(at) is not None
            if labelled or is_addressees(self._kinds.lines[at]) or self._kinds.is_prose(at):
                return at
        return min(self._end, 1)

    def _paper(self, at: int) -> int:
        """Reads preamble, body, list of attachments and sign-off of a paper."""
        limit = self._next_paper(at)
        sign_off = find_sign_off(self._kinds, at, limit)
        end = sign_off[0] if sign_off else self._kinds.first_attachment(at, limit)
        listed = self._kinds.first_attachment(at, end)
        labelled = self._kinds.first_label(at, listed)
        self._add(Part.PREAMBLE, at, labelled)
        self._add(Part.BODY, labelled, listed)
        self._add(Part.ATTACHMENT_LIST, listed, end)
        if sign_off is None:
            return end
        self._add(Part.SIGN_OFF, *sign_off)
        return sign_off[1]

    def _next_paper(self, at: int) -> int:
        """Index of the title of the next paper, where the notice forwards several."""
        if not self._has(Part.INNER_TITLE):
            return self._end
        own = (line for zone in self._zones if zone.part in (Part.HEAD, Part.PREAMBLE) for line in zone.lines)
        return next_paper(self._kinds, at, self._end, forwarded_names(own))

    def _inner(self, at: int) -> int:
        """Reads the paper that a notice forwards: its title, then its parts."""
        end = self._title_end(at)
        if end == self._end:
            # Nothing follows, so these lines belong to the part above.
            self._extend(at, end)
            return end
        self._add(Part.INNER_TITLE, at, end)
        return max(self._paper(end), end, at + 1)

    def _title_end(self, at: int) -> int:
        end = at + 1 if self._kinds.attachment(at) is not None else at
        while end < self._end and self._kinds.is_title_line(end):
            end += 1
        return end

    def _is_forwarded(self, at: int) -> bool:
        """Whether the only attachment is the paper that the title of the notice names."""
        if self._kinds.attachment(at) != Part.ATTACHMENT or self._has(Part.INNER_TITLE):
            return False
        title = _letters(self._kinds.lines[at : self._title_end(at)]).removeprefix(Part.ATTACHMENT)
        head = _letters(line for zone in self._zones if zone.part is Part.HEAD for line in zone.lines)
        return len(title) >= _SHORTEST_TITLE and title in head and _TITLES.has("forwards", head)

    def _has(self, part: Part) -> bool:
        return any(zone.part is part for zone in self._zones)

    def _attached(self, at: int) -> int:
        """Reads an attachment: its heading lines, then its body."""
        end = self._kinds.first_attachment(at + 1, self._end)
        if self._lists_what_follows(at, end):
            self._add(Part.ATTACHMENT_LIST, at, end)
        else:
            self._attach(self._kinds.attachment(at) or Part.ATTACHMENT, at, end)
        return end

    def _attach(self, label: str, at: int, end: int) -> None:
        body = self._kinds.first_label(at + 1, end)
        self._zones.append(Zone(Part.ATTACHMENT, self._kinds.lines[at:body], label))
        self._add(Part.BODY, body, end)

    def _lists_what_follows(self, at: int, end: int) -> bool:
        """Whether the lines only list the attachments that follow: "附表：", "1.…", then "附表1"."""
        if end == self._end or any(self._kinds.is_prose(i) for i in range(at + 1, end)):
            return False
        label, following = self._kinds.attachment(at) or "", self._kinds.attachment(end) or ""
        return following.startswith(label) and not label[-1].isdecimal() and end - at <= _LISTED_LINES

    def _add(self, part: Part, start: int, end: int) -> None:
        if end > start:
            self._zones.append(Zone(part, self._kinds.lines[start:end], part.value))

    def _extend(self, start: int, end: int) -> None:
        last = self._zones.pop() if self._zones else Zone(Part.PREAMBLE, (), Part.PREAMBLE.value)
        self._zones.append(Zone(last.part, last.lines + self._kinds.lines[start:end], last.label))


def _letters(lines: Iterable[Line]) -> str:
    return letters(line.words for line in lines)


def _translation_start(lines: Sequence[Line]) -> int:
    """Index of the first line of a translation into a Latin script; len(lines) when there is none."""
    latin = [_is_latin(line.text) for line in lines]
    start = next((at for at in range(1, len(lines)) if latin[at] and not latin[at - 1]), len(lines))
    rest = latin[start:]
    enough = len(rest) >= _TRANSLATION_LINES and sum(rest) >= _LATIN_SHARE * len(rest)
    return start if enough else len(lines)


def _is_latin(text: str) -> bool:
    return len(re.findall(r"[A-Za-z]", text)) > len(text) / 2
