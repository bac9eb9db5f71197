"""Finds the heads of papers in a file of several: runs of title, number, history and addressees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from corpus.head.history import is_history
from corpus.head.own_number import own_number
from corpus.head.titles import (
    ends_like_title,
    is_draft_mark,
    join_title,
    order_line,
    title_of,
)
from corpus.notation.days.dates import dates_in
from corpus.regions.authorities import split_names
from corpus.structure.parts.line_kinds import LineKinds, is_addressees
from corpus.structure.parts.signature import is_date_line, is_tail_line
from corpus.text.boilerplate import names_file
from corpus.text.lines import Line
from corpus.text.stated_fields import is_field_line, stated_fields

_LONGEST_TITLE = 120  # characters
_LONGEST_HEAD = 15  # lines; longer runs are lists and forms
_SENTENCE_MARK = re.compile(r"[。；！？]")


@dataclass(frozen=True, slots=True)
class Head:
    """Lines start:end of a file, which may be the head of a paper; its text ends before the next head."""

    start: int
    end: int
    text_end: int
    title: str  # empty for an order (令) whose title stands below it
    numbered: bool  # has a number of its own, or is an order
    history: bool  # states below the title when it was passed or issued, or that it is a draft
    addressed: bool  # is followed by addressees

    @property
    def letters(self) -> str:
        return letters_of(self.title)


def heads_in(kinds: LineKinds) -> Iterator[Head]:
    """Yields the runs of lines that may be heads and have text below them, in order."""
    yield from _Reader(kinds).heads()


def is_sign_off(kinds: LineKinds, at: int) -> bool:
    """Whether the line is the date of a signature, or stands below one."""
    line = kinds.lines[at]
    if is_date_line(kinds, at):
        return True
    # "国务院办公厅关于印发" is the first line of a title; the printing line has a date.
    printed = not line.words.endswith("印发") or bool(dates_in(line.words))
    return is_tail_line(line) and printed and not is_field_line(line)


def letters_of(words: str) -> str:
    """Letters and digits alone: titles are compared without their marks and blanks."""
    return "".join(re.findall(r"\w", words))


class FileLineKinds(LineKinds):
    """Lines of a file of several papers, without tables of contents: papers repeat headings of others."""

    @cached_property
    def contents(self) -> frozenset[int]:
        return frozenset()


class _Reader:
    def __init__(self, kinds: LineKinds) -> None:
        self._kinds = kinds
        self._lines = kinds.lines

    def heads(self) -> Iterator[Head]:
        """The runs of lines that may be heads, and have text below them."""
        found = [run for start, end in self._runs() if (run := self._head_in(start, end)) is not None]
        ends = [*(start for start, _ in found[1:]), len(self._lines)] if found else []
        for (start, end), text_end in zip(found, ends, strict=True):
            if any(self._is_text(at) for at in range(end, text_end)):
                yield self._read(start, end, text_end)

    def _runs(self) -> Iterator[tuple[int, int]]:
        start: int | None = None
        for at in range(len(self._lines)):
            if self._is_head_line(at):
                start = at if start is None else start
            elif start is not None:
                yield start, at
                start = None

    def _is_head_line(self, at: int) -> bool:
        line = self._lines[at]
        if (
            "\t" in line.text
            or names_file(line.text)
            or self._kinds.attachment(at) is not None
            or is_addressees(line)
        ):
            return False
        return self._kinds.is_title_line(at) or is_field_line(line) or self._is_title(at)

    def _is_title(self, at: int) -> bool:
        words = self._lines[at].words
        if len(words) > _LONGEST_TITLE or _SENTENCE_MARK.search(words) or is_field_line(self._lines[at]):
            return False
        return self._kinds.label(at) is None and ends_like_title(join_title([words]))

    def _is_text(self, at: int) -> bool:
        return self._kinds.label(at) is not None or self._kinds.is_prose(at)

    def _head_in(self, start: int, end: int) -> tuple[int, int] | None:
        """The head in a run of lines, behind the sign-off of the paper above; None if there is none."""
        run = range(start, end)
        titles = [at for at in run if self._is_title(at)]
        order = order_line(self._lines[start:end])
        if order is not None:
            titles.append(start + order)
        if not titles:
            return None
        signed = [at for at in run if at < max(titles) and is_sign_off(self._kinds, at)]
        first = max(signed) + 1 if signed else start
        if end - first > _LONGEST_HEAD:
            first = self._above(max(titles), first)
        return (first, end) if end - first <= _LONGEST_HEAD else None

    def _above(self, title: int, first: int) -> int:
        """The first line of the head, below the lines of a form or a list that run into it."""
        at = title
        while at > first and self._may_be_above_title(self._lines[at - 1]):
            at -= 1
        return at

    def _may_be_above_title(self, line: Line) -> bool:
        words = join_title([line.words])
        number = own_number([line], {}) is not None
        return number or is_field_line(line) or ends_like_title(words) or bool(split_names(words))

    def _read(self, start: int, end: int, text_end: int) -> Head:
        own = self._lines[start:end]
        title = title_of(own)
        order = order_line(own) is not None
        named = title is not None and ends_like_title(title.value)
        return Head(
            start=start,
            end=end,
            text_end=text_end,
            title=title.value if title is not None and named else "",
            numbered=order or own_number(own, stated_fields(own)) is not None,
            history=any(is_history(line) or is_draft_mark(line) for line in own),
            addressed=is_addressees(self._lines[end]),
        )
