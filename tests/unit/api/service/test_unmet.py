"""Unanswered questions, grouped by region and matter."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from api.records.unmet import Lack, Unmet
from api.service.receipts.unmet import Group, grouped
from index.model import Vectors
from rag.assemble import open_embedder
from rag.settings import Settings

_DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
# Each matter is a direction; the words of a question say how far it is from it.
_MATTERS = ("租房", "龙虾", "驾照")


def _embed(text: str) -> Vectors:
    """A vector near that of the matter named in the text; longer texts are further off."""
    vector = np.full(len(_MATTERS) + 1, 0.001 * len(text), dtype=np.float32)
    for place, matter in enumerate(_MATTERS):
        vector[place] += matter in text
    unit: Vectors = vector / np.linalg.norm(vector)
    return unit


def _unmet(
    question: str,
    *,
    days: int = 0,
    lack: Lack = Lack.REFUSED,
    regions: tuple[str, ...] = (),
    kept: bool = True,
) -> Unmet:
    reason = "no_evidence" if lack is Lack.REFUSED else ""
    return Unmet(_DAY + timedelta(days=days), lack, reason, question if kept else "", regions, kept)


def _told(groups: list[Group]) -> list[tuple[str, tuple[str, ...], int]]:
    return [(group.question, group.regions, group.count) for group in groups]


def test_a_group_has_the_most_central_question_its_numbers_and_its_last_day() -> None:
    asked = [
        _unmet("租房补多少", days=2),
        _unmet("租房补贴怎么申请，要带什么材料", lack=Lack.PARTIAL),
        _unmet("租房补多少", days=5),
        _unmet("养龙虾有补贴吗", lack=Lack.UNSURE),
    ]
    first, second = grouped(asked, embed=_embed)
    assert (first.question, first.count, first.last) == ("租房补多少", 3, _DAY + timedelta(days=5))
    assert dict(first.lacks) == {Lack.REFUSED: 2, Lack.PARTIAL: 1}
    assert dict(first.reasons) == {"no_evidence": 2}
    assert (second.question, second.count, dict(second.reasons)) == ("养龙虾有补贴吗", 1, {})


def test_regions_are_apart_and_named_in_full() -> None:
    asked = [_unmet("益阳租房补多少"), _unmet("湖南省益阳市租房补贴"), _unmet("租房补贴", regions=("湖南",))]
    asked += [_unmet("租房补贴")]
    assert _told(grouped(asked, embed=_embed)) == [
        ("益阳租房补多少", ("湖南省益阳市",), 2),
        ("租房补贴", (), 1),
        ("租房补贴", ("湖南省",), 1),
    ]


def test_the_same_questions_in_any_order_give_the_same_groups() -> None:
    asked = [_unmet(f"{matter}{'问' * length}", days=length) for matter in _MATTERS for length in range(9)]
    expected = _told(grouped(asked, embed=_embed))
    assert [count for _, _, count in expected] == [9, 9, 9]
    for seed in range(5):
        random.Random(seed).shuffle(asked)
        assert _told(grouped(asked, embed=_embed)) == expected


def test_names_and_numbers_are_masked_before_anything_is_compared() -> None:
    heard: list[str] = []

    def embed(text: str) -> Vectors:
        heard.append(text)
        return _embed(text)

    asked = [_unmet("王先生租房，电话13800138000"), _unmet("李女士租房，电话13900139000")]
    told = _told(grouped(asked, embed=embed))
    assert [count for _, _, count in told] == [2]
    assert "王" not in told[0][0]
    assert not any(sign in "".join(heard) for sign in "王李1")


def test_without_texts_questions_are_counted_by_reason_and_region() -> None:
    asked = [
        _unmet("", kept=False),
        _unmet("", kept=False, days=1),
        _unmet("", kept=False, regions=("益阳",)),
    ]
    asked += [_unmet("", kept=False, lack=Lack.PARTIAL)]
    for embed in (None, _embed):
        groups = grouped(asked, embed=embed)
        assert _told(groups)[0] == ("", (), 2)
        assert sorted(_told(groups)[1:]) == [("", (), 1), ("", ("湖南省益阳市",), 1)]


def test_each_distinct_question_is_embedded_once() -> None:
    seen: list[tuple[int, int]] = []
    asked = [_unmet("租房"), _unmet("租房"), _unmet("龙虾")]
    grouped(asked, embed=_embed, progress=lambda done, total, _: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]
    assert grouped([], embed=_embed) == []


@pytest.mark.model
def test_questions_of_daily_life_fall_into_groups_of_one_matter(tmp_path: Path) -> None:
    matters = [
        ["租房补贴怎么申请？", "租房有补贴吗？", "毕业生租房补贴"],
        ["驾照到期怎么换？", "换驾照去哪里办"],
        ["小龙虾养殖有没有补贴？", "养小龙虾能补贴多少钱", "小龙虾养殖户怎么申请贷款"],
        ["公租房的租金是多少？", "公租房怎么申请？", "申请公租房要什么条件"],
        ["生二孩有没有奖励？", "二孩补贴多少钱"],
        ["医保异地就医怎么备案？", "异地看病医保能报吗", "外地住院医保报销比例"],
    ]
    model = open_embedder(Settings(data_dir=tmp_path))
    asked = [replace(_unmet(text), reason=some[0]) for some in matters for text in some]
    groups = grouped(asked, embed=model.embed_query)
    assert [dict(group.reasons) for group in groups if len(group.reasons) > 1] == []
    assert len(groups) <= 8  # of 16 questions on 6 matters
