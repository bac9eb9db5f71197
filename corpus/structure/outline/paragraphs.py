"""Decides whether a paragraph below the items of a clause belongs to the last item or to the clause.

"（二）逆行的。" is followed by "累计满12分的，扣证。", which the 条 above the items says.
"""

from __future__ import annotations

from typing import Final

from corpus.notation.phrase_table import PhraseTable
from corpus.structure.outline.nodes import Node
from corpus.text.lines import Line
from corpus.text.sentences import ends_sentence

_PROVISIONS: Final = PhraseTable.read("corpus", "provisions.tsv")
_COLONS: Final = ("：", ":")
_LONGEST_TITLE: Final = 24  # characters of an item that is only a title
_MARKS: Final = "。；;：:，,"


def continued_by(line: Line, open_nodes: list[Node]) -> int | None:
    """The index in `open_nodes` of the clause that the paragraph continues after its items, if any."""
    node = open_nodes[-1]
    if node.continues or not _closes_items(node):
        return None
    article = next((at for at, above in enumerate(open_nodes) if above.is_article), None)
    if article is not None:
        return article if node.below_article else None
    return len(open_nodes) - 2 if _closes_list(node) and ends_sentence(line.text) else None


def _closes_items(node: Node) -> bool:
    """Whether the list that ends with the node is complete: its items are one paragraph each.

    A list of single paragraphs does not end after its first item, if that is only a title.
    """
    if node.paragraphs > 1 or node.lines[0].text.endswith(_COLONS):
        return False
    return not (is_title(node) and node.all_rich)


def is_title(node: Node) -> bool:
    """Whether the item is only words without a mark: "（一）全日托幼儿"."""
    words = node.first.strip()
    return 0 < len(words) <= _LONGEST_TITLE and not any(mark in words for mark in _MARKS)


def _closes_list(node: Node) -> bool:
    """Whether the clause above announces items, and they are several sentences of one paragraph each."""
    above = node.parent
    if above is None or node.before is None or not node.all_single or not _announces(above.lines[-1].text):
        return False
    return not is_title(node) and ends_sentence(node.lines[0].text)


def _announces(text: str) -> bool:
    return text.endswith(_COLONS) or _PROVISIONS.has("announces", text)
