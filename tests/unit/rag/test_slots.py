"""What kinds of thing a sentence of a paper has."""

from __future__ import annotations

import pytest
from asked import HOSTILE

from rag.evidence.slots import kinds_in, share_met
from rag.question.kinds import FactKind


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("给予最高不超过500万元奖补。", FactKind.AMOUNT),
        ("按实际投入的30%给予补助。", FactKind.PERCENTAGE),
        ("对符合条件的减半征收。", FactKind.PERCENTAGE),
        ("支持不超过20家企业。", FactKind.COUNT),
        ("自受理之日起办理。", FactKind.DATE),
        ("在15个工作日内完成审核。", FactKind.DURATION),
        ("每季度报送进展。", FactKind.FREQUENCY),
        ("由省财政厅负责。", FactKind.DEPARTMENT),
        ("咨询电话：0731-84567890。", FactKind.CONTACT),
        ("向注册地主管部门申报。", FactKind.PLACE),
        ("提交申请材料。", FactKind.MATERIALS),
        ("所称中小企业，是指从业人员不足1000人的企业。", FactKind.DEFINITION),
        ("审批时限压缩至40个工作日。", FactKind.COMPARISON),
    ],
)
def test_a_sentence_has_what_it_states(sentence: str, kind: FactKind) -> None:
    assert kind in kinds_in(sentence)


@pytest.mark.parametrize(
    "kind",
    [
        FactKind.AMOUNT,
        FactKind.PERCENTAGE,
        FactKind.DATE,
        FactKind.DURATION,
        FactKind.CONTACT,
        FactKind.MATERIALS,
        FactKind.PLACE,
    ],
)
def test_a_general_sentence_has_none(kind: FactKind) -> None:
    assert kind not in kinds_in("支持企业加强产学研合作。")


def test_the_share_met_is_that_of_the_kinds_present() -> None:
    kinds = {FactKind.AMOUNT: 0.7, FactKind.CONTACT: 0.3}
    assert share_met(kinds, "奖补500万元。") == pytest.approx(0.7)
    assert share_met(kinds, "支持产学研合作。") == 0


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_can_be_read(text: str) -> None:
    assert FactKind.YES_NO in kinds_in(text)
