"""The nodes of the tree of numbered clauses."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.notation.labels.types import ARTICLES, Label
from corpus.structure.outline.headings import Heading
from corpus.text.lines import Line
from corpus.text.source_text import CELL_JOINT


@dataclass(slots=True)
class Node:
    """A numbered clause in the tree; `lines` are its own, without those of its children."""

    label: Label
    lines: list[Line]
    parent: Node | None
    heading: Heading = field(default_factory=lambda: Heading("", 0))
    children: list[Node] = field(default_factory=list)
    continues: bool = False  # a paragraph of the parent after the parent's items
    paragraphs: int = 1  # of `lines`, table rows aside
    before: Node | None = None  # the previous clause of the same list
    # What is true of all clauses of the list before this one; kept here because lists are long.
    all_rich: bool = True  # each has a second paragraph, or items of its own
    all_single: bool = True  # each is one paragraph with words of its own

    def add(self, line: Line) -> None:
        """Adds a line of its own text."""
        self.lines.append(line)
        self.paragraphs += CELL_JOINT not in line.text

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else self.parent.depth + 1

    @property
    def is_rich(self) -> bool:
        return len(self.lines) > 1 or bool(self.children)

    @property
    def is_article(self) -> bool:
        return self.label.style in ARTICLES

    @property
    def below_article(self) -> bool:
        above = self.parent
        return above is not None and (above.is_article or above.below_article)

    @property
    def first(self) -> str:
        """The words behind the label in the first line."""
        return self.lines[0].text[self.label.end :]
