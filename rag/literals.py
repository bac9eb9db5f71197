"""Words of a question that must stand in the paper as they are: quoted terms, cited numbers and titles."""

from __future__ import annotations

import re

from index.text import fold

# “一事一议”, "白名单", 「链长」, 《进口药品通关单》
_QUOTED = re.compile(r"[“\"「『‘《](?P<words>[^“”\"「」『』‘’《》]{2,40})[”\"」』’》]")
# 益政发〔2017〕11号
_NUMBER = re.compile(r"[〔\[［【(（﹝]\s*(?:19|20)\d{2}\s*[〕\]］】)）﹞]\s*第?\s*\d+\s*号")


def literals(text: str) -> tuple[str, ...]:
    """The quoted terms and document numbers of `text`, folded for matching."""
    found = [fold(match["words"]) for match in _QUOTED.finditer(text)]
    found += [fold(match[0]) for match in _NUMBER.finditer(text)]
    return tuple(dict.fromkeys(words for words in found if len(words) >= 2))
