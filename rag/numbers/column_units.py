"""What the columns of a table measure, by the units in their heads: 每月津贴（元）, 费率(%)."""

from __future__ import annotations

import re

from corpus.notation.figures import FigureKind, figures
from corpus.text.source_text import CELL_JOINT

# "（元）", "(万元/年)", "（单位：元）"
_UNIT = re.compile(r"[（(](?:单位[:：])?\s*([^（）()\d\s:：]{1,6})\s*[）)]")


def column_kinds(text: str) -> frozenset[FigureKind]:
    """Returns the kinds of figure that the cells below the heads in `text` are; none outside of tables.

    >>> sorted(column_kinds("年龄\\t每月津贴（元）"))
    [<FigureKind.MONEY: 'money'>]
    """
    if CELL_JOINT not in text:
        return frozenset()
    units = (unit for match in _UNIT.finditer(text) for unit in match[1].split("/")[:1])
    return frozenset(figure.kind for unit in units for figure in figures(f"1{unit}"))
