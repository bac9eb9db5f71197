"""Gives the clauses of a body their headings, and takes back those that most of their siblings lack.

In a list of sentences one may be short and followed by another ("（三）立即停工。复工时间另行通知。"), which
looks like a heading with its text. Papers give a heading to all clauses of a list or to none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from corpus.notation.labels.types import ORDINALS
from corpus.notation.phrase_table import PhraseTable
from corpus.structure.outline.closing import concerns_paper, is_closing_heading
from corpus.structure.outline.headings import Heading, articles_are_titled, heading_of, is_phrase
from corpus.structure.outline.nodes import Node

# Least share of the siblings that must have a heading, and fewest siblings that decide it among themselves.
_SHARE: Final = 0.5
_FEWEST: Final = 3
# "特此通知。", "特此公告。"
FORMULA: Final = re.compile(PhraseTable.read("corpus", "provisions.tsv").alternation("formula"))


def give_headings(nodes: Iterable[Node]) -> None:
    """Sets `heading` of every node that begins with a label."""
    numbered = [node for node in nodes if not node.continues]
    articles = [node for node in numbered if node.is_article]
    titled = articles_are_titled([(node.first, _is_followed(node)) for node in articles])
    for node in numbered:
        node.heading = heading_of(
            node.lines[0],
            node.label,
            below_article=node.below_article,
            followed=_is_followed(node),
            titled=titled,
        )
    _withdraw([node for node in numbered if node.label.style not in ORDINALS])


def _is_followed(node: Node) -> bool:
    """Whether there are text or items below the first line; 特此公告 belongs to the paper, not the clause."""
    if node.children:
        return True
    below = [line for line in node.lines[1:] if not FORMULA.match(line.words)]
    return bool(below) and (is_closing_heading(node.first) or not concerns_paper(below[0]))


def _withdraw(nodes: Sequence[Node]) -> None:
    """Takes back the headings that look like sentences where most siblings have none."""
    lists: dict[tuple[object, ...], list[Node]] = defaultdict(list)
    styles: dict[object, list[Node]] = defaultdict(list)
    for node in nodes:
        lists[(id(node.parent), node.label.numbering)].append(node)
        styles[node.label.numbering].append(node)
    for (_, numbering), siblings in lists.items():
        judges = siblings if len(siblings) >= _FEWEST else styles[numbering]
        headed = sum(bool(node.heading.words) for node in judges)
        if len(judges) < _FEWEST or headed >= _SHARE * len(judges):
            continue
        for node in siblings:
            if not is_phrase(node.lines[0], node.label, node.heading):
                node.heading = Heading("", node.label.end)
