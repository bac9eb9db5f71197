"""Footnotes and endnotes of a Word document: their numbers and their content."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final
from xml.etree.ElementTree import Element

from corpus.formats.office.content import Block, Paragraph, Piece
from corpus.formats.office.word.names import number_of, value_of, w
from corpus.formats.office.word.number_formats import formatted

_NOTE: Final = "注"
# Signs that cannot be taken for a figure of the sentence; all other numbers of notes get brackets.
_UNMISTAKABLE: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


@dataclass(slots=True)
class Notes:
    """The notes of one kind. Each is read where it is first referred to."""

    elements: dict[str, Element]
    style: str  # of the numbers
    start: int
    read: Callable[[Element], list[Block]]
    _count: int = 0
    _used: set[str] = field(default_factory=set)

    def at(self, reference: Element) -> tuple[str, list[Block]]:
        """The mark of the reference, and the note as blocks that stand below its paragraph."""
        name = reference.get(w("id"), "")
        note = self.elements.get(name)
        if note is None or name in self._used:
            return "", []
        self._used.add(name)
        mark = ""
        if reference.get(w("customMarkFollows")) not in ("1", "true", "on"):
            mark = _marked(formatted(self.start + self._count, self.style))
            self._count += 1
        return mark, _introduced(self.read(note), f"{_NOTE}{mark}：")


def notes_of(
    root: Element | None, kind: str, *, settings: Iterable[Element], read: Callable[[Element], list[Block]]
) -> Notes:
    """The notes of a part. `kind`: "footnote" or "endnote"; `settings` may say how they count."""
    found = root.iterfind(w(kind)) if root is not None else ()
    elements = {note.get(w("id"), ""): note for note in found if note.get(w("type"), "normal") == "normal"}
    ways = [way for element in settings for way in element.iter(w(f"{kind}Pr"))]
    default = "decimal" if kind == "footnote" else "lowerRoman"
    style = next((style for way in ways if (style := value_of(way, "numFmt"))), default)
    start = next((start for way in ways if (start := number_of(way, "numStart"))), 1)
    return Notes(elements, style, start, read)


def _marked(number: str) -> str:
    return number if number in _UNMISTAKABLE else f"[{number}]"


def _introduced(blocks: list[Block], words: str) -> list[Block]:
    """The blocks of a note, with `words` before the first paragraph."""
    result = []
    for block in blocks:
        if isinstance(block, Paragraph):
            if words and block.text.strip():
                block = replace(block, pieces=(Piece(words), *_without_blanks(block.pieces)))
                words = ""
            block = replace(block, note=True)
        result.append(block)
    return result


def _without_blanks(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The pieces without the blanks at the beginning."""
    first = next(at for at, piece in enumerate(pieces) if piece.text.strip())
    return (replace(pieces[first], text=pieces[first].text.lstrip()), *pieces[first + 1 :])
