"""Characters that only look like ordinary ones are replaced, in every format, and keep their place."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from corpus.load import load
from corpus.model import Loaded
from corpus.notation.text_table import TextTable

# Twelve ordinary characters among the compatibility ideographs, and a radical like no character.
_WITHOUT_ANOTHER_FORM = "⺀﨎﨏﨑﨓﨔﨟﨡﨣﨤﨧﨨﨩"
_LOOKALIKES = "⼈⽉⽇⼯⾦⻓⻛⻚⺠⻅金樂車"


def test_lookalikes_become_ordinary_and_keep_their_offsets(check: Callable[[Loaded], None]) -> None:
    written = "第一条　⼈才奖励每⽉发放，⻓期有效，不得挪用⾦额。"
    for name, source in (
        ("a.txt", written),
        ("a.md", f"# 办法\n\n{written}"),
        ("a.html", f"<p>{written}</p>"),
    ):
        loaded = load(source.encode(), name=name)
        assert "人才奖励每月发放，长期有效，不得挪用金额" in loaded.text
        at = loaded.text.index("人才")
        assert loaded.source.original[loaded.source.map.origin(at)] == "⼈"
        assert loaded.source.original[loaded.source.map.origin(at + 1)] == "才"


@given(st.text(st.sampled_from(_LOOKALIKES + "甲乙丙，"), min_size=1, max_size=60))
def test_every_character_keeps_its_offset(words: str) -> None:
    loaded = load(f"第一条　{words}完。".encode(), name="a.txt")
    assert len(loaded.text) == len(words) + 6
    for at, char in enumerate(loaded.text):
        written = loaded.source.original[loaded.source.map.origin(at)]
        assert char == written or written in _LOOKALIKES


def test_no_lookalike_is_left_in_the_blocks() -> None:
    table = TextTable.read("corpus", "radicals.tsv").texts["ordinary"]
    assert all(len(radical) == len(ordinary) == 1 for radical, ordinary in table.items())
    for point in [*range(0x2E80, 0x2FD6), *range(0xF900, 0xFADA)]:
        char = chr(point)
        if unicodedata.name(char, "") and char not in _WITHOUT_ANOTHER_FORM:
            assert load(f"甲{char}乙。".encode(), name="a.txt").text[1] != char
