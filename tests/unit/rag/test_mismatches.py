"""What of a question a sentence has the other way round."""

from __future__ import annotations

import pytest

from rag.evidence.mismatches import mismatches


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("前两年补40%、第三年补70%，对吧？", "其中前两年给予70%的补助，第三年给予40%的补助"),
        ("城区存够九个月、乡镇存两个月的量", "城区保持两个月销量，乡镇保持九个月销量"),
        ("许可时限从15个工作日改到25个工作日？", "许可时限由25个工作日改为15个工作日"),
    ],
)
def test_figures_that_have_changed_places_are_moved(question: str, sentence: str) -> None:
    assert mismatches(question, sentence).moved > 0
    assert mismatches(sentence, sentence).moved == 0


def test_one_figure_in_other_words_is_not_moved() -> None:
    found = mismatches(
        "给企业的补助封顶是300万元吗？", "对符合条件的企业给予不超过300万元补助，对个人给予5万元"
    )
    assert found.moved == 0


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("为什么要提高保证金？", "适当降低保证金比例"),
        ("听说可以转租？", "承租人不得转租"),
        ("必须先验收再投产吗", "验收与试生产同步进行"),
        ("检测一次要缴纳多少钱？", "检测免费"),
    ],
)
def test_a_word_and_its_opposite_are_noticed(question: str, sentence: str) -> None:
    assert mismatches(question, sentence).opposites > 0


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("可以转租吗？", "经同意可以转租，但不得转让"),  # the sentence has both sides
        ("降低了多少？", "降低保证金比例10%"),
        ("保证金是多少？", "适当降低保证金比例"),
    ],
)
def test_agreement_and_silence_are_not_opposites(question: str, sentence: str) -> None:
    assert mismatches(question, sentence).opposites == 0
