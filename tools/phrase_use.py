"""Prints how many questions each line of a table of phrases applies to. Run by hand, never by the product.

    python tools/phrase_use.py rag/data/wants.tsv --questions evals/sets/hunan.jsonl

`alone` counts the questions to which no other line of the same sense applies, that is, the loss without the
line. Questions are read from files of `zhengwen eval`, or from one text per line.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from corpus.notation.phrase_table import PhraseTable
from corpus.text.script import simplify


def questions_in(path: Path) -> Iterator[str]:
    """Yields the questions of a test set, including those of each turn of a dialogue."""
    for line in path.read_text(encoding="utf-8").splitlines():
        case = json.loads(line) if line.startswith("{") else {"question": line}
        for turn in case.get("turns", [case]):
            yield simplify(turn.get("question") or turn.get("text") or "")


def print_use(table: PhraseTable, questions: list[str]) -> None:
    """Prints one line for each line of the table."""
    applies, alone = Counter[int](), Counter[int]()
    for question in questions:
        for sense in table.senses:
            lines = [phrase.line for phrase in table.lines_for(sense, question)]
            applies.update(lines)
            alone.update(lines if len(lines) == 1 else ())
    print(f"{table.place}: {len(questions)} questions")
    print("applies  alone  line  phrase")
    for phrase in table.phrases:
        if not phrase.exception:
            counts = f"{applies[phrase.line]:7}{alone[phrase.line]:7}{phrase.line:6}"
            print(f"{counts}  {phrase.sense}: {phrase.written}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("tables", nargs="+", type=Path)
    parser.add_argument("--questions", nargs="+", type=Path, required=True)
    given = parser.parse_args()
    questions = [text for path in given.questions for text in questions_in(path) if text]
    for path in given.tables:
        print_use(PhraseTable.parse(path.read_text(encoding="utf-8"), place=str(path)), questions)


if __name__ == "__main__":
    main()
