import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.measures.metrics import evidence_rank
from evals.measures.names import HITS, RANKS
from evals.measures.ranking import ranked
from evals.model import Evidence, Expect, Item, Shown

Make = Callable[..., Item]
FIRST = Evidence("province", ("（一）",), ("每年一次性奖补500万元",))
SECOND = Evidence("city", ("二、（一）1．",), ("沅江枳壳（实）",))
OWN = Shown("province", "（一）", "每个平台每年一次性奖补500万元，连续支持3年。")
OTHER = Shown("city", "1．", "支持沅江枳壳（实）")
NOISE = Shown("province", "（九）", "别的")
HIT_LISTS = st.lists(st.sampled_from([OWN, OTHER, NOISE]), max_size=HITS)
ONE = Item("？", "number", "easy", Expect.ANSWER, (FIRST,))
TWO = Item("？", "compare", "easy", Expect.ANSWER, (FIRST, SECOND))


def test_one_paper_by_hand() -> None:
    found = ranked(ONE, [NOISE, NOISE, OWN, OWN])
    assert [found[f"R@{k}"] for k in RANKS] == [0.0, 1.0, 1.0, 1.0]
    assert found["RR@10"] == pytest.approx(1 / 3)
    assert found["nDCG@10"] == pytest.approx(1 / math.log2(4))


def test_two_papers_by_hand() -> None:
    found = ranked(TWO, [OTHER, NOISE, OWN])
    assert [found[f"R@{k}"] for k in RANKS] == [0.5, 1.0, 1.0, 1.0]
    assert found["RR@10"] == 1.0
    ideal = 1 + 1 / math.log2(3)
    assert found["nDCG@10"] == pytest.approx((1 + 1 / math.log2(4)) / ideal)


@given(HIT_LISTS)
def test_for_one_paper_the_measures_follow_from_the_rank(hits: list[Shown]) -> None:
    rank, found = evidence_rank(ONE, hits), ranked(ONE, hits)
    for k in RANKS:
        assert found[f"R@{k}"] == float(rank is not None and rank <= k)
    assert found["RR@10"] == pytest.approx(1 / rank if rank else 0.0)
    assert found["nDCG@10"] == pytest.approx(1 / math.log2(rank + 1) if rank else 0.0)


@given(HIT_LISTS)
def test_more_evidence_for_the_same_paper_earns_nothing(hits: list[Shown]) -> None:
    bare = [hit if hit not in hits[:place] else NOISE for place, hit in enumerate(hits)]
    assert ranked(TWO, hits) == ranked(TWO, bare)


@given(HIT_LISTS)
def test_a_ranking_is_ideal_when_every_needed_paper_comes_first(hits: list[Shown]) -> None:
    found = ranked(TWO, [OTHER, OWN, *hits][:HITS])
    assert found["nDCG@10"] == pytest.approx(1.0)
    assert found["R@3"] == 1.0


def test_evidence_counts_only_from_a_right_paper_and_in_full() -> None:
    assert ranked(ONE, [Shown("city", "（一）", OWN.text)])["R@10"] == 0.0
    assert ranked(ONE, [Shown("province", "（一）", "每年一次性奖补500万")])["R@10"] == 0.0
    assert ranked(ONE, [Shown("province", "（九）", OWN.text)])["R@1"] == 1.0


def test_an_alternative_meets_the_need(item: Make) -> None:
    assert ranked(item(alternatives=[SECOND]), [OTHER])["R@1"] == 1.0


def test_without_gold_quotes_nothing_is_judged(item: Make) -> None:
    bare = Evidence("province", ("（一）",), ())
    assert set(ranked(item(evidence=[bare]), [OWN]).values()) == {None}
    assert ranked(item(evidence=[bare, SECOND]), [OTHER])["R@1"] == 1.0
