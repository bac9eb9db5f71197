"""Pairs that are made of sentences of laws, and those of conditions and what enterprises say."""

from __future__ import annotations

from random import Random

import pytest

from tools.reader.batches import Part, batches
from tools.reader.claims import FIGURE, made_pairs
from tools.reader.figures import figure_in_other_words, other_figure
from tools.reader.pairs import CONDITION, ENTERPRISE, Article, Label, statement_pairs
from tools.reader.questions import read_statements

_ARTICLE = Article(
    "企业登记",
    """企业应当自变更之日起三十日内向登记机关申请变更登记，逾期不得开展经营活动。
登记机关应当在5个工作日内作出决定；逾期不办理的，由市场监督管理部门处二万元以上十万元以下罚款。""",
)
_SEEDS = range(30)


@pytest.mark.parametrize("seed", _SEEDS)
def test_a_seed_gives_the_same_pairs(seed: int) -> None:
    assert made_pairs([_ARTICLE], rng=Random(seed)) == made_pairs([_ARTICLE], rng=Random(seed))


@pytest.mark.parametrize("seed", _SEEDS)
def test_a_sentence_is_claimed_truly_and_falsely(seed: int) -> None:
    pairs = made_pairs([_ARTICLE], rng=Random(seed))
    assert {pair.labels[0] for pair in pairs} >= {Label.ANSWERS, Label.CONTRADICTS}
    assert all(pair.sentence.startswith("企业登记：") for pair in pairs)
    assert not any(pair.held_out for pair in pairs)


def test_a_figure_asked_for_is_not_stated_by_a_sentence_without_it() -> None:
    asked = [
        pair
        for seed in _SEEDS
        for pair in made_pairs([_ARTICLE], rng=Random(seed))
        if "几个工作日" in pair.question
    ]
    assert {pair.label for pair in asked} == {Label.ANSWERS, Label.UNSTATED}
    assert all(("5个工作日" in pair.sentence) is (pair.label is Label.ANSWERS) for pair in asked)


@pytest.mark.parametrize("figure", ["三十日", "5个工作日", "12个月", "二万元", "30日内", "20％"])
def test_a_figure_is_written_otherwise_or_changed(figure: str) -> None:
    found = FIGURE.search(figure)
    assert found is not None
    number, unit = found["number"], found["unit"]
    others = {other_figure(number, unit, Random(seed)) for seed in _SEEDS}
    same = {figure_in_other_words(number, unit, Random(seed)) for seed in _SEEDS}
    assert len(same) > 1
    assert number + unit not in others
    assert not same & others


def test_statements_name_their_condition() -> None:
    statements = read_statements()
    assert len(statements) > 3000
    assert all(one.condition in one.sentence for one in statements)
    pairs = statement_pairs(statements, rng=Random(0))
    assert all(pair.question.startswith(ENTERPRISE) for pair in pairs)
    assert all(pair.sentence.startswith(CONDITION) for pair in pairs)
    assert any(pair.held_out for pair in pairs)


def test_parts_share_the_batches_by_their_weights() -> None:
    few, many = made_pairs([_ARTICLE], rng=Random(0)), made_pairs([_ARTICLE] * 50, rng=Random(1))
    drawn = batches([Part(few, 1), Part(many, 3)], rng=Random(2))
    seen = [pair for _, batch in zip(range(20), drawn, strict=False) for pair in batch]
    assert 0.2 < sum(pair in few for pair in seen) / len(seen) < 0.35
