"""Decides which lines have a label, by the numbers before and after them.

"二、一次性补贴" is the heading 二、 if 一、 comes before it and no other 二、 follows; "二、三等奖获得者…" is
text if the real 二、 is below. "场景一：" is a label in a paper that goes on with 场景二.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from corpus.notation.labels.reading import find_bare_number, find_dotted, find_label, find_word_label
from corpus.notation.labels.types import Doubt, Label, Style

_Numbering = tuple[Style, str]


def labels_of(texts: Sequence[str]) -> list[Label | None]:
    """The label of each line, without those that are mentions, amounts or words followed by a number."""
    whole = [find_label(text) or find_word_label(text) for text in texts]
    decimals = {label.number for label in whole if label is not None and label.style is Style.DECIMAL}
    found = [
        find_dotted(text) or label if label is not None and _is_stray(label, decimals) else label
        for text, label in zip(texts, whole, strict=True)
    ]
    following = _following(found)
    last: dict[_Numbering, int] = {}
    labels: list[Label | None] = []
    for at, label in enumerate(found):
        if label is not None and label.doubtful:
            before, after = last.get(label.numbering, 0), following[at]
            if not _is_due(label, before=before, after=after):
                label = whole[at] if whole[at] is not found[at] else None
        if label is not None:
            last[label.numbering] = label.number[0]
        labels.append(label or find_bare_number(texts[at]))
    return labels


def _is_stray(label: Label, decimals: Set[tuple[int, ...]]) -> bool:
    """Whether no decimal leads up to this one: the 3.5 of "3.5名以上技师" is 3. and an amount."""
    above, number = label.number[:-1], label.number[-1]
    return label.style is Style.DECIMAL and number > 1 and (*above, number - 1) not in decimals


def _following(labels: Sequence[Label | None]) -> list[int | None]:
    """For each line the number of the next label of its numbering; None where there is none."""
    following: list[int | None] = [None] * len(labels)
    ahead: dict[_Numbering, int] = {}
    for at in range(len(labels) - 1, -1, -1):
        label = labels[at]
        if label is None:
            continue
        following[at] = ahead.get(label.numbering)
        # An amount between two labels (3.5万元) is not the next number of the one above it.
        if label.doubt is not Doubt.BETWEEN or following[at] == label.number[0] + 1:
            ahead[label.numbering] = label.number[0]
    return following


def _is_due(label: Label, *, before: int, after: int | None) -> bool:
    """Whether a doubtful label stands where its number is due."""
    number = label.number[0]
    if number == 1 and label.style is not Style.ARTICLE:
        return before != 1 and after == 2
    if label.doubt is Doubt.BETWEEN:
        return number == before + 1 == (after or 0) - 1
    return number == before + 1 and after != number
