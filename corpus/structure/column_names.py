"""Finds the name of a website's column above the title of a paper, which is no part of the paper.

扶持花卉产业实施意见              ← the column, or the page's own short title
中共石桥县委 石桥县人民政府
关于扶持花卉产业若干政策的实施意见
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from corpus.notation.characters import HAN
from corpus.notation.labels.reading import opens_clause
from corpus.notation.phrase_table import PhraseTable
from corpus.regions.authorities import split_names
from corpus.text.source_text import Line

_TITLES: Final = PhraseTable.read("corpus", "paper_titles.tsv")
# "关于扶持花卉产业若干政策的实施意见", "印发…的通知": a title, or its part behind the authority
_MATTER: Final = re.compile(rf"{_TITLES.alternation('issues')}.*{_TITLES.alternation('genre')}(?:[（(].*)?")
# "政策文件", "扶持花卉产业实施意见": words only; a number, a mark in brackets or a date is the paper's
_COLUMN: Final = re.compile(rf"[{HAN}、“” \u3000]{{5,40}}")
# "石桥县人民政府文件", "市政府公报", "县人民政府令" above a title is a letterhead
_LETTERHEAD: Final = re.compile(r"(?:文件|公报|令|公告|通告|信笺|专报)$")
_GOES_ON: Final = re.compile(r"(?:关于|印发|转发|发布|[和与及、的对])$")
_MOST: Final = 3  # lines above the title


def column_lines(lines: Sequence[Line]) -> int:
    """Number of the first lines that are the name of a column, not the paper."""
    for above in range(1, min(_MOST, len(lines) - 1) + 1):
        if not _is_column(lines[above - 1].text):
            return 0
        if _begins_title(lines, above):
            return above
    return 0


def _is_column(text: str) -> bool:
    words = re.sub(r"\s", "", text)
    if not _COLUMN.fullmatch(text) or _LETTERHEAD.search(words) or _GOES_ON.search(words):
        return False
    return not opens_clause(text) and not split_names(text) and not _MATTER.search(words)


def _begins_title(lines: Sequence[Line], at: int) -> bool:
    """Whether the title begins with the line: an authority, and there or in the next line its matter."""
    words = re.sub(r"\s", "", lines[at].text)
    named = re.match(rf"[{HAN}、（）()]{{4,60}}?(?={_TITLES.alternation('issues')})", words)
    if named is not None and split_names(named[0]) and _MATTER.fullmatch(words, named.end()):
        return True
    following = re.sub(r"\s", "", lines[at + 1].text) if at + 1 < len(lines) else ""
    return bool(split_names(lines[at].text)) and _MATTER.match(following) is not None
