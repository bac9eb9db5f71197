"""The network of the reader in torch: the encoder with low-rank changes (LoRA), and a head.

Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", ICLR 2022. `index.conversion.adapter` reads
the file that `save` writes; `index.conversion.heads` writes the same head as a graph.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import torch
from torch import Tensor, nn
from transformers import AutoTokenizer, BertModel

from index.conversion.adapter import VERDICTS
from tools.reader.pairs import Pair
from tools.reader.pointers import Pointers

RANK: Final = 16
SCALE: Final = 2.0  # of the product of the two low-rank matrices

_HIDDEN = 192  # units of the head
_DROPOUT = 0.1  # of the head in training
_SPREAD = 0.02  # standard deviation of the initial `a`; `b` is 0, so that training begins with the encoder
_LONGEST = 176  # tokens of a pair, as in `index.reading`
_MATRICES = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)


class LowRank(nn.Module):
    """A linear layer x ↦ Wx that stays as it is, plus SCALE · b · a · x."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.linear = linear
        self.a = nn.Parameter(torch.randn(RANK, linear.in_features) * _SPREAD)
        self.b = nn.Parameter(torch.zeros(linear.out_features, RANK))

    def forward(self, x: Tensor) -> Tensor:
        """(…, in) → (…, out): one product with W + SCALE · b · a, which is faster than three."""
        weight = self.linear.weight + SCALE * (self.b @ self.a)
        return nn.functional.linear(x, weight, self.linear.bias)


class ReaderNetwork(nn.Module):
    """Four logits for each pair, in the order of `pairs.Label`. `folder` has the encoder in float32.

    The low-rank matrices of the first `frozen` layers stay as they are. The encoder has no dropout: it took a
    third of the time, and the pairs are many against the weights.
    """

    def __init__(self, folder: Path, *, frozen: int = 0) -> None:
        super().__init__()
        self.encoder: Any = BertModel.from_pretrained(
            str(folder),
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        self._tokenizer: Any = AutoTokenizer.from_pretrained(str(folder))
        for parameter in self.encoder.parameters():
            parameter.requires_grad = False
        for number, layer in enumerate(self.encoder.encoder.layer):
            for name in _MATRICES:
                low_rank = LowRank(cast(nn.Linear, layer.get_submodule(name)))
                low_rank.a.requires_grad = low_rank.b.requires_grad = number >= frozen
                layer.set_submodule(name, low_rank)
        width = self.encoder.config.hidden_size
        self.head = nn.Sequential(
            nn.Linear(2 * width, _HIDDEN), nn.GELU(), nn.Dropout(_DROPOUT), nn.Linear(_HIDDEN, VERDICTS)
        )
        self.pointers = Pointers(width)

    def forward(self, pairs: Sequence[Pair]) -> Tensor:
        """(pairs, 4) in float32, from the first and the mean vector of the tokens."""
        return self._encoded(pairs)[0]

    def read(self, pairs: Sequence[Pair]) -> tuple[Tensor, Tensor]:
        """The logits, (pairs, 4), and the loss of pointing at the words that decide."""
        logits, vectors, tokens = self._encoded(pairs)
        return logits, torch.as_tensor(self.pointers(vectors, tokens, pairs))

    def _encoded(self, pairs: Sequence[Pair]) -> tuple[Tensor, Tensor, Any]:
        """The logits, the vectors of the tokens, (pairs, tokens, width), and the tokens."""
        tokens = self._tokenizer(
            [pair.question for pair in pairs],
            [pair.sentence for pair in pairs],
            padding=True,
            truncation="only_second",
            max_length=_LONGEST,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        inputs = {name: tokens[name] for name in self._tokenizer.model_input_names}
        with torch.autocast("cpu", dtype=torch.bfloat16):
            vectors = self.encoder(**inputs).last_hidden_state
            mask = tokens["attention_mask"].unsqueeze(-1)
            mean = (vectors * mask).sum(1) / mask.sum(1)
            logits = torch.as_tensor(self.head(torch.cat([vectors[:, 0], mean], dim=1))).float()
        return logits, vectors, tokens

    def changes(self) -> list[nn.Parameter]:
        """The low-rank matrices, which are trained like the head but at another rate."""
        return [parameter for parameter in self.encoder.parameters() if parameter.requires_grad]


def save(network: ReaderNetwork, file: Path) -> None:
    """Writes the trained weights in float16; the same weights give the same bytes."""
    changed = {name: p for name, p in network.encoder.named_parameters() if name.endswith((".a", ".b"))}
    first, last = network.head[0], network.head[-1]
    head = {"head.hidden": first, "head.out": last}
    changed |= {f"{name}.{part}": getattr(x, part) for name, x in head.items() for part in ("weight", "bias")}
    arrays = {name: p.detach().numpy().astype(np.float16) for name, p in changed.items()}
    with file.open("wb") as out:
        np.savez_compressed(out, scale=np.float32(SCALE), **arrays)


def load(network: ReaderNetwork, file: Path) -> None:
    """Gives the network the weights that `save` wrote, to train on from them."""
    with np.load(file) as arrays:
        names = [name for name in arrays if name != "scale"]
        weights = {name: torch.from_numpy(arrays[name].astype(np.float32)) for name in names}
    layers = {"head.hidden": "head.0", "head.out": f"head.{len(network.head) - 1}"}
    own = {}
    for name, weight in weights.items():
        layer, _, part = name.rpartition(".")
        own[f"{layers[layer]}.{part}" if layer in layers else f"encoder.{name}"] = weight
    _, unexpected = network.load_state_dict(own, strict=False)
    if unexpected:
        raise ValueError(f"{str(file)!r} has weights of another network: {unexpected[0]!r}")
