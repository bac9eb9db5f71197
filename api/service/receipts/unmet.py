"""Groups unanswered questions by region and matter, for those who decide which papers to publish next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from api.records.unmet import Lack, Unmet
from api.service.receipts.masking import masked, without_masks
from corpus.progress import Progress
from corpus.regions.mentions import find_divisions
from index.model import Vectors

# The least cosine of a question and of the centre of its group. With the bundled model, 0.2 % of all pairs of
# questions about the papers are above it, and questions on daily life fall into groups of one matter each
# (tests/unit/api/service/test_unmet.py); at 0.9 rents, births and solar panels fall together.
SAME_MATTER = 0.92

Embed = Callable[[str], Vectors]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions on one matter in one region."""

    question: str  # the most central one, masked; empty where the texts are not kept
    regions: tuple[str, ...]  # none where the questions name none
    lacks: Mapping[Lack, int]  # what the replies lacked, by number of questions
    reasons: Mapping[str, int]  # of the refusals
    last: datetime

    @property
    def count(self) -> int:
        return sum(self.lacks.values())


def grouped(unmet: Iterable[Unmet], *, embed: Embed | None, progress: Progress | None = None) -> list[Group]:
    """Groups the questions, those asked most often first.

    Each distinct question is embedded once and compared with the centres of the groups of its region: the
    same questions give the same groups, in time that grows with questions times groups. Questions without
    texts, and all without `embed`, are grouped by reason and region.
    """
    by_region: dict[tuple[str, ...], dict[str, list[Unmet]]] = defaultdict(lambda: defaultdict(list))
    bare: dict[tuple[str, Lack, tuple[str, ...]], list[Unmet]] = defaultdict(list)
    for one in unmet:
        if embed is not None and one.texts_kept and one.question.strip():
            by_region[_regions(one)][" ".join(masked(one.question).split())].append(one)
        else:
            bare[one.reason, one.lack, _named(one.regions)].append(one)
    groups = [_group("", regions, some) for (_, _, regions), some in bare.items()]
    if embed is not None:
        counted = _Counted(embed, sum(map(len, by_region.values())), progress)
        for regions, texts in by_region.items():
            groups += _by_matter(regions, texts, embed=counted)
    return sorted(groups, key=lambda one: (-one.count, -one.last.timestamp(), one.question, one.regions))


class _Counted:
    """Embeds one question after the other and reports how many are done."""

    def __init__(self, embed: Embed, total: int, progress: Progress | None) -> None:
        self._embed, self._total, self._progress = embed, total, progress
        self._done = 0

    def __call__(self, text: str) -> Vectors:
        vector = self._embed(text)
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total, "questions")
        return vector


def _by_matter(
    regions: tuple[str, ...], texts: Mapping[str, Sequence[Unmet]], *, embed: Embed
) -> list[Group]:
    """Groups the questions of one region; `texts` are the masked ones with all that asked them."""
    asked = sorted(texts, key=lambda text: (-len(texts[text]), len(text), text))
    vectors = np.array([embed(_matter(text) or text) for text in asked])
    return [
        _group(asked[members[0]], regions, [one for member in members for one in texts[asked[member]]])
        for members in _clusters(vectors)
    ]


def _clusters(vectors: Vectors) -> list[list[int]]:
    """Puts each vector into the group with the nearest centre, or begins another; the most central is first.

    Vectors that come first are those of questions asked most often, so that groups begin with these.
    """
    sums = np.zeros_like(vectors)
    members: list[list[int]] = []
    for number, vector in enumerate(vectors):
        centres = sums[: len(members)]
        cosines = centres @ vector / np.linalg.norm(centres, axis=1) if members else np.zeros(0)
        nearest = int(cosines.argmax()) if members else 0
        if not members or cosines[nearest] < SAME_MATTER:
            nearest = len(members)
            members.append([])
        members[nearest].append(number)
        sums[nearest] += vector
    return [_central_first(some, vectors[some] @ sums[place]) for place, some in enumerate(members)]


def _central_first(members: Sequence[int], closeness: Vectors) -> list[int]:
    """Sorts by closeness to the centre, rounded, as equal questions differ in the last digits."""
    pairs = zip(members, closeness, strict=True)
    return [number for number, _ in sorted(pairs, key=lambda pair: (-round(float(pair[1]), 6), pair[0]))]


def _group(question: str, regions: tuple[str, ...], some: Sequence[Unmet]) -> Group:
    return Group(
        question,
        regions,
        Counter(one.lack for one in some),
        Counter(one.reason for one in some if one.reason),
        max(one.asked_at for one in some),
    )


def _regions(one: Unmet) -> tuple[str, ...]:
    """Returns the regions that a question names, or else those that it was limited to, in full."""
    return _named([one.question]) or _named(one.regions)


def _named(texts: Iterable[str]) -> tuple[str, ...]:
    names = {mention.division.full for text in texts for mention in find_divisions(text)}
    return tuple(sorted(names))


def _matter(text: str) -> str:
    """Returns a masked question without its regions, which every question of a group names."""
    plain = without_masks(text)
    parts, at = [], 0
    for mention in find_divisions(plain):
        parts.append(plain[at : mention.start])
        at = mention.end
    return " ".join("".join((*parts, plain[at:])).split())
