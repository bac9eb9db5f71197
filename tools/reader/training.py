"""Trains the reader by steps, and judges it on held-out articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from tools.reader.batches import Part, batches
from tools.reader.network import ReaderNetwork
from tools.reader.pairs import Label, Pair
from tools.reader.questions import Type

STEPS: Final = 4000

_WARMING = 40  # steps in which the rates rise
_RATE = 4e-4  # of the low-rank matrices
_HEAD_RATE = 6e-4
_DECAY = 0.01
_NORM = 1.0  # of the gradient, at most
_POINTING = 0.4  # weight of the loss of pointing at the words that decide
_JUDGED = 32  # pairs at once
_REPORT = 100  # steps between reports
_SMOOTH = 0.98  # of the mean loss that is reported, the share of the one before

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Figures:
    """How well pairs are told apart: chances that one of the first kind is above one of the second.

    Areas below the ROC curve from 0 to 1; nan without pairs of both kinds.
    """

    right: float  # share of pairs whose likeliest label is one of theirs
    stated: float  # `answers` of the sentence concerned, where it states the fact and where it does not
    claims: float  # `contradicts` less `answers`, of false and true claims
    other: float  # `other`, of sentences on other matters and of those concerned


def train(
    network: ReaderNetwork,
    parts: Sequence[Part],
    *,
    steps: int,
    rng: Random,
    report: Callable[[int, float], None],
) -> None:
    """Trains for `steps` batches with AdamW; rates rise at first and then fall to 0.

    `report` gets the steps done and the mean loss of the labels.
    """
    head = [*network.head.parameters(), *network.pointers.parameters()]
    changes = network.changes()
    optimizer = torch.optim.AdamW([{"params": changes}, {"params": head}], weight_decay=_DECAY)
    network.train()
    mean = 0.0
    for step, batch in zip(range(steps), batches(parts, rng=rng), strict=False):
        share = min(1.0, step / _WARMING) * (1 - step / steps)
        for group, rate in zip(optimizer.param_groups, (_RATE, _HEAD_RATE), strict=True):
            group["lr"] = rate * share
        logits, pointing = network.read(batch)
        labelling = _loss(logits, batch)
        loss = labelling + _POINTING * pointing
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([*changes, *head], _NORM)
        optimizer.step()
        mean = _SMOOTH * mean + (1 - _SMOOTH) * labelling.item() if step else labelling.item()
        if (step + 1) % _REPORT == 0 or step + 1 == steps:
            report(step + 1, mean)


def _loss(logits: torch.Tensor, pairs: Sequence[Pair]) -> torch.Tensor:
    """The mean of -log of the probability of all labels of a pair together; `logits` are (pairs, 4)."""
    wrong = torch.tensor([[label not in pair.labels for label in Label] for pair in pairs])
    logs = torch.log_softmax(logits, dim=1).masked_fill(wrong, -torch.inf)
    return -torch.logsumexp(logs, dim=1).mean()


def judged(network: ReaderNetwork, pairs: Sequence[Pair]) -> Floats:
    """The probabilities of the labels, (pairs, 4)."""
    network.eval()
    with torch.inference_mode():
        rows = [
            torch.softmax(network(pairs[first : first + _JUDGED]), dim=1).numpy()
            for first in range(0, len(pairs), _JUDGED)
        ]
    return np.concatenate(rows).astype(np.float32)


def figures(pairs: Sequence[Pair], judged: Floats) -> Figures:
    """Figures of `pairs`, whose probabilities are `judged`, (pairs, 4)."""
    labels = np.array([pair.label for pair in pairs])
    right = [found in pair.labels for found, pair in zip(judged.argmax(1), pairs, strict=True)]
    concerned = np.array([pair.concerned for pair in pairs])
    asks = np.array([pair.concerned and pair.type in (Type.STATED, Type.NOT_STATED) for pair in pairs])
    claims = np.array([pair.concerned and pair.type in (Type.TRUE_CLAIM, Type.FALSE_CLAIM) for pair in pairs])
    against = judged[:, Label.CONTRADICTS] - judged[:, Label.ANSWERS]
    false = labels == Label.CONTRADICTS
    other = np.array([pair.labels == (Label.OTHER,) for pair in pairs])
    answered = judged[:, Label.ANSWERS]
    return Figures(
        right=float(np.mean(right)),
        stated=area(answered[asks & (labels == Label.ANSWERS)], answered[asks & (labels == Label.UNSTATED)]),
        claims=area(against[claims & false], against[claims & ~false]),
        other=area(judged[other, Label.OTHER], judged[~other & concerned, Label.OTHER]),
    )


def area(higher: Floats, lower: Floats) -> float:
    """Chance that one of `higher` is above one of `lower`; equal ones count half. nan when one is empty."""
    if not len(higher) or not len(lower):
        return float("nan")
    above = np.searchsorted(np.sort(lower), higher, side="left").sum()
    equal = np.searchsorted(np.sort(lower), higher, side="right").sum() - above
    return float((above + equal / 2) / (len(higher) * len(lower)))
