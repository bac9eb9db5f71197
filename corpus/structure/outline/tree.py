"""Builds the tree of numbered lines, in one pass with a stack of open clauses.

A label of a style that is open becomes a sibling of the last one of that style; a label of any other
style opens a level below. 编、章、节 and 条 have a fixed rank; the depth of decimals follows their parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.model import Notice, Span
from corpus.notation.labels.reading import find_dotted
from corpus.notation.labels.types import ORDINALS, Label, Style
from corpus.structure.outline.agreement import give_headings
from corpus.structure.outline.nodes import Node
from corpus.structure.outline.numbering import labels_of
from corpus.structure.outline.paragraphs import continued_by, is_title
from corpus.text.lines import Line
from corpus.text.source_text import CELL_JOINT

# Largest step between neighbouring labels of a sequence; a larger one is a stray number in the text.
_LARGEST_GAP = 5
_MOST_WORDS = 2  # labels such as 场景一 and 任务一 one below the other; more are chance
_ARABIC = (Style.ARABIC_DOT, Style.ARABIC_COMMA, Style.ARABIC_PAREN, Style.ARABIC_HALF_PAREN, Style.CIRCLED)


@dataclass(frozen=True, slots=True)
class Tree:
    """The nodes of one body in reading order."""

    leading: tuple[Line, ...]  # lines before the first node
    nodes: tuple[Node, ...]
    notices: tuple[Notice, ...]


def build_tree(lines: Sequence[Line]) -> Tree:
    """Builds the tree of a body."""
    labels = labels_of([line.text for line in lines])
    builder = _TreeBuilder(labels)
    for line, label in zip(lines, labels, strict=True):
        builder.add(line, label)
    give_headings(builder.nodes)
    return Tree(tuple(builder.leading), tuple(builder.nodes), tuple(builder.notices))


class _TreeBuilder:
    def __init__(self, labels: Iterable[Label | None]) -> None:
        self.leading: list[Line] = []
        self.nodes: list[Node] = []
        self.notices: list[Notice] = []
        self._open: list[Node] = []
        self._last: dict[tuple[Style, str], tuple[int, ...]] = {}
        self._latest: dict[tuple[int, tuple[Style, str]], Node] = {}  # of each list, by its parent and style
        # Bare numbers are headings only if there are decimals below them: 2, 2.1, 2.1.1.
        self._decimal = {
            label.number[0] for label in labels if label is not None and label.style is Style.DECIMAL
        }

    def add(self, line: Line, label: Label | None) -> None:
        if label is not None and label.style is Style.ARABIC_BARE and not self._fits_bare(label):
            label = None
        if label is None or not (self._opens(label, line) or self._opens_dotted(label, line)):
            self._add_text(line)

    def _opens_dotted(self, label: Label, line: Line) -> bool:
        """Reads "1.30分钟最高车速…" as 1. followed by "30分钟…" if 1.30 does not fit the outline."""
        dotted = find_dotted(line.text) if label.style is Style.DECIMAL else None
        if dotted is None:
            return False
        last = next((node.label for node in self._open if node.label.style is dotted.style), None)
        fits = (
            dotted.number == (1,) and self._open if last is None else last.number[0] + 1 == dotted.number[0]
        )
        return bool(fits) and self._opens(dotted, line)

    def _fits_bare(self, label: Label) -> bool:
        last = self._last.get(label.numbering, (0,))
        return bool(self._decimal) and (label.number[0] in self._decimal or label.number[0] == last[0] + 1)

    def _opens(self, label: Label, line: Line) -> bool:
        depth = self._depth(label)
        beside = self._open[depth].label if depth < len(self._open) else None
        if not self._plausible(label, beside, depth):
            return False
        if beside is not None and beside.numbering == label.numbering:
            self._compare(label, beside.number, line)
        elif label.number[-1] != 1 and not self._runs_through(label):
            self._note("gap", f"{label.text} is the first of its list", line)
        del self._open[depth:]
        self._append(Node(label, [line], self._open[-1] if self._open else None))
        self._last[label.numbering] = label.number
        return True

    def _append(self, node: Node) -> None:
        key = (id(node.parent), node.label.numbering)
        before = self._latest.get(key)
        if before is not None and not node.continues:
            node.before = before
            node.all_rich = before.all_rich and before.is_rich
            node.all_single = before.all_single and not before.is_rich and not is_title(before)
        if node.parent is not None:
            node.parent.children.append(node)
        self._latest[key] = node
        self._open.append(node)
        self.nodes.append(node)

    def _depth(self, label: Label) -> int:
        """The depth of a clause with this label: the number of open clauses above it."""
        if label.style is Style.DECIMAL:
            return self._decimal_depth(label)
        if self._is_in_box(label):
            return len(self._open)
        if label.style in ORDINALS:
            rank = ORDINALS.index(label.style)
            for depth, node in enumerate(self._open):
                if node.label.style in ORDINALS and ORDINALS.index(node.label.style) >= rank:
                    return depth
        alike = [
            depth
            for depth, node in enumerate(self._open)
            if node.label.numbering == label.numbering and not node.continues
        ]
        if len(alike) > 1 and self._open[alike[-1]].label.number[0] + 1 == label.number[0]:
            return alike[-1]  # the list in the box goes on
        return alike[0] if alike else len(self._open)

    def _is_in_box(self, label: Label) -> bool:
        """Whether the label begins a numbering inside a box (专栏1) set into a list of the same style."""
        if label.number != (1,) or label.style in (*ORDINALS, Style.WORD):
            return False
        for node in reversed(self._open):
            if node.label.numbering == label.numbering:
                return False
            if node.label.style is Style.WORD:
                return True
        return False

    def _decimal_depth(self, label: Label) -> int:
        for depth in range(len(self._open) - 1, -1, -1):
            number = self._open[depth].label.number
            style = self._open[depth].label.style
            if self._open[depth].continues:
                continue
            arabic = style in (Style.DECIMAL, Style.ARABIC_BARE, Style.ARABIC_DOT, Style.ARABIC_COMMA)
            if arabic and len(number) < len(label.number) and label.number[: len(number)] == number:
                return depth + 1
            if (
                style is Style.DECIMAL
                and len(number) == len(label.number)
                and number[:-1] == label.number[:-1]
            ):
                return depth
        for depth, node in enumerate(self._open):
            if node.label.style is Style.DECIMAL:
                return depth
        return len(self._open)

    def _plausible(self, label: Label, beside: Label | None, depth: int) -> bool:
        """Whether the label can be part of the outline here and is not a number in the text."""
        number = label.number[-1]
        if label.style is Style.WORD:
            words = sum(node.label.style is Style.WORD for node in self._open[:depth])
            return words < _MOST_WORDS
        if label.doubtful or label.style in ORDINALS:
            return True
        if beside is not None and beside.numbering == label.numbering:
            step = number - beside.number[-1] if label.number[:-1] == beside.number[:-1] else number - 1
            return number == 1 or 0 <= step <= _LARGEST_GAP
        if number == 1 or self._runs_through(label):
            return True
        if label.style is Style.DECIMAL:
            return depth > 0 and number <= _LARGEST_GAP
        return number == 2 or label.style not in _ARABIC

    def _runs_through(self, label: Label) -> bool:
        """Whether the numbering continues from the last label of that style under another heading."""
        last = self._last.get(label.numbering)
        return last is not None and 0 < label.number[-1] - last[-1] <= _LARGEST_GAP

    def _compare(self, label: Label, last: tuple[int, ...], line: Line) -> None:
        if label.number[:-1] != last[:-1] or len(label.number) != len(last):
            return
        step = label.number[-1] - last[-1]
        if step > 1:
            self._note("gap", f"{label.text} follows number {last[-1]}", line)
        elif step == 0:
            self._note("repeat", f"{label.text} occurs twice", line)
        elif step < 0 and label.number[-1] != 1:
            self._note("order", f"{label.text} follows number {last[-1]}", line)

    def _note(self, code: str, message: str, line: Line) -> None:
        self.notices.append(Notice(code, message, Span(line.start, line.end)))

    def _add_text(self, line: Line) -> None:
        """Adds a line without label to the open clause, or to the one whose items it follows."""
        if not self._open:
            self.leading.append(line)
            return
        continued = continued_by(line, self._open) if CELL_JOINT not in line.text else None
        if continued is None:
            self._open[-1].add(line)
            return
        above = self._open[continued]
        del self._open[continued + 1 :]
        more = Node(above.label, [line], above, continues=True)
        self._append(more)
