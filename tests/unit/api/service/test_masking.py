"""What is masked in questions, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.service.receipts.masking import MASKS, masked, without_masks
from corpus.notation.phrase_table import PhraseTable


def test_the_words_have_the_senses_that_their_table_says() -> None:
    assert PhraseTable.read("api", "personal.tsv").mistakes() == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请问王先生能领补贴吗？", "请问[姓名]先生能领补贴吗？"),
        ("找张建国经理办", "找[姓名]经理办"),
        ("歐陽女士的房子", "[姓名]女士的房子"),
        ("我叫李明，想申请公租房", "我叫[姓名]，想申请公租房"),
        ("联系人：陈小红，电话0731-88886666", "联系人：[姓名]，电话[号码]"),
        ("Can Mr. John Smith apply?", "Can Mr. [姓名] apply?"),
        ("打13800138000问", "打[号码]问"),
        ("打１３８ ００１３ ８０００问", "打[号码]问"),
        ("手机+86 138-0013-8000", "手机[号码]"),
        ("电话一三八零零一三八零零零", "电话[号码]"),
        ("身份证43010219900101123X丢了", "身份证[号码]丢了"),
        ("发到li.ming@example.cn吧", "发到[邮箱]吧"),
        ("发到li.ming＠example.cn吧", "发到[邮箱]吧"),
        ("微信：abc_12345", "微信：[账号]"),
        ("QQ：123456", "QQ：[账号]"),
    ],
)
def test_personal_data_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert masked(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "高级经理和工程主任的职称怎么评？",
        "湖南先生产后补贴吗？",
        "江苏主任医师有补贴吗",
        "湘政办发〔2026〕15号有效期到哪天？",
        "2023-2025年的奖补，2026-01-15之前申报",
        "投资20000000元能奖多少？",
        "营收12000000万元以上",
        "每家1,000,000元",
        "王牌产品和李子种植有补贴吗？",
        "二〇二六年一月一日起施行",
        "Does the paper name a manager?",
        "微信小程序怎么办理？",
    ],
)
def test_what_is_no_personal_data_stays(text: str) -> None:
    assert masked(text) == text


@given(st.text(alphabet="王先生经理我叫微信QQ @＠.-+1234567890１一二零x元年a", max_size=40))
def test_any_text_can_be_masked_and_twice_is_once(text: str) -> None:
    once = masked(text)
    assert not any(mask in without_masks(once) for mask in MASKS)


def test_long_runs_of_digits_are_quick() -> None:
    assert masked("1" * 20_000) == "[号码]"
    assert masked("1 " * 10_000).startswith("[号码]")
    assert masked("a." * 10_000) == "a." * 10_000
