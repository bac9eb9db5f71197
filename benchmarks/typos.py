"""What a wrong character costs: `python benchmarks/typos.py SET… [--split dev] [--seed 0]`.

Every question of the sets is asked as it is, and with one character of a content word put as another that is
read alike, as it happens to people who type by sound; with and without the spelling of `rag.spelling`.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

from corpus.regions import find_divisions
from evals.cases import load_sets
from evals.model import Case, Report
from evals.run import evaluate
from evals.stats import randomisation
from rag.assemble import open_assistant
from rag.assistant import Assistant
from rag.settings import load_settings
from rag.spelling import alike

MEASURES = ("R@1", "facts", "all three", "false refusal", "outcome")
# A word of fewer than about one clause in eight: 医药 in these papers is not, 试验 is.
_CONTENT = 2.0

Known = Callable[[Mapping[str, float]], float]


def with_typo(text: str, assistant: Assistant, draw: random.Random) -> str:
    """`text` with one character of a word of the papers written as another that sounds alike.

    Unchanged where it holds no such word.
    """
    places = list(_places(text, assistant))
    draw.shuffle(places)
    for at in places:
        others = alike(text[at], usual=True)
        if others:
            return text[:at] + draw.choice(others) + text[at + 1 :]
    return text


def _places(text: str, assistant: Assistant) -> Iterator[int]:
    inside = {i for mention in find_divisions(text) for i in range(mention.start, mention.end)}
    for at, pair in enumerate(map("".join, pairwise(text))):
        rare = assistant.spelling.rarity(pair)
        if rare >= _CONTENT and not inside & {at, at + 1}:
            yield from (at, at + 1)


def typed(cases: Sequence[Case], assistant: Assistant, *, seed: int) -> list[Case]:
    """The cases with a typo in every question."""
    draw = random.Random(seed)
    return [
        replace(
            case,
            items=tuple(
                replace(item, question=with_typo(item.question, assistant, draw)) for item in case.items
            ),
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
    for path in options.sets:
        cases = [case for case in load_sets([path]) if not options.split or case.split == options.split]
        print(f"\n{path.name}: {sum(len(case.items) for case in cases)} questions\n")
        print(f"| | {' | '.join(MEASURES)} | read otherwise |\n|---|{'---|' * (len(MEASURES) + 1)}")
        for name, asked in (
            ("as they are", cases),
            ("one wrong character", typed(cases, assistant, seed=options.seed)),
        ):
            _rows(name, asked, assistant, show=options.show)


def _rows(name: str, cases: Sequence[Case], assistant: Assistant, *, show: bool) -> None:
    papers = assistant.documents()
    with patch("rag.spelling.Spelling.corrected", lambda _, text: text):
        without = evaluate(cases, assistant.ask, documents=papers)
    spelled = evaluate(cases, assistant.ask, documents=papers)
    questions = [item.question for case in cases for item in case.items]
    changed = {text: read for text in questions if (read := assistant.spelling.corrected(text)) != text}
    print(f"| {name}, spelling off | {' | '.join(_cell(without, m) for m in MEASURES)} | |")
    print(
        f"| {name}, spelling on | {' | '.join(_cell(spelled, m, without) for m in MEASURES)} | {len(changed)} |"
    )
    if show:
        for text, read in changed.items():
            print(f"{text} → {read}")


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
