"""Reading a paper takes time that grows with its length, whatever it repeats."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from growth import grows_with_length, seconds

from corpus.errors import CorpusError
from corpus.facts.extract import facts_of
from corpus.load import load
from corpus.parse import parse

_HEAD = "关于测试的规定\n第一条 为测试。\n"
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


def _parsing(head: str, name: str) -> Callable[[str], float]:
    """Returns the seconds that parsing a paper takes, by what follows its `head`."""

    def seconds_of(text: str) -> float:
        data = (head + text).encode()

        def parsed() -> None:
            with suppress(CorpusError):  # nothing is left of a text of marks
                parse(load(data, name=name), document_id="long")

        return seconds(parsed)

    return seconds_of


@pytest.mark.parametrize("name", ["paper.txt", "paper.md"])
@pytest.mark.parametrize("piece", _REPEATED)
def test_repeated_characters(piece: str, name: str) -> None:
    assert grows_with_length(piece, _parsing(_HEAD, name), longest=6_000)


@pytest.mark.parametrize("line", _LINES)
def test_repeated_lines(line: str) -> None:
    assert grows_with_length(line + "\n", _parsing(_HEAD, "paper.txt"), longest=6_000)


@pytest.mark.parametrize(
    ("before", "piece"), [*((_BEFORE[0], piece) for piece in _GIVEN), *((before, _CAP) for before in _BEFORE)]
)
def test_facts_of_repeated_words(before: str, piece: str) -> None:
    def reading_facts(text: str) -> float:
        data = f"关于测试的若干措施\n第一条 {before}{text}".encode()
        document = parse(load(data, name="paper.txt"), document_id="long")
        return seconds(lambda: facts_of(document))

    assert grows_with_length(piece, reading_facts, longest=12_000)
