"""Finds where another paper begins in a file of several, such as a printed collection.

A paper begins with a head, a run of title, number, history and addressees, and goes on with a text or a
numbering of its own. A paper that a notice forwards has a head too, and belongs to the notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from corpus.head.own_number import own_number
from corpus.head.titles import ends_like_title, is_draft_mark, is_history, join_title, order_line, title_of
from corpus.head.validity import validity_in
from corpus.notation.dates import dates_in
from corpus.notation.labels import ORDINALS
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.authorities import split_names
from corpus.structure.line_kinds import LineKinds, is_addressees
from corpus.structure.signature import is_date_line, is_tail_line
from corpus.text.boilerplate import names_file
from corpus.text.lines import Line
from corpus.text.stated_fields import is_field_line, stated_fields

_TITLES = PhraseTable.read("corpus", "paper_titles.tsv")
_LONGEST_TITLE = 120  # characters
_LONGEST_HEAD = 15  # lines; longer runs are lists and forms
_SHORTEST_TITLE = 5  # letters
# A notice names what it forwards in its title or its first paragraphs; characters that are searched.
_NAMED_WITHIN = 5000
# Lines before a head that may state when the paper above takes effect, which closes it.
_CLOSING_LINES = 3
_SENTENCE_MARK = re.compile(r"[。；！？]")


@dataclass(frozen=True, slots=True)
class _Head:
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
        return _letters(self.title)


def paper_starts(lines: Sequence[Line]) -> tuple[int, ...]:
    """Indexes of the lines with which the papers begin; the first is 0."""
    return tuple(_Reader(_LineKinds(lines)).starts())


class _LineKinds(LineKinds):
    """Without tables of contents: papers repeat the headings of the papers above them."""

    @cached_property
    def contents(self) -> frozenset[int]:
        return frozenset()


class _Reader:
    def __init__(self, kinds: LineKinds) -> None:
        self._kinds = kinds
        self._lines = kinds.lines
        count = range(len(kinds))
        # For each line the last one above it of this kind; -1 if there is none.
        self._last_attachment = _last_above([kinds.attachment(at) is not None for at in count])
        self._last_sign_off = _last_above([self._is_sign_off(at) for at in count])

    def starts(self) -> Iterator[int]:
        yield 0
        paper: _Paper | None = None
        for head in self._heads():
            if paper is None and self._kinds.first_label(0, head.start) < head.start:
                # The first paper has no head.
                paper = _Paper(0, 0, self._first_text(0, head.start), forwards=False, titles=set())
                paper.articles = self._has_articles(0, head.start)
            if paper is None:
                paper = _Paper.begun(head, self._first_text(0, head.text_end))
            elif self._is_another(head, paper):
                yield head.start
                paper = _Paper.begun(head, self._first_text(head.start, head.text_end))
            else:
                paper.inner += 1
                paper.titles.add(head.letters)
            paper.articles = paper.articles or self._has_articles(head.end, head.text_end)

    # -- heads --

    def _heads(self) -> Iterator[_Head]:
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
        signed = [at for at in run if at < max(titles) and self._is_sign_off(at)]
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

    def _is_sign_off(self, at: int) -> bool:
        line = self._lines[at]
        if is_date_line(self._kinds, at):
            return True
        # "国务院办公厅关于印发" is the first line of a title; the printing line has a date.
        printed = not line.words.endswith("印发") or bool(dates_in(line.words))
        return is_tail_line(line) and printed and not is_field_line(line)

    def _read(self, start: int, end: int, text_end: int) -> _Head:
        own = self._lines[start:end]
        title = title_of(own)
        order = order_line(own) is not None
        named = title is not None and ends_like_title(title.value)
        return _Head(
            start=start,
            end=end,
            text_end=text_end,
            title=title.value if title is not None and named else "",
            numbered=order or own_number(own, stated_fields(own)) is not None,
            history=any(is_history(line) or is_draft_mark(line) for line in own),
            addressed=is_addressees(self._lines[end]),
        )

    # -- whether a head begins a paper of its own --

    def _is_another(self, head: _Head, paper: _Paper) -> bool:
        if head.title and head.letters in paper.titles:
            return False  # the title is repeated, for example below a table of contents
        forwarded, restarts = paper.names(head), self._restarts(head)
        if self._in_attachment(head, paper):
            if self._kinds.attachment(head.start - 1) is not None:
                # The title of the attachment, unless that is a whole paper of its own.
                return not forwarded and head.numbered and (head.addressed or restarts)
            named = restarts and len(head.letters) >= _SHORTEST_TITLE
            return not forwarded and (head.numbered or named)
        if paper.forwards and (forwarded or (not paper.inner and not (head.numbered and head.addressed))):
            return False
        if forwarded and not paper.titles:
            return False  # a page says what follows
        closed = self._is_closed(paper.start, head.start)
        if head.numbered or (head.history and (restarts or closed or paper.articles)):
            return True
        if len(head.letters) < _SHORTEST_TITLE or (forwarded and not paper.articles):
            return False
        if restarts:
            return paper.articles or closed
        signed = head.addressed or self._is_closed(head.end, head.text_end)
        return closed and signed and not paper.forwards

    def _in_attachment(self, head: _Head, paper: _Paper) -> bool:
        """Whether the text above the head is that of an attachment."""
        attached = self._last_attachment[head.start]
        return attached >= paper.text_start and attached > self._last_sign_off[head.start]

    def _restarts(self, head: _Head) -> bool:
        """Whether the first label below the head is that of a first article or chapter."""
        at = self._kinds.first_label(head.end, head.text_end)
        label = self._kinds.label(at) if at < head.text_end else None
        return label is not None and label.style in ORDINALS and label.number == (1,)

    def _has_articles(self, start: int, end: int) -> bool:
        labels = (self._kinds.label(at) for at in range(start, end))
        return any(label is not None and label.style in ORDINALS for label in labels)

    def _is_closed(self, start: int, end: int) -> bool:
        """Whether the lines before `end` sign a paper, or say when it takes effect."""
        for at in range(end - 1, max(start, end - 1 - _CLOSING_LINES), -1):
            if self._is_sign_off(at):
                return True
            if validity_in(self._lines[at].text, offset=0, issued=None) is not None:
                return True
        return False

    def _first_text(self, start: int, end: int) -> str:
        words: list[str] = []
        length = 0
        for at in range(start, end):
            words.append(self._lines[at].words)
            length += len(words[-1])
            if length > _NAMED_WITHIN:
                break
        return _letters("".join(words))


@dataclass(slots=True)
class _Paper:
    """What has been read of the paper whose end is looked for."""

    start: int
    text_start: int
    first_text: str  # letters of the head and what follows, up to the next head
    forwards: bool  # publishes or passes on another paper
    titles: set[str]
    inner: int = 0  # heads below that belong to it
    articles: bool = False  # has numbered articles or chapters

    @classmethod
    def begun(cls, head: _Head, first_text: str) -> _Paper:
        forwards = not head.title or _TITLES.has("forwards", head.title)
        return cls(head.start, head.end, first_text, forwards, {head.letters})

    def names(self, head: _Head) -> bool:
        """Whether the paper names the other, which is then the one that it forwards."""
        about = head.letters.find("关于")
        title = head.letters[max(0, about) :]
        return bool(title) and title in self.first_text


def _last_above(marks: Iterable[bool]) -> list[int]:
    """For each index, and the end, the index of the last mark before it; -1 if there is none."""
    last, result = -1, [-1]
    for at, marked in enumerate(marks):
        last = at if marked else last
        result.append(last)
    return result


def _letters(words: str) -> str:
    return "".join(re.findall(r"\w", words))
