"""Things that exclude each other, and what follows for the first line of an answer and for corrections."""

from __future__ import annotations

import pytest
from asked import HOSTILE

from rag.answer.content.contrasts import excluded


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("第三类医疗器械审评几天？", "第二类医疗器械审评时限压缩至40个工作日。", True),
        ("三类器械奖多少？", "第三类创新医疗器械和第二类创新医疗器械分别给予奖补。", False),
        ("省级平台奖多少？", "对国家级科技创新中心奖补500万元。", True),
        ("改良型新药奖多少？", "对首次获批的创新药奖补。", True),
        ("平台奖多少？", "对国家级科技创新中心奖补500万元。", False),
        ("省级平台奖多少？", "对平台给予奖补。", False),
    ],
)
def test_another_member_of_a_group_is_another_thing(question: str, text: str, other: bool) -> None:
    assert excluded(question, text) is other


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_does_not_exclude_itself(text: str) -> None:
    assert not excluded(text, text)
