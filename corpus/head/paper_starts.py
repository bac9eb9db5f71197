"""Finds where another paper begins in a file of several, such as a printed collection.

A paper begins with a head, a run of title, number, history and addressees, and goes on with a text or a
numbering of its own. A paper that a notice forwards has a head too, and belongs to the notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.head.paper_heads import FileLineKinds, Head, heads_in, is_sign_off, letters_of
from corpus.head.validity import validity_in
from corpus.notation.labels.types import ORDINALS
from corpus.notation.phrase_table import PhraseTable
from corpus.structure.parts.line_kinds import LineKinds
from corpus.text.lines import Line

_TITLES = PhraseTable.read("corpus", "paper_titles.tsv")
_SHORTEST_TITLE = 5  # letters
# A notice names what it forwards in its title or its first paragraphs; characters that are searched.
_NAMED_WITHIN = 5000
# Lines before a head that may state when the paper above takes effect, which closes it.
_CLOSING_LINES = 3


def paper_starts(lines: Sequence[Line]) -> tuple[int, ...]:
    """Indexes of the lines with which the papers begin; the first is 0."""
    return tuple(_Reader(FileLineKinds(lines)).starts())


class _Reader:
    def __init__(self, kinds: LineKinds) -> None:
        self._kinds = kinds
        self._lines = kinds.lines
        count = range(len(kinds))
        # For each line the last one above it of this kind; -1 if there is none.
        self._last_attachment = _last_above([kinds.attachment(at) is not None for at in count])
        self._last_sign_off = _last_above([is_sign_off(self._kinds, at) for at in count])

    def starts(self) -> Iterator[int]:
        yield 0
        paper: _Paper | None = None
        for head in heads_in(self._kinds):
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

    def _is_another(self, head: Head, paper: _Paper) -> bool:
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

    def _in_attachment(self, head: Head, paper: _Paper) -> bool:
        """Whether the text above the head is that of an attachment."""
        attached = self._last_attachment[head.start]
        return attached >= paper.text_start and attached > self._last_sign_off[head.start]

    def _restarts(self, head: Head) -> bool:
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
            if is_sign_off(self._kinds, at):
                return True
            if validity_in([(self._lines[at].text, 0)], issued=None) is not None:
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
        return letters_of("".join(words))


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
    def begun(cls, head: Head, first_text: str) -> _Paper:
        forwards = not head.title or _TITLES.has("forwards", head.title)
        return cls(head.start, head.end, first_text, forwards, {head.letters})

    def names(self, head: Head) -> bool:
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
