"""Detection of character sets, and rejection of bytes that are not a paper."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableDocument
from corpus.load import load

SENTENCE = "第一条　为了加强本市公共租赁住房保障，规范住房租赁补贴发放，根据有关规定，制定本办法。"


@pytest.mark.parametrize(
    "charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_chinese_charsets_are_distinguished(charset: str) -> None:
    assert load((SENTENCE * 3).encode(charset), name="a.txt").text == SENTENCE * 3


def test_traditional_big5_is_not_read_as_gb18030() -> None:
    text = "第一條　為了加強產業發展，規範各級機關的行政工作，依據有關規定，制定本辦法。"
    assert load(text.encode("big5"), name="a.txt").text == text


def test_site_that_says_gb2312_may_send_gb18030() -> None:
    page = f"<html><head><meta charset=gb2312></head><body><p>{SENTENCE}（朱镕基）</p></body></html>"
    loaded = load(page.encode("gb18030"), name="a.html")
    assert loaded.source.charset == "gb18030"
    assert "朱镕基" in loaded.text


def test_truncated_character_at_the_end_is_no_reason_to_refuse() -> None:
    for charset in ("utf-8", "gb18030", "utf-16"):
        assert load(SENTENCE.encode(charset)[:-1], name="a.txt").text.startswith("第一条")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "its PDF structure is damaged"),
        (b"\x89PNG\r\n\x1a\n\x00", "picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "Office"),
        (b"PK\x03\x04garbage", "zip"),
        (b"\x00\x01\x02\x03" * 50, "not text"),
        ("——……".encode(), "no words"),
        (b"a" * (20 * 1024 * 1024 + 1), "larger than 20 MB"),
    ],
)
def test_what_is_not_a_paper_is_rejected_with_a_reason(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableDocument, match=words) as caught:
        load(data, name="x.bin")
    assert "x.bin" in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.binary(max_size=400))
def test_random_bytes_load_or_are_refused(data: bytes) -> None:
    try:
        loaded = load(data, name="random")
    except UnreadableDocument:
        return
    assert loaded.text


@given(start=st.integers(0, 9000), length=st.integers(1, 3000), name=st.sampled_from(["guangdong", "hubei"]))
@settings(max_examples=40)
def test_pieces_of_a_paper_load_or_are_refused(
    papers: dict[str, bytes], start: int, length: int, name: str
) -> None:
    try:
        loaded = load(papers[name][start : start + length], name="piece.txt")
    except UnreadableDocument:
        return
    assert loaded.text.strip()
