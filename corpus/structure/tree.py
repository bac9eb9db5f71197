"""Builds the tree of numbered lines, in one pass with a stack of open clauses.

A label of a style that is open becomes a sibling of the last one of that style; a label of any other
style opens a level below. 编、章、节 and 条 have a fixed rank; the depth of decimals follows their parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from corpus.model import Notice, Span
from corpus.notation.labels import ARTICLES, ORDINALS, Label, Style, find_dotted
from corpus.notation.phrase_table import PhraseTable
from corpus.structure.headings import Heading, articles_are_titled, heading_of
from corpus.structure.numbering import labels_of
from corpus.text.lines import Line

# Largest step between neighbouring labels of a sequence; a larger one is a stray number in the text.
_LARGEST_GAP = 5
# "特此通知。", "特此公告。"
FORMULA = re.compile(PhraseTable.read("corpus", "provisions.tsv").alternation("formula"))
_TABLE = "\t"  # separates the cells of a table row, which is not a paragraph of its own in a 条
_LONGEST_TITLE = 24  # characters of an item that is only a title
_MARKS = "。；;：:，,"
_ARABIC = (Style.ARABIC_DOT, Style.ARABIC_COMMA, Style.ARABIC_PAREN, Style.ARABIC_HALF_PAREN, Style.CIRCLED)


@dataclass(slots=True)
class Node:
    """A numbered clause in the tree; `lines` are its own, without those of its children."""

    label: Label
    lines: list[Line]
    parent: Node | None
    heading: Heading = field(default_factory=lambda: Heading("", 0))
    children: list[Node] = field(default_factory=list)
    continues: bool = False  # a paragraph of the parent after the parent's items

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else self.parent.depth + 1

    @property
    def below_article(self) -> bool:
        above = self.parent
        return above is not None and (above.label.style in ARTICLES or above.below_article)


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
    _give_headings(builder.nodes)
    return Tree(tuple(builder.leading), tuple(builder.nodes), tuple(builder.notices))


def _give_headings(nodes: Iterable[Node]) -> None:
    numbered = [node for node in nodes if not node.continues]
    articles = [node for node in numbered if _is_article(node)]
    titled = articles_are_titled([(n.lines[0].text[n.label.end :], _is_followed(n)) for n in articles])
    for node in numbered:
        node.heading = heading_of(
            node.lines[0],
            node.label,
            below_article=node.below_article,
            followed=_is_followed(node),
            titled=titled,
        )


def _is_followed(node: Node) -> bool:
    """Whether there are text or items below the first line; 特此公告 belongs to the paper, not the clause."""
    return any(not FORMULA.match(line.words) for line in node.lines[1:]) or bool(node.children)


class _TreeBuilder:
    def __init__(self, labels: Iterable[Label | None]) -> None:
        self.leading: list[Line] = []
        self.nodes: list[Node] = []
        self.notices: list[Notice] = []
        self._open: list[Node] = []
        self._last: dict[Style, tuple[int, ...]] = {}
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
        last = self._last.get(Style.ARABIC_BARE, (0,))
        return bool(self._decimal) and (label.number[0] in self._decimal or label.number[0] == last[0] + 1)

    def _opens(self, label: Label, line: Line) -> bool:
        depth = self._depth(label)
        beside = self._open[depth].label if depth < len(self._open) else None
        if not self._plausible(label, beside, depth):
            return False
        if beside is not None and beside.style is label.style:
            self._compare(label, beside.number, line)
        elif label.number[-1] != 1 and not self._runs_through(label):
            self._note("gap", f"{label.text} is the first of its list", line)
        del self._open[depth:]
        node = Node(label, [line], self._open[-1] if self._open else None)
        if node.parent is not None:
            node.parent.children.append(node)
        self._open.append(node)
        self.nodes.append(node)
        self._last[label.style] = label.number
        return True

    def _depth(self, label: Label) -> int:
        """The depth of a clause with this label: the number of open clauses above it."""
        if label.style is Style.DECIMAL:
            return self._decimal_depth(label)
        if label.style in ORDINALS:
            rank = ORDINALS.index(label.style)
            for depth, node in enumerate(self._open):
                if node.label.style in ORDINALS and ORDINALS.index(node.label.style) >= rank:
                    return depth
        for depth, node in enumerate(self._open):
            if node.label.style is label.style:
                return depth
        return len(self._open)

    def _decimal_depth(self, label: Label) -> int:
        for depth in range(len(self._open) - 1, -1, -1):
            number = self._open[depth].label.number
            style = self._open[depth].label.style
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
        if label.doubtful or label.style in ORDINALS:
            return True
        if beside is not None and beside.style is label.style:
            step = number - beside.number[-1] if label.number[:-1] == beside.number[:-1] else number - 1
            return number == 1 or 0 <= step <= _LARGEST_GAP
        if number == 1 or self._runs_through(label):
            return True
        if label.style is Style.DECIMAL:
            return depth > 0 and number <= _LARGEST_GAP
        return number == 2 or label.style not in _ARABIC

    def _runs_through(self, label: Label) -> bool:
        """Whether the numbering continues from the last label of that style under another heading."""
        last = self._last.get(label.style)
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
        """Adds a line without label to the open clause, or to the 条 whose items it follows."""
        if not self._open:
            self.leading.append(line)
            return
        node = self._open[-1]
        if _TABLE in line.text:
            node.lines.append(line)
            return
        article = next((i for i, open_node in enumerate(self._open) if _is_article(open_node)), None)
        if article is not None and node.below_article and not node.continues and self._closes_items(node):
            above = self._open[article]
            del self._open[article + 1 :]
            more = Node(above.label, [line], above, continues=True)
            above.children.append(more)
            self._open.append(more)
            self.nodes.append(more)
            return
        node.lines.append(line)

    def _closes_items(self, node: Node) -> bool:
        """Whether the list that ends with the node is complete: its items are one paragraph each."""
        paragraphs = [line for line in node.lines if _TABLE not in line.text]
        if len(paragraphs) > 1 or node.lines[0].text.endswith(("：", ":")):
            return False
        return not (_is_title(node) and _begins_list_of_titles(node))


def _is_title(node: Node) -> bool:
    """Whether the item is only words without a mark: "（一）全日托幼儿"."""
    words = node.lines[0].text[node.label.end :].strip()
    return 0 < len(words) <= _LONGEST_TITLE and not any(mark in words for mark in _MARKS)


def _begins_list_of_titles(node: Node) -> bool:
    """Whether the item is the first of its list, or those before it have text or items below them.

    A list of single paragraphs does not end after its first item.
    """
    before = [one for one in node.parent.children if one is not node] if node.parent is not None else []
    alike = [one for one in before if one.label.style is node.label.style]
    return all(len(one.lines) > 1 or one.children for one in alike)


def _is_article(node: Node) -> bool:
    return node.label.style in ARTICLES
