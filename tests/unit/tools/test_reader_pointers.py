"""What the encoder learns by pointing at the words that decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from tools.reader.pairs import Label, Pair

pytestmark = pytest.mark.model  # torch

_QUESTION, _CONTEXT, _SENTENCE = "几天？", "补贴：", "公示5天后发10万元。"


@dataclass(frozen=True, slots=True)
class _Tokens:
    """A token for each character, and one before, between and behind the texts, as a tokenizer has them."""

    pairs: Sequence[Pair]

    def sequence_ids(self, row: int) -> list[int | None]:
        pair = self.pairs[row]
        return [None, *[0] * len(pair.question), None, *[1] * len(pair.sentence), None]

    def __getitem__(self, name: str) -> object:
        import torch

        assert name == "offset_mapping"
        return torch.tensor([list(self._places(pair)) for pair in self.pairs])

    def _places(self, pair: Pair) -> Iterator[tuple[int, int]]:
        for text in ("", pair.question, "", pair.sentence, ""):
            yield from ((i, i + 1) for i in range(len(text))) if text else [(0, 0)]


def _pair(answering: str | None, conflicting: str | None) -> Pair:
    sentence = _CONTEXT + _SENTENCE
    return Pair(_QUESTION, sentence, (Label.ANSWERS,), answering=answering, conflicting=conflicting)


def _loss(pair: Pair, pointed: str) -> float:
    """The loss where both pointers are sure of the characters `pointed`, or of the beginning."""
    import torch

    from tools.reader.pointers import Pointers

    pointers = Pointers(1)
    torch.nn.init.ones_(pointers.scores.weight)
    torch.nn.init.zeros_(pointers.scores.bias)
    before = 1 + len(_QUESTION) + 1
    vectors = torch.zeros(1, before + len(pair.sentence) + 1, 1)
    start = before + pair.sentence.rfind(pointed) if pointed else 0
    vectors[0, start : start + max(1, len(pointed))] = 50.0
    return float(pointers(vectors, _Tokens([pair]), [pair]).detach())


@pytest.mark.parametrize(
    ("answering", "pointed"),
    [("5天", "5天"), ("", ""), ("10万元", "10万元"), ("。", "。")],
)
def test_to_point_at_the_words_costs_nothing(answering: str, pointed: str) -> None:
    assert _loss(_pair(answering, None), pointed) == pytest.approx(0, abs=1e-3)
    assert _loss(_pair(None, answering), pointed) == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(("answering", "pointed"), [("5天", "10万元"), ("", "5天"), ("5天", "")])
def test_to_point_elsewhere_costs(answering: str, pointed: str) -> None:
    assert _loss(_pair(answering, None), pointed) > 10


def test_a_pair_whose_words_are_not_known_or_cut_off_costs_nothing() -> None:
    assert _loss(_pair(None, None), "5天") == 0
