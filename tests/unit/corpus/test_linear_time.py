"""Reading a paper takes time that grows with its length, whatever it repeats."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from corpus.errors import CorpusError
from corpus.facts.extract import facts_of
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


# What makes facts, in one sentence or in many of one clause
_GIVEN = [
    "100万元", "给予100万元、", "对企业给予奖励100万元，", "按投资额的30%给予补助，", "（对企业给予100万元",
    "（给予（企业）100万元）", "年销售收入过1亿元的", "甲企业、", "对符合条件的企业，", "在湖南省益阳市，",
    "每家每年最高500万元", "审批时限压缩至5个工作日，", "到2027年，产值达到100亿元，", "为企业开辟绿色通道，",
    "同一企业不重复享受，", "给予下列奖励：", "对企业给予一次性奖励100万元。", "最高不超过500万元。",
    "所需资金由省级财政承担。", "按投资额的30%给予企业补助。最高不超过500万元。", "为企业提供贷款贴息。",
    "对企业给予奖励100万元。（责任单位：市财政局、市科技局）", "\n（一）对企业给予奖励100万元。",
]  # fmt: skip
# What stands before it
_BEFORE = ["对企业分别给予", "对企业给予下列奖励：\n", "对企业按投资额的30%给予补助。" * 40, ""]
_CAP = "最高不超过500万元。\n"


def _seconds_of_parsing(text: str, name: str) -> float:
    data = text.encode()
    gc.collect()
    begin = time.process_time()
    with suppress(CorpusError):  # nothing is left of a text of marks
        parse(load(data, name=name), document_id="long")
    return time.process_time() - begin


def _seconds_of_reading_facts(text: str, name: str) -> float:
    document = parse(load(text.encode(), name=name), document_id="long")
    gc.collect()
    begin = time.process_time()
    facts_of(document)
    return time.process_time() - begin


def _grows_with_length(
    piece: str,
    name: str,
    *,
    head: str = "关于测试的规定\n第一条 为测试。\n",
    seconds: Callable[[str, str], float] = _seconds_of_parsing,
) -> bool:
    short, long = (head + piece * (size // len(piece)) for size in (_SHORT, _LONG))
    seconds(head, name)
    for _ in range(_TRIES):
        taken = seconds(long, name)
        if taken < _BELOW_NOISE_S or taken < _MOST * seconds(short, name):
            return True
    return False


@pytest.mark.parametrize("name", ["paper.txt", "paper.md"])
@pytest.mark.parametrize("piece", _REPEATED)
def test_repeated_characters(piece: str, name: str) -> None:
    assert _grows_with_length(piece, name)


@pytest.mark.parametrize("line", _LINES)
def test_repeated_lines(line: str) -> None:
    assert _grows_with_length(line + "\n", "paper.txt")


@pytest.mark.parametrize(
    ("before", "piece"), [*((_BEFORE[0], piece) for piece in _GIVEN), *((before, _CAP) for before in _BEFORE)]
)
def test_facts_of_repeated_words(before: str, piece: str) -> None:
    head = f"关于测试的若干措施\n第一条 {before}"
    assert _grows_with_length(piece, "paper.txt", head=head, seconds=_seconds_of_reading_facts)
