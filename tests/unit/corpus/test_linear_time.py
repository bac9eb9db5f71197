"""Reading a paper takes time that grows with its length, whatever it repeats."""

from __future__ import annotations

import gc
import time
from contextlib import suppress

import pytest

from corpus.errors import CorpusError
from corpus.load import load
from corpus.parse import parse

_SHORT, _LONG = 3_000, 12_000  # characters
# Four times the text takes four times as long, and sixteen times where the time grows with the square.
_MOST = 9.0
_BELOW_NOISE_S = 0.3  # seconds of CPU for the long text that need no comparison
_TRIES = 4

_REPEATED = [
    "#", "\u3000", " ", "\xa0", "（", "第", "1", "、", "一", "*", "-", ">", "`", "[", "![", "[a](", "**a** ",
    "1.", "第一", "《", "【", "“", "— ", "1.1.", "2024年", "附件1", "责任单位：", "市财政局、", "，", "。",
]  # fmt: skip
_LINES = [
    "政", "一、政", "（一）政。", "第一条 政。", "附件1", "附件1质量指标", "1.政\n政府。", "①政",
    "场景一：政", "专栏1 政\n1.政。", "2024年1月1日", "1", "目录", "# 政", "a\tb", "1.1 政",
    "关于政的规定", "（政", "3.5万元", "政①",
]  # fmt: skip


def _seconds(text: str, name: str) -> float:
    data = text.encode()
    gc.collect()
    begin = time.process_time()
    with suppress(CorpusError):  # nothing is left of a text of marks
        parse(load(data, name=name), document_id="long")
    return time.process_time() - begin


def _grows_with_length(piece: str, name: str) -> bool:
    head = "关于测试的规定\n第一条 为测试。\n"
    short, long = (head + piece * (size // len(piece)) for size in (_SHORT, _LONG))
    _seconds(head, name)
    for _ in range(_TRIES):
        taken = _seconds(long, name)
        if taken < _BELOW_NOISE_S or taken < _MOST * _seconds(short, name):
            return True
    return False


@pytest.mark.parametrize("name", ["paper.txt", "paper.md"])
@pytest.mark.parametrize("piece", _REPEATED)
def test_repeated_characters(piece: str, name: str) -> None:
    assert _grows_with_length(piece, name)


@pytest.mark.parametrize("line", _LINES)
def test_repeated_lines(line: str) -> None:
    assert _grows_with_length(line + "\n", "paper.txt")
