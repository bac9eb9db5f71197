from __future__ import annotations

import pytest

from corpus.errors import BadTable
from corpus.notation.text_table import TextTable

_TABLE = "# texts\nkey\tzh\ten\nasked\t{count} 题\t{count} questions\n\nnone\t无\tnone\n"


def test_a_table_has_every_text_in_every_language() -> None:
    table = TextTable.parse(_TABLE, place="t.tsv")
    assert table.in_language("zh")["asked"].format(count=3) == "3 题"
    assert dict(table.in_language("en")) == {"asked": "{count} questions", "none": "none"}
    with pytest.raises(KeyError):
        table.in_language("fr")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("none\t无\tnone", "none\t无", "'none' has not one text for each of zh, en"),
        ("none\t无\tnone", "none\t\tnone", "'none' has not one text"),
        ("none\t无", "asked\t无", "'asked' stands above too"),
        ("{count} questions", "{number} questions", "'asked' differ in their places"),
        ("key\tzh\ten", "zh\ten", "the first line names no columns"),
    ],
)
def test_what_is_wrong_with_a_table_is_named(before: str, after: str, said: str) -> None:
    with pytest.raises(BadTable, match=said) as raised:
        TextTable.parse(_TABLE.replace(before, after), place="t.tsv")
    assert "t.tsv" in str(raised.value)
