"""Measures the effect of a wrong character: `python -m benchmarks.typos SET… [--split dev] [--seed 0]`.

Every question of the sets is asked unchanged, and with one character of a content word replaced by a
homophone, as happens with phonetic input; with and without `rag.language.spelling`.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

from corpus.model import Document
from corpus.notation.characters import HAN
from corpus.regions.mentions import find_divisions
from evals.measures.stats import randomisation
from evals.model import Case, Report
from evals.run.cases import load_sets
from evals.run.runner import evaluate
from rag.assemble import open_assistant
from rag.assistant import Assistant
from rag.language.spelling import alike
from rag.model import Question
from rag.settings import load_settings

_HAN = re.compile(rf"[{HAN}]+")
MEASURES = ("R@1", "facts", "all three", "false refusal", "outcome")
# Maximum share of clauses with a word for it to count as a content word.
_CONTENT = 0.13


@dataclass(frozen=True, slots=True)
class Words:
    """Document frequencies of the pairs of characters of some papers."""

    clauses: int
    holding: Mapping[str, int]  # number of clauses that contain each pair

    @classmethod
    def of(cls, papers: Sequence[Document]) -> Words:
        texts = [paper.text_of(clause) for paper in papers for clause in paper.clauses]
        pairs = (pair for text in texts for pair in set(map("".join, pairwise(text))))
        return cls(len(texts), Counter(pairs))

    def is_content(self, pair: str) -> bool:
        return 0 < self.holding.get(pair, 0) <= _CONTENT * self.clauses


def with_typo(text: str, words: Words, draw: random.Random) -> str:
    """Replaces one character of a word of the papers in `text` by a homophone.

    Returns `text` unchanged where it contains no such word.
    """
    places = list(_places(text, words))
    draw.shuffle(places)
    for at in places:
        others = usual(alike(text[at]))
        if others:
            return text[:at] + draw.choice(others) + text[at + 1 :]
    return text


def usual(characters: Sequence[str]) -> list[str]:
    """Returns those of the first level of GB 2312, which covers nearly all written text."""
    return [c for c in characters if c.encode("gb2312") < b"\xd8"]


def _places(text: str, words: Words) -> Iterator[int]:
    inside = {i for mention in find_divisions(text) for i in range(mention.start, mention.end)}
    for at, pair in enumerate(map("".join, pairwise(text))):
        if words.is_content(pair) and _HAN.fullmatch(pair) and not inside & {at, at + 1}:
            yield from (at, at + 1)


def typed(cases: Sequence[Case], words: Words, *, seed: int) -> list[Case]:
    """Returns the cases with a typo in every question."""
    draw = random.Random(seed)
    return [
        replace(
            case,
            items=tuple(replace(item, question=with_typo(item.question, words, draw)) for item in case.items),
        )
        for case in cases
    ]


def scores(report: Report, measure: str) -> dict[str, float]:
    return {result.id: result.scores[measure] for result in report.results if measure in result.scores}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="+", type=Path, help="test sets")
    parser.add_argument("--split", default="", help="only the cases of this split")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="every question that is read otherwise")
    options = parser.parse_args()
    assistant = open_assistant(load_settings())
    words = Words.of(assistant.documents())
    for path in options.sets:
        cases = [case for case in load_sets([path]) if not options.split or case.split == options.split]
        print(f"\n{path.name}: {sum(len(case.items) for case in cases)} questions\n")
        print(f"| | {' | '.join(MEASURES)} | read otherwise |\n|---|{'---|' * (len(MEASURES) + 1)}")
        for name, asked in (
            ("as they are", cases),
            ("one wrong character", typed(cases, words, seed=options.seed)),
        ):
            _rows(name, asked, assistant, show=options.show)


def _rows(name: str, cases: Sequence[Case], assistant: Assistant, *, show: bool) -> None:
    papers = assistant.documents()
    with patch("rag.language.spelling.Spelling.corrected", lambda _, text: text):
        without = evaluate(cases, assistant.ask, documents=papers)
    spelled = evaluate(cases, assistant.ask, documents=papers)
    questions = [item.question for case in cases for item in case.items]
    read = {text: assistant.read(Question(text)).understanding for text in questions}
    changed = {text: found.text for text, found in read.items() if found.rewritten}
    off = " | ".join(_cell(without, measure) for measure in MEASURES)
    on = " | ".join(_cell(spelled, measure, without) for measure in MEASURES)
    print(f"| {name}, spelling off | {off} | |")
    print(f"| {name}, spelling on | {on} | {len(changed)} |")
    if show:
        for text, other in changed.items():
            print(f"{text} → {other}")


def _cell(report: Report, measure: str, before: Report | None = None) -> str:
    found = scores(report, measure)
    mean = sum(found.values()) / len(found) if found else float("nan")
    if before is None:
        return f"{mean:.3f}"
    old = scores(before, measure)
    ids = sorted(found)
    ours, theirs = [found[i] for i in ids], [old[i] for i in ids]
    return f"{mean:.3f}" if ours == theirs else f"{mean:.3f} (p {randomisation(ours, theirs):.3f})"


if __name__ == "__main__":
    main()
