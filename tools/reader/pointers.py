"""Teaches the encoder which words of a sentence decide: those that answer, and those that contradict.

A label says only that a sentence answers. To point at the words, or at the beginning where no word does, the
encoder has to find them: the pointer of extractive readers with unanswerable questions (Devlin et al.,
"BERT", NAACL 2019, section 4.3). It is for training only and is not stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from tools.reader.pairs import Pair

_POINTERS = 2  # at the words that answer, and at those that contradict
_EXCLUDED = -1e9  # log odds of a token that is not pointed at
_FIRST = 0  # the token that is pointed at where no word decides
_SENTENCE = 1  # the second of the two texts


class Pointers(nn.Module):
    """Points at tokens of the sentence."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.scores = nn.Linear(width, _POINTERS)

    def forward(self, vectors: Tensor, tokens: Any, pairs: Sequence[Pair]) -> Tensor:
        """Returns the mean over the pairs of -log of the probability of the right tokens, of both pointers.

        `vectors` are (pairs, tokens, width), `tokens` what the tokenizer returned for them, with offsets. A
        pair of which the words are not known, or are cut off, adds nothing.
        """
        scores = self.scores(vectors.float())
        sentence = torch.tensor([_in_sentence(tokens, row) for row in range(len(pairs))])
        allowed = sentence.clone()
        allowed[:, _FIRST] = True
        loss: Tensor = scores.new_zeros(())
        for pointer in range(_POINTERS):
            wanted = torch.zeros_like(sentence)
            for row, pair in enumerate(pairs):
                _mark(wanted[row], tokens["offset_mapping"][row], sentence[row], pair, pointer)
            logs = torch.log_softmax(scores[:, :, pointer].masked_fill(~allowed, _EXCLUDED), dim=1)
            each = -torch.logsumexp(logs.masked_fill(~wanted, _EXCLUDED), dim=1)
            loss = loss + each[wanted.any(dim=1)].sum() / len(pairs)
        return loss


def _in_sentence(tokens: Any, row: int) -> list[bool]:
    return [text == _SENTENCE for text in tokens.sequence_ids(row)]


def _mark(wanted: Tensor, places: Tensor, sentence: Tensor, pair: Pair, pointer: int) -> None:
    """Marks the tokens that are right; none where they are not known."""
    words = (pair.answering, pair.conflicting)[pointer]
    if words is None:
        return
    if not words:
        wanted[_FIRST] = True
        return
    start = pair.sentence.rfind(words)  # not in the context before the sentence
    starts, ends = places[:, 0], places[:, 1]
    wanted |= sentence & (ends > start) & (starts < start + len(words)) & (ends > starts)
